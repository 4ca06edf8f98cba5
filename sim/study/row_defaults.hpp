// What rows of a suite leave unsaid because the paper or recipe that they come from says it once for all of them.
#pragma once

#include "input/fields.hpp"
#include "input/node.hpp"

#include <map>
#include <string>
#include <vector>

namespace traingrid {

/// Fields of rows that are known by words of their software, model and accelerator, or of where they were published:
/// what a row is called and which suite it was filed under changes nothing.
struct RowDefaults {
  std::vector<std::string> words;             ///< all of them occur
  std::vector<std::string> published_in;      ///< all of them occur in the source
  std::map<std::string, std::string> fields;  ///< never measured ones
  void describe(Fields& fields);
};

/// A record with what it leaves out, and what that was: "tp: 8". Of several defaults for a field the first one holds.
/// A release that is none of the known ones is the nearest of them. A field is left out, too, where `vocab_assumed:
/// true` says that whoever listed the row put in `vocab`.
struct CompletedRow {
  Node record;
  std::vector<std::string> assumed;
};
CompletedRow completed(const Node& record, const std::vector<RowDefaults>& defaults,
                       const std::vector<std::string>& releases = {});

}  // namespace traingrid
