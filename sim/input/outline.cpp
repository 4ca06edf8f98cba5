#include "input/outline.hpp"

#include "units/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace traingrid {
namespace {

constexpr std::string_view kAnyItem = "[]", kAnyKey = "<name>";

bool is_index(std::string_view step) {
  return !step.empty() &&
         std::ranges::all_of(step, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

bool matches(const std::string& declared, const std::string& step) {
  return declared == step || (declared == kAnyItem && is_index(step)) || (declared == kAnyKey && !step.empty());
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> steps(1);
  for (const char c : path) {
    if (c == '.' || c == '[')
      steps.emplace_back();
    else if (c != ']')
      steps.back() += c;
  }
  return steps;
}

std::string OutlineRow::path() const {
  std::string path;
  for (const std::string& step : steps) path += path.empty() || step == kAnyItem ? step : "." + step;
  return path;
}

const OutlineRow* Outline::find(const std::vector<std::string>& steps) const {
  const auto found =
      std::ranges::find_if(rows_, [&](const OutlineRow& row) { return std::ranges::equal(row.steps, steps, matches); });
  return found == rows_.end() ? nullptr : &*found;
}

std::vector<std::string> Outline::paths() const {
  std::vector<std::string> paths;
  for (const OutlineRow& row : rows_) paths.push_back(row.path());
  return paths;
}

bool Outline::open(const FieldInfo& info) {
  here_.emplace_back(info.name);
  rows_.push_back({here_, std::string(info.about), "", info.range, info.required, std::string(info.folder)});
  return true;
}

/// Fills in the type of the current value; the items of lists and free keys get a row of their own.
void Outline::type(std::string text) {
  if (here_.empty()) return;
  if (rows_.back().steps != here_) {
    const OutlineRow& list = rows_.back();
    rows_.push_back({here_, list.about, "", list.range, list.required});
  }
  rows_.back().type = std::move(text);
}

std::size_t Outline::items() {
  type("list");
  return 1;
}

void Outline::open_item(std::size_t) { here_.emplace_back(kAnyItem); }

std::vector<std::string> Outline::keys() {
  type("mapping with free keys");
  return {std::string(kAnyKey)};
}

bool Outline::begin_mapping() {
  type("mapping");
  return true;
}

void Outline::quantity(double&, Dimension dimension) { type(accepted_units(dimension)); }
void Outline::temperature(Temperature&) { type("°C"); }
void Outline::date(Date&) { type("date"); }
void Outline::number(double&) { type("number"); }
void Outline::integer(std::int64_t&, std::int64_t) { type("whole number"); }
void Outline::boolean(bool&) { type("true or false"); }
void Outline::text(std::string&) { type("text"); }
void Outline::choice(std::size_t&, std::span<const std::string_view> names) {
  type(fmt::format("one of {}", fmt::join(names, ", ")));
}

}  // namespace traingrid
