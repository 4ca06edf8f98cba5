// What rows of a suite leave unsaid because the paper or recipe that they come from says it once for all of them.
#pragma once

#include "input/fields.hpp"
#include "input/node.hpp"

#include <map>
#include <string>
#include <vector>

namespace traingrid {

/// Fields of rows that are known by words of their suite, software, model and accelerator.
struct RowDefaults {
  std::vector<std::string> words;             ///< all of them occur
  std::map<std::string, std::string> fields;  ///< never measured ones
  void describe(Fields& fields);
};

/// A record with what it leaves out, and what that was: "tp: 8". Of several defaults for a field the first one holds.
struct CompletedRow {
  Node record;
  std::vector<std::string> assumed;
};
CompletedRow completed(const Node& record, const std::vector<RowDefaults>& defaults);

}  // namespace traingrid
