#include "study/record.hpp"
#include "study/validate_records.hpp"

#include <array>

namespace traingrid {
namespace {

constexpr double kMilli = 1e-3, kMega = 1e6;
constexpr double kLitresPerGallon = 3.785411784;

const std::vector<Formula>& formulas() {
  const Product onsite{kMilli, {"server_energy_mwh_assumed", "onsite_wue_l_per_kwh_it"}};
  const Product offsite{kMilli, {"server_energy_mwh_assumed", "pue", "offsite_ewif_l_per_kwh"}};
  static const std::vector<Formula> list{
      {"training_water_onsite_million_l", {onsite}},
      {"training_water_offsite_million_l", {offsite}},
      {"training_water_total_million_l", {onsite, offsite}},
      {"water_million_l",
       {{1, {"energy_gwh", "onsite_wue_l_per_kwh"}},
        {kLitresPerGallon * kMilli, {"energy_gwh", "gas_generation_gal_per_mwh"}}}},
      {"water_kl", {{1, {"gpu_energy_mwh_raw", "wue_l_per_kwh"}}}},
  };
  return list;
}

/// Of a request, in millilitres: the energy is that of the study, the factors are fields of the row.
const std::vector<Formula>& formulas_per_energy() {
  static const std::vector<Formula> list{
      {"per_request_onsite_ml", {{1, {"onsite_wue_l_per_kwh_it"}}}},
      {"per_request_offsite_ml", {{1, {"pue", "offsite_ewif_l_per_kwh"}}}},
  };
  return list;
}

std::string_view reason_for(const Record& record) {
  if (record.text("kind") == "factors" || record.text("kind") == "formula" || record.node("providers") != nullptr)
    return "factors that answers are computed from, not an answer";
  if (record.text("kind") == "inference") return "the share of the energy that the factor holds for is not in the row";
  return "no energy is stated together with factors of water";
}

}  // namespace

std::vector<Comparison> validate_water(const Node& row, const RecordContext& context) {
  const Record record(row);
  const double request = kMega * (context.systems.request / (1000 * kilowatt_hour));
  std::vector<Comparison> rows;
  for (const std::string& field : record.fields()) {
    const auto published = record.number(field);
    if (!published || *published <= 0) continue;
    if (const auto answer = first_answer(formulas(), field, record)) {
      rows.push_back(answered(kAccountingRow, field, *published, *answer));
    } else if (const auto per_energy = first_answer(formulas_per_energy(), field, record)) {
      rows.push_back(answered(kAccountingRow, field, *published, request * *per_energy));
    }
  }
  if (rows.empty()) rows.push_back(listed(reason_for(record)));
  return rows;
}

}  // namespace traingrid
