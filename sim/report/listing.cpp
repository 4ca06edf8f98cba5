#include "report/listing.hpp"

#include "report/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace traingrid {
namespace {

using Json = nlohmann::ordered_json;
using Cells = std::vector<std::string>;

std::string people_cell(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "yes" : "";
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* real = std::get_if<double>(&value)) return people_number(*real);
  return "";
}

bool is_number(const Value& value) {
  return std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
}
/// Of a column: whether a row of it holds a number.
bool is_numeric(const Listing& listing, std::size_t column) {
  return std::ranges::any_of(listing.rows, [&](const auto& row) { return is_number(row[column]); });
}

/// Headings and rows as text.
std::vector<Cells> cells_of(const Listing& listing) {
  std::vector<Cells> lines(1);
  for (const ListingColumn& column : listing.columns) lines[0].push_back(column.title);
  for (const auto& row : listing.rows) {
    lines.emplace_back();
    for (const Value& value : row) lines.back().push_back(people_cell(value));
  }
  return lines;
}

std::string aligned(const Listing& listing) {
  const auto lines = cells_of(listing);
  const auto width = [](std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_inside_character(c); }));
  };
  std::vector<std::size_t> widest(listing.columns.size());
  for (const Cells& cells : lines) {
    for (std::size_t i = 0; i < cells.size(); ++i) widest[i] = std::max(widest[i], width(cells[i]));
  }
  std::string text;
  for (const Cells& cells : lines) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string space(widest[i] - width(cells[i]), ' ');
      line += (i > 0 ? "  " : "") + (is_numeric(listing, i) ? space + cells[i] : cells[i] + space);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string table(const ListingReport& report) {
  std::string text = report.title + '\n';
  for (const Listing& listing : report.listings) {
    text += fmt::format("\n{}{}", listing.title.empty() ? "" : listing.title + '\n', aligned(listing));
  }
  if (!report.notes.empty()) text += "\nnotes\n";
  for (const std::string& note : report.notes) text += fmt::format("  - {}\n", note);
  return text;
}

std::string markdown(const ListingReport& report) {
  const auto safe = [](std::string_view text) {
    return escaped(text, {{'|', "\\|"}, {'*', "\\*"}, {'_', "\\_"}, {'<', "\\<"}, {'[', "\\["}, {'\n', " "}});
  };
  std::string text = fmt::format("**{}**\n", safe(report.title));
  for (const Listing& listing : report.listings) {
    text += fmt::format("\n{}", listing.title.empty() ? "" : safe(listing.title) + "\n\n");
    bool heading = true;
    for (const Cells& cells : cells_of(listing)) {
      text += '|';
      for (const std::string& cell : cells) text += fmt::format(" {} |", safe(cell));
      text += '\n';
      if (!std::exchange(heading, false)) continue;
      text += '|';
      for (std::size_t i = 0; i < cells.size(); ++i) text += is_numeric(listing, i) ? " ---: |" : " --- |";
      text += '\n';
    }
  }
  if (!report.notes.empty()) text += "\nNotes:\n\n";
  for (const std::string& note : report.notes) text += fmt::format("- {}\n", safe(note));
  return text;
}

std::string latex(const ListingReport& report) {
  const auto safe = [](std::string_view text) {
    return escaped(text, {{'&', "\\&"},
                          {'%', "\\%"},
                          {'$', "\\$"},
                          {'#', "\\#"},
                          {'_', "\\_"},
                          {'{', "\\{"},
                          {'}', "\\}"},
                          {'<', "\\textless{}"},
                          {'>', "\\textgreater{}"},
                          {'\n', " "}});
  };
  std::string text = fmt::format("% {}\n", escaped(report.title, {{'\n', " "}}));
  for (const std::string& note : report.notes) text += fmt::format("% {}\n", escaped(note, {{'\n', " "}}));
  for (const Listing& listing : report.listings) {
    std::string kinds;
    for (std::size_t i = 0; i < listing.columns.size(); ++i) kinds += is_numeric(listing, i) ? 'r' : 'l';
    text += fmt::format("\\begin{{tabular}}{{{}}}\n\\toprule\n", kinds);
    bool heading = true;
    for (const Cells& cells : cells_of(listing)) {
      for (std::size_t i = 0; i < cells.size(); ++i) text += (i > 0 ? " & " : "") + safe(cells[i]);
      text += std::exchange(heading, false) ? " \\\\\n\\midrule\n" : " \\\\\n";
    }
    text += "\\bottomrule\n\\end{tabular}\n";
  }
  return text;
}

std::string csv(const ListingReport& report) {
  const auto cell = [](const Value& value) {
    if (const auto* truth = std::get_if<bool>(&value)) return std::string(*truth ? "true" : "false");
    if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
    std::string text = people_cell(value);
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    return '"' + escaped(text, {{'"', "\"\""}}) + '"';
  };
  const Listing& listing = report.listings.front();
  std::string text;
  for (const ListingColumn& column : listing.columns) text += (text.empty() ? "" : ",") + column.key;
  text += '\n';
  for (const auto& row : listing.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + cell(row[i]);
    text += '\n';
  }
  return text;
}

Json to_json(const Value& value) {
  return std::visit(
      [](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return Json(nullptr);
        } else {
          return Json(held);
        }
      },
      value);
}

std::string json(const ListingReport& report) {
  Json root{{"schema", report.schema}, {"title", report.title}};
  for (const Listing& listing : report.listings) {
    Json& rows = root[listing.key] = Json::array();
    for (const auto& row : listing.rows) {
      Json object = Json::object();
      for (std::size_t i = 0; i < row.size(); ++i) object[listing.columns[i].key] = to_json(row[i]);
      rows.push_back(std::move(object));
    }
  }
  root["notes"] = report.notes;
  Json inputs = Json::array();
  for (const OpenedFile& input : report.inputs) inputs.push_back({{"path", input.path}, {"sha256", input.sha256}});
  root["provenance"] = {{"version", report.version}, {"inputs", inputs}, {"command", report.command}};
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string write_listings(const ListingReport& report, std::string_view format) {
  if (format == "table") return table(report);
  if (format == "markdown") return markdown(report);
  if (format == "latex") return latex(report);
  if (format == "csv") return csv(report);
  if (format == "json") return json(report);
  throw std::logic_error("no such format");
}

}  // namespace traingrid
