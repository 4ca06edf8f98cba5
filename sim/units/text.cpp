#include "units/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace traingrid {
namespace {

constexpr Dimension kTime{.time = 1}, kData{.data = 1}, kWork{.work = 1}, kEnergy{.energy = 1}, kMass{.mass = 1},
    kVolume{.volume = 1}, kMoney{.money = 1};
constexpr Dimension kPower = kEnergy - kTime, kBandwidth = kData - kTime, kFlopRate = kWork - kTime;

enum class Prefixes { none, decimal, decimal_and_binary };

struct BaseUnit {
  std::string_view symbol;
  Dimension dimension;
  double scale;
  Prefixes prefixes;
};

constexpr std::array kBaseUnits{
    BaseUnit{"s", kTime, 1, Prefixes::decimal},
    BaseUnit{"min", kTime, 60, Prefixes::none},
    BaseUnit{"h", kTime, 3600, Prefixes::none},
    BaseUnit{"d", kTime, 86400, Prefixes::none},
    BaseUnit{"yr", kTime, 365.25 * 86400, Prefixes::none},
    BaseUnit{"B", kData, 1, Prefixes::decimal_and_binary},
    BaseUnit{"bit", kData, 0.125, Prefixes::decimal_and_binary},
    BaseUnit{"bps", kBandwidth, 0.125, Prefixes::decimal},
    BaseUnit{"FLOP", kWork, 1, Prefixes::decimal},
    BaseUnit{"J", kEnergy, 1, Prefixes::decimal},
    BaseUnit{"Wh", kEnergy, 3600, Prefixes::decimal},
    BaseUnit{"W", kPower, 1, Prefixes::decimal},
    BaseUnit{"Pa", kEnergy - kVolume, 1, Prefixes::decimal},
    BaseUnit{"g", kMass, 1e-3, Prefixes::decimal},
    BaseUnit{"t", kMass, 1000, Prefixes::decimal},
    BaseUnit{"L", kVolume, 1e-3, Prefixes::decimal},
    BaseUnit{"m3", kVolume, 1, Prefixes::none},
    BaseUnit{"USD", kMoney, 1, Prefixes::decimal},
};

using Prefix = std::pair<std::string_view, double>;
constexpr std::array<Prefix, 12> kDecimal{{{"p", 1e-12},
                                           {"n", 1e-9},
                                           {"u", 1e-6},
                                           {"µ", 1e-6},
                                           {"m", 1e-3},
                                           {"k", 1e3},
                                           {"M", 1e6},
                                           {"G", 1e9},
                                           {"T", 1e12},
                                           {"P", 1e15},
                                           {"E", 1e18},
                                           {"Z", 1e21}}};
constexpr std::array<Prefix, 5> kBinary{
    {{"Ki", 0x1p10}, {"Mi", 0x1p20}, {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}}};

/// Units a value of this dimension is printed in, largest first; the first that gives at least 1 is taken.
struct Display {
  Dimension dimension;
  std::array<std::string_view, 7> units;
};
constexpr std::array kDisplays{
    Display{kTime, {"d", "h", "s", "ms", "us", "ns"}},
    Display{kData, {"TB", "GB", "MB", "kB", "B"}},
    Display{kWork, {"ZFLOP", "EFLOP", "PFLOP", "TFLOP", "GFLOP", "FLOP"}},
    Display{kEnergy, {"GWh", "MWh", "kWh", "J"}},
    Display{kPower, {"GW", "MW", "kW", "W", "mW"}},
    Display{kBandwidth, {"TB/s", "GB/s", "MB/s", "B/s"}},
    Display{kFlopRate, {"PFLOP/s", "TFLOP/s", "GFLOP/s", "FLOP/s"}},
    Display{kMass, {"t", "kg", "g"}},
    Display{kVolume, {"m3", "L"}},
    Display{kMoney, {"USD"}},
    Display{kMoney - kTime, {"USD/h"}},
    Display{kMoney - kEnergy, {"USD/kWh"}},
    Display{kMoney - kMass, {"USD/t"}},
    Display{kMoney - kPower, {"USD/kW"}},
    Display{kMoney - kVolume, {"USD/m3"}},
    Display{kMass - kEnergy, {"g/kWh"}},
    Display{kVolume - kEnergy, {"L/kWh"}},
    Display{kEnergy - kData, {"pJ/bit"}},
    Display{kEnergy - kVolume, {"kPa", "Pa"}},
};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<double> prefix_of(std::span<const Prefix> prefixes, std::string_view text) {
  for (auto [symbol, factor] : prefixes) {
    if (symbol == text) return factor;
  }
  return std::nullopt;
}

std::optional<Unit> parse_simple_unit(std::string_view text) {
  for (const BaseUnit& base : kBaseUnits) {
    if (!text.ends_with(base.symbol)) continue;
    const std::string_view prefix = text.substr(0, text.size() - base.symbol.size());
    std::optional<double> factor;
    if (prefix.empty()) factor = 1;
    if (!factor && base.prefixes != Prefixes::none) factor = prefix_of(kDecimal, prefix);
    if (!factor && base.prefixes == Prefixes::decimal_and_binary) factor = prefix_of(kBinary, prefix);
    if (factor) return Unit{base.dimension, base.scale * *factor};
  }
  return std::nullopt;
}

const Display* display_of(Dimension dimension) {
  for (const Display& display : kDisplays) {
    if (display.dimension == dimension) return &display;
  }
  return nullptr;
}

/// How many leading characters of the text spell a decimal number; 0 if none do.
std::size_t number_length(std::string_view text) {
  const auto digits = [&](std::size_t at) {
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0) ++at;
    return at;
  };
  std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const std::size_t whole = digits(at);
  if (whole == at || (whole - at > 1 && text[at] == '0')) return 0;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits(at + 1);
    if (fraction == at + 1) return 0;
    at = fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t sign = at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+') ? 1 : 0;
    const std::size_t exponent = digits(at + 1 + sign);
    if (exponent > at + 1 + sign) at = exponent;
  }
  return at;
}

std::string wrong_unit(std::string_view text, std::string_view problem, Dimension wanted) {
  return fmt::format("'{}' {}; accepted units: {}", text, problem, accepted_units(wanted));
}

}  // namespace

std::optional<Unit> parse_unit(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return parse_simple_unit(text);
  const auto above = parse_simple_unit(text.substr(0, slash));
  const auto below = parse_simple_unit(text.substr(slash + 1));
  if (!above || !below) return std::nullopt;
  return Unit{above->dimension - below->dimension, above->scale / below->scale};
}

std::optional<double> parse_number(std::string_view text) {
  if (text.empty() || number_length(text) != text.size()) return std::nullopt;
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

ParsedQuantity parse_quantity(std::string_view text, Dimension wanted) {
  text = trim(text);
  const std::size_t length = number_length(text);
  const auto number = parse_number(text.substr(0, length));
  if (!number) return {0, wrong_unit(text, "is not a number with a unit", wanted)};
  const std::string_view unit_text = trim(text.substr(length));
  if (unit_text.empty()) return {0, wrong_unit(text, "has no unit", wanted)};
  const auto unit = parse_unit(unit_text);
  if (!unit) return {0, fmt::format("unknown unit '{}'; accepted units: {}", unit_text, accepted_units(wanted))};
  if (unit->dimension != wanted) {
    return {0, fmt::format("unit '{}' does not fit here; accepted units: {}", unit_text, accepted_units(wanted))};
  }
  return {*number * unit->scale, ""};
}

ParsedQuantity parse_temperature(std::string_view text) {
  text = trim(text);
  const std::size_t length = number_length(text);
  const auto number = parse_number(text.substr(0, length));
  const std::string_view unit = trim(text.substr(length));
  if (!number || (unit != "°C" && unit != "C")) {
    return {0, fmt::format("'{}' is not a temperature; write it as '40 °C'", text)};
  }
  if (*number < -273.15) return {0, fmt::format("'{}' is below absolute zero", text)};
  return {*number, ""};
}

std::string accepted_units(Dimension dimension) {
  const Display* display = display_of(dimension);
  if (display == nullptr) return "(none)";
  std::string list = dimension == kBandwidth ? "Gbps, Mbps" : dimension == kTime ? "yr" : "";
  for (std::string_view unit : display->units) {
    if (unit.empty()) continue;
    if (!list.empty()) list += ", ";
    list += unit;
  }
  return list;
}

std::string format_quantity(double si, Dimension dimension) {
  const Display* display = display_of(dimension);
  if (display == nullptr) return fmt::format("{}", si);
  std::string_view chosen = display->units.front();
  for (std::string_view unit : display->units) {
    if (unit.empty()) break;
    chosen = unit;
    if (std::abs(si) >= parse_unit(unit)->scale) break;
  }
  const double scale = parse_unit(chosen)->scale;
  const double value = si / scale;
  for (int digits = 1; digits < 17; ++digits) {
    const double rounded = std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr);
    if (std::abs(rounded * scale - si) <= 4e-16 * std::abs(si)) return fmt::format("{} {}", rounded, chosen);
  }
  return fmt::format("{:.17g} {}", value, chosen);
}

std::string to_text(Temperature temperature) { return fmt::format("{} °C", temperature.celsius); }

}  // namespace traingrid
