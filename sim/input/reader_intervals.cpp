// How the Reader resolves values that are not known exactly to one number.
#include "input/interval.hpp"
#include "input/problems.hpp"
#include "input/reader.hpp"
#include "input/spelling.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

constexpr std::string_view kThreeValues = "write it as {low: …, mid: …, high: …}";

/// That of the middle, and those of the ends where they differ: "a paper; high: another".
std::string sources_of(const Node& three_values) {
  const auto source = [&](std::string_view key) {
    const Node& value = unwrapped(three_values.find(key)->value);
    return value.provenance ? value.provenance->source : "";
  };
  std::string all = source("mid");
  for (const std::string_view end : {"low", "high"}) {
    if (source(end) != source("mid")) all += fmt::format("; {}: {}", end, source(end));
  }
  return all;
}

}  // namespace

void Reader::real(double& value, const Real& kind) {
  if (is_interval(*top().node)) {
    const auto uncertain = interval(kind);
    if (uncertain) value = draw_ ? uncertain->at(*draw_) : uncertain->mid;
    return;
  }
  const std::string* text = scalar(kind.wanted);
  if (text == nullptr) return;
  if (const auto known = plain(kind, *text)) value = *known;
}

std::optional<double> Reader::plain(const Real& kind, const std::string& text) {
  Real::Parsed parsed = kind.parse(text);
  if (parsed.error.empty() && in_range(parsed.value)) return parsed.value;
  if (!parsed.error.empty())
    problem(unwrapped(*top().node).mark, fmt::format("'{}'{}", top().name, parsed.error), std::move(parsed.hint));
  return std::nullopt;
}

std::optional<Uncertain> Reader::interval(const Real& kind) {
  const Node& node = *top().node;
  auto value = node.find("mid") != nullptr ? three_values(kind) : tolerance(kind);
  if (const Entry* group = node.find(kDrawnWith); group != nullptr && group->value.text.empty())
    problem(group->mark, "'drawn_with' names those that are drawn together",
            "write one word or more, the same at each");
  if (!value) return value;
  value->key = node.identity != 0 ? node.identity : tolerant(node).identity;
  value->range = top().range;
  const Entry* mid = node.find("mid");
  record(mid != nullptr ? unwrapped(mid->value) : tolerant(node), interval_text(*value), *value);
  if (mid != nullptr && !draw_) constants_.back().source = sources_of(node);
  return value;
}

std::optional<double> Reader::one_of_three(std::string_view key, const Real& kind) {
  const Entry* entry = top().node->find(key);
  if (entry == nullptr) {
    problem(top().node->mark, fmt::format("'{}' lacks the key '{}'", top().name, key),
            "an interval has low, mid and high");
    return std::nullopt;
  }
  push(entry->value, entry->mark, std::string(key), std::string(key), top().range);
  const Node& node = unwrapped(entry->value);
  std::optional<double> value;
  if (expect(node, Node::Kind::scalar, kind.wanted)) value = plain(kind, node.text);
  close();
  return value;
}

std::optional<Uncertain> Reader::three_values(const Real& kind) {
  const std::vector<std::string> known{"low", "mid", "high", std::string(kDistribution), std::string(kDrawnWith)};
  const Node& node = *top().node;
  for (const Entry& entry : node.entries) {
    if (is_text_key(entry.key) || std::ranges::find(known, entry.key) != known.end()) continue;
    problem(entry.mark, fmt::format("'{}' has no key '{}'", top().name, entry.key),
            suggestion(entry.key, known, "keys"));
  }
  const auto low = one_of_three("low", kind), mid = one_of_three("mid", kind), high = one_of_three("high", kind);
  const auto shape = distribution(Distribution::triangular);
  const auto refuse = [&](std::string_view key, std::string_view why) {
    problem(unwrapped(node.find(key)->value).mark, fmt::format("'{}': '{}' must {}", top().name, key, why));
  };
  if (low && mid && *low > *mid) refuse("low", "not be above 'mid'");
  if (mid && high && *mid > *high) refuse("high", "not be below 'mid'");
  if (shape == Distribution::lognormal && low && *low <= 0)
    refuse("low", "be above zero where the distribution is lognormal");
  if (top().broken || !low || !mid || !high || !shape) return std::nullopt;
  return Uncertain{*shape, *low, *mid, *high};
}

std::optional<Uncertain> Reader::tolerance(const Real& kind) {
  const Node& node = tolerant(*top().node);
  const Tolerance parts = *tolerance_of(node.text);
  const auto mid = plain(kind, std::string(parts.value));
  const auto share = share_of(parts.behind);
  const auto shape = distribution(Distribution::lognormal);
  const auto refuse = [&](std::string_view why, std::string_view hint) {
    problem(node.mark, fmt::format("'{}': {}", top().name, why), std::string(hint));
    return std::nullopt;
  };
  if (!share)
    return refuse(fmt::format("after the ± stands a percentage below 100 %, not '{}'", parts.behind),
                  "as in '370 g/kWh ± 10 %'");
  if (!kind.has_shares) return refuse("per cent of a temperature mean nothing", kThreeValues);
  if (!mid || !shape) return std::nullopt;
  if (*mid <= 0) return refuse("a tolerance in per cent needs a value above zero", kThreeValues);
  const Range& range = top().range;
  if (*mid * (1 - *share) < range.low || *mid * (1 + *share) > range.high)
    return refuse(fmt::format("all of the interval must be {}, not only its middle", range.text), kThreeValues);
  return within(*mid, *share, *shape);
}

std::optional<Distribution> Reader::distribution(Distribution usual) {
  const Entry* entry = top().node->find(kDistribution);
  if (entry == nullptr) return usual;
  const auto& names = Spellings<Distribution>::names;
  const auto* found = std::ranges::find(names, entry->value.text);
  if (found != names.end()) return static_cast<Distribution>(found - names.begin());
  problem(entry->value.mark,
          fmt::format("'distribution' must be one of {}, not '{}'", fmt::join(names, ", "), entry->value.text));
  return std::nullopt;
}

std::string Reader::interval_text(const Uncertain& value) {
  const Node& node = *top().node;
  const std::string_view shape = spelling(value.distribution);
  if (node.find("mid") == nullptr) return fmt::format("{} ({})", tolerant(node).text, shape);
  const auto text = [&](std::string_view key) -> const std::string& { return unwrapped(node.find(key)->value).text; };
  return fmt::format("{} ({} to {}, {})", text("mid"), text("low"), text("high"), shape);
}

}  // namespace traingrid
