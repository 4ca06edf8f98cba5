#include "fold/fold.hpp"

#include "fold/certify.hpp"
#include "fold/dependencies.hpp"
#include "fold/guess.hpp"
#include "fold/partition.hpp"
#include "fold/rows.hpp"
#include "fold/variants.hpp"
#include "input/problems.hpp"
#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
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
    if (partition.class_of.size() == index(at.end)) classes.link = number(at.links, at.end);
  }
  Classes classes;

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

std::int32_t classes_in(const std::vector<std::int32_t>& of) { return of.empty() ? 0 : 1 + std::ranges::max(of); }

double operations_of(const Program& program, std::int32_t role) {
  double count = 0;
  for (const Launch& launch : program.roles[index(role)].launches)
    count += static_cast<double>(program.blocks[index(launch.block)].operations.size());
  return count;
}

/// Of one rank of each class, or of every rank.
class Operations {
 public:
  explicit Operations(const Template& step) : step_(step), of_role_(step.program->roles.size(), -1) {}

  double of(const Classes& classes) {
    std::vector<bool> counted(index(classes_in(classes.rank)), false);
    double count = 0;
    for (std::size_t rank = 0; rank < classes.rank.size(); ++rank) {
      if (counted[index(classes.rank[rank])]) continue;
      counted[index(classes.rank[rank])] = true;
      count += of_rank(rank);
    }
    return count;
  }
  double unfolded() {
    double count = 0;
    for (std::size_t rank = 0; rank < step_.ranks.size(); ++rank) count += of_rank(rank);
    return count;
  }

 private:
  double of_rank(std::size_t rank) {
    const std::int32_t role = step_.ranks[rank].role;
    double& operations = of_role_[index(role)];
    if (operations < 0) operations = operations_of(*step_.program, role);
    return operations;
  }

  const Template& step_;
  std::vector<double> of_role_;
};

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

Folded fold_equitable(Template& step, const WorkTime& work_time, const Effort& effort) {
  drop_redundant_links(step);
  const LabelledGraph graph = dependency_graph(step, true);
  const Partition partition = refine(graph, initial_partition(step, true));
  if (!is_equitable(graph, partition)) return fold_nothing(step, work_time);
  Classes classes = Numbered(step, partition).classes;
  leave_out_unused(step, classes);
  const double operations = Operations(step).of(classes);
  if (operations > effort.operations) {
    throw InputError(fmt::format(
        "{} ranks fold to no less than {} classes with {:.2g} operations in all, more than the {:.2g} that can be run: "
        "too little of this step is alike. Routing that treats equals alike (network.routing=spray), contiguous "
        "placement, fewer accelerators or a smaller batch fold better",
        step.ranks.size(), classes_in(classes.rank), operations, effort.operations));
  }
  return with_classes(step, work_time, std::move(classes));
}

/// Beyond that many rank classes, spreading makes more of them than dates tell apart.
constexpr std::int32_t kMostSpread = 256;

/// Lets what was split off part whatever depends on it differently: most of that would fail next.
Classes spread(const Template& step, const LabelledGraph& graph, const NextGuess& guess) {
  const ClassId groups = classes_in(guess.classes.rank), streams = groups + classes_in(guess.classes.group);
  Partition partition{{}, streams + classes_in(guess.classes.stream)};
  partition.class_of = guess.classes.rank;
  for (const std::int32_t id : guess.classes.group) partition.class_of.push_back(groups + id);
  for (const std::int32_t id : guess.classes.stream) partition.class_of.push_back(streams + id);
  std::vector<ClassId> fresh = guess.fresh_ranks;
  for (const std::int32_t id : guess.fresh_groups) fresh.push_back(groups + id);
  for (const std::int32_t id : guess.fresh_streams) fresh.push_back(streams + id);
  return Numbered(step, refine(graph, partition, std::move(fresh))).classes;
}

/// Guesses, runs, and guesses again from what the run showed, until nothing fails. Whether that came about within the
/// most rounds.
bool fold_certified(const Template& step, const WorkTime& work_time, const Effort& effort, Folded& folded) {
  Classes classes = first_guess(step);
  std::optional<LabelledGraph> graph;
  std::vector<std::int32_t> label;
  Operations count(step);
  const double worth = std::max(effort.cheap, effort.worth * count.unfolded());
  const double most = std::min(effort.tried, worth);
  double tried = 0;
  for (int round = 1; round <= effort.rounds; ++round) {
    const double operations = count.of(classes);
    tried += operations + static_cast<double>(step.streams.size()) / 8;
    if (operations > effort.operations || tried > most) return false;
    const Rows rows = rows_of(step, classes.stream, classes_in(classes.stream));
    const Variants variants = variants_of(step, classes);
    classes.link = rows.class_of_link;
    folded = with_classes(step, work_time, classes);
    folded.rounds = round;
    Verdict verdict = certify(step, folded.quotient, folded.dag, rows, variants);
    folded.certified = verdict.certified();
    if (folded.certified) folded.expected = std::move(verdict.trace);
    if (folded.certified || !verdict.finished) return folded.certified;
    const Alike alikes = alike(step, folded.quotient, folded.dag, verdict.trace);
    if (!graph) graph.emplace(dependency_graph(step, false));
    NextGuess guess = next_guess(step, classes, rows, variants, verdict, alikes, label);
    classes = spread(step, *graph, guess);
    if (classes_in(classes.rank) > kMostSpread) classes = std::move(guess.classes);
  }
  return false;
}

}  // namespace

Folded fold(Template& step, const WorkTime& work_time, Folding folding, const Effort& effort) {
  if (folding == Folding::none) return fold_nothing(step, work_time);
  if (folding == Folding::certified) {
    Folded folded;
    if (fold_certified(step, work_time, effort, folded)) return folded;
  }
  return fold_equitable(step, work_time, effort);
}

}  // namespace traingrid
