// What folding must tell apart whatever the links: roles, speeds, distances, directions, neighbours; and with links.
#include "fold/dependencies.hpp"

#include "catch.hpp"
#include "fold/first_guess.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

/// Ranks of one role that exchange nothing yet.
Template bare_template(const Program& program, std::size_t ranks) {
  Template step;
  step.program = &program;
  step.ranks.resize(ranks);
  return step;
}

void add_message(Template& step, std::int32_t from, std::int32_t to, const std::vector<Hop>& path = {}) {
  Stream stream{.from = from, .to = to, .direction = 1, .hops = static_cast<std::int16_t>(path.size())};
  stream.first_hop = static_cast<std::uint32_t>(step.hops.size());
  step.streams.push_back(stream);
  step.hops.insert(step.hops.end(), path.begin(), path.end());
}

Classes coarsest(const Template& step, bool with_links) {
  const LabelledGraph graph = dependency_graph(step, with_links);
  const Partition partition = refine(graph, initial_partition(step, with_links));
  REQUIRE(is_equitable(graph, partition));
  return classes_by_kind(step, partition);
}

using Ids = std::vector<std::int32_t>;

}  // namespace

TEST_CASE("groups that differ in distance alone are kept apart, and so are their members") {
  Program program;
  program.communicators.resize(1);
  for (const std::int32_t first : {0, 2, 4}) program.communicators[0].add_group({first, first + 1});
  Template step = bare_template(program, 6);
  step.sets.assign(3, {.distance = 1e-6 * second});
  for (const std::int32_t group : {0, 1, 2}) step.groups.push_back({0, 2 * group, {2, 1, 2}, group, 1});
  CHECK(coarsest(step, false).rank == Ids{0, 0, 0, 0, 0, 0});
  SECTION("distance") { step.sets[1].distance = 2e-6 * second; }
  SECTION("shape") { step.groups[1].shape.nodes = 2; }
  SECTION("alone on their links") { step.sets[1].alone = 0; }
  SECTION("number of flows") { step.sets[1].flow_count = 7; }
  CHECK(coarsest(step, false).rank == Ids{0, 0, 1, 1, 0, 0});
}

TEST_CASE("a slow flow of one member is felt by all members of its group, at any place in it") {
  Program program;
  program.communicators.resize(1);
  for (const std::int32_t first : {0, 3}) program.communicators[0].add_group({first, first + 1, first + 2});
  Template step = bare_template(program, 6);
  for (const std::int32_t group : {0, 1}) {
    step.sets.push_back({.flow_count = 3, .first = 3 * group, .count = 3});
    step.groups.push_back({0, 3 * group, {3, 3, 1}, group, 1});
    for (const std::int32_t member : {0, 1, 2}) {
      step.streams.push_back(
          {.group = group, .set = 0, .from = 3 * group + member, .to = 3 * group + (member + 1) % 3});
    }
  }
  CHECK(coarsest(step, false).rank == Ids{0, 0, 0, 0, 0, 0});
  step.streams[4].share = 0.5;
  const Classes classes = coarsest(step, false);
  CHECK(classes.rank == Ids{0, 0, 0, 1, 1, 1});
  CHECK(classes.stream == Ids{0, 0, 0, 1, 2, 1});
}

TEST_CASE("streams that cross equal links differently often are kept apart only if links are looked at") {
  Program program;
  program.communicators.resize(1);
  Template step = bare_template(program, 4);
  step.links.assign(2, {0, 1e9 * byte / second});
  step.dropped.assign(2, false);
  add_message(step, 0, 1, {{0, 1}});
  add_message(step, 2, 3, {{1, 1}});
  CHECK(coarsest(step, true).stream == Ids{0, 0});
  SECTION("twice") { step.hops[1].weight = 2; }
  SECTION("half of it") { step.hops[1].parts = 2; }
  SECTION("a tiny share, where the other is crossed twice") {
    step.hops[0] = {0, 2, 1};
    step.hops[1] = {1, 1, 49153};
  }
  SECTION("a slower link") { step.links[1].capacity *= 0.5; }
  CHECK(coarsest(step, true).stream == Ids{0, 1});
  CHECK(coarsest(step, true).rank == Ids{0, 1, 2, 3});
  CHECK(coarsest(step, false).stream == Ids{0, 0});
}

TEST_CASE("a dropped link tells nobody apart") {
  Program program;
  program.communicators.resize(1);
  Template step = bare_template(program, 4);
  step.links.assign(2, {0, 1e9 * byte / second});
  step.links[1].capacity *= 2;
  add_message(step, 0, 1, {{0}});
  add_message(step, 2, 3, {{1}});
  step.dropped = {true, true};
  CHECK(coarsest(step, true).stream == Ids{0, 0});
}

TEST_CASE("messages that differ in latency, or in what they have to themselves, are kept apart") {
  Program program;
  program.communicators.resize(1);
  Template step = bare_template(program, 4);
  add_message(step, 0, 1);
  add_message(step, 2, 3);
  CHECK(coarsest(step, false).stream == Ids{0, 0});
  SECTION("latency") { step.streams[1].latency = 1e-6 * second; }
  SECTION("alone") { step.streams[1].alone = 0; }
  SECTION("direction") { step.streams[1].direction = -1; }
  CHECK(coarsest(step, false).stream == Ids{0, 1});
}

TEST_CASE("who sends is told from who receives") {
  Program program;
  program.communicators.resize(1);
  Template chain = bare_template(program, 3);
  add_message(chain, 0, 1);
  add_message(chain, 1, 2);
  CHECK(coarsest(chain, false).rank == Ids{0, 1, 2});
  Template ring = bare_template(program, 3);
  for (const std::int32_t rank : {0, 1, 2}) add_message(ring, rank, (rank + 1) % 3);
  CHECK(coarsest(ring, false).rank == Ids{0, 0, 0});
}

TEST_CASE("a slow accelerator is felt by those that it sends to and receives from") {
  Program program;
  program.communicators.resize(1);
  Template step = bare_template(program, 4);
  add_message(step, 0, 2);
  add_message(step, 1, 3);
  CHECK(coarsest(step, false).rank == Ids{0, 0, 1, 1});
  step.ranks[0].slowdown = 1.5;
  CHECK(coarsest(step, false).rank == Ids{0, 1, 2, 3});
  step.ranks[0].slowdown = 1;
  step.ranks[2].slowdown = 1.5;
  CHECK(coarsest(step, false).rank == Ids{0, 1, 2, 3});
}
