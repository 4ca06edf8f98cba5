// Weights and multiplicities: shares of links as whole numbers, and every byte of a step on the links that it crosses.
#include "fold/quotient.hpp"

#include "catch.hpp"
#include "cluster/router.hpp"
#include "fold/hand_made.hpp"
#include "fold/steps.hpp"
#include "input/problems.hpp"
#include "units/index.hpp"

#include <map>
#include <numeric>
#include <set>

using namespace traingrid;

namespace {

/// Bytes that cross each link, added up rank by rank from the program.
class Traffic {
 public:
  explicit Traffic(const PlacedStep& step)
      : by_link(index(step.fabric->links())), step_(step), router_(*step.fabric, step.overrides) {
    for (std::size_t rank = 0; rank < step.program.role_of_rank.size(); ++rank) {
      for (const Launch& launch : step.program.roles[index(step.program.role_of_rank[rank])].launches) {
        for (const Operation& op : step.program.blocks[index(launch.block)].operations) {
          if (op.kind == Operation::Kind::collective || op.kind == Operation::Kind::send)
            add(static_cast<std::int32_t>(rank), op);
        }
      }
    }
  }

  std::vector<Bytes> by_link;
  Bytes sent;

 private:
  void add(std::int32_t rank, const Operation& op) {
    const Communicator& comm = step_.program.communicators[index(op.communicator)];
    const auto place = static_cast<std::int32_t>(std::ranges::find(comm.members, rank) - comm.members.begin());
    const auto end = std::ranges::upper_bound(comm.offsets, place);
    const std::vector<std::int32_t> group(comm.members.begin() + *std::prev(end), comm.members.begin() + *end);
    const auto own = place - *std::prev(end), size = static_cast<std::int32_t>(group.size());
    if (op.kind == Operation::Kind::send) return move(rank, group[index((own + op.direction + size) % size)], op.bytes);
    std::vector<int> nodes;
    for (const std::int32_t member : group) nodes.push_back(step_.fabric->node_of(step_.device_of_rank[index(member)]));
    for (const Plan::Part& part : plan(step_.tuning, op.collective, op.bytes, shape_of(nodes)).parts) {
      for (const Flow& flow : part.flows(nodes)) {
        const Bytes bytes = flow.share * part.volume * op.bytes;
        if (flow.from == own) move(rank, flow.to < 0 ? flow.to : group[index(flow.to)], bytes);
        if (flow.from < 0 && flow.to == own) move(flow.from, rank, bytes);
      }
    }
  }

  void move(std::int32_t from, std::int32_t to, Bytes bytes) {
    const auto device = [&](std::int32_t rank) { return step_.device_of_rank[index(rank)]; };
    std::vector<Hop> path;
    if (to < 0) {
      router_.path_to_switch(device(from), to == kNetworkSwitch, path);
    } else if (from < 0) {
      router_.path_from_switch(device(to), from == kNetworkSwitch, path);
    } else {
      router_.path(device(from), device(to), 1, path);
    }
    for (const Hop& hop : path) by_link[index(hop.link)] += bytes * hop.weight / hop.parts;
    sent += bytes;
  }

  const PlacedStep& step_;
  Router router_;
};

/// The same from an evaluation, every class counted as often as it has members; checked on the way against what is
/// expected on each link that stands for others.
class FoldedTraffic {
 public:
  FoldedTraffic(const PlacedStep& placed, const Evaluation& evaluation, const Traffic& expected)
      : placed_(placed), step_(evaluation.step), quotient_(evaluation.quotient), expected_(expected) {
    std::vector<Bytes> bytes(quotient_.streams.size());  // by stream class
    for (const Activity& activity : evaluation.dag.activities) {
      if (activity.stream >= 0) bytes[index(activity.stream)] += activity.bytes;
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) sent += quotient_.streams[i].multiplicity * bytes[i];
    add_shared_links(bytes);
    for (std::size_t g = 0; g < quotient_.groups.size(); ++g)
      add_lone_sets(quotient_.groups[g], evaluation.dag.encounters[g]);
    for (std::size_t s = 0; s < step_.streams.size(); ++s) {
      const std::int32_t alone = step_.streams[s].alone;
      if (alone >= 0) carry_alone(1, alone, bytes[index(quotient_.class_of_stream[s])]);
    }
  }

  Bytes sent, carried, sent_alone;

 private:
  void add_shared_links(const std::vector<Bytes>& bytes) {
    std::vector<Bytes> by_class(quotient_.links.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (const Crossing& at : quotient_.streams[i].links) by_class[index(at.link)] += at.weight * bytes[i];
    }
    for (std::size_t i = 0; i < by_class.size(); ++i) {
      const SharedLink& shared = step_.links[index(quotient_.links[i].representative)];
      carry(quotient_.links[i].multiplicity, shared.link,
            by_class[i] * (shared.capacity / quotient_.links[i].capacity));
    }
  }

  void add_lone_sets(const GroupClass& group_class, const std::vector<Encounter>& encounters) {
    const Group& group = step_.groups[index(group_class.representative)];
    std::vector<int> nodes;
    for (const std::int32_t member : step_.members_of(group))
      nodes.push_back(placed_.fabric->node_of(placed_.device_of_rank[index(member)]));
    std::map<std::int32_t, Bytes> volumes;  // by set
    for (const Encounter& encounter : encounters) {
      for (const Encounter::Part& part : encounter.parts) {
        if (part.first_flow < 0) volumes[part.set] += part.volume;
      }
    }
    for (const auto& [i, volume] : volumes) {
      const FlowSet& set = step_.sets_of(group)[index(i)];
      carry_alone(group_class.multiplicity, set.alone, volume);
      for (const Flow& flow : set.flows(nodes)) sent_alone += group_class.multiplicity * flow.share * volume;
    }
  }

  /// The links listed are those of the first of all that are alike.
  void carry_alone(std::int32_t multiplicity, std::int32_t alone, Bytes volume) {
    const bool first = seen_.insert(alone).second;
    for (const Alone::Load& load : step_.alone[index(alone)].loads) {
      if (first)
        carry(multiplicity, load.link, load.share * volume);
      else
        carried += multiplicity * load.share * volume;
    }
  }

  void carry(std::int32_t multiplicity, LinkId link, Bytes bytes) {
    INFO(placed_.fabric->link_name(link));
    CHECK(bytes / expected_.by_link[index(link)] == Approx(1).epsilon(1e-12));
    carried += multiplicity * bytes;
  }

  const PlacedStep& placed_;
  const Template& step_;
  const Quotient& quotient_;
  const Traffic& expected_;
  std::set<std::int32_t> seen_;
};

void check_traffic(const PlacedStep& placed, Folding folding) {
  const Traffic expected(placed);
  const Evaluation evaluation = placed.evaluate(folding);
  const FoldedTraffic folded(placed, evaluation, expected);
  CHECK((folded.sent + folded.sent_alone) / expected.sent == Approx(1).epsilon(1e-12));
  Bytes carried = std::accumulate(expected.by_link.begin(), expected.by_link.end(), Bytes{});
  for (std::size_t link = 0; link < evaluation.step.links.size(); ++link) {
    if (evaluation.step.dropped[link]) carried -= expected.by_link[index(evaluation.step.links[link].link)];
  }
  CHECK(folded.carried / carried == Approx(1).epsilon(1e-12));
}

Quotient each_apart(const Pairs& pairs) {
  Template step = pairs.step();
  return fold(step, no_work, Folding::none).quotient;
}

double capacity(const Quotient& quotient, std::size_t link) { return quotient.links[link].capacity / (byte / second); }

}  // namespace

TEST_CASE("what the classes send, counted as often as they have members, is what all ranks send over every link") {
  std::size_t turn = 0;
  for (const StepCase& c : step_cases()) {
    for (const Folding folding : {Folding::certified, Folding::equitable, Folding::none}) {
      const Condition condition = turn++ % 2 == 0 ? Condition::healthy : Condition::slow_nic;
      CAPTURE(c.name, static_cast<int>(folding));
      check_traffic({c, {turn / 2 % 2 == 0 ? "rail-optimised" : "leaf-spine", 2}, condition}, folding);
    }
  }
}

TEST_CASE("a share of a link becomes a whole weight on a link that is as much larger") {
  const Quotient three_of_four = each_apart(Pairs({8}, {{{0, 3, 4}}}));
  CHECK(three_of_four.streams[0].links == std::vector<Crossing>{{0, 1}});
  CHECK(capacity(three_of_four, 0) == 8 * 4 / 3.0);
  const Quotient mixed = each_apart(Pairs({8}, {{{0, 1, 2}}, {{0, 1, 3}}, {{0}}}));
  CHECK(mixed.streams[0].links == std::vector<Crossing>{{0, 3}});
  CHECK(mixed.streams[1].links == std::vector<Crossing>{{0, 2}});
  CHECK(mixed.streams[2].links == std::vector<Crossing>{{0, 6}});
  CHECK(capacity(mixed, 0) == 8 * 6);
}

TEST_CASE("weights have no common divisor") {
  const Quotient quotient = each_apart(Pairs({12}, {{{0, 2}}, {{0, 4}}}));
  CHECK(quotient.streams[0].links == std::vector<Crossing>{{0, 1}});
  CHECK(quotient.streams[1].links == std::vector<Crossing>{{0, 2}});
  CHECK(capacity(quotient, 0) == 6);
}

TEST_CASE("streams of a class that share a link weigh as many times, and a link crossed twice counts twice") {
  Template step = Pairs({12, 12}, {{{0}, {1}}, {{0}, {1, 3}}, {{0}, {0}}}).step();
  const Quotient quotient = build_quotient(step, {{0, 1, 0, 1, 2, 3}, {}, {0, 0, 1}, {0, 1}});
  CHECK(quotient.streams[0].multiplicity == 2);
  CHECK(quotient.streams[0].links == std::vector<Crossing>{{0, 1}, {1, 1}});
  CHECK(quotient.streams[1].links == std::vector<Crossing>{{0, 1}});
  CHECK(capacity(quotient, 0) == 6);
  CHECK(capacity(quotient, 1) == 3);
}

TEST_CASE("shares without a common measure of 31 bits are an error") {
  CHECK_THROWS_AS(each_apart(Pairs({8}, {{{0, 1, 65521}}, {{0, 1, 65519}}})), InputError);
  CHECK_THROWS_WITH(each_apart(Pairs({8}, {{{0, 1, 65521}}, {{0, 1, 65519}}, {{0}}})),
                    Catch::Matchers::StartsWith("the shares that flows take of a link have no common measure"));
  CHECK_NOTHROW(each_apart(Pairs({8}, {{{0, 65521, 65521}}, {{0}}})));
}
