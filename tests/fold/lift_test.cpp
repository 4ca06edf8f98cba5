// Random small programs, copied k-fold with their links mixed at random: they fold back, and finish as the small ones
// do.
#include "catch.hpp"
#include "engine/simulator.hpp"
#include "fold/quotient.hpp"
#include "oracle.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace traingrid;

namespace {

constexpr std::int32_t kRanks = 5, kGroups = 3, kPairs = 3, kLinks = 4, kOperations = 25;

/// A stream of the small program: what it belongs to, and how often it crosses each link.
struct Pattern {
  std::int32_t communicator = 0;
  std::int32_t from = -1, to = -1;  ///< of messages
  double share = 1;
  std::vector<Hop> links;
};

/// A random program of ranks that all differ; communicators are kGroups groups, then kPairs pairs for messages.
struct Design {
  std::vector<std::vector<std::int32_t>> groups;
  std::vector<Pattern> streams;
  std::vector<double> capacity;      ///< by link
  std::vector<std::int32_t> shared;  ///< by link: how many copies of a stream use one copy of the link
  std::vector<double> slowdown;      ///< by rank
  std::vector<Block> blocks;         ///< by rank
};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::int32_t below(std::int32_t end) {
    return static_cast<std::int32_t>(random_() % static_cast<std::uint32_t>(end));
  }
  std::vector<std::int32_t> permutation(std::int32_t count) {
    std::vector<std::int32_t> order(index(count));
    std::iota(order.begin(), order.end(), 0);
    std::ranges::shuffle(order, random_);
    return order;
  }

 private:
  std::mt19937 random_;
};

std::vector<Hop> random_links(Dice& dice) {
  std::vector<Hop> links;
  for (const std::int32_t link : dice.permutation(kLinks)) {
    if (links.size() < 2) links.push_back({link, 1 + dice.below(2)});
  }
  return links;
}

/// Operations in one global order, so that nobody waits in a circle.
void add_operations(Design& design, Dice& dice) {
  design.blocks.resize(kRanks);
  for (std::int32_t i = 0; i < kOperations; ++i) {
    const std::int32_t communicator = dice.below(kGroups + kPairs);
    if (i % 3 == 0) {
      design.blocks[index(dice.below(kRanks))].operations.push_back({.work = dice.below(3)});
    } else if (communicator < kGroups) {
      Operation op{.kind = Operation::Kind::collective,
                   .communicator = communicator,
                   .bytes = (1 + dice.below(5)) * 1e8 * byte,
                   .asynchronous = dice.below(3) == 0};
      for (const std::int32_t rank : design.groups[index(communicator)]) {
        design.blocks[index(rank)].operations.push_back(op);
      }
    } else {
      const auto stream = std::ranges::find(design.streams, communicator, &Pattern::communicator);
      Operation op{.kind = Operation::Kind::send,
                   .communicator = communicator,
                   .bytes = (1 + dice.below(5)) * 1e8 * byte,
                   .direction = +1,
                   .tag = i};
      design.blocks[index(stream->from)].operations.push_back(op);
      op.kind = Operation::Kind::receive;
      op.direction = -1;
      design.blocks[index(stream->to)].operations.push_back(op);
    }
  }
  for (Block& block : design.blocks) block.operations.push_back({.work = 0});
}

Design random_design(Dice& dice, std::int32_t copies) {
  Design design;
  for (std::int32_t link = 0; link < kLinks; ++link) {
    design.capacity.push_back(1e9 * (1 + dice.below(3)));
    design.shared.push_back(dice.below(2) == 0 ? 1 : copies / 2);
  }
  for (std::int32_t rank = 0; rank < kRanks; ++rank) design.slowdown.push_back(dice.below(2) == 0 ? 1 : 1.5);
  for (std::int32_t group = 0; group < kGroups; ++group) {
    auto members = dice.permutation(kRanks);
    members.resize(index(2 + dice.below(3)));
    design.groups.push_back(members);
    for (std::size_t i = 0; i < members.size(); ++i) {
      design.streams.push_back(
          {.communicator = group, .share = 0.5 + 0.5 * dice.below(2), .links = random_links(dice)});
    }
  }
  for (std::int32_t pair = 0; pair < kPairs; ++pair) {
    const auto ends = dice.permutation(kRanks);
    design.streams.push_back(
        {.communicator = kGroups + pair, .from = ends[0], .to = ends[1], .links = random_links(dice)});
  }
  add_operations(design, dice);
  return design;
}

Program make_program(const Design& design, std::int32_t copies, Dice& dice) {
  Program program;
  program.works.resize(3);
  program.tags = kOperations;
  program.communicators.resize(kGroups + kPairs);
  for (std::size_t rank = 0; rank < design.blocks.size(); ++rank) {
    program.blocks.push_back(design.blocks[rank]);
    program.roles.push_back({"rank", {{static_cast<int>(rank), 0}}});
    program.role_of_rank.insert(program.role_of_rank.end(), index(copies), static_cast<std::int32_t>(rank));
  }
  for (std::size_t group = 0; group < design.groups.size(); ++group) {
    std::vector<std::vector<std::int32_t>> orders;
    for (std::size_t i = 0; i < design.groups[group].size(); ++i) orders.push_back(dice.permutation(copies));
    for (std::size_t copy = 0; copy < index(copies); ++copy) {
      std::vector<std::int32_t> members;
      for (std::size_t i = 0; i < orders.size(); ++i) {
        members.push_back(design.groups[group][i] * copies + orders[i][copy]);
      }
      program.communicators[group].add_group(members);
    }
  }
  return program;
}

/// Every rank, group and stream `copies` times, every link copies/shared times; who meets whom is left to the dice.
Template lift(const Design& design, const Program& program, std::int32_t copies, Dice& dice) {
  Template step{.program = &program};
  for (const std::int32_t role : program.role_of_rank) step.ranks.push_back({role, 0, design.slowdown[index(role)]});
  for (std::int32_t group = 0; group < kGroups; ++group) {
    const auto size = static_cast<std::int32_t>(design.groups[index(group)].size());
    for (std::int32_t copy = 0; copy < copies; ++copy) {
      step.groups.push_back({group, copy * size, size, 1e-3 * (group + 1) * second});
    }
  }
  std::vector<LinkId> first;
  for (std::size_t link = 0; link < design.capacity.size(); ++link) {
    const std::int32_t shared = copies == 1 ? 1 : design.shared[link];
    first.push_back(static_cast<LinkId>(step.capacity.size()));
    step.capacity.insert(step.capacity.end(), index(copies / shared), design.capacity[link] * byte / second);
  }
  for (const Pattern& pattern : design.streams) {
    const auto from = dice.permutation(copies), to = dice.permutation(copies);
    std::vector<std::vector<std::int32_t>> onto;
    for (std::size_t hop = 0; hop < pattern.links.size(); ++hop) onto.push_back(dice.permutation(copies));
    for (std::int32_t copy = 0; copy < copies; ++copy) {
      const bool message = pattern.from >= 0;
      step.streams.push_back({.communicator = pattern.communicator,
                              .group = message ? -1 : pattern.communicator * copies + from[index(copy)],
                              .from = message ? pattern.from * copies + from[index(copy)] : -1,
                              .to = message ? pattern.to * copies + to[index(copy)] : -1,
                              .direction = message ? 1 : 0,
                              .share = pattern.share,
                              .latency = (message ? 2e-3 : 0.0) * second,
                              .first_hop = step.hops.size(),
                              .hops = pattern.links.size()});
      for (std::size_t hop = 0; hop < pattern.links.size(); ++hop) {
        const auto [link, weight] = pattern.links[hop];
        // alone, a stream stands for all copies that share the link
        const std::int32_t shared = design.shared[index(link)];
        if (copies == 1) {
          step.hops.push_back({first[index(link)], weight * shared});
        } else {
          step.hops.push_back({first[index(link)] + onto[hop][index(copy)] / shared, weight});
        }
      }
    }
  }
  step.dropped.assign(step.capacity.size(), false);
  return step;
}

/// Where each operation of each rank ends.
std::vector<std::vector<Seconds>> ends_of(const Quotient& quotient, const Dag& dag, const Trace& trace) {
  std::vector<std::vector<Seconds>> ends;
  for (const std::int32_t rank : quotient.class_of_rank) {
    ends.emplace_back();
    for (const Event& event : dag.events[index(rank)]) {
      ends.back().push_back(event.end < 0 ? Seconds{} : trace.finish[index(event.end)]);
    }
  }
  return ends;
}

double worst_difference(const std::vector<Seconds>& a, const std::vector<Seconds>& b) {
  double worst = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; worst < 1 && i < a.size(); ++i) {
    if (a[i] != b[i]) worst = std::max(worst, std::abs((a[i] - b[i]) / b[i]));
  }
  return worst;
}

}  // namespace

TEST_CASE("random programs copied k-fold fold back to one copy of each rank, with the dates of the single copy") {
  const WorkTime work_time = [](std::int32_t work, const RankClass& rank) {
    return (0.1 + work) * rank.slowdown * second;
  };
  for (unsigned seed = 0; seed < 40; ++seed) {
    Dice dice(seed);
    const std::int32_t copies = 4 + 2 * dice.below(5);
    const Design design = random_design(dice, copies);
    const Program program = make_program(design, 1, dice), copied = make_program(design, copies, dice);
    const Quotient small = fold_nothing(lift(design, program, 1, dice));
    const Template large = lift(design, copied, copies, dice);
    const Quotient folded = fold(large), unfolded = fold_nothing(large);
    CAPTURE(seed, copies);
    REQUIRE(folded.ranks.size() == index(kRanks));
    REQUIRE(folded.groups.size() == index(kGroups));
    REQUIRE(folded.streams.size() <= small.streams.size());
    REQUIRE(folded.links.size() <= small.links.size());
    const Dag small_dag = expand(small, program, work_time), dag = expand(folded, copied, work_time);
    const Dag unfolded_dag = expand(unfolded, copied, work_time);
    const auto expected = ends_of(small, small_dag, progressive_filling(small, small_dag));
    const auto of_copies = ends_of(unfolded, unfolded_dag, progressive_filling(unfolded, unfolded_dag));
    const auto of_classes = ends_of(folded, dag, simulate(folded, dag));
    for (std::size_t rank = 0; rank < of_copies.size(); ++rank) {
      REQUIRE(worst_difference(of_copies[rank], expected[rank / index(copies)]) < 1e-9);
      REQUIRE(worst_difference(of_classes[rank], expected[rank / index(copies)]) < 1e-9);
    }
  }
}
