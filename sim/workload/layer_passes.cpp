#include "workload/layer_passes.hpp"

#include "units/index.hpp"
#include "workload/layer_program.hpp"

namespace traingrid {

Program layer_passes(const Run& run, const Layout& layout, LayerPasses passes) {
  Program program;
  const CommIndex comms = add_communicators(program, layout, run);
  const RankShape shape(run, layout);
  const LayerProgram layer(run, shape, 0);
  Role role{"layer", {}};
  BlockBuilder forward(program, comms, run, "forward");
  layer.forward(forward, Term::compute);
  role.launches.push_back({forward.finish(), 0});
  if (passes == LayerPasses::both) {
    BlockBuilder backward(program, comms, run, "backward");
    layer.recompute(backward);
    layer.backward(backward);
    role.launches.push_back({backward.finish(), 0});
  }
  program.roles.push_back(role);
  program.role_of_rank.assign(index(layout.ranks()), 0);
  return program;
}

}  // namespace traingrid
