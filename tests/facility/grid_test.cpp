#include "facility/grid.hpp"

#include "catch.hpp"
#include "read_text.hpp"
#include "shop.hpp"

#include <numeric>

using namespace traingrid;

namespace {

constexpr CarbonIntensity kGramPerKwh = 1e-3 * (kilogram / kilowatt_hour);

struct Loaded {
  Grid grid;
  std::string problems;
};

/// A grid of this text, with a file "grid.csv" beside it.
Loaded load(const std::string& text, const std::string& csv) {
  const auto folder = std::filesystem::temp_directory_path() / ("grid-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "grid.csv") << csv;
  std::ofstream(folder / "grid.yaml") << text;
  Loaded loaded;
  Inputs inputs(source_catalogue());
  Document document = inputs.open<Grid>("grids", (folder / "grid.yaml").string());
  loaded.grid = inputs.read<Grid>(document);
  load_grid(loaded.grid, inputs, "grid", "");
  loaded.problems = inputs.problems().text();
  for (auto at = loaded.problems.find(folder.string()); at != std::string::npos;
       at = loaded.problems.find(folder.string()))
    loaded.problems.erase(at, folder.string().size() + 1);
  std::filesystem::remove_all(folder);
  return loaded;
}

double mean_grams(const Grid& grid) {
  const auto hours = grid.carbon().values();
  const CarbonIntensity sum = std::accumulate(hours.begin(), hours.end(), CarbonIntensity{});
  return sum / static_cast<double>(hours.size()) / kGramPerKwh;
}

constexpr const char* kEia = "file: {path: grid.csv, format: eia-930, fuels: ipcc-ar5}\n";
constexpr const char* kFuels = "timestamp,WND,SUN,WAT,OIL,NG,COL,NUC,OTH,avg_CI\n";

}  // namespace

TEST_CASE("every grid and every set of factors of the catalogue reads without a problem, with sources") {
  check_catalogue_folder<Grid>("grids", 4);
  check_catalogue_folder<Fuels>("fuels", 1);
}

TEST_CASE("typical days of a grid keep the annual mean of the hours they were made from") {
  struct Row {
    const char* name;
    double direct, lifecycle;
  };
  const Row row = GENERATE(Row{"pjm", 321.8, 392.4}, Row{"germany", 307.7, 367.0}, Row{"singapore", 369.2, 488.1},
                           Row{"california", 194.0, 260.7});
  INFO(row.name);
  const auto load_typical = [&](Factors factors) {
    Grid grid = catalogue_entry<Grid>("grids", row.name);
    grid.factors = factors;
    Inputs inputs(source_catalogue());
    load_grid(grid, inputs, "grid", "");
    return grid;
  };
  CHECK(mean_grams(load_typical(Factors::direct)) == Approx(row.direct).margin(0.1));
  CHECK(mean_grams(load_typical(Factors::lifecycle)) == Approx(row.lifecycle).margin(0.1));
}

TEST_CASE("a mix of fuels gives the intensity and the water of its factors") {
  struct Row {
    const char* cells;
    double grams, litres;
  };
  const Row row = GENERATE(Row{"3494.0,17.0,3044.0,241.0,33595.0,17255.0,33745.0,722.0", 341.434, 1.5829},
                           Row{"3130.0,1367.0,2304.0,44.0,6764.0,19.0,2265.0,189.0", 222.296, 0.8243},
                           Row{"16317,50,7,0,14483,9642,5101,60", 334.206, 0.9760});
  const Loaded loaded = load(kEia, fmt::format("{}2022-01-01 00:00:00+00:00,{},0\n", kFuels, row.cells));
  CHECK(loaded.problems.empty());
  const Instant first = *parse_instant("2022-01-01T00:30Z");
  CHECK(loaded.grid.carbon().at(first) / kGramPerKwh == Approx(row.grams).epsilon(2e-6));
  CHECK(loaded.grid.water()->at(first) / (litre / kilowatt_hour) == Approx(row.litres).epsilon(1e-4));
}

TEST_CASE("a column of any CSV file has the unit and the time zone that the description says") {
  const Loaded loaded = load("column: {path: grid.csv, time: when, column: ci, unit: kg/MWh, utc_offset: 2 h}\n",
                             "when,ci\n2023-01-01 02:00,300\n2023-01-01 03:00,-10\n");
  CHECK(loaded.problems.empty());
  CHECK(loaded.grid.carbon().at(*parse_instant("2023-01-01T00:00Z")) / kGramPerKwh == Approx(300));
  CHECK(loaded.grid.carbon().at(*parse_instant("2023-01-01T01:59Z")) / kGramPerKwh == Approx(-10));
}

TEST_CASE("missing columns, wrong units, cells that are no numbers and bad times are problems with their lines") {
  CHECK(
      load("column: {path: grid.csv, column: carbn, unit: USD/MWh}\n", "time,carbon\n2023-01-01T00:00,1\n").problems ==
      R"(grid.yaml:1:47: unit 'USD/MWh' does not fit here; accepted units: g/kWh
  column: {path: grid.csv, column: carbn, unit: USD/MWh}
                                                ^
grid.csv:1:1: there is no column 'carbn'; did you mean 'carbon'?
  time,carbon
  ^)");
  CHECK(load("column: {path: grid.csv, column: ci, unit: g/kWh}\n", "time,ci\n1 January,low\n2023-01-01T00:00,n/a\n")
            .problems ==
        R"(grid.csv:2:1: '1 January' is not a time; write it as 2023-01-01T05:00 or 2023-01-01 05:00:00+00:00
  1 January,low
  ^
grid.csv:2:11: 'ci' must be a number, not 'low'; leave the cell empty if there is no value
  1 January,low
            ^
grid.csv:3:18: 'ci' must be a number, not 'n/a'; leave the cell empty if there is no value
  2023-01-01T00:00,n/a
                   ^)");
  CHECK(load(kEia, "timestamp,WND\n2022-01-01 00:00,1\n").problems.find("grid.csv:1:1: there is no column 'COL'") == 0);
  CHECK(load("file: {path: grid.csv}\n", "Datetime (UTC)\n").problems ==
        "grid.csv:1:1: holds no hours; it needs a heading and a row per hour\n  Datetime (UTC)\n  ^");
}

TEST_CASE("short gaps are filled and said, long ones are problems") {
  std::string hours = kFuels;
  const auto add = [&](int day_of, int hour_of, const char* cells) {
    hours += fmt::format("2022-01-{:02} {:02}:00:00+00:00,{},0\n", day_of, hour_of, cells);
  };
  add(1, 0, "1,0,0,0,1,0,0,0");
  add(1, 1, ",,,,,,,");
  add(1, 3, "1,0,0,0,1,0,0,0");
  const Loaded filled = load(kEia, hours);
  CHECK(filled.problems.empty());
  REQUIRE(filled.grid.notes.size() == 1);
  CHECK(filled.grid.notes[0].ends_with("2 missing hours were filled in with straight lines, at most 2 in a row"));
  add(1, 8, "1,0,0,0,1,0,0,0");
  CHECK(load(kEia, hours).problems.find("grid.csv:5:1: 4 hours are missing between line 4 (2022-01-01T03:00Z)") == 0);
}

TEST_CASE("hours far from the median are used, and named") {
  std::string hours = "time,ci\n";
  for (int h = 0; h < 24; ++h) hours += fmt::format("2023-01-01T{:02}:00,{}\n", h, h == 5 ? 46.9 : 340.0);
  const Loaded loaded = load("column: {path: grid.csv, column: ci, unit: g/kWh}\n", hours);
  REQUIRE(loaded.grid.notes.size() == 1);
  CHECK(
      loaded.grid.notes[0].ends_with("1 hours are 4 times above or below the median of 340 g/kWh, the first "
                                     "2023-01-01T05:00Z with 46.9; they are used as they are"));
}

TEST_CASE("marginal emissions stand beside those of the mix, and are not said to be both") {
  const std::string hours = "time,ci,moer\n2023-01-01T00:00,400,700\n2023-01-01T01:00,500,\n";
  const std::string both =
      "column: {path: grid.csv, column: ci, unit: g/kWh}\n"
      "marginal: {path: grid.csv, column: moer, unit: g/kWh}\n";
  const Loaded loaded = load(both, hours);
  CHECK(loaded.grid.carbon().values()[0] / kGramPerKwh == Approx(400));
  CHECK(loaded.grid.caused().values()[1] / kGramPerKwh == Approx(700));
  CHECK(load(both + "attribution: marginal\n", hours).problems.find("marginal too; keep one") != std::string::npos);
  CHECK(load("intensity: 400 g/kWh\n", "").grid.caused().is_steady());
}

TEST_CASE("hours of tables and columns are scaled together, and a scale without hours is refused") {
  const std::string hours = "time,ci\n2023-01-01T00:00,400\n2023-01-01T01:00,500\n";
  const Loaded column = load("column: {path: grid.csv, column: ci, unit: g/kWh, scale: 1.1}\n", hours);
  CHECK(column.grid.hourly_carbon.values()[1] / kGramPerKwh == Approx(550));
  const Loaded plain = load("base: pjm\n", ""), scaled = load("base: pjm\nscale: 0.9\n", "");
  CHECK(scaled.grid.hourly_carbon.values()[5] / plain.grid.hourly_carbon.values()[5] == Approx(0.9));
  CHECK(load("intensity: 400 g/kWh\nscale: 1.1\n", "").problems.find("has an effect on tables and files") !=
        std::string::npos);
}

TEST_CASE("intensities that no grid has are named, as of kilograms said to be grams") {
  const std::string hours = "time,ci\n2023-01-01T00:00,0.41\n2023-01-01T01:00,0.42\n";
  const Loaded grams = load("column: {path: grid.csv, column: ci, unit: g/kWh}\n", hours);
  REQUIRE(grams.grid.notes.size() == 1);
  CHECK(grams.grid.notes[0].ends_with("the median of 0.42 g/kWh is that of no grid; check the unit"));
  CHECK(load("column: {path: grid.csv, column: ci, unit: kg/kWh}\n", hours).grid.notes.empty());
}

TEST_CASE("files of EIA-930 are read as they are: CAISO with hours filled, PJM refused for a gap of 22 hours") {
  const auto data = data_folder();
  if (data.empty()) return;
  const auto grid = [&](const char* area) {
    return fmt::format("file: {{path: \"{}\", format: eia-930, fuels: ipcc-ar5}}\n",
                       (data / fmt::format("carbon/eia930_{}_2022_fuelmix_avgCI.csv", area)).string());
  };
  const Loaded california = load(grid("CISO"), "");
  CHECK(california.problems.empty());
  REQUIRE_FALSE(california.grid.notes.empty());
  CHECK(california.grid.notes[0].ends_with("3 missing hours were filled in with straight lines, at most 1 in a row"));
  CHECK(load(grid("PJM"), "").problems.find(":1713:1: 22 hours in a row lack a value from here on") !=
        std::string::npos);
}

TEST_CASE("a grid says its emissions in one way, and a mix of fuels needs factors") {
  CHECK(messages(read_text<Grid>("zone: nowhere\n", "grid").problems) ==
        std::vector<std::string>{"emissions of a grid are stated in one way: 'intensity', 'lifecycle_g_per_kwh' or "
                                 "'direct_g_per_kwh', 'file', or 'column'"});
  CHECK(messages(read_text<Grid>("file: {path: a.csv, format: eia-930}\n", "grid").problems) ==
        std::vector<std::string>{"a file of generation by fuel needs 'fuels'"});
  CHECK(messages(read_text<Grid>("intensity: 1 g/kWh\nmarket_intensity: 0 g/kWh\ncontracts: [{name: a, power: 1 MW, "
                                 "intensity: 0 g/kWh}]\n",
                                 "grid")
                     .problems) ==
        std::vector<std::string>{
            "'market_intensity' and 'contracts' both say what the market-based emissions are; keep one"});
}

TEST_CASE("a mix of fuels counts reservoirs of its hydropower if it is asked to") {
  const std::string row = fmt::format("{}2022-01-01 00:00:00+00:00,0,0,250,0,750,0,0,0,0\n", kFuels);
  const auto litres = [&](const std::string& more) {
    return load(kEia + more, row).grid.water()->at(*parse_instant("2022-01-01T00:30Z")) / (litre / kilowatt_hour);
  };
  CHECK(litres("") == Approx(0.75 * 1.1356));
  CHECK(litres("reservoirs: include\n") == Approx(0.75 * 1.1356 + 0.25 * 17));
  CHECK_THAT(load("intensity: 400 g/kWh\nreservoirs: include\n", "").problems,
             ContainsSubstring("'reservoir_water' is stated, here or of a fuel, only"));
}
