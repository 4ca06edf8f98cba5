// The table that people read, asserted whole.
#include "catch.hpp"
#include "report/sheet.hpp"
#include "report/writers.hpp"
#include "sample.hpp"

#include <algorithm>
#include <sstream>

namespace traingrid {

TEST_CASE("computed numbers have two decimals below 10,000 and four digits below 1") {
  CHECK(people_number(14.77) == "14.77");
  CHECK(people_number(552.15) == "552.15");
  CHECK(people_number(1287.06) == "1,287.06");
  CHECK(people_number(9999.999) == "10,000");
  CHECK(people_number(229938272.4) == "229,938,272");
  CHECK(people_number(-1234.5) == "-1,234.50");
  CHECK(people_number(-100000) == "-100,000");
  CHECK(people_number(0.99999) == "1.00");
  CHECK(people_number(0.196811) == "0.1968");
  CHECK(people_number(0) == "0");
}

TEST_CASE("ends of intervals have four digits") {
  CHECK(rounded_number(1234.5) == "1,235");
  CHECK(rounded_number(2148523) == "2,149,000");
  CHECK(rounded_number(-99996) == "-100,000");
  CHECK(rounded_number(14.768) == "14.77");
  CHECK(rounded_number(0.196811) == "0.1968");
  CHECK(rounded_number(0) == "0");
}

TEST_CASE("published numbers keep the digits they were published with") {
  CHECK(published_number(14.8) == "14.8");
  CHECK(published_number(1287) == "1,287");
  CHECK(published_number(3552000) == "3,552,000");
  CHECK(published_number(123456.75) == "123,456.75");
}

TEST_CASE("the table shows ours and the published figures side by side") {
  CHECK(write_table(sample::simulated()) == R"(tiny on pair (10,000 × V100 in 1,250 nodes) at here

                                   unit            simulated   share  published  difference
step
  step time                        s                    8.00
    compute                        s                    6.00  75.0 %
    pipeline bubble                s                    2.00  25.0 %
  throughput                       tokens/s          400,000
  throughput                       samples/s          195.31
  model work per accelerator       TFLOP/s             42.50
  model FLOP utilisation (MFU)     of peak              0.34
  hardware FLOP utilisation (HFU)  of peak             0.455
  memory, fullest accelerator      GiB        27.12 of 31.75
    weights                        GiB                 20.00
    activations                    GiB                  7.12
  activities, unfolded                               786,432
  activities, executed                                11,296
duration
  duration                         days                14.77               14.8      -0.2 %
  steps                                               93,750
  accelerator-hours                h               3,544,800
energy
  at the IT equipment              MWh              1,170.05
  at the meter of the facility     MWh              1,287.06              1,287       0.0 %
    accelerators                   MWh              1,000.00  77.7 %
    hosts                          MWh                170.05  13.2 %
    other overhead of the site     MWh                117.01   9.1 %
  power usage effectiveness (PUE)                       1.10
  mean IT power                    MW                   3.30
  peak IT power                    MW                   3.50
  peak facility power              MW                   3.85
carbon
  electricity, location-based      t CO2e             552.15
  intensity of the grid            kg/kWh              0.429
water
  consumed on site                 m³                 708.00
  consumed off site, power plants  m³               4,731.00
  consumed in all                  m³               5,439.00
  water usage effectiveness (WUE)  L/kWh                0.55
cost (nominal USD of the run)
  hardware (amortised, Epoch)      USD             1,616,754
  interconnect (amortised, Epoch)  USD               379,239
  energy (TDP model, Epoch)        USD                92,546
  total (amortised, Epoch)         USD             2,088,539          2,000,000      +4.4 %
  upfront purchase (Epoch)         USD           229,938,272
  cloud (3-year commitment)        USD             4,120,320

notes
  - The layout is an assumption: the one in use is not published.

published figures
  - duration.days, energy.facility_mwh: Patterson et al. 2021, Table 4
  - cost.epoch.total_usd: Epoch AI
)");
}

TEST_CASE("a replay stands under its own heading and never under that of a simulation") {
  const std::string table = write_table(sample::replayed());
  CHECK(table.find("replayed") != std::string::npos);
  CHECK(table.find("simulated") == std::string::npos);
  CHECK(table.find("step time") == std::string::npos);
}

TEST_CASE("the title says of how many nodes a run takes a part") {
  Result result = sample::blank();
  result.whole_nodes = 1300;
  CHECK(write_table(result).starts_with("tiny on pair (10,000 × V100 in 1,250 of 1,300 nodes) at here"));
  result.accelerators = 8;
  result.nodes = result.whole_nodes = 1;
  CHECK(write_table(result).starts_with("tiny on pair (8 × V100 in 1 node) at here"));
}

TEST_CASE("an infeasible design is shown with its reason and its memory by term") {
  CHECK(write_table(sample::infeasible()) == R"(tiny on pair (10,000 × V100 in 1,250 nodes) at here
infeasible: needs 40.00 GiB of 31.75 GiB: choose more pipeline stages

                               unit       simulated
step
  memory, fullest accelerator  GiB   40.00 of 31.75
    weights                    GiB            40.00
)");
}

TEST_CASE("no line of the table is wider than 100 columns") {
  Result result = sample::simulated();
  result.notes = {std::string(60, 'x') + ' ' + std::string(35, 'y') + ' ' + std::string(96, 'z'), "short"};
  std::istringstream lines{write_table(result)};
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }) <= 100);
    CHECK_FALSE(line.ends_with(' '));
  }
}

TEST_CASE("a note that is broken into lines stays below its own text") {
  Result result = sample::infeasible();
  result.notes = {std::string(60, 'x') + ' ' + std::string(60, 'y')};
  CHECK(write_table(result).ends_with("\n  - " + std::string(60, 'x') + "\n    " + std::string(60, 'y') + '\n'));
}

TEST_CASE("a published figure of which we have none is shown all the same") {
  Result result = sample::replayed();
  result.published = {{.name = "step.mfu", .value = 0.196, .source = "a paper"}};
  const Sheet sheet = sheet_of(result);
  REQUIRE(sheet.rows.size() > 1);
  CHECK(sheet.rows[1].cells == std::vector<std::string>{"model FLOP utilisation (MFU)", "of peak", "–", "", "0.196"});
}

TEST_CASE("a run of which nothing was published has no column for it") {
  Result result = sample::simulated();
  result.published.clear();
  CHECK(sheet_of(result).headings == std::vector<std::string>{"", "unit", "simulated", "share"});
}

TEST_CASE("costs in the money of another year say so") {
  Result result = sample::simulated();
  result.cost->price_year = 2024;
  CHECK(write_table(result).find("cost (USD of 2024)") != std::string::npos);
}

TEST_CASE("a table with intervals fits its width without what follows from its other columns") {
  Result result = sample::simulated();
  const auto widest = [](const std::string& text) {
    std::size_t most = 0, now = 0;
    for (const char c : text) {
      now = c == '\n' ? 0 : now + ((c & 0xC0) != 0x80 ? 1 : 0);
      most = std::max(most, now);
    }
    return most;
  };
  CHECK(write_table(result).find("difference") != std::string::npos);
  result.intervals["cost.cloud.total_usd"] = {.p5 = 2741000, .p50 = 2742000, .p95 = 2754000};
  result.intervals["energy.facility_mwh"] = {.p5 = 1200, .p50 = 1280, .p95 = 1400.4};
  const std::string text = write_table(result);
  CHECK(widest(text) <= 100);
  CHECK(text.find("published") != std::string::npos);
  CHECK(text.find("difference") == std::string::npos);
}

TEST_CASE("the table prints p5 and p95 beside the figures that vary, and no such column where none does") {
  Result result = sample::simulated();
  CHECK(write_table(result).find("p5") == std::string::npos);
  result.intervals["energy.facility_mwh"] = {.p5 = 1200, .p50 = 1280, .p95 = 1400.4};
  const std::string text = write_table(result);
  CHECK(text.find("p5 – p95") != std::string::npos);
  CHECK(text.find("1,287.06  1,200 – 1,400              1,287") != std::string::npos);
}

}  // namespace traingrid
