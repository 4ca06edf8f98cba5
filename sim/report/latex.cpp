// The sheet as a booktabs tabular to \input into a paper. What was run, notes and sources are comments above it.
#include "report/sheet.hpp"
#include "report/writers.hpp"

#include <fmt/format.h>

namespace traingrid {
namespace {

std::string safe(std::string_view text) {
  return escaped(text, {{'\\', "\\textbackslash{}"},
                        {'&', "\\&"},
                        {'%', "\\%"},
                        {'$', "\\$"},
                        {'#', "\\#"},
                        {'_', "\\_"},
                        {'{', "\\{"},
                        {'}', "\\}"},
                        {'~', "\\textasciitilde{}"},
                        {'^', "\\textasciicircum{}"},
                        {'<', "\\textless{}"},
                        {'>', "\\textgreater{}"},
                        {'\n', " "}});
}

std::string comment(std::string_view text) { return fmt::format("% {}\n", escaped(text, {{'\n', " "}, {'\r', " "}})); }

std::string line(const SheetRow& row) {
  if (row.level == SheetRow::Level::group) {
    return fmt::format("\\addlinespace\n\\multicolumn{{{}}}{{l}}{{\\emph{{{}}}}} \\\\\n", row.cells.size(),
                       safe(row.cells.front()));
  }
  std::string text = row.level == SheetRow::Level::part ? "\\quad " : "";
  for (std::size_t i = 0; i < row.cells.size(); ++i) text += (i > 0 ? " & " : "") + safe(row.cells[i]);
  return text + " \\\\\n";
}

}  // namespace

std::string write_latex(const Result& result) {
  const Sheet sheet = sheet_of(result);
  std::string text = comment(sheet.title);
  if (!sheet.reason.empty()) text += comment("infeasible: " + sheet.reason);
  for (const std::string& line : sheet.influences) text += comment(fmt::format("{}: {}", kInfluences, line));
  for (const std::string& note : sheet.notes) text += comment(note);
  for (const std::string& source : sheet.sources) text += comment(source);
  const std::string numbers(sheet.headings.size() - kTextColumns, 'r');
  text += fmt::format("\\begin{{tabular}}{{{}{}}}\n\\toprule\n", std::string(kTextColumns, 'l'), numbers);
  text += line({.cells = sheet.headings}) + "\\midrule\n";
  for (const SheetRow& row : sheet.rows) text += line(row);
  return text + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace traingrid
