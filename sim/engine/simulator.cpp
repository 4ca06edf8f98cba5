// One empty zone, links without latency, one pair of hosts per stream class with a bypass route: a link listed w times
// has weight w. Pure max-min sharing needs CM02 without cross traffic, TCP window and latency factor.
#include "engine/simulator.hpp"

#include "engine/child.hpp"
#include "engine/simgrid_compat.hpp"
#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>

namespace traingrid {
namespace {

namespace sg4 = simgrid::s4u;
using simgrid::kernel::timer::Timer;

/// SimGrid counts payloads in whole bytes: all sizes and rates are scaled alike, so that fractions survive.
constexpr double kScale = 1 << 20;

class Simulator {
 public:
  Simulator(sg4::Engine& engine, const Quotient& quotient, const Dag& dag, double* start, double* finish)
      : engine_(engine), dag_(dag), start_(start), finish_(finish), waiting_(dag.activities.size()) {
    build_platform(quotient);
    std::ranges::transform(dag.activities, waiting_.begin(), &Activity::predecessors);
    simgrid_compat::on_flow_completion([this](const sg4::Activity& activity) { flow_done(activity); });
    sg4::Engine::on_time_advance_cb([this](double) { finished_flows_.clear(); });
  }

  void run() {
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      if (waiting_[i] == 0) ready_.push_back(static_cast<std::int32_t>(i));
    }
    start_ready();
    engine_.run();
  }

 private:
  void build_platform(const Quotient& quotient) {
    sg4::NetZone* zone = simgrid_compat::make_zone(engine_);
    std::vector<sg4::Link*> links;
    for (const LinkClass& link : quotient.links) {
      links.push_back(simgrid_compat::make_link(zone, fmt::format("l{}", links.size()), link.capacity.si * kScale));
      links.back()->set_latency(0);
      links.back()->seal();
    }
    for (const StreamClass& stream : quotient.streams) {
      sg4::Host* from = simgrid_compat::make_host(zone, fmt::format("s{}", ends_.size()));
      sg4::Host* to = simgrid_compat::make_host(zone, fmt::format("d{}", ends_.size()));
      from->seal();
      to->seal();
      std::vector<sg4::LinkInRoute> route;
      for (const Crossing& hop : stream.links)
        route.insert(route.end(), index(hop.weight), sg4::LinkInRoute(links[index(hop.link)]));
      if (!route.empty()) zone->add_bypass_route(from->get_netpoint(), to->get_netpoint(), nullptr, nullptr, route);
      ends_.emplace_back(from, to);
    }
    zone->seal();
  }

  /// Activities whose predecessors are done begin now; joins pass at once.
  void start_ready() {
    while (!ready_.empty()) {
      std::int32_t id = ready_.back();
      ready_.pop_back();
      start_[id] = sg4::Engine::get_clock();
      for (std::int32_t next = dag_.chained[index(id)]; next >= 0; next = dag_.chained[index(id)]) {
        start_[next] = finish_[id] = start_[id] + dag_.activities[index(id)].seconds.si;
        id = next;
      }
      const Activity& activity = dag_.activities[index(id)];
      if (start_[id] + activity.seconds.si > sg4::Engine::get_clock()) {
        const bool flow = activity.kind == Activity::Kind::flow;
        Timer::set(start_[id] + activity.seconds.si, [this, id, flow] { flow ? start_flow(id) : timer_done(id); });
      } else if (activity.kind == Activity::Kind::flow) {
        start_flow(id);
      } else {
        finish(id);
      }
    }
  }

  void start_flow(std::int32_t id) {
    const Activity& activity = dag_.activities[index(id)];
    const double payload = activity.bytes.si * kScale;
    if (payload < 1) return timer_done(id);  // SimGrid never starts a flow of no bytes
    std::size_t slot = flows_.size();
    if (free_slots_.empty()) {
      flows_.emplace_back();
    } else {
      slot = free_slots_.back();
      free_slots_.pop_back();
    }
    sg4::CommPtr comm = sg4::Comm::sendto_init();
    comm->set_payload_size(static_cast<std::uint64_t>(payload));
    comm->set_data(reinterpret_cast<void*>(slot + 1));
    flows_[slot] = {comm, id};
    comm->set_source(ends_[index(activity.stream)].first);
    comm->set_destination(ends_[index(activity.stream)].second);  // starts by itself once both are set
  }

  void flow_done(const sg4::Activity& activity) {
    const auto slot = reinterpret_cast<std::size_t>(activity.get_data<void>());
    if (slot == 0 || !flows_[slot - 1].comm) return;
    Flow& flow = flows_[slot - 1];
    finished_flows_.push_back(std::move(flow.comm));  // the last reference must outlive this callback
    flow.comm = nullptr;
    free_slots_.push_back(slot - 1);
    timer_done(flow.activity);
  }

  void timer_done(std::int32_t id) {
    finish(id);
    start_ready();
  }

  void finish(std::int32_t id) {
    finish_[id] = sg4::Engine::get_clock();
    for (const std::int32_t next : dag_.successors_of(id)) {
      if (--waiting_[index(next)] == 0) ready_.push_back(next);
    }
  }

  struct Flow {
    sg4::CommPtr comm;
    std::int32_t activity = -1;
  };

  sg4::Engine& engine_;
  const Dag& dag_;
  double *start_, *finish_;
  std::vector<std::int32_t> waiting_;  // predecessors not yet finished
  std::vector<std::int32_t> ready_;
  std::vector<std::pair<sg4::Host*, sg4::Host*>> ends_;  // by stream class
  std::vector<Flow> flows_;
  std::vector<std::size_t> free_slots_;
  std::vector<sg4::CommPtr> finished_flows_;
};

void run_simgrid(const Quotient& quotient, const Dag& dag, double* start, double* finish) {
  std::string program = "traingrid", quiet = "--log=root.thres:error";
  char* arguments[] = {program.data(), quiet.data(), nullptr};
  int count = 2;
  auto& engine = *new sg4::Engine(&count, arguments);  // taking it down would cost more than its process does
  // flows that are to end within the precision of time end at once: of thousands in a row, that much too early each
  for (const char* setting :
       {"network/model:CM02", "network/crosstraffic:0", "network/TCP-gamma:0", "network/latency-factor:0",
        simgrid_compat::kRatePrecision, simgrid_compat::kTimePrecision}) {
    sg4::Engine::set_config(setting);
  }
  Simulator(engine, quotient, dag, start, finish).run();
}

}  // namespace

Trace simulate(const Quotient& quotient, const Dag& dag) {
  const std::size_t count = dag.activities.size();
  SharedDoubles dates(2 * count, std::numeric_limits<double>::quiet_NaN());
  double *start = dates.data(), *finish = dates.data() + count;
  in_child([&] { run_simgrid(quotient, dag, start, finish); });
  Trace trace;
  trace.start.reserve(count);
  trace.finish.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    trace.start.push_back({start[i]});
    trace.finish.push_back({finish[i]});
    trace.end = std::max(trace.end, trace.finish.back());
  }
  return trace;
}

}  // namespace traingrid
