#include "study/validate_records.hpp"

#include "study/measured_fields.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace traingrid {
namespace {

constexpr double kPercent = 100;

/// What the names of fields that hold a number end in.
constexpr std::array<std::string_view, 20> kUnits{"_mwh",  "_kwh",     "_gwh",  "_w",     "_kw",  "_mw",    "_hour",
                                                  "hours", "_minutes", "_days", "_usd",   "_m3",  "_l",     "_ml",
                                                  "_kl",   "tco2e",    "_flop", "_years", "_pct", "n_chips"};
constexpr std::string_view kPue = "pue";

bool holds_number(std::string_view field) {
  return field == kPue || std::ranges::any_of(kUnits, [&](std::string_view unit) { return field.ends_with(unit); });
}

/// Why a field cannot be an amount; empty if it can.
std::string fault_of(const Entry& entry) {
  const auto number = parse_number(entry.value.text);
  if (!number) return fmt::format("'{}' must be a number, not '{}'", entry.key, entry.value.text);
  if (*number < 0) return fmt::format("'{}' must not be below zero", entry.key);
  if (entry.key == kPue && *number < 1) return "'pue' is energy of the building over that of its IT, at least 1";
  return "";
}

/// A listed row for each field of a record, and of its parts, that should hold an amount and does not.
void add_faults(const Node& node, std::vector<Comparison>& rows) {
  for (const Entry& entry : node.entries) {
    add_faults(entry.value, rows);
    if (!entry.value.is_scalar() || !holds_number(entry.key)) continue;
    const std::string fault = fault_of(entry);
    if (fault.empty()) continue;
    rows.push_back(listed(fault));
    rows.back().id = "@" + entry.key;
  }
  for (const Node& item : node.items) add_faults(item, rows);
}

/// What a row's fields answer, and which of them cannot be read, instead of what else it lacks.
std::vector<Comparison> compared(const Node& row, RowValidation compare, const RecordContext& context) {
  std::vector<Comparison> faults;
  add_faults(row, faults);
  std::vector<Comparison> rows = compare(row, context);
  if (!faults.empty() && rows.size() == 1 && rows.front().kind == kListedRow) rows.clear();
  rows.insert(rows.end(), faults.begin(), faults.end());
  return rows;
}

}  // namespace

Comparison answered(std::string_view kind, std::string_view field, double published, double value) {
  return {.suite = std::string(kind),
          .quantity = std::string(field),
          .published = published,
          .simulated = value,
          .kind = std::string(kind)};
}

Comparison accounted(std::string_view field, const Record& record, const Derived& derived) {
  const std::string printed = record.text(field);
  Comparison row =
      answered(kAccountingRow, field, record.number(field).value_or(0), printed_as(derived.value, printed));
  row.rounding = kPercent * (rounding_of(printed) + derived.rounding);
  if (std::abs(row.error().value_or(0)) > kExactPercent) {
    row.comment = fmt::format("{} what the digits of the row's figures leave open, {:.2g} %",
                              row.beyond_rounding() ? "beyond" : "within", *row.rounding);
  }
  return row;
}

Comparison listed(std::string_view reason) {
  return {.suite = std::string(kListedRow), .reason = std::string(reason), .kind = std::string(kListedRow)};
}

std::vector<Comparison> validate_records(const Node& file, RowValidation compare, const RecordContext& context,
                                         Problems& problems) {
  std::vector<Comparison> rows;
  for (const Node* row : records_of(file, problems)) {
    const std::string id = text_field(*row, "id");
    for (Comparison& comparison : compared(*row, compare, context)) {
      comparison.id = id + comparison.id;  // a part of a row is '@part'
      comparison.calibration = names_row(context.calibrated_on, id);
      rows.push_back(std::move(comparison));
    }
  }
  return rows;
}

}  // namespace traingrid
