#include "fold/variants.hpp"

#include "fold/distinct.hpp"
#include "units/index.hpp"

#include <algorithm>

namespace traingrid {
namespace {

/// Collects the keys of the members of all classes of a kind.
class Collector {
 public:
  Collector(std::vector<Variants::Keys>& by_class, std::vector<std::int32_t>& of_member)
      : by_class_(by_class), of_member_(of_member) {}

  void add(std::int32_t id, const std::vector<std::int32_t>& key) {
    if (index(id) >= by_class_.size()) {
      by_class_.resize(index(id) + 1);
      last_.resize(index(id) + 1, 0);
    }
    Variants::Keys& keys = by_class_[index(id)];
    std::int32_t& last = last_[index(id)];  // neighbours are often alike
    if (keys.empty() || keys[index(last)] != key) {
      const auto found = std::ranges::find(keys, key);
      last = static_cast<std::int32_t>(found - keys.begin());
      if (found == keys.end()) keys.push_back(key);
    }
    of_member_.push_back(last);
  }

 private:
  std::vector<Variants::Keys>& by_class_;
  std::vector<std::int32_t>& of_member_;
  std::vector<std::int32_t> last_;  // by class: the variant met last
};

/// Groups by their members and streams.
void add_groups(const Template& step, const Classes& classes, Variants& variants) {
  Collector collector(variants.groups, variants.of_group);
  std::vector<std::int32_t> key;
  for (std::size_t g = 0; g < step.groups.size(); ++g) {
    key.clear();
    for (const std::int32_t member : step.members_of(step.groups[g])) key.push_back(classes.rank[index(member)]);
    keep_distinct(key);
    for (const FlowSet& set : step.sets_of(step.groups[g])) {
      key.push_back(-1);
      const std::size_t from = key.size();
      const auto first = classes.stream.begin() + set.first;
      key.insert(key.end(), first, first + set.count);
      keep_distinct(key, from);
    }
    collector.add(classes.group[g], key);
  }
}

/// The slots that are in use, and what each rank has in each of them.
class RankKeys {
 public:
  RankKeys(const Template& step, const Classes& classes, Variants& variants) : step_(step), variants_(variants) {
    find_slots();
    slots_ = variants.group_slots.size() + variants.in_slots.size();
    keys_.assign(step.ranks.size() * slots_, -1);
    for (std::size_t g = 0; g < step.groups.size(); ++g) {
      const std::size_t slot = group_slot(step.groups[g].communicator);
      for (const std::int32_t member : step.members_of(step.groups[g])) at(member, slot) = classes.group[g];
    }
    for (std::size_t s = 0; s < step.streams.size(); ++s) {
      const Stream& stream = step.streams[s];
      if (stream.group < 0) at(stream.to, in_slot(stream)) = classes.stream[s];
    }
    Collector collector(variants.ranks, variants.of_rank);
    std::vector<std::int32_t> key(slots_);
    for (std::size_t rank = 0; rank < step.ranks.size(); ++rank) {
      std::copy_n(keys_.begin() + static_cast<std::ptrdiff_t>(rank * slots_), slots_, key.begin());
      collector.add(classes.rank[rank], key);
    }
  }

 private:
  void find_slots() {
    for (const Group& group : step_.groups) {
      auto& slots = variants_.group_slots;
      if (slots.empty() || slots.back() != group.communicator) slots.push_back(group.communicator);
    }
    for (const Stream& stream : step_.streams) {
      if (stream.group >= 0) continue;
      auto& slots = variants_.in_slots;
      const std::pair<std::int32_t, std::int32_t> slot{stream.communicator, stream.direction};
      if (std::ranges::find(slots, slot) == slots.end()) slots.push_back(slot);
    }
  }
  std::size_t group_slot(std::int32_t communicator) const {
    const auto& slots = variants_.group_slots;
    return static_cast<std::size_t>(std::ranges::find(slots, communicator) - slots.begin());
  }
  std::size_t in_slot(const Stream& stream) const {
    const auto& slots = variants_.in_slots;
    const std::pair<std::int32_t, std::int32_t> slot{stream.communicator, stream.direction};
    return variants_.group_slots.size() + static_cast<std::size_t>(std::ranges::find(slots, slot) - slots.begin());
  }
  std::int32_t& at(std::int32_t rank, std::size_t slot) { return keys_[index(rank) * slots_ + slot]; }

  const Template& step_;
  Variants& variants_;
  std::size_t slots_ = 0;
  std::vector<std::int32_t> keys_;  // by rank and slot
};

}  // namespace

Variants variants_of(const Template& step, const Classes& classes) {
  Variants variants;
  add_groups(step, classes, variants);
  RankKeys(step, classes, variants);
  Collector messages(variants.streams, variants.of_stream);
  std::vector<std::int32_t> sender;
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    sender.clear();
    if (step.streams[s].group < 0) sender.push_back(classes.rank[index(step.streams[s].from)]);
    messages.add(classes.stream[s], sender);
  }
  return variants;
}

}  // namespace traingrid
