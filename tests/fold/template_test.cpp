// What a step exchanges and over which links: which flows have those to themselves, and which meet.
#include "fold/template.hpp"

#include "catch.hpp"
#include "fold/dates.hpp"
#include "fold/steps.hpp"
#include "fold/tiny_program.hpp"

#include <stdexcept>

using namespace traingrid;

namespace {

struct Listed {
  Cluster cluster;
  std::unique_ptr<Fabric> fabric;
  Template step;
};

Listed list(const TinyProgram& tiny, const Cluster& cluster, Isolation isolation, const Overrides& overrides = {},
            const std::map<std::string, std::string>& forced = {}) {
  Listed listed{cluster, build_fabric(cluster), {}};
  Tuning tuning = plain_tuning(cluster);
  tuning.forced = forced;
  const std::vector<Device> devices(tiny.program().role_of_rank.begin(), tiny.program().role_of_rank.end());
  listed.step = build_template(*listed.fabric, tuning, overrides, {&tiny.program(), devices}, isolation);
  return listed;
}

/// Eight ranks on two nodes: rings inside them, and perhaps rings of two between them.
TinyProgram rings(bool between) {
  TinyProgram tiny(8, {{{0, 1, 2, 3}, {4, 5, 6, 7}}, {{0, 4}, {1, 5}, {2, 6}, {3, 7}}});
  for (int rank = 0; rank < 8; ++rank) {
    tiny.collective(rank, 0, 8 * gigabyte);
    if (between) tiny.collective(rank, 1, 8 * gigabyte);
  }
  return tiny;
}

}  // namespace

TEST_CASE("rings inside nodes have their links to themselves and are but a duration, the same for all") {
  const TinyProgram tiny = rings(false);
  const Template step = list(tiny, toy_cluster(), Isolation::durations).step;
  REQUIRE(step.sets.size() == 2);
  CHECK(step.streams.empty());
  CHECK(step.links.empty());
  CHECK(step.alone.size() == 1);
  for (const FlowSet& set : step.sets) {
    CHECK(set.alone == 0);
    CHECK(set.flow_count == 4);
  }
  const Template whole = list(tiny, toy_cluster(), Isolation::none).step;
  CHECK(whole.streams.size() == 8);
  CHECK(whole.links.size() == 16);
  CHECK(whole.alone.empty());
}

TEST_CASE("flows that meet others of another group are not alone, and only those") {
  const TinyProgram tiny = rings(true);
  const Template step = list(tiny, toy_cluster(), Isolation::durations).step;  // NICs of its own for each accelerator
  for (const FlowSet& set : step.sets) CHECK(set.alone >= 0);
  const Template shared = list(tiny, toy_cluster({.nics = 1}), Isolation::durations).step;
  for (std::size_t set = 0; set < shared.sets.size(); ++set) CHECK((shared.sets[set].alone >= 0) == (set < 2));
  CHECK(shared.streams.size() == 8);
}

TEST_CASE("a message alone on its links keeps its stream, without links") {
  TinyProgram tiny(4, {{{0, 1}, {2, 3}}});
  for (const int rank : {0, 2}) tiny.send(rank, 0, +1, 10 * gigabyte);
  for (const int rank : {1, 3}) tiny.receive(rank, 0, -1);
  const Template step = list(tiny, tiny_cluster(4), Isolation::durations).step;
  REQUIRE(step.streams.size() == 2);
  for (const Stream& stream : step.streams) {
    CHECK(stream.alone == 0);
    CHECK(stream.hops == 0);
  }
}

TEST_CASE("a message shares its links with a collective on them, and the other way round") {
  TinyProgram tiny(2, {{{0, 1}}});
  for (const int rank : {0, 1}) tiny.start_collective(rank, 0, 10 * gigabyte);
  tiny.send(0, 0, +1, 10 * gigabyte);
  tiny.receive(1, 0, -1);
  const Template step = list(tiny, tiny_cluster(2), Isolation::durations).step;
  CHECK(step.sets.front().alone < 0);
  CHECK(step.streams.size() == 3);
  for (const Stream& stream : step.streams) CHECK(stream.alone < 0);
  for (const Folding folding : {Folding::none, Folding::equitable, Folding::certified}) {
    const Evaluation evaluation = tiny.run(tiny_cluster(2), {}, folding);  // both at half the rate, both of 10 GB
    CHECK(ends_of(evaluation, 1).back() == Approx(2).epsilon(1e-9));
  }
}

TEST_CASE("patterns of one group that follow each other on the same links count as shared") {
  TinyProgram tiny(2, {{{0, 1}}, {{0, 1}}});
  for (const int rank : {0, 1}) {
    tiny.collective(rank, 0, 10 * gigabyte);
    tiny.collective(rank, 1, 10 * gigabyte);
  }
  for (const FlowSet& set : list(tiny, tiny_cluster(2), Isolation::durations).step.sets) CHECK(set.alone < 0);
}

TEST_CASE("flows into the switch of a node take the links up to it, and those out of it the links down") {
  Cluster cluster = toy_cluster({.nodes = 1});
  cluster.node.scale_up.switch_efficiency = 1;
  TinyProgram tiny(4, {{{0, 1, 2, 3}}});
  for (int rank = 0; rank < 4; ++rank) tiny.collective(rank, 0, 8 * gigabyte);
  const std::map<std::string, std::string> forced{{"all-reduce", "nvls"}};
  const Listed listed = list(tiny, cluster, Isolation::none, {}, forced);
  REQUIRE(listed.step.streams.size() == 8);
  for (const Stream& stream : listed.step.streams) {
    REQUIRE(stream.hops == 1);
    const LinkId link = listed.step.links[index(listed.step.path(stream).front().link)].link;
    if (stream.to == kScaleUpSwitch) {
      CHECK(link == listed.fabric->scale_up_out(stream.from));
    } else {
      CHECK(stream.from == kScaleUpSwitch);
      CHECK(link == listed.fabric->scale_up_in(stream.to));
    }
  }
  CHECK(list(tiny, cluster, Isolation::durations, {}, forced).step.sets.front().alone == 0);
}

TEST_CASE("links that are down are gone around, and what crosses the others is their share") {
  // four spines, two leaves: one uplink down leaves three of four
  const Cluster cluster = toy_cluster({.nodes = 4, .accelerators = 4, .nics = 4, .topology = "leaf-spine"});
  TinyProgram tiny(8, {{{0, 4}}});
  tiny.send(0, 0, +1, 10 * gigabyte);
  tiny.receive(4, 0, -1);
  const auto fabric = build_fabric(cluster);
  const auto uplink = std::ranges::find(fabric->levels(), "leaf uplink", &LinkLevel::name)->first;
  const Listed whole = list(tiny, cluster, Isolation::none);
  const Listed down = list(tiny, cluster, Isolation::none, {.links = {{uplink + 1, 0}}});
  const auto parts_of = [&](const Listed& listed) {
    std::vector<int> parts;
    for (const Hop& hop : listed.step.path(listed.step.streams.front())) {
      CHECK(listed.step.links[index(hop.link)].link != uplink + 1);
      if (hop.parts > 1) parts.push_back(hop.parts);
    }
    return parts;
  };
  CHECK(parts_of(whole) == std::vector<int>{4, 4});
  for (const int parts : parts_of(down)) CHECK(parts == 3);
}

TEST_CASE("a link at rate 0 that nothing leads around is an error, alone or not") {
  TinyProgram tiny(2, {{{0, 1}}});
  for (const int rank : {0, 1}) tiny.collective(rank, 0, 10 * gigabyte);
  const Cluster cluster = tiny_cluster(2);
  const LinkId nic = build_fabric(cluster)->nic_out(0);
  for (const Isolation isolation : {Isolation::none, Isolation::durations}) {
    CHECK_THROWS_WITH(list(tiny, cluster, isolation, {.links = {{nic, 0}}}), "a path crosses a link that is down");
  }
}

TEST_CASE("departures from health of one link multiply") {
  TinyProgram tiny(2, {{{0, 1}}});
  for (const int rank : {0, 1}) tiny.collective(rank, 0, 10 * gigabyte);
  const Cluster cluster = tiny_cluster(2);
  const LinkId nic = build_fabric(cluster)->nic_out(0);
  const Overrides twice{.links = {{nic, 0.5}, {nic, 0.5}}};
  for (const Folding folding : {Folding::none, Folding::certified})
    CHECK(ends_of(tiny.run(cluster, twice, folding), 0).back() == Approx(4).epsilon(1e-9));
}
