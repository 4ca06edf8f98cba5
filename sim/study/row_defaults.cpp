#include "study/row_defaults.hpp"

#include "study/measured_fields.hpp"
#include "study/software_release.hpp"
#include "study/step_target.hpp"
#include "study/testbed.hpp"

#include <fmt/format.h>

#include <set>

namespace traingrid {
namespace {

/// Nothing is said of it, or by someone other than those who measured.
bool left_out(const Node& record, const std::string& key) {
  return field(record, key) == nullptr || text_field(record, key + "_assumed") == "true";
}

/// What defaults are looked up by, a blank between any two.
std::string known_by(const Node& record) {
  std::string text;
  for (const auto* key : {"software", "model", "gpu", "kind", "variant", "finetuning"})
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

/// Another spelling of a known release is nothing assumed.
void know_release(CompletedRow& row, const std::vector<std::string>& releases) {
  const std::string stated = text_field(row.record, "software"), known = nearest_release(stated, releases);
  if (known.empty() || known == stated) return;
  put(row.record, "software", known);
  if (!is_release(stated, known)) row.assumed.push_back(fmt::format("software: {}", known));
}

}  // namespace

void RowDefaults::describe(Fields& described) {
  described.required("words", words, "Words that software, model, accelerator, kind and variant of a row have.");
  described.optional("published_in", published_in, "Words that the source of a row has.");
  described.required("fields", fields, "What such a row is taken to say where it says nothing.");
  for (const auto& [key, text] : fields)
    described.check("fields", !is_measured(key), fmt::format("'{}' is measured, so no default can stand for it", key));
}

CompletedRow completed(const Node& record, const std::vector<RowDefaults>& defaults,
                       const std::vector<std::string>& releases) {
  CompletedRow row{record, {}};
  know_release(row, releases);
  const std::string text = known_by(row.record), source = text_field(record, "source");
  const Node stated = row.record;
  std::set<std::string> settled;
  for (const RowDefaults& usual : defaults) {
    if (!has_words(text, usual.words) || !has_words(source, usual.published_in)) continue;
    for (const auto& [key, value] : usual.fields) {
      if (!left_out(stated, key) || !settled.insert(key).second) continue;
      put(row.record, key, value);
      row.assumed.push_back(fmt::format("{}: {}", key, value));
    }
  }
  return row;
}

}  // namespace traingrid
