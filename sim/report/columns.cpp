// The list of fields. Getters only convert to the unit at the end of the field's name.
// A step that does not fit on its accelerators has memory to report, and nothing else.
#include "report/columns.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <type_traits>

namespace traingrid {
namespace {

/// Units of numbers that have none: as they are, and as a count, which loses its decimal point if it is whole.
struct Plain {};
struct Count {};
constexpr Plain kPlain;
constexpr Count kCount;

template <class T>
concept Optional = requires(const T& value) {
  value.has_value();
};

template <auto unit, class T>
Value in_unit(const T& value) {
  using Unit = std::remove_const_t<decltype(unit)>;
  if constexpr (Optional<T>) {
    return value ? in_unit<unit>(*value) : Value{};
  } else if constexpr (std::is_same_v<Unit, Plain>) {
    return value;
  } else if constexpr (std::is_same_v<Unit, Count>) {
    const auto whole = static_cast<std::int64_t>(value);
    return static_cast<double>(whole) == static_cast<double>(value) ? Value{whole} : Value{static_cast<double>(value)};
  } else {
    return value / unit;
  }
}

/// What the chain of members leads to; nothing where something on the way is missing.
template <auto unit, auto member, auto... members, class T>
Value follow(const T& object) {
  if constexpr (Optional<T>) {
    return object ? follow<unit, member, members...>(*object) : Value{};
  } else if constexpr (sizeof...(members) == 0) {
    return in_unit<unit>(std::invoke(member, object));
  } else {
    return follow<unit, members...>(std::invoke(member, object));
  }
}

template <auto unit, auto... members>
Value at(const Result& result) {
  return follow<unit, members...>(result);
}

template <auto unit, auto... members>
Value step(const Result& result) {
  return result.feasible ? follow<unit, &Result::step, members...>(result) : Value{};
}

template <auto term>
constexpr auto breakdown = step<second, &StepResult::breakdown, term>;
template <auto member>
constexpr auto mwh = at<megawatt_hour, &Result::energy, member>;
template <auto part>
constexpr auto it_mwh = at<megawatt_hour, &Result::energy, &EnergyResult::it_parts, part>;
template <auto member>
constexpr auto megawatts = at<megawatt, &Result::energy, member>;
template <auto member>
constexpr auto tonnes = at<tonne, &Result::carbon, member>;
template <auto member>
constexpr auto epoch_usd = at<dollar, &Result::cost, &CostResult::epoch, member>;
template <auto unit, auto member>
constexpr auto tco = at<unit, &Result::cost, &CostResult::tco, member>;

std::optional<CubicMetres> water_in_all(const WaterResult& water) {
  return water.onsite && water.offsite ? std::optional{*water.onsite + *water.offsite} : std::nullopt;
}

/// A part of the bill that has a price.
template <auto member>
std::optional<Dollars> priced(const Bill& bill) {
  return bill.*member == Dollars{} ? std::nullopt : std::optional{bill.*member};
}

Value mode(const Result& result) { return result.replayed ? "replayed" : "simulated"; }
Value reason(const Result& result) { return result.reason.empty() ? Value{} : Value{result.reason}; }

constexpr auto kTeraflopRate = teraflop / second;
constexpr Bytes kGigabyte = 1e9 * byte;
constexpr auto kKgPerKwh = kilogram / kilowatt_hour;
constexpr auto kLitrePerKwh = litre / kilowatt_hour;
constexpr auto kUsdPerHour = dollar / hour;

constexpr std::string_view kStep = "step.time_s";
constexpr std::string_view kEnergy = "energy.facility_mwh";

constexpr std::array kColumns{
    Column{"mode", "", "", "", mode},
    Column{"feasible", "", "", "", at<kPlain, &Result::feasible>},
    Column{"reason", "", "", "", reason},
    Column{"run.name", "", "", "", at<kPlain, &Result::run_name>},
    Column{"cluster.name", "", "", "", at<kPlain, &Result::cluster_name>},
    Column{"cluster.accelerator", "", "", "", at<kPlain, &Result::accelerator_name>},
    Column{"cluster.accelerators", "", "", "", at<kPlain, &Result::accelerators>},
    Column{"cluster.working_accelerators", "", "", "", at<kPlain, &Result::working_accelerators>},
    Column{"cluster.nodes", "", "", "", at<kPlain, &Result::nodes>},
    Column{"site.name", "", "", "", at<kPlain, &Result::site_name>},
    Column{"model.parameters", "", "", "", at<kCount, &Result::model, &ModelSize::parameters>},
    Column{"model.weights_gb", "", "", "", at<kGigabyte, &Result::model, &ModelSize::weights>},
    Column{"model.training_state_gb", "", "", "", at<kGigabyte, &Result::model, &ModelSize::training_state>},

    Column{kStep, "step time", "s", "", step<second, &StepResult::time>},
    Column{"step.tokens_per_s", "throughput", "tokens/s", "", step<kPlain, &StepResult::tokens_per_s>},
    Column{"step.samples_per_s", "throughput", "samples/s", "", step<kPlain, &StepResult::samples_per_s>},
    Column{"step.model_tflops_per_accelerator", "model work per accelerator", "TFLOP/s", "",
           step<kTeraflopRate, &StepResult::model_flops_per_accelerator>},
    Column{"step.mfu", "model FLOP utilisation (MFU)", "of peak", "", step<kPlain, &StepResult::mfu>},
    Column{"step.hfu", "hardware FLOP utilisation (HFU)", "of peak", "", step<kPlain, &StepResult::hfu>},
    Column{"step.memory.peak_gib", "memory, fullest accelerator", "GiB", "",
           at<gib, &Result::step, &StepResult::memory_peak>},
    Column{"step.memory.capacity_gib", "memory of an accelerator", "GiB", "",
           at<gib, &Result::step, &StepResult::memory_capacity>},
    Column{"step.memory.host_peak_gib", "memory of the host, by accelerator", "GiB", "",
           at<gib, &Result::step, &StepResult::host_memory_peak>},
    Column{"step.memory.host_capacity_gib", "memory of the host for an accelerator", "GiB", "",
           at<gib, &Result::step, &StepResult::host_memory_capacity>},
    Column{"step.breakdown_s.compute", "compute", "s", kStep, breakdown<&Breakdown::compute>},
    Column{"step.breakdown_s.recompute", "recomputation", "s", kStep, breakdown<&Breakdown::recompute>},
    Column{"step.breakdown_s.tensor", "tensor communication", "s", kStep, breakdown<&Breakdown::tensor>},
    Column{"step.breakdown_s.context", "context communication", "s", kStep, breakdown<&Breakdown::context>},
    Column{"step.breakdown_s.expert", "expert communication", "s", kStep, breakdown<&Breakdown::expert>},
    Column{"step.breakdown_s.pipeline_bubble", "pipeline bubble", "s", kStep, breakdown<&Breakdown::pipeline_bubble>},
    Column{"step.breakdown_s.pipeline_p2p", "pipeline communication", "s", kStep, breakdown<&Breakdown::pipeline_p2p>},
    Column{"step.breakdown_s.data", "data communication", "s", kStep, breakdown<&Breakdown::data>},
    Column{"step.breakdown_s.optimizer", "optimizer", "s", kStep, breakdown<&Breakdown::optimizer>},
    Column{"step.breakdown_s.offload", "copies to the host and back", "s", kStep,
           step<second, &StepResult::waiting_for_copies>},
    Column{"step.breakdown_s.host", "waiting for the host", "s", kStep, breakdown<&Breakdown::host>},
    Column{"step.breakdown_s.stragglers", "stragglers", "s", kStep, breakdown<&Breakdown::stragglers>},
    Column{"step.breakdown_s.other", "other", "s", kStep, breakdown<&Breakdown::other>},
    Column{"step.activities", "activities, unfolded", "", "", step<kCount, &StepResult::activities>},
    Column{"step.classes", "activities, executed", "", "", step<kCount, &StepResult::classes>},

    Column{"duration.days", "duration", "days", "", at<day, &Result::duration, &DurationResult::time>},
    Column{"duration.steps", "steps", "", "", at<kCount, &Result::duration, &DurationResult::steps>},
    Column{"duration.accelerator_hours", "accelerator-hours", "h", "",
           at<hour, &Result::duration, &DurationResult::accelerator_time>},
    Column{"duration.goodput", "goodput", "of time", "", at<kPlain, &Result::duration, &DurationResult::goodput>},
    Column{"duration.failures", "failures", "", "", at<kPlain, &Result::duration, &DurationResult::failures>},

    Column{"energy.it_mwh", "at the IT equipment", "MWh", "", mwh<&EnergyResult::it>},
    Column{kEnergy, "at the meter of the facility", "MWh", "", mwh<&EnergyResult::facility>},
    Column{"energy.pue", "power usage effectiveness (PUE)", "", "", at<kPlain, &Result::energy, &EnergyResult::pue>},
    Column{"energy.mean_it_mw", "mean IT power", "MW", "", megawatts<&EnergyResult::mean_it>},
    Column{"energy.peak_it_mw", "peak IT power", "MW", "", megawatts<&EnergyResult::peak_it>},
    Column{"energy.peak_facility_mw", "peak facility power", "MW", "", megawatts<&EnergyResult::peak_facility>},
    Column{"energy.free_cooling", "time without compressors", "of time", "",
           at<kPlain, &Result::energy, &EnergyResult::free_cooling>},
    Column{"energy.reused_mwh", "heat passed on", "MWh", "", at<megawatt_hour, &Result::reuse, &ReuseResult::reused>},
    Column{"energy.ere", "energy reuse effectiveness (ERE)", "", "", at<kPlain, &Result::reuse, &ReuseResult::ere>},
    Column{"energy.erf", "energy reuse factor (ERF)", "", "", at<kPlain, &Result::reuse, &ReuseResult::erf>},
    Column{"energy.parts_mwh.accelerators", "accelerators", "MWh", kEnergy, it_mwh<&ItEnergy::accelerators>},
    Column{"energy.parts_mwh.hosts", "hosts", "MWh", kEnergy, it_mwh<&ItEnergy::hosts>},
    Column{"energy.parts_mwh.network", "network", "MWh", kEnergy, it_mwh<&ItEnergy::network>},
    Column{"energy.parts_mwh.storage", "storage", "MWh", kEnergy, it_mwh<&ItEnergy::storage>},
    Column{"energy.parts_mwh.conversion", "electrical conversion", "MWh", kEnergy, mwh<&EnergyResult::conversion>},
    Column{"energy.parts_mwh.cooling", "cooling", "MWh", kEnergy, mwh<&EnergyResult::cooling>},
    Column{"energy.parts_mwh.other", "other overhead of the site", "MWh", kEnergy, mwh<&EnergyResult::other>},

    Column{"carbon.location_t", "electricity, location-based", "t CO2e", "", tonnes<&CarbonResult::location>},
    Column{"carbon.market_t", "electricity, market-based", "t CO2e", "", tonnes<&CarbonResult::market>},
    Column{"carbon.marginal_t", "electricity, caused at the margin", "t CO2e", "", tonnes<&CarbonResult::marginal>},
    Column{"carbon.embodied_t", "embodied in the hardware", "t CO2e", "", tonnes<&CarbonResult::embodied>},
    Column{"carbon.avoided_t", "avoided by heat passed on", "t CO2e", "",
           at<tonne, &Result::reuse, &ReuseResult::avoided>},
    Column{"carbon.hourly_cfe", "under contract, by the hour (24/7)", "of energy", "",
           at<kPlain, &Result::carbon, &CarbonResult::contracts, &ContractResult::hourly_cfe>},
    Column{"carbon.annual_cfe", "under contract, over the run", "of energy", "",
           at<kPlain, &Result::carbon, &CarbonResult::contracts, &ContractResult::annual_cfe>},
    Column{"carbon.surplus_mwh", "contracted and not taken", "MWh", "",
           at<megawatt_hour, &Result::carbon, &CarbonResult::contracts, &ContractResult::surplus>},
    Column{"carbon.intensity_kg_per_kwh", "intensity of the grid", "kg/kWh", "",
           at<kKgPerKwh, &Result::carbon, &CarbonResult::intensity>},

    Column{"water.onsite_m3", "consumed on site", "m³", "", at<cubic_metre, &Result::water, &WaterResult::onsite>},
    Column{"water.offsite_m3", "consumed off site, power plants", "m³", "",
           at<cubic_metre, &Result::water, &WaterResult::offsite>},
    Column{"water.total_m3", "consumed in all", "m³", "", at<cubic_metre, &Result::water, water_in_all>},
    Column{"water.withdrawn_m3", "withdrawn, on site and off", "m³", "",
           at<cubic_metre, &Result::water, &WaterResult::withdrawn>},
    Column{"water.scarcity_weighted_m3", "consumed, weighted by scarcity", "m³ eq", "",
           at<cubic_metre, &Result::water, &WaterResult::scarcity>},
    Column{"water.manufacturing_m3", "consumed in making accelerators", "m³", "",
           at<cubic_metre, &Result::water, &WaterResult::manufacturing>},
    Column{"water.wue_l_per_kwh", "water usage effectiveness (WUE)", "L/kWh", "",
           at<kLitrePerKwh, &Result::water, &WaterResult::wue>},

    Column{"cost.epoch.hardware_usd", "hardware (amortised, Epoch)", "USD", "", epoch_usd<&EpochCost::hardware>},
    Column{"cost.epoch.interconnect_usd", "interconnect (amortised, Epoch)", "USD", "",
           epoch_usd<&EpochCost::interconnect>},
    Column{"cost.epoch.energy_usd", "energy (TDP model, Epoch)", "USD", "", epoch_usd<&EpochCost::energy>},
    Column{"cost.epoch.total_usd", "total (amortised, Epoch)", "USD", "", epoch_usd<&EpochCost::total>},
    Column{"cost.epoch.upfront_usd", "upfront purchase (Epoch)", "USD", "", epoch_usd<&EpochCost::upfront>},
    Column{"cost.cloud.total_usd", "cloud (3-year commitment)", "USD", "",
           at<dollar, &Result::cost, &CostResult::cloud>},
    Column{"cost.electricity_usd", "electricity (site's price)", "USD", "",
           at<dollar, &Result::bill, &Bill::electricity>},
    Column{"cost.demand_charge_usd", "demand charge (site's rate)", "USD", "",
           at<dollar, &Result::bill, priced<&Bill::demand>>},
    Column{"cost.water_usd", "water on site (site's price)", "USD", "",
           at<dollar, &Result::bill, priced<&Bill::water>>},
    Column{"cost.carbon_usd", "CO2, location-based (site's)", "USD", "",
           at<dollar, &Result::bill, priced<&Bill::carbon>>},
    Column{"cost.tco.total_usd", "total cost of ownership", "USD", "", tco<dollar, &TcoCost::total>},
    Column{"cost.tco.usd_per_accelerator_hour", "cost of ownership", "USD/h", "",
           tco<kUsdPerHour, &TcoCost::per_accelerator_hour>},
    Column{"cost.tco.usd_per_million_tokens", "ownership per million tokens", "USD", "",
           tco<dollar, &TcoCost::per_million_tokens>},
    Column{"cost.price_year", "", "", "", at<kCount, &Result::cost, &CostResult::price_year>},
};

}  // namespace

std::span<const Column> columns() { return kColumns; }

const Column* find_column(std::string_view path) {
  const auto found = std::ranges::find(kColumns, path, &Column::path);
  return found == kColumns.end() ? nullptr : &*found;
}

const PublishedFigure* published_figure(const Result& result, const Column& column) {
  const auto found = std::ranges::find(result.published, column.path, &PublishedFigure::name);
  return found == result.published.end() ? nullptr : &*found;
}

const Interval* interval_of(const Result& result, const Column& column) {
  const auto found = result.intervals.find(std::string{column.path});
  return found == result.intervals.end() ? nullptr : &found->second;
}

std::optional<double> number(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

}  // namespace traingrid
