#include "input/interval.hpp"

#include "input/uncertain.hpp"
#include "units/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

namespace traingrid {
namespace {

constexpr std::array<std::string_view, 2> kSigns{"±", "+-"};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

using Places = std::map<std::pair<std::size_t, std::size_t>, std::uint64_t>;  // line and column of values so far

void stamp(Node& node, std::uint64_t path, Places& places) {
  if (is_interval(node)) {
    const Entry* group = node.find(kDrawnWith);
    const std::uint64_t number = group == nullptr ? path : hashed(group->value.text, hashed(kDrawnWith));
    node.identity = places.emplace(std::pair{node.mark.line, node.mark.column}, number).first->second;
    return;
  }
  for (Entry& entry : node.entries) stamp(entry.value, hashed(entry.key, hashed(".", path)), places);
  for (std::size_t i = 0; i < node.items.size(); ++i)
    stamp(node.items[i], hashed(std::to_string(i), hashed(".", path)), places);
}

}  // namespace

std::optional<Tolerance> tolerance_of(std::string_view text) {
  for (const std::string_view sign : kSigns) {
    const std::size_t at = text.find(sign);
    if (at != std::string_view::npos)
      return Tolerance{trimmed(text.substr(0, at)), trimmed(text.substr(at + sign.size()))};
  }
  return std::nullopt;
}

std::optional<double> share_of(std::string_view percentage) {
  if (!percentage.ends_with('%')) return std::nullopt;
  percentage.remove_suffix(1);
  const auto number = parse_number(trimmed(percentage));
  if (!number || *number < 0 || *number >= 100) return std::nullopt;
  return *number / 100;
}

const Node& tolerant(const Node& node) {
  static const Node none;
  if (node.is_scalar()) return node;
  const Entry* value = node.find("value");
  const bool alone = std::ranges::all_of(node.entries, [](const Entry& entry) {
    return entry.key == "value" || entry.key == kDistribution || entry.key == kDrawnWith || is_text_key(entry.key);
  });
  return value != nullptr && alone ? value->value : none;
}

bool is_interval(const Node& node) {
  if (node.is_mapping() && node.find("mid") != nullptr) return true;
  const Node& text = tolerant(node);
  return text.is_scalar() && tolerance_of(text.text).has_value();
}

void stamp_intervals(Node& root, std::string_view name) {
  Places places;
  stamp(root, hashed(name), places);
}

}  // namespace traingrid
