// Foldings by hand: classes of a partition of the dependencies, and the first guess that certifying starts from.
#pragma once

#include "fold/certify.hpp"
#include "fold/dependencies.hpp"
#include "fold/fold.hpp"
#include "units/index.hpp"

#include <map>
#include <utility>
#include <vector>

namespace traingrid {

/// Numbered from 0 by kind in order of appearance; links only if the partition has them.
inline Classes classes_by_kind(const Template& step, const Partition& partition) {
  const Numbering at(step);
  const auto number = [&](NodeId first, NodeId end) {
    std::map<ClassId, std::int32_t> ids;
    std::vector<std::int32_t> numbers;
    for (NodeId node = first; node < end; ++node) {
      const auto next = static_cast<std::int32_t>(ids.size());
      numbers.push_back(ids.try_emplace(partition.class_of[index(node)], next).first->second);
    }
    return numbers;
  };
  Classes classes{number(0, at.groups), number(at.groups, at.streams), number(at.streams, at.links), {}};
  if (partition.class_of.size() == index(at.end)) classes.link = number(at.links, at.end);
  return classes;
}

/// All that depend on each other alike in one class, whatever links their streams cross.
struct Guess {
  Template step;
  Rows rows;
  Variants variants;
  Quotient quotient;
  Dag dag;
  Verdict verdict() const { return certify(step, quotient, dag, rows, variants); }
};

inline Guess guess_of(const Template& step, const WorkTime& work_time) {
  Classes classes = classes_by_kind(step, refine(dependency_graph(step, false), initial_partition(step, false)));
  std::int32_t streams = 0;
  for (const std::int32_t id : classes.stream) streams = std::max(streams, id + 1);
  Guess guess{step, {}, variants_of(step, classes), {}, {}};
  guess.rows = rows_of(step, classes.stream, streams);
  classes.link = guess.rows.class_of_link;
  guess.quotient = build_quotient(step, std::move(classes));
  guess.dag = expand(step, guess.quotient, work_time);
  return guess;
}

}  // namespace traingrid
