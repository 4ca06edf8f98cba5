#include "fold/fold.hpp"

#include "fold/certify.hpp"
#include "fold/dependencies.hpp"
#include "fold/partition.hpp"
#include "fold/rows.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <numeric>
#include <utility>

namespace traingrid {
namespace {

constexpr int kMostRounds = 100;  // of certifying, before the equitable partition is taken

/// Classes of the partition, numbered by kind. Its nodes are ranks, groups, streams, and perhaps links.
class Numbered {
 public:
  Numbered(const Template& step, const Partition& partition)
      : partition_(partition), id_(index(partition.classes), -1) {
    const Numbering at(step);
    classes.rank = number(0, at.groups);
    classes.group = number(at.groups, at.streams);
    classes.stream = number(at.streams, at.links);
    streams = count_;
    if (partition.class_of.size() == index(at.end)) classes.link = number(at.links, at.end);
  }
  Classes classes;
  std::int32_t streams = 0;  ///< classes of them

 private:
  std::vector<std::int32_t> number(NodeId first, NodeId end) {
    std::vector<std::int32_t> numbers;
    numbers.reserve(index(end - first));
    count_ = 0;
    for (NodeId node = first; node < end; ++node) {
      std::int32_t& id = id_[index(partition_.class_of[index(node)])];
      if (id < 0) id = count_++;
      numbers.push_back(id);
    }
    return numbers;
  }

  const Partition& partition_;
  std::vector<std::int32_t> id_;  // by class of the partition: its number among those of its kind
  std::int32_t count_ = 0;
};

/// Links that no stream crosses any more are no class.
void leave_out_unused(const Template& step, Classes& classes) {
  std::vector<bool> used(step.links.size(), false);
  for (const Hop& hop : step.hops) used[index(hop.link)] = true;
  std::vector<std::int32_t> renumbered(step.links.size(), -1);
  std::int32_t next = 0;
  for (std::size_t l = 0; l < step.links.size(); ++l) {
    std::int32_t& id = classes.link[l];
    if (!used[l] || step.dropped[l]) {
      id = -1;
    } else {
      std::int32_t& fresh = renumbered[index(id)];
      if (fresh < 0) fresh = next++;
      id = fresh;
    }
  }
}

Folded with_classes(const Template& step, const WorkTime& work_time, Classes classes) {
  Folded folded;
  folded.quotient = build_quotient(step, std::move(classes));
  folded.dag = expand(step, folded.quotient, work_time);
  return folded;
}

Folded fold_nothing(const Template& step, const WorkTime& work_time) {
  const auto each = [](std::size_t count) {
    std::vector<std::int32_t> ids(count);
    std::iota(ids.begin(), ids.end(), 0);
    return ids;
  };
  Classes classes{each(step.ranks.size()), each(step.groups.size()), each(step.streams.size()),
                  each(step.links.size())};
  leave_out_unused(step, classes);
  return with_classes(step, work_time, std::move(classes));
}

Folded fold_equitable(Template& step, const WorkTime& work_time) {
  drop_redundant_links(step);
  const LabelledGraph graph = dependency_graph(step, true);
  const Partition partition = refine(graph, initial_partition(step, true));
  if (!is_equitable(graph, partition)) return fold_nothing(step, work_time);
  Classes classes = Numbered(step, partition).classes;
  leave_out_unused(step, classes);
  return with_classes(step, work_time, std::move(classes));
}

/// Numbers whatever is given to it, equal things alike.
template <class Key>
class Interner {
 public:
  std::int32_t operator()(const Key& key) {
    return ids_.try_emplace(key, static_cast<std::int32_t>(ids_.size())).first->second;
  }

 private:
  std::map<Key, std::int32_t> ids_;
};

/// Guesses, runs, and splits the classes that fail by the kinds of links that their members cross, until none does.
class CertifiedFold {
 public:
  CertifiedFold(const Template& step, const WorkTime& work_time)
      : step_(step), work_time_(work_time), graph_(dependency_graph(step, false)), beside_(step.streams.size(), 0) {}

  /// Whether a certificate was given within the most rounds; then `folded` is the folding.
  bool run() {
    while (folded.rounds < kMostRounds) {
      const Partition partition = refine(graph_, initial_partition(step_, false, beside_));
      if (!is_equitable(graph_, partition)) return false;
      Numbered numbered(step_, partition);
      const Rows rows = rows_of(step_, numbered.classes.stream, numbered.streams);
      numbered.classes.link = rows.class_of_link;
      const int round = folded.rounds + 1;
      folded = with_classes(step_, work_time_, std::move(numbered.classes));
      folded.rounds = round;
      const Verdict verdict = certify(folded.quotient, folded.dag, rows);
      folded.certified = verdict.failed.empty();
      if (folded.certified) return true;
      split(verdict.failed, rows);
    }
    return false;
  }

  Folded folded;

 private:
  void split(const std::vector<std::int32_t>& failed, const Rows& rows) {
    std::vector<bool> fails(folded.quotient.streams.size(), false);
    for (const std::int32_t stream : failed) fails[index(stream)] = true;
    Interner<std::array<std::int32_t, 3>> number;
    const auto& classes = folded.quotient.class_of_stream;
    for (std::size_t s = 0; s < beside_.size(); ++s) {
      const bool split = fails[index(classes[s])];
      beside_[s] = number({beside_[s], split ? classes[s] : -1, split ? rows.set_of_stream[s] : -1});
    }
  }

  const Template& step_;
  const WorkTime& work_time_;
  LabelledGraph graph_;
  std::vector<std::int32_t> beside_;  // by stream: what keeps it apart from others
};

}  // namespace

Folded fold(Template& step, const WorkTime& work_time, Folding folding) {
  if (folding == Folding::none) return fold_nothing(step, work_time);
  if (folding == Folding::certified) {
    CertifiedFold certified(step, work_time);
    if (certified.run()) return std::move(certified.folded);
  }
  return fold_equitable(step, work_time);
}

}  // namespace traingrid
