#include "fold/partition.hpp"

#include "units/index.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace traingrid {
namespace {

/// Spreads a label over 64 bits, so that sums of labels stand for multisets of them (the finaliser of MurmurHash3).
std::uint64_t mix(std::uint64_t h) {
  h = (h ^ h >> 33) * 0xff51afd7ed558ccdULL;
  h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53ULL;
  return h ^ h >> 33;
}

/// Classes as contiguous ranges of one array of nodes, and a queue of classes that others are still to be split by.
class Refinement {
 public:
  Refinement(const LabelledGraph& graph, const Partition& initial, std::vector<ClassId> queue);
  Partition run();

 private:
  struct Class {
    std::uint32_t begin = 0, size = 0, touched = 0;
  };
  void count_neighbours_of(ClassId splitter);
  void touch(NodeId node);
  void split(ClassId id);
  std::vector<std::uint32_t> sort_touched(const Class& c);
  void renumber(ClassId id, const std::vector<std::uint32_t>& sizes);

  const LabelledGraph& graph_;
  std::vector<NodeId> order_;            // nodes, class after class
  std::vector<std::uint32_t> position_;  // of a node in order_
  std::vector<ClassId> class_of_;
  std::vector<Class> classes_;
  std::vector<std::uint64_t> count_;  // of edges into the splitter, by node
  std::vector<ClassId> queue_, touched_;
  std::vector<NodeId> members_;
};

Refinement::Refinement(const LabelledGraph& graph, const Partition& initial, std::vector<ClassId> queue)
    : graph_(graph),
      order_(graph.nodes()),
      position_(graph.nodes()),
      class_of_(initial.class_of),
      classes_(index(initial.classes)),
      count_(graph.nodes(), 0),
      queue_(std::move(queue)) {
  for (ClassId id : class_of_) ++classes_[index(id)].size;
  std::uint32_t begin = 0;
  std::vector<std::uint32_t> fill;
  for (Class& c : classes_) {
    fill.push_back(c.begin = begin);
    begin += c.size;
  }
  for (std::size_t node = 0; node < order_.size(); ++node) {
    position_[node] = fill[index(class_of_[node])]++;
    order_[position_[node]] = static_cast<NodeId>(node);
  }
}

Partition Refinement::run() {
  for (std::size_t next = 0; next < queue_.size(); ++next) {
    count_neighbours_of(queue_[next]);
    for (ClassId id : touched_) split(id);
  }
  return {std::move(class_of_), static_cast<ClassId>(classes_.size())};
}

void Refinement::count_neighbours_of(ClassId splitter) {
  touched_.clear();
  const Class& c = classes_[index(splitter)];
  const auto first = order_.begin() + static_cast<std::ptrdiff_t>(c.begin);
  members_.assign(first, first + static_cast<std::ptrdiff_t>(c.size));  // touching reorders the class itself
  for (NodeId node : members_) {
    for (const auto& [neighbour, label] : graph_.neighbours(node)) {
      if (classes_[index(class_of_[index(neighbour)])].size == 1) continue;
      if (count_[index(neighbour)] == 0) touch(neighbour);
      count_[index(neighbour)] += mix(label + 1);
    }
  }
}

/// Moves the node to the touched front part of its class.
void Refinement::touch(NodeId node) {
  Class& c = classes_[index(class_of_[index(node)])];
  if (c.touched == 0) touched_.push_back(class_of_[index(node)]);
  const std::uint32_t to = c.begin + c.touched++, from = position_[index(node)];
  std::swap(order_[to], order_[from]);
  std::swap(position_[index(order_[to])], position_[index(order_[from])]);
}

/// Orders the touched members by count; returns how many share each count, and how many have none.
std::vector<std::uint32_t> Refinement::sort_touched(const Class& c) {
  const auto first = order_.begin() + static_cast<std::ptrdiff_t>(c.begin);
  const auto last = first + static_cast<std::ptrdiff_t>(c.touched);
  const auto count = [&](NodeId node) { return count_[index(node)]; };
  std::ranges::sort(first, last, {}, count);
  std::vector<std::uint32_t> sizes;
  for (auto it = first; it != last; ++it) {
    position_[index(*it)] = static_cast<std::uint32_t>(it - order_.begin());
    if (it == first || count(*it) != count(*std::prev(it))) sizes.push_back(0);
    ++sizes.back();
  }
  if (c.touched < c.size) sizes.push_back(c.size - c.touched);
  return sizes;
}

void Refinement::split(ClassId id) {
  Class& c = classes_[index(id)];
  const std::vector<std::uint32_t> sizes = sort_touched(c);
  for (std::size_t at = c.begin; at < c.begin + c.touched; ++at) count_[index(order_[at])] = 0;
  c.touched = 0;
  if (sizes.size() > 1) renumber(id, sizes);
}

/// The largest part keeps the number; the others are new classes, to split by (Hopcroft's rule).
void Refinement::renumber(ClassId id, const std::vector<std::uint32_t>& sizes) {
  const auto largest = static_cast<std::size_t>(std::ranges::max_element(sizes) - sizes.begin());
  std::uint32_t begin = classes_[index(id)].begin;
  for (std::size_t part = 0; part < sizes.size(); ++part) {
    if (part == largest) {
      classes_[index(id)] = {begin, sizes[part]};
    } else {
      const auto fresh = static_cast<ClassId>(classes_.size());
      classes_.push_back({begin, sizes[part]});
      queue_.push_back(fresh);
      for (std::size_t at = begin; at < begin + sizes[part]; ++at) class_of_[index(order_[at])] = fresh;
    }
    begin += sizes[part];
  }
}

/// Neighbours of a node counted by label and class, in order.
void signature(const LabelledGraph& graph, const Partition& partition, NodeId node,
               std::vector<std::pair<std::uint32_t, ClassId>>& keys) {
  keys.clear();
  for (const auto& [neighbour, label] : graph.neighbours(node)) {
    keys.emplace_back(label, partition.class_of[index(neighbour)]);
  }
  std::ranges::sort(keys);
}

}  // namespace

/// Ends of the lists; storing fills them from behind.
void LabelledGraph::make_room() {
  std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
  neighbours_.resize(offsets_.back());
}

Partition partition_by(const std::vector<std::uint64_t>& colours) {
  Partition partition;
  partition.class_of.reserve(colours.size());
  std::unordered_map<std::uint64_t, ClassId> ids;
  for (std::uint64_t colour : colours) {
    const auto [entry, added] = ids.try_emplace(colour, partition.classes);
    if (added) ++partition.classes;
    partition.class_of.push_back(entry->second);
  }
  return partition;
}

Partition discrete_partition(std::size_t nodes) {
  Partition partition{std::vector<ClassId>(nodes), static_cast<ClassId>(nodes)};
  std::iota(partition.class_of.begin(), partition.class_of.end(), 0);
  return partition;
}

Partition refine(const LabelledGraph& graph, const Partition& initial) {
  std::vector<ClassId> all(index(initial.classes));
  std::iota(all.begin(), all.end(), 0);
  return refine(graph, initial, std::move(all));
}

Partition refine(const LabelledGraph& graph, const Partition& initial, std::vector<ClassId> fresh) {
  return Refinement(graph, initial, std::move(fresh)).run();
}

bool is_equitable(const LabelledGraph& graph, const Partition& partition) {
  std::vector<std::vector<std::pair<std::uint32_t, ClassId>>> expected(index(partition.classes));
  std::vector<bool> seen(index(partition.classes), false);
  std::vector<std::pair<std::uint32_t, ClassId>> keys;
  for (std::size_t node = 0; node < graph.nodes(); ++node) {
    signature(graph, partition, static_cast<NodeId>(node), keys);
    const std::size_t id = index(partition.class_of[node]);
    if (!seen[id]) {
      seen[id] = true;
      expected[id] = keys;
    } else if (keys != expected[id]) {
      return false;
    }
  }
  return true;
}

}  // namespace traingrid
