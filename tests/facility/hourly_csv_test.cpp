#include "facility/hourly_csv.hpp"

#include "catch.hpp"
#include "facility/bill.hpp"
#include "facility/energy.hpp"
#include "shop.hpp"

using namespace traingrid;

namespace {

/// Two hours of prices, the second negative.
std::vector<HourlyRow> prices(std::string text, std::string& said) {
  Problems problems;
  auto rows = read_csv_rows(std::make_shared<SourceFile>(SourceFile{.path = "p.csv", .bytes = std::move(text)}), "time",
                            {"price"}, {}, problems);
  said = problems.text();
  return rows;
}

}  // namespace

TEST_CASE("rows of a CSV file hold their time, and nothing where a cell is empty") {
  std::string said;
  const auto rows = prices("time,price\n2023-01-01T00:00,-5.5\n2023-01-01T01:00,\n", said);
  CHECK(said.empty());
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].values == std::vector<std::optional<double>>{-5.5});
  CHECK(rows[1].time == *parse_instant("2023-01-01T01:00Z"));
  CHECK_FALSE(rows[1].values[0]);
}

TEST_CASE("electricity is paid by the hour, and negative prices pay the site") {
  const Instant start = *parse_instant("2023-01-01T00:00Z");
  const EnergyPrice per_mwh = dollar / megawatt_hour;
  Site site{.pue = 1, .grid = {.intensity = CarbonIntensity{}}};
  site.electricity_prices = CsvColumn{};
  site.hourly_price = {HourAxis{.typical = false, .start = start, .count = 2}, {100 * per_mwh, -40 * per_mwh}, "p", {}};
  const EnergyResult energy = energy_of(flat(2 * megawatt, 2 * hour), site, start);
  CHECK(energy.readings.size() == 2);
  CHECK(*electricity_cost(energy, site) / dollar == Approx(200 - 80));
}

TEST_CASE("a run that leaves the hours of a price file is refused with what the file holds") {
  const Instant start = *parse_instant("2023-01-01T00:00Z");
  Site site{.pue = 1, .grid = {.intensity = CarbonIntensity{}}};
  site.electricity_prices = CsvColumn{};
  site.hourly_price = {HourAxis{.typical = false, .start = start, .count = 2}, {{}, {}}, "p.csv", {}};
  const EnergyResult energy = energy_of(flat(2 * megawatt, 3 * hour), site, start);
  CHECK_THROWS_WITH(
      electricity_cost(energy, site),
      Catch::Matchers::StartsWith("p.csv holds the hours 2023-01-01T00:00Z to 2023-01-01T01:00Z, and the run needs "
                                  "2023-01-01T02:00Z"));
}
