#include "study/record.hpp"
#include "study/validate_records.hpp"

#include <array>

namespace traingrid {
namespace {

constexpr double kMilli = 1e-3, kKilo = 1e3, kMega = 1e6;
constexpr double kLitresPerGallon = 3.785411784;

/// Fields that hold an energy, factors per energy of the IT, and what they give, in the unit of their name.
struct Scaled {
  std::string_view field;
  double scale;  ///< to MWh, or from cubic metres
};
constexpr std::array kEnergies{Scaled{"server_energy_mwh_assumed", 1},
                               Scaled{"it_energy_mwh", 1},
                               Scaled{"gpu_energy_mwh_raw", 1},
                               Scaled{"energy_mwh", 1},
                               Scaled{"energy_kwh", 1e-3},
                               Scaled{"energy_gwh", 1e3}};
constexpr std::array<std::string_view, 3> kOnsite{"onsite_wue_l_per_kwh_it", "onsite_wue_l_per_kwh", "wue_l_per_kwh"};
constexpr std::array kOnsiteTargets{Scaled{"training_water_onsite_million_l", kMilli}, Scaled{"onsite_water_l", kKilo},
                                    Scaled{"onsite_water_m3", 1}};
constexpr std::array kOffsiteTargets{Scaled{"training_water_offsite_million_l", kMilli},
                                     Scaled{"offsite_water_l", kKilo}, Scaled{"offsite_water_m3", 1}};
constexpr std::array kTotalTargets{Scaled{"training_water_total_million_l", kMilli}, Scaled{"water_million_l", kMilli},
                                   Scaled{"water_kl", 1}, Scaled{"water_m3", 1}, Scaled{"water_l", kKilo}};

/// Li et al.: on site per energy of the IT, off site per energy of the facility.
void add_formulas(const Scaled& energy, std::string_view wue, std::vector<Formula>& formulas) {
  const auto onsite = [&](double scale) { return Product{scale * energy.scale, {energy.field, wue}}; };
  const auto offsite = [&](double scale) {
    return Product{scale * energy.scale, {energy.field, "pue", "offsite_ewif_l_per_kwh"}};
  };
  for (const Scaled& target : kOnsiteTargets) formulas.push_back({target.field, {onsite(target.scale)}});
  for (const Scaled& target : kOffsiteTargets) formulas.push_back({target.field, {offsite(target.scale)}});
  for (const Scaled& target : kTotalTargets)
    formulas.push_back({target.field, {onsite(target.scale), offsite(target.scale)}});
}

const std::vector<Formula>& formulas() {
  static const std::vector<Formula> list = [] {
    std::vector<Formula> all;
    for (const Scaled& energy : kEnergies)
      for (const std::string_view wue : kOnsite) add_formulas(energy, wue, all);
    for (const Scaled& energy : kEnergies) {  // rows without a factor of what is off site count what is on it
      for (const Scaled& target : kTotalTargets) {
        const double scale = target.scale * energy.scale;
        all.push_back({target.field,
                       {{scale, {energy.field, "onsite_wue_l_per_kwh"}},
                        {scale * kLitresPerGallon * kMilli, {energy.field, "gas_generation_gal_per_mwh"}}}});
        for (const std::string_view wue : kOnsite) all.push_back({target.field, {{scale, {energy.field, wue}}}});
      }
    }
    return all;
  }();
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

std::string reason_for(const Record& record) {
  if (record.text("kind") == "factors" || record.text("kind") == "formula" || record.node("providers") != nullptr)
    return "factors that answers are computed from, not an answer";
  if (record.text("kind") == "inference") return "the share of the energy that the factor holds for is not in the row";
  if (std::string missing = missing_fields(formulas(), record); !missing.empty()) return missing;
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
      rows.push_back(accounted(field, record, *answer));
    } else if (const auto per_energy = first_answer(formulas_per_energy(), field, record)) {
      rows.push_back(accounted(field, record, {request * per_energy->value, per_energy->rounding}));
    }
  }
  if (rows.empty()) rows.push_back(listed(reason_for(record)));
  return rows;
}

}  // namespace traingrid
