#include "units/quantity.hpp"
#include "catch.hpp"
#include "units/temperature.hpp"

using namespace traingrid;

TEST_CASE("a ratio of equal dimensions is a plain number") {
  const double days = (Seconds{172800} / day);
  CHECK(days == 2.0);
}

TEST_CASE("dimensions multiply and divide") {
  const Joules energy = Watts{330} * Seconds{10};
  CHECK(energy == Joules{3300});
  const Seconds time = Bytes{100} / Bandwidth{50};
  CHECK(time == Seconds{2});
  CHECK(1.0 / Seconds{0.5} * Seconds{1} == 2.0);
}

TEST_CASE("the difference of two temperatures is a number of kelvin") {
  CHECK(Temperature{40} - Temperature{25} == 15.0);
  CHECK(Temperature{40} + 2.5 == Temperature{42.5});
}
