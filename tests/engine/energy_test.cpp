// Joules added up from the trace against those that SimGrid's own host_energy plugin measures on the same step.
#include "campaign/step.hpp"
#include "catch.hpp"
#include "engine/child.hpp"
#include "engine/simgrid_compat.hpp"
#include "fold/tiny_program.hpp"

#include <fmt/format.h>
#include <simgrid/plugins/energy.h>

#include <string>

using namespace traingrid;

namespace {

namespace sg4 = simgrid::s4u;

/// Two pipelines of two stages; their messages meet on the uplinks, so that accelerators wait for the network.
constexpr Seconds kForward[]{0.3 * second, 0.5 * second, 0.4 * second, 0.2 * second};
constexpr Seconds kBackward[]{0.7 * second, 0.1 * second, 0.6 * second, 0.9 * second};
constexpr Bytes kMessage[]{8 * gigabyte, 3 * gigabyte, 5 * gigabyte, 6 * gigabyte};

int partner(int rank) { return (rank + 2) % 4; }

/// Joules of each accelerator: stages 0 and 1 compute, send on, wait for the answer, compute; stages 2 and 3 answer.
std::vector<double> joules_of_trace(const Cluster& cluster, Folding folding) {
  TinyProgram tiny(4, {{{0, 2}, {1, 3}}});
  for (const int rank : {0, 1, 2, 3}) {
    const bool first = rank < 2;
    if (!first) tiny.receive(rank, 0, -1);
    tiny.compute(rank, kForward[rank]);
    tiny.send(rank, 0, first ? +1 : -1, kMessage[rank]);
    if (first) tiny.receive(rank, 0, +1);
    tiny.compute(rank, kBackward[rank]);
  }
  const Evaluation evaluation = tiny.run(cluster, {}, folding);
  std::vector<double> joules;
  for (const std::int32_t rank_class : evaluation.quotient.class_of_rank) {
    Joules sum;
    for (const PowerSpan& span : power_of(evaluation, tiny.program(), cluster, static_cast<std::size_t>(rank_class))) {
      sum += span.power * (span.end - span.start);
    }
    joules.push_back(sum / joule);
  }
  return joules;
}

/// What an accelerator does, as a process on a host of one FLOP per second.
void train(int rank) {
  const auto mailbox = [](int from) { return sg4::Mailbox::by_name(std::to_string(from)); };
  static int content = 0;
  if (rank >= 2) mailbox(partner(rank))->get<int>();
  sg4::this_actor::execute(kForward[rank] / second);
  mailbox(rank)->put_init(&content, static_cast<std::uint64_t>(kMessage[rank] / byte))->detach();
  if (rank < 2) mailbox(partner(rank))->get<int>();
  sg4::this_actor::execute(kBackward[rank] / second);
}

void start(sg4::Host* host, int rank) {
#if SIMGRID_VERSION < 33400
  sg4::Actor::create("rank", host, [rank] { train(rank); });
#else
  sg4::Engine::get_instance()->add_actor("rank", host, [rank] { train(rank); });
#endif
}

void measure_with_plugin(const Cluster& cluster, double* joules) {
  std::string program = "energy", quiet = "--log=root.thres:error", threads = "--cfg=contexts/factory:thread";
  char* arguments[] = {program.data(), quiet.data(), threads.data(), nullptr};
  int count = 3;
  sg_host_energy_plugin_init();
  sg4::Engine engine(&count, arguments);
  for (const char* setting :
       {"network/model:CM02", "network/crosstraffic:0", "network/TCP-gamma:0", "network/latency-factor:0"}) {
    sg4::Engine::set_config(setting);
  }
  sg4::NetZone* zone = simgrid_compat::make_zone(engine);
  const auto fabric = build_fabric(cluster);
  std::vector<sg4::Link*> links;
  for (LinkId link = 0; link < fabric->links(); ++link) {
    links.push_back(
        simgrid_compat::make_link(zone, fmt::format("l{}", link), fabric->capacity(link) / (byte / second)));
    links.back()->set_latency(0);
    links.back()->seal();
  }
  const PowerLevels& power = cluster.accelerator.power;
  std::vector<sg4::Host*> hosts;
  for (const int rank : {0, 1, 2, 3}) {
    hosts.push_back(simgrid_compat::make_host(zone, fmt::format("h{}", rank)));
    hosts.back()->set_property("wattage_per_state",
                               fmt::format("{0}:{1}:{1}", power.stalled / watt, power.compute_bound / watt));
    hosts.back()->seal();
  }
  for (const int rank : {0, 1, 2, 3}) {
    std::vector<Hop> path;
    std::vector<sg4::LinkInRoute> route;
    fabric->path(rank, partner(rank), path);
    for (const Hop& hop : path) route.emplace_back(links[static_cast<std::size_t>(hop.link)]);
    zone->add_bypass_route(hosts[static_cast<std::size_t>(rank)]->get_netpoint(),
                           hosts[static_cast<std::size_t>(partner(rank))]->get_netpoint(), nullptr, nullptr, route);
  }
  zone->seal();
  for (const int rank : {0, 1, 2, 3}) start(hosts[static_cast<std::size_t>(rank)], rank);
  engine.run();
  for (const int rank : {0, 1, 2, 3}) joules[rank] = sg_host_get_consumed_energy(hosts[static_cast<std::size_t>(rank)]);
}

}  // namespace

TEST_CASE("SimGrid's host_energy plugin measures the joules that we add up from the trace") {
  const Cluster cluster = tiny_cluster(4, 2);
  SharedDoubles measured(4, 0);
  in_child([&] { measure_with_plugin(cluster, measured.data()); });
  for (const Folding folding : {Folding::none, Folding::equitable, Folding::certified}) {
    const std::vector<double> ours = joules_of_trace(cluster, folding);
    for (std::size_t rank = 0; rank < 4; ++rank) {
      CAPTURE(static_cast<int>(folding), rank);
      CHECK(measured.data()[rank] > 0);
      CHECK(ours[rank] == Approx(measured.data()[rank]).epsilon(1e-9));
    }
  }
}
