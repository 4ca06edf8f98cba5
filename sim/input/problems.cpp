#include "input/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace traingrid {
namespace {

constexpr std::size_t kPrinted = 20;

/// The part of a long line around the caret that is shown, in bytes.
constexpr std::size_t kShown = 110, kShownBefore = 60;

/// The source line and, below it, the caret; both indented by two spaces.
std::string excerpt(const Mark& mark) {
  const std::string_view line = line_of(mark);
  const std::size_t at = std::min(mark.column - 1, line.size());
  std::size_t begin = at > kShownBefore ? at - kShownBefore : 0;
  std::size_t end = std::min(line.size(), begin + kShown);
  while (begin > 0 && is_inside_character(line[begin])) --begin;
  while (end < line.size() && is_inside_character(line[end])) ++end;
  std::string padding = begin > 0 ? " " : "";
  for (const char c : line.substr(begin, at - begin)) {
    if (!is_inside_character(c)) padding += c == '\t' ? '\t' : ' ';
  }
  return fmt::format("\n  {}{}{}\n  {}^", begin > 0 ? "…" : "", line.substr(begin, end - begin),
                     end < line.size() ? "…" : "", padding);
}

std::string to_text(const Problem& problem) {
  std::string said = problem.hint.empty() ? problem.message : problem.message + "; " + problem.hint;
  if (!problem.mark.file) return said;
  return fmt::format("{}: {}{}", to_text(problem.mark), said, excerpt(problem.mark));
}

}  // namespace

void Problems::add(const Mark& mark, std::string message, std::string hint) {
  if (!known_.emplace(mark.file.get(), mark.line, mark.column, message).second) return;
  list_.push_back({mark, std::move(message), std::move(hint)});
}

std::string Problems::text() const {
  std::map<const SourceFile*, std::size_t> rank;
  std::vector<const Problem*> order;
  for (const Problem& problem : list_) {
    rank.emplace(problem.mark.file.get(), rank.size());
    order.push_back(&problem);
  }
  std::ranges::stable_sort(order, {}, [&](const Problem* problem) {
    return std::tuple{rank.at(problem->mark.file.get()), problem->mark.line, problem->mark.column};
  });
  std::string text;
  for (std::size_t i = 0; i < std::min(kPrinted, order.size()); ++i) {
    if (i > 0) text += '\n';
    text += to_text(*order[i]);
  }
  if (order.size() > kPrinted) text += fmt::format("\nand {} more", order.size() - kPrinted);
  return text;
}

void Problems::finish() const {
  if (!empty()) throw InputError(text());
}

}  // namespace traingrid
