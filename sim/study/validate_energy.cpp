#include "study/record.hpp"
#include "study/stepped_run.hpp"
#include "study/validate_records.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

constexpr double kMega = 1e-6, kHoursPerDay = 24, kSecondsPerHour = 3600, kMilli = 1e-3;
constexpr double kPerTera = 1e-12;

using FieldNames = std::vector<std::string_view>;

/// Energies as products that end in the unit of their field, without the fields beyond them.
struct EnergyProduct {
  double scale;
  FieldNames times, over;
};
/// By preference: work and rate, then hours, then days; measured power before rated power.
const std::vector<EnergyProduct>& energies() {
  constexpr double from_work = kPerTera / kSecondsPerHour * kMega;
  static const std::vector<EnergyProduct> list{
      {from_work, {"training_flop", "avg_system_power_w_per_chip", "pue"}, {"achieved_tflops_per_chip"}},
      {kMega, {"accel_hours", "avg_system_power_w_per_chip", "pue"}, {}},
      {kMega, {"n_chips", "hours", "avg_system_power_w_per_chip", "pue"}, {}},
      {kHoursPerDay * kMega, {"n_chips", "wall_days", "avg_system_power_w_per_chip", "pue"}, {}},
      {1, {"gpu_energy_mwh_raw", "pue"}, {}},
      {kMega, {"accel_hours", "tdp_w", "pue"}, {}},
      {kMega, {"accel_hours", "power_cap_w", "pue"}, {}},
      {kMega, {"n_chips", "hours", "tdp_w", "pue"}, {}},
      {kHoursPerDay * kMega, {"n_chips", "wall_days", "tdp_w", "pue"}, {}},
  };
  return list;
}

/// Every energy, and what it emits where a field states the intensity.
void add_energies(std::vector<Formula>& formulas) {
  struct Emission {
    std::string_view target, intensity;
  };
  constexpr std::array emissions{Emission{"gross_tco2e", "grid_gross_kgco2e_per_kwh"},
                                 Emission{"net_tco2e", "grid_net_kgco2e_per_kwh"},
                                 Emission{"tco2e", "grid_kgco2e_per_kwh"}};
  constexpr std::array units{std::pair{"energy_mwh", 1.0}, std::pair{"energy_kwh", 1e3}, std::pair{"energy_gwh", 1e-3}};
  for (const EnergyProduct& energy : energies()) {
    for (const auto& [field, scale] : units)
      formulas.push_back({field, {{scale * energy.scale, energy.times, energy.over}}});
  }
  for (const Emission& emission : emissions) {
    for (const EnergyProduct& energy : energies()) {
      FieldNames times = energy.times;
      times.push_back(emission.intensity);
      formulas.push_back({emission.target, {{energy.scale, times, energy.over}}});
    }
  }
}

std::vector<Formula> all_formulas() {
  const Product dynamic{kMega, {"accel_hours", "tdp_w"}}, idle{1, {"idle_energy_mwh"}};
  const Product dynamic_emitted{kMega, {"accel_hours", "tdp_w", "grid_kgco2e_per_kwh"}};
  const Product idle_emitted{1, {"idle_energy_mwh", "grid_kgco2e_per_kwh"}};
  std::vector<Formula> formulas{
      {"hours", {{kHoursPerDay, {"wall_days"}}}},
      {"days_per_trillion", {{1 / kHoursPerDay, {"gpu_hours_per_trillion"}, {"n_chips"}}}},
      {"gpu_hours_million", {{1, {"v100_hours_million"}}, {1, {"a100_hours_million"}}}},
      {"steps", {{1e9, {"tokens_billion"}, {"global_batch_seqs", "seq_len"}}}},
      {"accel_hours", {{kMilli, {"tokens_billion", "gpu_hours_per_trillion"}}}},
      {"accel_hours", {{1, {"n_chips", "hours"}}}},
      {"accel_hours", {{kHoursPerDay, {"n_chips", "wall_days"}}}},
      {"cost_usd", {{1, {"accel_hours", "cost_usd_per_gpu_hour"}}}},
      {"energy_mwh_at_tdp_derived", {dynamic}},
      {"energy_mwh_derived", {{1, {"power_draw_mw", "hours"}}}},
      {"dynamic_energy_mwh", {dynamic}},
      {"dynamic_tco2e", {dynamic_emitted}},
      {"dynamic_plus_pue_tco2e", {{kMega, {"accel_hours", "tdp_w", "grid_kgco2e_per_kwh", "pue"}}}},
      {"operational_energy_mwh", {dynamic, idle}},
      {"idle_tco2e", {idle_emitted}},
      {"operational_tco2e", {dynamic_emitted, idle_emitted}},
      {"total_tco2e", {dynamic_emitted, idle_emitted, {1, {"embodied_tco2e"}}}},
      {"location_based_tco2e", {{kMega, {"accel_hours", "tdp_w", "implied_kgco2e_per_kwh_at_tdp"}}}},
      {"tco2e", {{kMega, {"accel_hours", "power_cap_w", "implied_kgco2e_per_kwh"}}}},
      {"water_kl", {{1, {"gpu_energy_mwh_raw", "wue_l_per_kwh"}}}},
  };
  add_energies(formulas);
  // an energy at whatever boundary
  formulas.push_back({"tco2e", {{1, {"energy_mwh", "grid_kgco2e_per_kwh"}}}});
  formulas.push_back({"tco2e", {{1, {"energy_mwh_total", "grid_kgco2e_per_kwh"}}}});
  return formulas;
}

/// What the row's energy times its grid gives: with the overhead of the building or without, as the run's own file
/// says at which boundary its energy was published.
void add_boundaries(const Record& record, const RecordContext& context, std::vector<Comparison>& rows) {
  const Product energy{1, {"energy_mwh", "grid_kgco2e_per_kwh"}};
  Product without = energy, with = energy;
  if (context.systems.energy_at_meter(record.text("model")))
    without.over.emplace_back("pue");
  else
    with.times.emplace_back("pue");
  for (const Formula& formula : {Formula{"tco2e", {without}}, Formula{"tco2e_with_pue", {with}}}) {
    const auto emitted = evaluate(formula, record);
    if (emitted && record.number(formula.target)) rows.push_back(accounted(formula.target, record, *emitted));
  }
}

/// Hours of the run that the row names, or of the steps that it states, simulated.
SteppedHours simulated_hours(const Node& row, const RecordContext& context) {
  const Record record(row);
  const auto result = context.simulate({record.text("model"), record.text("accelerator")});
  if (result && result->duration) return {result->duration->accelerator_time / hour, ""};
  return stepped_hours(row, context.systems, context.steps);
}

std::string reason_for(const Record& record, std::span<const Formula> formulas) {
  if (std::string missing = missing_fields(formulas, record); !missing.empty()) return missing;
  if (record.number("accel_hours") || record.number("n_chips")) {
    return fmt::format("no run of the catalogue trains '{}' on '{}', and nothing in the row is a product of the rest",
                       record.text("model"), record.text("accelerator"));
  }
  return "neither accelerators nor hours with a power are stated";
}

/// An energy of which the row lists all parts.
void add_breakdown(const Record& record, std::vector<Comparison>& rows) {
  const Node* parts = record.node("breakdown_mwh");
  if (parts == nullptr || !parts->is_mapping() || !record.number("energy_mwh")) return;
  const Record part(*parts);
  Formula sum{"energy_mwh", {}};
  for (const Entry& entry : parts->entries) sum.sum.push_back({1, {entry.key}});
  if (const auto total = evaluate(sum, part)) rows.push_back(accounted("energy_mwh", record, *total));
}

/// The intensity of a grid in a note: "Illinois 0.4796 t/MWh".
std::optional<double> intensity_in(const std::string& note) {
  const auto unit = note.rfind(' ');
  if (unit == std::string::npos || unit == 0) return std::nullopt;
  if (note.substr(unit + 1) != "t/MWh" && note.substr(unit + 1) != "kg/kWh") return std::nullopt;
  const auto space = note.rfind(' ', unit - 1);
  const auto begin = space == std::string::npos ? 0 : space + 1;
  return parse_number(note.substr(begin, unit - begin));
}

/// Runs that the row holds under names of their own.
void add_parts(const Node& row, const RecordContext& context, std::vector<Comparison>& rows) {
  for (const Entry& entry : row.entries) {
    if (!entry.value.is_mapping()) continue;
    for (Comparison& part : validate_energy(entry.value, context)) {
      if (part.kind == kListedRow) continue;
      part.id = fmt::format("@{}{}", entry.key, part.id);
      rows.push_back(std::move(part));
    }
  }
}

}  // namespace

std::vector<Comparison> validate_energy(const Node& row, const RecordContext& context) {
  static const std::vector<Formula> formulas = all_formulas();
  Record record(row);
  if (const Cluster* cluster = context.systems.find(record.text("accelerator")))
    record.assume("tdp_w", cluster->accelerator.economics.tdp / watt);
  if (const auto intensity = intensity_in(record.text("grid_note"))) record.assume("grid_kgco2e_per_kwh", *intensity);
  const bool boundaries = record.number("tco2e_with_pue").has_value();
  std::vector<Comparison> rows;
  std::string obstacle;
  for (const std::string& field : record.fields()) {
    const auto published = record.number(field);
    if (!published || *published <= 0 || (boundaries && field.starts_with("tco2e"))) continue;
    const SteppedHours simulated = canonical(field) == "accel_hours" ? simulated_hours(row, context) : SteppedHours{};
    if (!simulated.reason.empty()) obstacle = simulated.reason;
    if (simulated.hours) {
      rows.push_back(answered(kSimulatedRow, field, *published, *simulated.hours));
    } else if (const auto answer = first_answer(formulas, field, record)) {
      rows.push_back(accounted(field, record, *answer));
    }
  }
  if (boundaries) add_boundaries(record, context, rows);
  add_breakdown(record, rows);
  add_parts(row, context, rows);
  for (Comparison& of_case : validate_case(row, context)) {
    const bool known =
        std::ranges::any_of(rows, [&](const Comparison& one) { return one.quantity == of_case.quantity; });
    if (!known) rows.push_back(std::move(of_case));
  }
  if (rows.empty()) rows.push_back(listed(obstacle.empty() ? reason_for(record, formulas) : obstacle));
  return rows;
}

}  // namespace traingrid
