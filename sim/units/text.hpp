// Quantities as people write them: "400 Gbps", "1.5 pJ/bit", "57 g/kWh", "1.16 USD/h".
#pragma once

#include "units/quantity.hpp"
#include "units/temperature.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace traingrid {

/// What a unit such as "GB/s" stands for: `scale` SI base units of `dimension`.
struct Unit {
  Dimension dimension;
  double scale = 1;
};

/// A unit expression: a prefixed unit, or two of them around '/'. Case matters: "b" is refused, "bit" and "B" differ.
std::optional<Unit> parse_unit(std::string_view text);

/// A plain decimal number that fills the whole text; no NaN, no infinity, no hexadecimal, no leading zeros.
std::optional<double> parse_number(std::string_view text);

/// A number followed by a unit of the wanted dimension, or the reason why it is not one, ready to show to the user.
struct ParsedQuantity {
  double si = 0;
  std::string error;  ///< empty when `si` is valid
};
ParsedQuantity parse_quantity(std::string_view text, Dimension wanted);

/// "40 °C" or "40 C"; `si` is in degrees Celsius.
ParsedQuantity parse_temperature(std::string_view text);

/// Units that fit the dimension, for messages: "bps, Gbps, B/s, GB/s".
std::string accepted_units(Dimension dimension);

/// The shortest text in the unit a reader expects, that parse_quantity reads back to the last bit or two.
std::string format_quantity(double si, Dimension dimension);

template <Dimension D>
std::string to_text(Quantity<D> quantity) {
  return format_quantity(quantity.si, D);
}
std::string to_text(Temperature temperature);

}  // namespace traingrid
