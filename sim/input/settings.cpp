#include "input/settings.hpp"

#include "input/interval.hpp"
#include "input/spelling.hpp"
#include "input/yaml.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace traingrid {
namespace {

constexpr std::size_t kSuggested = 3;

using Steps = std::vector<std::string>;

bool has_top_key(const Outline& outline, const std::string& key) { return outline.find({key}) != nullptr; }

/// The kind the first step asks for by name, or else the first that knows it as a key; the name is taken off.
const std::pair<std::string, Outline>* kind_of(Steps& steps, const Settings::Kinds& kinds) {
  const auto named = std::ranges::find(kinds, steps.front(), &std::pair<std::string, Outline>::first);
  if (named != kinds.end() && steps.size() > 1) {
    steps.erase(steps.begin());
    return &*named;
  }
  const auto owner =
      std::ranges::find_if(kinds, [&](const auto& kind) { return has_top_key(kind.second, steps.front()); });
  return owner == kinds.end() ? nullptr : &*owner;
}

/// The path as it may be set: 'tiles.0.m' for 'tiles[].m'.
std::string of_first_item(const OutlineRow& row) {
  std::string path = row.path();
  for (auto any = path.find("[]"); any != std::string::npos; any = path.find("[]")) path.replace(any, 2, ".0");
  return path;
}

/// What somebody may have meant by a path: one spelled alike, or those that end in the same key.
std::string meant(const std::string& path, const Steps& steps, const std::vector<const Outline*>& outlines) {
  std::vector<std::string> paths, alike;
  for (const Outline* outline : outlines) {
    for (const OutlineRow& row : outline->rows()) {
      paths.push_back(of_first_item(row));
      Steps without_items = row.steps;
      std::erase(without_items, "[]");
      if (without_items == steps && row.steps != steps) return fmt::format("did you mean '{}'?", paths.back());
      if (row.steps.back() == steps.back() && alike.size() < kSuggested)
        alike.push_back(fmt::format("'{}'", paths.back()));
    }
  }
  if (const auto word = nearest(path, paths)) return fmt::format("did you mean '{}'?", *word);
  if (!alike.empty()) return fmt::format("did you mean {}?", fmt::join(alike, " or "));
  return "`traingrid show fields` lists all keys";
}

}  // namespace

Settings::Settings(std::span<const std::string> texts, const Kinds& kinds, Inputs& inputs) {
  for (const std::string& text : texts) add(text, kinds, inputs);
}

void Settings::add(const std::string& text, const Kinds& kinds, Inputs& inputs) {
  const auto file = std::make_shared<const SourceFile>(SourceFile{"--set", text});
  if (!check_text(file, inputs.problems())) return;
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return inputs.problems().add({file}, "a key and a value are needed", "write it as 'key=value' or 'key.key=value'");
  }
  const std::string path = text.substr(0, equals);
  const Mark after{file, 1, equals + 2};
  if (text.find_first_not_of(' ', equals + 1) == std::string::npos) {
    return inputs.problems().add(after, fmt::format("'{}' has no value", path), "write 'null' to leave a key out");
  }
  Steps steps = split_path(path);
  const auto* kind = kind_of(steps, kinds);
  if (kind == nullptr || kind->second.find(steps) == nullptr) {
    std::vector<const Outline*> outlines;
    for (const auto& each : kinds) {
      if (kind == nullptr || &each == kind) outlines.push_back(&each.second);
    }
    return inputs.problems().add({file}, fmt::format("there is no key '{}'", path),
                                 meant(fmt::format("{}", fmt::join(steps, ".")), steps, outlines));
  }
  Node value = parse_yaml(file, inputs.problems(), equals + 1);
  stamp_intervals(value, fmt::format("{}.{}", kind->first, fmt::join(steps, ".")));
  list_.push_back({kind->first, steps, std::move(value)});
}

void Settings::apply(Document& document) const {
  for (const Setting& setting : list_) {
    if (setting.kind == document.kind()) document.set(setting.steps, setting.value);
  }
}

}  // namespace traingrid
