#include "workload/offload_program.hpp"

#include "workload/activations.hpp"

namespace traingrid {

int OffloadProgram::copies(Place place) const {
  return run_.offload.of_activations() ? offloaded_layers(run_, place.layers) : 0;
}

void OffloadProgram::copy(BlockBuilder& block, Comm comm, Place place, int number) const {
  const Recompute recompute = recompute_of(run_, number, place.layers);
  const Bytes bytes = offloaded_activations(run_, shape_, recompute, place.first + number);
  const auto kind = comm == Comm::to_host ? Collective::copy_to_host : Collective::copy_from_host;
  block.with_host(comm, Term::offload, kind, bytes, true);
}

void OffloadProgram::after_forward(BlockBuilder& block, Place place) const {
  const int count = copies(place);
  if (count > 0 && place.at == 0) copy(block, Comm::to_host, place, 0);
  for (int i = 0; i < count; ++i) {
    if (offload_window(place.layers, count, i) != place.at) continue;
    block.wait(Comm::to_host, Term::offload);
    if (i + 1 < count) copy(block, Comm::to_host, place, i + 1);
  }
}

void OffloadProgram::before_backward(BlockBuilder& block, Place place) const {
  const int count = copies(place);
  for (int i = 0; i < count; ++i) {
    if (offload_window(place.layers, count, i) != place.at) continue;
    block.wait(Comm::from_host, Term::offload);
    copy(block, Comm::from_host, place, i);
  }
  if (count > 0 && place.at == 0) block.wait(Comm::from_host, Term::offload);
}

void OffloadProgram::update(BlockBuilder& block, double parameters, int parts) const {
  if (parameters <= 0) return;
  const bool overlaps = run_.offload.overlap_cpu_optimizer_d2h_h2d;
  if (!overlaps) parts = 1;
  const Bytes each = parameters / parts * byte;
  const double traffic = run_.software.host_optimizer_traffic_bytes.value_or(run_.software.optimizer_traffic_bytes);
  const bool gradients = !run_.software.early_gradient_offload, back = !run_.offload.offload_param;
  const auto send_gradients = [&](bool asynchronous) {
    block.with_host(Comm::to_host, Term::offload, Collective::copy_to_host, each * run_.software.gradient_bytes,
                    asynchronous);
  };
  if (gradients) send_gradients(false);
  for (int part = 0; part < parts; ++part) {
    const bool more = part + 1 < parts;
    if (gradients && more) send_gradients(true);
    block.with_host(Comm::on_host, Term::optimizer, Collective::update_on_host, each * traffic, false);
    if (back)
      block.with_host(Comm::from_host, Term::offload, Collective::copy_from_host, each * element_size(shape_.precision),
                      more);
    if (gradients && more) block.wait(Comm::to_host, Term::offload);
  }
}

}  // namespace traingrid
