#include "units/text.hpp"
#include "catch.hpp"

using namespace traingrid;

TEST_CASE("quantities are read in the units people write") {
  CHECK(parse_quantity("400 Gbps", Bandwidth::dimension).si == Approx(5e10).epsilon(1e-15));
  CHECK(parse_quantity("300 GB/s", Bandwidth::dimension).si == 300e9);
  CHECK(parse_quantity("1.5 pJ/bit", EnergyPerData::dimension).si == Approx(12e-12).epsilon(1e-15));
  CHECK(parse_quantity("330 W", Watts::dimension).si == 330);
  CHECK(parse_quantity("57 g/kWh", CarbonIntensity::dimension).si == Approx(0.057 / 3.6e6).epsilon(1e-15));
  CHECK(parse_quantity("0.55 L/kWh", WaterIntensity::dimension).si == Approx(0.55e-3 / 3.6e6).epsilon(1e-15));
  CHECK(parse_quantity("1.16 USD/h", HourlyPrice::dimension).si == Approx(1.16 / 3600).epsilon(1e-15));
  CHECK(parse_quantity("32 GiB", Bytes::dimension).si == 32.0 * 1024 * 1024 * 1024);
  CHECK(parse_quantity("3.14e23 FLOP", Flop::dimension).si == 3.14e23);
  CHECK(parse_temperature("40 °C").si == 40);
}

TEST_CASE("bytes and bits are never guessed") {
  CHECK(parse_unit("GB")->scale == 1e9);
  CHECK(parse_unit("Gbit")->scale == 1.25e8);
  CHECK_FALSE(parse_unit("Gb").has_value());
  CHECK_FALSE(parse_unit("gb").has_value());
  CHECK_FALSE(parse_unit("GBps").has_value());
}

TEST_CASE("a missing, unknown or wrong unit says which units are accepted") {
  CHECK(parse_quantity("330", Watts::dimension).error == "'330' has no unit; accepted units: GW, MW, kW, W, mW");
  CHECK(parse_quantity("330 horses", Watts::dimension).error ==
        "unknown unit 'horses'; accepted units: GW, MW, kW, W, mW");
  CHECK(parse_quantity("330 GB", Watts::dimension).error ==
        "unit 'GB' does not fit here; accepted units: GW, MW, kW, W, mW");
  CHECK(parse_quantity("nan W", Watts::dimension).error ==
        "'nan W' is not a number with a unit; accepted units: GW, MW, kW, W, mW");
}

TEST_CASE("numbers with traps are refused") {
  for (const char* text : {"", "012", "0x10", "nan", "inf", "1e999", "1.", ".5", "1,5", "--1", "1 2"}) {
    INFO(text);
    CHECK_FALSE(parse_number(text).has_value());
  }
  CHECK(parse_number("-0.5e3") == -500.0);
}

TEST_CASE("the printed form reads back as the same number") {
  for (const char* text : {"400 Gbps", "330 W", "0.429 t/MWh", "0.55 L/kWh", "1.16 USD/h", "2039 GB/s", "3.2 us",
                           "32 GiB", "0.1 J", "1.2345678901234567 kWh", "7e-9 s", "0 W", "14.7734 d"}) {
    const auto unit_text = std::string_view(text).substr(std::string_view(text).find(' ') + 1);
    const Dimension dimension = parse_unit(unit_text)->dimension;
    const double si = parse_quantity(text, dimension).si;
    INFO(text << " printed as " << format_quantity(si, dimension));
    CHECK(parse_quantity(format_quantity(si, dimension), dimension).si == Approx(si).epsilon(5e-16));
  }
  CHECK(to_text(Bandwidth{5e10}) == "50 GB/s");
  CHECK(to_text(Watts{330}) == "330 W");
}
