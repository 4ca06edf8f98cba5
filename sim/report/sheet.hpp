// A result as rows of text for people; the table, Markdown and LaTeX writers only lay it out.
#pragma once

#include "study/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace traingrid {

struct SheetRow {
  enum class Level { group, figure, part };
  Level level = Level::figure;
  std::vector<std::string> cells;  ///< as many as the sheet has headings; a group has its name in the first
};

struct Sheet {
  std::string title;                  ///< what was run, where
  std::string reason;                 ///< why it is infeasible, else empty
  std::vector<std::string> headings;  ///< label, unit, "simulated" or "replayed", then those of interval, share,
                                      ///< published and difference that some row fills
  std::vector<SheetRow> rows;
  std::vector<std::string> notes;
  std::vector<std::string> influences;  ///< of main figures that vary, the inputs that matter most
  std::vector<std::string> sources;     ///< of published figures, each with the names of its figures
};

/// How many of the first columns of a sheet hold text; the others hold numbers.
inline constexpr std::size_t kTextColumns = 2;

inline constexpr std::string_view kInfluences = "inputs that matter most (share of the variance they explain)";

Sheet sheet_of(const Result& result);

/// A computed number: thousands separated, two decimals below 10,000, four digits below 1.
std::string people_number(double value);

/// An end of an interval: four digits, thousands separated.
std::string rounded_number(double value);

/// A published number with its own digits, thousands separated.
std::string published_number(double value);

/// The text with each character that a format would misread replaced.
std::string escaped(std::string_view text, const std::vector<std::pair<char, std::string_view>>& replacements);

}  // namespace traingrid
