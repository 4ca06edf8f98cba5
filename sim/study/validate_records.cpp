#include "study/validate_records.hpp"

#include "study/measured_fields.hpp"

#include <fmt/format.h>

#include <cmath>

namespace traingrid {
namespace {

constexpr double kPercent = 100;

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
    for (Comparison& comparison : compare(*row, context)) {
      comparison.id = id + comparison.id;  // a part of a row is '@part'
      comparison.calibration = names_row(context.calibrated_on, id);
      rows.push_back(std::move(comparison));
    }
  }
  return rows;
}

}  // namespace traingrid
