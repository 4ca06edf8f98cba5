#include "study/comparison.hpp"

#include "study/statistics.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace traingrid {
namespace {

void fill(SuiteSummary& summary, const std::vector<const Comparison*>& rows) {
  std::vector<double> published, simulated;
  double sum = 0, absolute = 0, worst = 0;
  summary.rows = static_cast<int>(rows.size());
  for (const Comparison* row : rows) {
    const auto error = row->error();
    if (!error) continue;
    published.push_back(row->published);
    simulated.push_back(*row->simulated);
    sum += *error;
    absolute += std::abs(*error);
    worst = std::max(worst, std::abs(*error));
  }
  summary.simulated_rows = static_cast<int>(published.size());
  if (published.empty()) return;
  summary.mean_abs_error = absolute / summary.simulated_rows;
  summary.worst_abs_error = worst;
  summary.bias = sum / summary.simulated_rows;
  summary.rank_correlation = correlation(ranks_of(published), ranks_of(simulated));
}

}  // namespace

std::optional<double> Comparison::error() const {
  if (!simulated || published <= 0) return std::nullopt;
  return 100 * (*simulated / published - 1);
}

bool Comparison::beyond_rounding() const {
  const auto off = error();
  return off && rounding && std::abs(*off) > std::max(*rounding, kExactPercent);
}

std::vector<SuiteSummary> summarise(const std::vector<Comparison>& rows, bool kinds_apart) {
  std::vector<SuiteSummary> summaries;
  const auto holds = [&](const SuiteSummary& summary, const Comparison& row) {
    return summary.suite == row.suite && summary.quantity == row.quantity && (!kinds_apart || summary.kind == row.kind);
  };
  for (const Comparison& row : rows) {
    const bool known = std::ranges::any_of(summaries, [&](const SuiteSummary& one) { return holds(one, row); });
    if (!known) summaries.push_back({.suite = row.suite, .quantity = row.quantity, .kind = row.kind});
  }
  for (SuiteSummary& summary : summaries) {
    std::vector<const Comparison*> members;
    for (const Comparison& row : rows) {
      if (holds(summary, row)) members.push_back(&row);
    }
    fill(summary, members);
  }
  return summaries;
}

bool names_row(std::string_view text, std::string_view row) {
  const auto in_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.'; };
  for (auto at = text.find(row); at != std::string_view::npos; at = text.find(row, at + 1)) {
    const auto end = at + row.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]))) return true;
  }
  return false;
}

}  // namespace traingrid
