#include "input/node.hpp"

#include "input/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace traingrid {
namespace {

/// A text, or a list of texts in one line.
std::string joined_text(const Entry& entry, Problems& problems) {
  const auto text_of = [&](const Node& node) {
    if (!node.is_scalar()) {
      problems.add(node.kind == Node::Kind::null ? entry.mark : node.mark,
                   fmt::format("'{}' must be text, not {}", entry.key, kind_name(node)));
    }
    return node.text;
  };
  if (!entry.value.is_list()) return text_of(entry.value);
  std::string all;
  for (const Node& item : entry.value.items) all += (all.empty() ? "" : ", ") + text_of(item);
  return all;
}

/// What the mapping says about its values. A source of its own ends what was said about calibration further out.
std::shared_ptr<const Provenance> provenance_of(const Node& mapping, std::shared_ptr<const Provenance> outer,
                                                Problems& problems) {
  const Entry* source = mapping.find("source");
  const Entry* calibrated_on = mapping.find("calibrated_on");
  if (const Entry* note = mapping.find("note")) joined_text(*note, problems);
  if (source == nullptr && calibrated_on == nullptr) return outer;
  Provenance own;
  if (source != nullptr)
    own.source = joined_text(*source, problems);
  else if (outer)
    own.source = outer->source;
  if (calibrated_on != nullptr) own.calibrated_on = joined_text(*calibrated_on, problems);
  return std::make_shared<const Provenance>(std::move(own));
}

void stamp(Node& node, const std::shared_ptr<const Provenance>& outer, Problems& problems) {
  node.provenance = node.is_mapping() ? provenance_of(node, outer, problems) : outer;
  for (Entry& entry : node.entries) stamp(entry.value, node.provenance, problems);
  for (Node& item : node.items) stamp(item, node.provenance, problems);
}

}  // namespace

bool is_text_key(std::string_view key) { return std::ranges::find(kTextKeys, key) != kTextKeys.end(); }

const Entry* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &Entry::key);
  return found == entries.end() ? nullptr : &*found;
}

Entry* Node::find(std::string_view key) { return const_cast<Entry*>(std::as_const(*this).find(key)); }

std::string_view kind_name(const Node& node) {
  switch (node.kind) {
    case Node::Kind::scalar:
      return "a single value";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
    default:
      return "nothing";
  }
}

void choose_values(Node& root, bool calibrated) {
  if (Entry* value = root.find("value"), *fitted = root.find("calibrated"); value != nullptr && fitted != nullptr) {
    if (calibrated) value->value = std::move(fitted->value);
    if (!calibrated && root.provenance) {
      root.provenance = std::make_shared<const Provenance>(Provenance{root.provenance->source, ""});
      value->value.provenance = root.provenance;
    }
    std::erase_if(root.entries, [&](const Entry& entry) {
      return entry.key == "calibrated" || (!calibrated && entry.key == "calibrated_on");
    });
    return;
  }
  for (Entry& entry : root.entries) choose_values(entry.value, calibrated);
  for (Node& item : root.items) choose_values(item, calibrated);
}

const Node& unwrapped(const Node& node) {
  if (!node.is_mapping()) return node;
  const Entry* value = node.find("value");
  const bool only_texts_beside = std::ranges::all_of(
      node.entries, [](const Entry& entry) { return entry.key == "value" || is_text_key(entry.key); });
  return value != nullptr && only_texts_beside ? value->value : node;
}

Node merged(Node base, const Node& over) {
  if (!base.is_mapping() || !over.is_mapping() || over.find("value") != nullptr || over.find("mid") != nullptr)
    return over;
  for (const Entry& entry : over.entries) {
    Entry* below = base.find(entry.key);
    if (below == nullptr)
      base.entries.push_back(entry);
    else
      *below = {entry.key, entry.mark, merged(std::move(below->value), entry.value)};
  }
  base.mark = over.mark;
  base.provenance = over.provenance;
  return base;
}

void stamp_sources(Node& root, Problems& problems) { stamp(root, nullptr, problems); }

}  // namespace traingrid
