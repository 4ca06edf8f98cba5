#include "facility/climate.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "read_text.hpp"

#include <numeric>

using namespace traingrid;

namespace {

Climate loaded(const std::string& name) {
  Inputs inputs(source_catalogue());
  Document document = inputs.open<Climate>("climates", name);
  Climate climate = inputs.read<Climate>(document);
  load_climate(climate, inputs, "climate", "");
  inputs.finish();
  return climate;
}

double mean_of(const std::vector<Air>& air, Temperature Air::*of) {
  const double sum = std::accumulate(air.begin(), air.end(), 0.0,
                                     [&](double so_far, const Air& hour_of) { return so_far + (hour_of.*of).celsius; });
  return sum / static_cast<double>(air.size());
}

}  // namespace

TEST_CASE("every climate of the catalogue reads without a problem, and its numbers have a source") {
  check_catalogue_folder<Climate>("climates", 7);
}

TEST_CASE("typical years keep the annual means of the files they were made from") {
  struct Row {
    const char* name;
    double dry, wet;
  };
  const Row row = GENERATE(Row{"leesburg", 13.78, 10.45}, Row{"chicago", 9.99, 7.15}, Row{"tucson", 21.71, 11.56},
                           Row{"port-angeles", 9.26, 7.50}, Row{"philadelphia", 14.00, 10.43},
                           Row{"frankfurt", 12.09, 9.38}, Row{"singapore", 27.26, 24.78});
  INFO(row.name);
  const auto air = loaded(row.name).air.values();
  CHECK(air.size() == 8760);
  CHECK(mean_of(air, &Air::dry_bulb) == Approx(row.dry).margin(0.01));
  CHECK(mean_of(air, &Air::wet_bulb) == Approx(row.wet).margin(0.01));
}

TEST_CASE("a constant climate is the same at all times") {
  const auto read = read_text<Climate>("dry_bulb: 20 °C\nwet_bulb: 15 °C\n", "climate");
  CHECK(read.problems.empty());
  Inputs inputs(source_catalogue());
  Climate climate = read.value;
  load_climate(climate, inputs, "climate", "");
  CHECK(climate.air.is_steady());
  CHECK(climate.air.at({}).wet_bulb == Temperature{15});
}

TEST_CASE("a climate is stated in one way, and its wet bulbs are at most its dry bulbs") {
  CHECK(messages(read_text<Climate>("name: nowhere\n", "climate").problems) ==
        std::vector<std::string>{"weather is stated in one of three ways: 'dry_bulb' and 'wet_bulb', 'dry_bulb_c' and "
                                 "'wet_bulb_c', or 'file'"});
  CHECK(messages(read_text<Climate>("dry_bulb: 20 °C\nwet_bulb: 21 °C\n", "climate").problems) ==
        std::vector<std::string>{"a wet bulb is at most the dry bulb"});
  CHECK(messages(read_text<Climate>("dry_bulb_c: [[1, 2]]\nwet_bulb_c: [[0, 1]]\n", "climate").problems) ==
        std::vector<std::string>{"'dry_bulb_c' and 'wet_bulb_c' are 12 lists of 24 temperatures each"});
}
