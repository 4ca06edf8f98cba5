// Random small programs, and the same copied k-fold with their links mixed at random.
#pragma once

#include "fold/plain_tuning.hpp"
#include "fold/template.hpp"
#include "toy.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace traingrid {

inline constexpr std::int32_t kRanks = 5, kGroups = 3, kPairs = 3, kLinks = 4, kOperations = 25;

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

inline std::vector<Hop> random_links(Dice& dice) {
  std::vector<Hop> links;
  for (const std::int32_t link : dice.permutation(kLinks)) {
    const auto weight = static_cast<std::uint16_t>(1 + dice.below(2)),
               parts = static_cast<std::uint16_t>(1 + dice.below(3));
    if (links.size() < 2) links.push_back({link, weight, parts});
  }
  return links;
}

/// Operations in one global order, so that nobody waits in a circle.
inline void add_operations(Design& design, Dice& dice) {
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

inline Design random_design(Dice& dice, std::int32_t copies) {
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

inline Program make_program(const Design& design, std::int32_t copies, Dice& dice) {
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

/// Lists every rank, group and stream `copies` times, every link copies/shared times; who meets whom is left to the
/// dice.
class Lift {
 public:
  Lift(const Design& design, const Program& program, std::int32_t copies, Dice& dice)
      : design_(design), copies_(copies), dice_(dice) {
    step_.program = &program;
    step_.tuning = plain_tuning(toy_cluster());
    for (const std::int32_t role : program.role_of_rank) step_.ranks.push_back({role, 0, design.slowdown[index(role)]});
    add_links();
    for (std::int32_t group = 0; group < kGroups; ++group) add_groups(group);
    for (const Pattern& pattern : design.streams) {
      if (pattern.from >= 0) add_messages(pattern);
    }
    step_.dropped.assign(step_.links.size(), false);
  }
  Template step() const { return step_; }

 private:
  void add_links() {
    for (std::size_t link = 0; link < design_.capacity.size(); ++link) {
      const std::int32_t count = copies_ == 1 ? 1 : copies_ / design_.shared[link];
      first_.push_back(static_cast<LinkId>(step_.links.size()));
      for (std::int32_t i = 0; i < count; ++i)
        step_.links.push_back({first_.back() + i, design_.capacity[link] * byte / second});
    }
  }

  void add_groups(std::int32_t communicator) {
    const auto size = static_cast<std::int32_t>(design_.groups[index(communicator)].size());
    const GroupShape shape{size, size, 1};
    std::vector<Pattern> patterns;
    std::vector<std::vector<std::vector<std::int32_t>>> onto;
    for (const Pattern& pattern : design_.streams) {
      if (pattern.communicator != communicator) continue;
      patterns.push_back(pattern);
      onto.push_back(links_of_copies(pattern));
    }
    for (std::int32_t copy = 0; copy < copies_; ++copy) {
      const auto set = static_cast<std::int32_t>(step_.sets.size()), count = static_cast<std::int32_t>(patterns.size());
      const Flows flows = plan(step_.tuning, Collective::all_reduce, 1e8 * byte, shape).parts.front().flows;
      step_.sets.push_back({.flows = flows,
                            .distance = 1e-3 * (communicator + 1) * second,
                            .flow_count = count,
                            .first = static_cast<std::int32_t>(step_.streams.size()),
                            .count = count});
      for (std::size_t i = 0; i < patterns.size(); ++i) {
        Stream stream{.group = static_cast<std::int32_t>(step_.groups.size()), .set = 0, .communicator = communicator};
        stream.share = patterns[i].share;
        add(stream, patterns[i], onto[i], copy);
      }
      step_.groups.push_back({communicator, copy * size, shape, set, 1});
    }
  }

  void add_messages(const Pattern& pattern) {
    const auto from = dice_.permutation(copies_), to = dice_.permutation(copies_);
    const auto onto = links_of_copies(pattern);
    for (std::int32_t copy = 0; copy < copies_; ++copy) {
      Stream stream{.from = pattern.from * copies_ + from[index(copy)],
                    .to = pattern.to * copies_ + to[index(copy)],
                    .communicator = pattern.communicator,
                    .direction = 1};
      stream.latency = 2e-3 * second;
      add(stream, pattern, onto, copy);
    }
  }

  /// By hop and copy: which copy of the link it crosses.
  std::vector<std::vector<std::int32_t>> links_of_copies(const Pattern& pattern) {
    std::vector<std::vector<std::int32_t>> onto;
    for (std::size_t hop = 0; hop < pattern.links.size(); ++hop) onto.push_back(dice_.permutation(copies_));
    return onto;
  }

  void add(Stream stream, const Pattern& pattern, const std::vector<std::vector<std::int32_t>>& onto,
           std::int32_t copy) {
    stream.first_hop = static_cast<std::uint32_t>(step_.hops.size());
    stream.hops = static_cast<std::int16_t>(pattern.links.size());
    for (std::size_t i = 0; i < pattern.links.size(); ++i) {
      Hop hop = pattern.links[i];
      const std::int32_t shared = design_.shared[index(hop.link)];
      const std::int32_t first = first_[index(hop.link)];
      if (copies_ == 1) hop.weight = static_cast<std::uint16_t>(hop.weight * shared);  // it stands for all that share
      hop.link = copies_ == 1 ? first : first + onto[i][index(copy)] / shared;
      step_.hops.push_back(hop);
    }
    step_.streams.push_back(stream);
  }

  const Design& design_;
  std::int32_t copies_;
  Dice& dice_;
  std::vector<LinkId> first_;  // by link of the design
  Template step_;
};

}  // namespace traingrid
