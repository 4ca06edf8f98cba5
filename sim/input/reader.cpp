#include "input/reader.hpp"

#include "input/interval.hpp"
#include "input/problems.hpp"
#include "input/spelling.hpp"
#include "units/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace traingrid {
namespace {

/// Largest number up to which a double holds every integer.
constexpr double kExact = 9007199254740992.0;

/// Whether `null` is written, which leaves an optional key out, also one of a base that has no meaning here.
bool is_left_out(const Node& node) { return node.kind == Node::Kind::null && !node.text.empty(); }

/// "Nodes of the cluster." as it goes into a sentence: "nodes of the cluster".
std::string as_phrase(std::string_view sentence) {
  std::string phrase(sentence);
  if (phrase.ends_with('.')) phrase.pop_back();
  const auto is = [&](std::size_t i, int (*test)(int)) { return test(static_cast<unsigned char>(phrase[i])) != 0; };
  const bool word = phrase.size() > 1 && is(0, std::isupper) && !is(1, std::isupper);
  if (word) phrase[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(phrase[0])));
  return phrase;
}

/// Why a text is no number; the commonest mistakes have an answer of their own.
std::string number_hint(std::string_view text) {
  const std::string_view digits = text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
  const bool leading_zero =
      digits.size() > 1 && digits[0] == '0' && std::isdigit(static_cast<unsigned char>(digits[1])) != 0;
  if (leading_zero) return "remove the leading zeros";
  const std::size_t letters = text.find_first_not_of("0123456789.+-eE ");
  const bool unit = letters != std::string_view::npos && letters > 0 && text[letters - 1] == ' ';
  return unit ? "it takes no unit" : "";
}

}  // namespace

Reader::Reader(const Node& root, std::string name, Problems& problems, std::optional<Draw> draw)
    : problems_(problems), draw_(draw) {
  frames_.push_back({.node = &root, .mark = root.mark, .name = std::move(name), .path = ""});
}

void Reader::problem(const Mark& mark, std::string message, std::string hint) {
  top().broken = true;
  problems_.add(mark, std::move(message), std::move(hint));
}

void Reader::push(const Node& node, const Mark& mark, std::string name, const std::string& step, Range range) {
  std::string path = top().path.empty() ? step : fmt::format("{}.{}", top().path, step);
  frames_.push_back({.node = &node, .mark = mark, .name = std::move(name), .path = std::move(path), .range = range});
}

void Reader::check(std::string_view name, bool holds, const std::string& message) {
  if (holds || top().broken) return;
  const Entry* entry = top().node->find(name);
  if (entry == nullptr) return problem(top().mark, message);
  const bool set_elsewhere = entry->value.mark.file != entry->mark.file;  // `--set`, or an override of a base
  problem(set_elsewhere ? entry->value.mark : entry->mark, message);
}

bool Reader::open(const FieldInfo& info) {
  top().accepted.emplace_back(info.name);
  const Entry* entry = top().node->find(info.name);
  const bool left_out = entry == nullptr || (!info.required && is_left_out(entry->value));
  if (!left_out) {
    push(entry->value, entry->mark, std::string(info.name), std::string(info.name), info.range);
    return true;
  }
  if (info.required) {
    problem(top().mark, fmt::format("'{}' lacks the key '{}'", top().name, info.name),
            fmt::format("it states: {}", as_phrase(info.about)));
  }
  return false;
}

void Reader::close() {
  const bool broken = top().broken;
  frames_.pop_back();
  top().broken = top().broken || broken;
}

bool Reader::expect(const Node& node, Node::Kind kind, std::string_view wanted) {
  if (node.kind == kind) return true;
  if (node.kind == Node::Kind::invalid) {
    top().broken = true;
  } else if (node.kind == Node::Kind::null && node.text.empty()) {
    problem(top().mark, fmt::format("'{}' has no value", top().name), fmt::format("it must be {}", wanted));
  } else {
    problem(node.mark, fmt::format("'{}' must be {}, not {}", top().name, wanted, kind_name(node)));
  }
  return false;
}

std::size_t Reader::items() {
  const Node& list = unwrapped(*top().node);
  return expect(list, Node::Kind::list, "a list") ? list.items.size() : 0;
}

void Reader::open_item(std::size_t index) {
  const Node& item = unwrapped(*top().node).items[index];
  push(item, item.mark, fmt::format("{}[{}]", top().name, index), std::to_string(index), top().range);
}

std::vector<std::string> Reader::keys() {
  std::vector<std::string> names;
  if (!expect(*top().node, Node::Kind::mapping, "a mapping")) return names;
  for (const Entry& entry : top().node->entries) {
    if (!is_text_key(entry.key) && !is_left_out(entry.value)) names.push_back(entry.key);
  }
  return names;
}

void Reader::open_key(const std::string& key) {
  const Entry& entry = *top().node->find(key);
  push(entry.value, entry.mark, key, key, top().range);
}

bool Reader::begin_mapping() { return expect(*top().node, Node::Kind::mapping, "a mapping"); }

void Reader::end_mapping() {
  const std::vector<std::string>& accepted = top().accepted;
  for (const Entry& entry : top().node->entries) {
    if (is_text_key(entry.key) || is_left_out(entry.value)) continue;
    if (std::ranges::find(accepted, entry.key) != accepted.end()) continue;
    problem(entry.mark, fmt::format("'{}' has no key '{}'", top().name, entry.key),
            suggestion(entry.key, accepted, "keys"));
  }
}

const std::string* Reader::scalar(std::string_view wanted) {
  const Node& node = unwrapped(*top().node);
  if (!expect(node, Node::Kind::scalar, wanted)) return nullptr;
  if (top().name != "source") record(node, node.text);
  return &node.text;
}

void Reader::record(const Node& node, const std::string& text, std::optional<Uncertain> uncertain) {
  if (draw_) return;
  const bool in_table =
      frames_.size() > 2 && top().name.ends_with("]") && frames_[frames_.size() - 2].name.ends_with("]");
  if (in_table && !uncertain && !top().path.ends_with(".0.0")) return;  // of a list of lists, the first stands for all
  ConstantRead read{.document = frames_.front().name, .path = top().path, .text = text + (in_table ? ", …" : "")};
  read.uncertain = uncertain;
  if (node.provenance) {
    read.source = node.provenance->source;
    read.calibrated_on = node.provenance->calibrated_on;
  }
  if (node.mark.file) read.place = fmt::format("{}:{}", node.mark.file->path, node.mark.line);
  read.mark = node.mark;
  constants_.push_back(std::move(read));
}

bool Reader::in_range(double value) {
  const Range& range = top().range;
  const bool low = range.low_excluded ? value > range.low : value >= range.low;
  if (low && value <= range.high) return true;
  const Node& node = unwrapped(*top().node);
  problem(node.mark, fmt::format("'{}' must be {}, not '{}'", top().name, range.text, node.text));
  return false;
}

void Reader::quantity(double& si, Dimension dimension) {
  real(si, {"a number with a unit", true, [&](const std::string& text) {
              const ParsedQuantity parsed = parse_quantity(text, dimension);
              return Real::Parsed{parsed.si, parsed.error.empty() ? "" : ": " + parsed.error};
            }});
}

void Reader::temperature(Temperature& value) {
  real(value.celsius, {"a temperature", false, [](const std::string& text) {
                         const ParsedQuantity parsed = parse_temperature(text);
                         return Real::Parsed{parsed.si, parsed.error.empty() ? "" : ": " + parsed.error};
                       }});
}

void Reader::number(double& value) {
  real(value, {"a number", true, [](const std::string& text) {
                 const auto parsed = parse_number(text);
                 if (parsed) return Real::Parsed{*parsed};
                 return Real::Parsed{0, fmt::format(" must be a number, not '{}'", text), number_hint(text)};
               }});
}

void Reader::date(Date& value) {
  const std::string* text = scalar("a date");
  if (text == nullptr) return;
  if (const auto parsed = parse_date(*text))
    value = *parsed;
  else
    problem(unwrapped(*top().node).mark,
            fmt::format("'{}' must be a date such as 2020-05-28, not '{}'", top().name, *text));
}

void Reader::integer(std::int64_t& value, std::int64_t greatest) {
  if (is_interval(*top().node)) {
    return problem(top().node->mark, fmt::format("'{}' is a count: it takes one whole number, no interval", top().name),
                   "run it once for each value");
  }
  const std::string* text = scalar("a whole number");
  if (text == nullptr) return;
  const Mark& mark = unwrapped(*top().node).mark;
  const auto parsed = parse_number(*text);
  const double limit = std::min(static_cast<double>(greatest), kExact);
  if (!parsed || std::floor(*parsed) != *parsed) {
    problem(mark, fmt::format("'{}' must be a whole number, not '{}'", top().name, *text), number_hint(*text));
  } else if (std::abs(*parsed) > limit) {
    problem(mark, fmt::format("'{}' must be at most {:.0f}, not '{}'", top().name, limit, *text));
  } else if (in_range(*parsed)) {
    value = static_cast<std::int64_t>(*parsed);
  }
}

void Reader::boolean(bool& value) {
  const std::string* text = scalar("true or false");
  if (text == nullptr) return;
  if (*text == "true" || *text == "false")
    value = *text == "true";
  else
    problem(unwrapped(*top().node).mark, fmt::format("'{}' must be true or false, not '{}'", top().name, *text));
}

void Reader::text(std::string& value) {
  if (const std::string* text = scalar("text")) value = *text;
}

void Reader::choice(std::size_t& index, std::span<const std::string_view> names) {
  const std::string* text = scalar(fmt::format("one of {}", fmt::join(names, ", ")));
  if (text == nullptr) return;
  const auto found = std::ranges::find(names, *text);
  if (found != names.end()) {
    index = static_cast<std::size_t>(found - names.begin());
    return;
  }
  const std::vector<std::string> known(names.begin(), names.end());
  const auto meant = nearest(*text, known);
  problem(unwrapped(*top().node).mark,
          fmt::format("'{}' must be one of {}, not '{}'", top().name, fmt::join(known, ", "), *text),
          meant ? fmt::format("did you mean '{}'?", *meant) : "");
}

}  // namespace traingrid
