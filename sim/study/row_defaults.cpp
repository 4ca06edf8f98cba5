#include "study/row_defaults.hpp"

#include "study/measured_fields.hpp"
#include "study/step_target.hpp"
#include "study/testbed.hpp"

#include <fmt/format.h>

namespace traingrid {
namespace {

/// What defaults are looked up by, a blank between any two.
std::string known_by(const Node& record) {
  std::string text;
  for (const auto* key : {"suite", "software", "model", "gpu", "kind", "variant"})
    text += " " + text_field(record, key);
  return text;
}

void put(Node& record, const std::string& key, const std::string& text) {
  Node value{.kind = Node::Kind::scalar, .text = text, .mark = record.mark};
  if (Entry* entry = record.find(key))
    entry->value = std::move(value);
  else
    record.entries.push_back({.key = key, .mark = record.mark, .value = std::move(value)});
}

}  // namespace

void RowDefaults::describe(Fields& described) {
  described.required("words", words, "Words that suite, software, model and accelerator of a row have.");
  described.required("fields", fields, "What such a row is taken to say where it says nothing.");
  for (const auto& [key, text] : fields)
    described.check("fields", !is_measured(key), fmt::format("'{}' is measured, so no default can stand for it", key));
}

CompletedRow completed(const Node& record, const std::vector<RowDefaults>& defaults) {
  CompletedRow row{record, {}};
  const std::string text = known_by(record);
  for (const RowDefaults& usual : defaults) {
    if (!has_words(text, usual.words)) continue;
    for (const auto& [key, value] : usual.fields) {
      if (field(row.record, key) != nullptr) continue;
      put(row.record, key, value);
      row.assumed.push_back(fmt::format("{}: {}", key, value));
    }
  }
  return row;
}

}  // namespace traingrid
