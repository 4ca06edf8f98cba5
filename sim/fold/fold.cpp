#include "fold/fold.hpp"

#include "fold/certify.hpp"
#include "fold/dependencies.hpp"
#include "fold/partition.hpp"
#include "fold/rows.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace traingrid {
namespace {

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

/// Guesses, runs, and splits the classes that fail by the kinds of links that their members cross, until none does.
class CertifiedFold {
 public:
  CertifiedFold(const Template& step, const WorkTime& work_time)
      : step_(step),
        work_time_(work_time),
        graph_(dependency_graph(step, false)),
        partition_(refine(graph_, initial_partition(step, false))) {}

  /// Whether a certificate was given within the most rounds; then `folded` is the folding.
  bool run(int most_rounds) {
    for (int round = 1; round <= most_rounds; ++round) {
      Numbered numbered(step_, partition_);
      const Rows rows = rows_of(step_, numbered.classes.stream, numbered.streams);
      numbered.classes.link = rows.class_of_link;
      folded = with_classes(step_, work_time_, std::move(numbered.classes));
      folded.rounds = round;
      const Verdict verdict = certify(folded.quotient, folded.dag, rows);
      folded.certified = verdict.failed.empty();
      if (folded.certified) return is_equitable(graph_, partition_);
      split(verdict.failed, rows);
    }
    return false;
  }

  Folded folded;

 private:
  void split(const std::vector<std::int32_t>& failed, const Rows& rows) {
    const auto first = index(Numbering(step_).streams);
    const auto& classes = folded.quotient.class_of_stream;
    std::vector<bool> fails(folded.quotient.streams.size(), false);
    for (const std::int32_t stream : failed) fails[index(stream)] = true;
    std::map<std::pair<std::int32_t, std::int32_t>, ClassId> parts;
    std::vector<ClassId> fresh;
    for (std::size_t s = 0; s < classes.size(); ++s) {
      if (!fails[index(classes[s])] || rows.set_of_stream[s] == 0) continue;
      const auto [part, added] = parts.try_emplace({classes[s], rows.set_of_stream[s]}, partition_.classes);
      if (added) fresh.push_back(partition_.classes++);
      partition_.class_of[first + s] = part->second;
    }
    partition_ = refine(graph_, partition_, std::move(fresh));
  }

  const Template& step_;
  const WorkTime& work_time_;
  LabelledGraph graph_;
  Partition partition_;
};

}  // namespace

Folded fold(Template& step, const WorkTime& work_time, Folding folding, int most_rounds) {
  if (folding == Folding::none) return fold_nothing(step, work_time);
  if (folding == Folding::certified) {
    CertifiedFold certified(step, work_time);
    if (certified.run(most_rounds)) return std::move(certified.folded);
  }
  return fold_equitable(step, work_time);
}

}  // namespace traingrid
