// The sheet as a table of GitHub-flavoured Markdown.
#include "report/sheet.hpp"
#include "report/writers.hpp"

#include <fmt/format.h>

namespace traingrid {
namespace {

std::string safe(std::string_view text) {
  return escaped(text, {{'|', "\\|"},
                        {'\\', "\\\\"},
                        {'*', "\\*"},
                        {'_', "\\_"},
                        {'`', "\\`"},
                        {'<', "\\<"},
                        {'[', "\\["},
                        {'\n', " "}});
}

std::string cell(const SheetRow& row, std::size_t i) {
  if (i > 0) return safe(row.cells[i]);
  switch (row.level) {
    case SheetRow::Level::group:
      return fmt::format("**{}**", safe(row.cells[i]));
    case SheetRow::Level::part:
      return "– " + safe(row.cells[i]);
    default:
      return safe(row.cells[i]);
  }
}

std::string list(std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string text = fmt::format("\n{}:\n\n", heading);
  for (const std::string& item : items) text += fmt::format("- {}\n", safe(item));
  return text;
}

}  // namespace

std::string write_markdown(const Result& result) {
  const Sheet sheet = sheet_of(result);
  std::string text = fmt::format("**{}**\n", safe(sheet.title));
  if (!sheet.reason.empty()) text += fmt::format("\nInfeasible: {}\n", safe(sheet.reason));
  text += "\n|";
  for (const std::string& heading : sheet.headings) text += fmt::format(" {} |", heading);
  text += "\n|";
  for (std::size_t i = 0; i < sheet.headings.size(); ++i) text += i < kTextColumns ? " --- |" : " ---: |";
  text += '\n';
  for (const SheetRow& row : sheet.rows) {
    text += '|';
    for (std::size_t i = 0; i < row.cells.size(); ++i) text += fmt::format(" {} |", cell(row, i));
    text += '\n';
  }
  return text + list(kInfluences, sheet.influences) + list("Notes", sheet.notes) +
         list("Published figures", sheet.sources);
}

}  // namespace traingrid
