// JSON by its contract; CSV, Markdown and LaTeX by their syntax.
#include "report/writers.hpp"

#include "catch.hpp"
#include "sample.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace traingrid {
namespace {

using nlohmann::json;

/// Every key that scripts rely on.
const std::vector<std::string> kContract{"/mode",
                                         "/feasible",
                                         "/reason",
                                         "/run/name",
                                         "/cluster/name",
                                         "/cluster/accelerator",
                                         "/cluster/accelerators",
                                         "/cluster/nodes",
                                         "/site/name",
                                         "/step/time_s",
                                         "/step/tokens_per_s",
                                         "/step/samples_per_s",
                                         "/step/model_tflops_per_accelerator",
                                         "/step/mfu",
                                         "/step/hfu",
                                         "/step/memory/peak_gib",
                                         "/step/memory/capacity_gib",
                                         "/step/breakdown_s/compute",
                                         "/step/breakdown_s/recompute",
                                         "/step/breakdown_s/tensor",
                                         "/step/breakdown_s/context",
                                         "/step/breakdown_s/expert",
                                         "/step/breakdown_s/pipeline_bubble",
                                         "/step/breakdown_s/pipeline_p2p",
                                         "/step/breakdown_s/data",
                                         "/step/breakdown_s/optimizer",
                                         "/step/breakdown_s/other",
                                         "/step/activities",
                                         "/step/classes",
                                         "/step/links",
                                         "/duration/days",
                                         "/duration/steps",
                                         "/duration/accelerator_hours",
                                         "/duration/goodput",
                                         "/duration/failures",
                                         "/energy/it_mwh",
                                         "/energy/facility_mwh",
                                         "/energy/pue",
                                         "/energy/mean_it_mw",
                                         "/energy/peak_it_mw",
                                         "/energy/peak_facility_mw",
                                         "/energy/free_cooling",
                                         "/energy/reused_mwh",
                                         "/energy/ere",
                                         "/energy/erf",
                                         "/energy/parts_mwh/accelerators",
                                         "/energy/parts_mwh/hosts",
                                         "/energy/parts_mwh/network",
                                         "/energy/parts_mwh/storage",
                                         "/energy/parts_mwh/conversion",
                                         "/energy/parts_mwh/cooling",
                                         "/energy/parts_mwh/other",
                                         "/carbon/location_t",
                                         "/carbon/market_t",
                                         "/carbon/marginal_t",
                                         "/carbon/embodied_t",
                                         "/carbon/avoided_t",
                                         "/carbon/hourly_cfe",
                                         "/carbon/annual_cfe",
                                         "/carbon/surplus_mwh",
                                         "/carbon/intensity_kg_per_kwh",
                                         "/water/onsite_m3",
                                         "/water/offsite_m3",
                                         "/water/wue_l_per_kwh",
                                         "/cost/epoch/hardware_usd",
                                         "/cost/epoch/interconnect_usd",
                                         "/cost/epoch/energy_usd",
                                         "/cost/epoch/total_usd",
                                         "/cost/epoch/upfront_usd",
                                         "/cost/cloud/total_usd",
                                         "/cost/tco/total_usd",
                                         "/cost/tco/usd_per_accelerator_hour",
                                         "/cost/price_year",
                                         "/published",
                                         "/intervals",
                                         "/provenance/version",
                                         "/provenance/inputs",
                                         "/provenance/command"};

json written(const Result& result) { return json::parse(write_json(result)); }

/// The cells of a line without quoted commas.
std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> all;
  std::istringstream stream{line + ","};
  for (std::string cell; std::getline(stream, cell, ',');) all.push_back(cell);
  return all;
}

}  // namespace

TEST_CASE("every writer has a name of its own and a summary") {
  std::set<std::string_view> names;
  for (const Writer& writer : kWriters) {
    CHECK(names.insert(writer.name).second);
    CHECK_FALSE(writer.summary.empty());
    CHECK(find_writer(writer.name) == &writer);
  }
  CHECK_FALSE(find_writer("xml"));
}

TEST_CASE("every writer ends its text with a newline and gives equal bytes for equal results") {
  for (const Writer& writer : kWriters) {
    for (const Result& result : {sample::simulated(), sample::replayed(), sample::infeasible(), Result{}}) {
      INFO(writer.name);
      const std::string text = writer.write(result);
      CHECK(text.ends_with('\n'));
      CHECK(text == writer.write(result));
    }
  }
}

TEST_CASE("the JSON has every key of its contract, whatever the result") {
  for (const Result& result : {sample::simulated(), sample::replayed(), sample::infeasible(), Result{}}) {
    const json root = written(result);
    CHECK(root["schema"] == "traingrid.result/1");
    for (const std::string& key : kContract) {
      INFO(key);
      CHECK(root.contains(json::json_pointer{key}));
    }
  }
}

TEST_CASE("the JSON has null where a field does not apply") {
  const json replayed = written(sample::replayed());
  CHECK(replayed["mode"] == "replayed");
  CHECK(replayed["reason"].is_null());
  CHECK(replayed["step"]["time_s"].is_null());
  CHECK(replayed["step"]["links"].is_null());
  CHECK(replayed["cost"]["tco"]["total_usd"].is_null());
  const json infeasible = written(sample::infeasible());
  CHECK(infeasible["feasible"] == false);
  CHECK(infeasible["step"]["time_s"].is_null());
  CHECK(infeasible["step"]["memory"]["terms"][0] == json{{"name", "weights"}, {"gib", 40.0}});
  CHECK(infeasible["duration"]["days"].is_null());
}

TEST_CASE("numbers in the JSON read back to the last bit, and counts are whole") {
  Result result = sample::simulated();
  result.step->time = 0.1 * second + 0.2 * second;
  const std::string text = write_json(result);
  CHECK(json::parse(text)["step"]["time_s"] == 0.1 + 0.2);
  CHECK(text.find("\"activities\": 786432,") != std::string::npos);
  CHECK(text.find("\"mfu\": 0.34,") != std::string::npos);
}

TEST_CASE("published figures stand at the names of the fields they belong to, with their sources") {
  const json published = written(sample::simulated())["published"];
  CHECK(published["duration"]["days"] == 14.8);
  CHECK(published["source"]["duration"]["days"] == "Patterson et al. 2021, Table 4");
  CHECK(published["cost"]["epoch"]["total_usd"] == 2000000);
  CHECK_FALSE(published.contains("step"));
}

TEST_CASE("the JSON says from which inputs and by which command it came") {
  const json provenance = written(sample::simulated())["provenance"];
  CHECK(provenance == json{{"version", "0.1.0"},
                           {"command", "traingrid run tiny"},
                           {"inputs", {{{"path", "workloads/runs/tiny.yaml"}, {"sha256", "ab12"}}}}});
}

TEST_CASE("the JSON stays valid if a name is not UTF-8") {
  Result result = sample::simulated();
  result.command = "traingrid run \xff";
  CHECK_NOTHROW(written(result));
}

TEST_CASE("the CSV has the same heading for every run, and as many cells as headings") {
  std::string heading;
  for (const Result& result : {sample::simulated(), sample::replayed(), sample::infeasible()}) {
    std::istringstream lines{write_csv(result)};
    std::string names, row;
    std::getline(lines, names);
    std::getline(lines, row);
    CHECK(cells(names).size() == cells(row).size());
    if (!heading.empty()) CHECK(names == heading);
    heading = names;
  }
}

TEST_CASE("the CSV holds ours and the published figures under names with units") {
  std::istringstream lines{write_csv(sample::simulated())};
  std::string heading, row;
  std::getline(lines, heading);
  std::getline(lines, row);
  const auto names = cells(heading);
  const auto values = cells(row);
  const auto value = [&](const std::string& name) {
    return values.at(static_cast<std::size_t>(std::ranges::find(names, name) - names.begin()));
  };
  CHECK(value("mode") == "simulated");
  CHECK(value("step.time_s") == "8");
  CHECK(value("step.mfu") == "0.34");
  CHECK(value("published.duration.days") == "14.8");
  CHECK(value("published.step.time_s").empty());
  CHECK(value("carbon.market_t").empty());
}

TEST_CASE("the CSV quotes what would break its rows") {
  Result result = sample::simulated();
  result.run_name = "a \"b\", c\nd";
  CHECK(write_csv(result).find("\"a \"\"b\"\", c\nd\"") != std::string::npos);
}

TEST_CASE("Markdown has as many cells in every row as in its heading") {
  std::istringstream lines{write_markdown(sample::simulated())};
  std::set<std::ptrdiff_t> counts;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('|')) counts.insert(std::ranges::count(line, '|'));
  }
  CHECK(counts == std::set<std::ptrdiff_t>{7});
}

TEST_CASE("Markdown escapes what would be markup") {
  Result result = sample::infeasible();
  result.reason = "a|b *c* <d>";
  CHECK(write_markdown(result).find(R"(Infeasible: a\|b \*c\* \<d>)") != std::string::npos);
}

TEST_CASE("LaTeX is a booktabs tabular in which a percent sign does not start a comment") {
  const std::string text = write_latex(sample::simulated());
  CHECK(text.find("\\begin{tabular}{llrrrr}\n\\toprule\n") != std::string::npos);
  CHECK(text.find("\\quad compute & s & 6.00 & 75.0 \\% &  &  \\\\\n") != std::string::npos);
  CHECK(text.ends_with("\\bottomrule\n\\end{tabular}\n"));
}

TEST_CASE("LaTeX escapes names, and a note of several lines stays a comment") {
  Result result = sample::infeasible();
  result.step->memory_terms = {{.name = "a_b & {c} \\d", .bytes = gib}};
  result.notes = {"first\nsecond"};
  const std::string text = write_latex(result);
  CHECK(text.find(R"(a\_b \& \{c\} \textbackslash{}d)") != std::string::npos);
  CHECK(text.find("% first second\n") != std::string::npos);
}

TEST_CASE("intervals stand under the names of their figures in the JSON, and are null where all is known exactly") {
  Result result = sample::simulated();
  CHECK(written(result)["intervals"].is_null());
  result.intervals["energy.facility_mwh"] = {.p5 = 1200, .p50 = 1280, .p95 = 1400.5};
  const json expected = {{"energy", {{"facility_mwh", {{"p5", 1200}, {"p50", 1280}, {"p95", 1400.5}}}}}};
  CHECK(written(result)["intervals"] == expected);
}

TEST_CASE("the CSV of a result with intervals has three columns more per figure, and cells where a figure varies") {
  Result result = sample::simulated();
  const std::string before = write_csv(result);
  CHECK(before.find("intervals.") == std::string::npos);
  result.intervals["energy.facility_mwh"] = {.p5 = 1200, .p50 = 1280, .p95 = 1400.5};
  std::istringstream lines(write_csv(result));
  std::string heading, row;
  std::getline(lines, heading);
  std::getline(lines, row);
  const auto names = cells(heading), values = cells(row);
  REQUIRE(names.size() == values.size());
  CHECK(heading.starts_with(before.substr(0, before.find('\n'))));
  const auto value_of = [&](std::string_view name) {
    return values.at(static_cast<std::size_t>(std::ranges::find(names, name) - names.begin()));
  };
  CHECK(value_of("intervals.energy.facility_mwh.p5") == "1200");
  CHECK(value_of("intervals.energy.facility_mwh.p50") == "1280");
  CHECK(value_of("intervals.energy.facility_mwh.p95") == "1400.5");
  CHECK(value_of("intervals.energy.it_mwh.p5").empty());
}

TEST_CASE("the inputs that matter most stand with the interval in the JSON, and below the rows for people") {
  Result result = sample::simulated();
  const Influence pue{.input = "site.pue", .rank_correlation = -0.5};
  result.intervals["energy.facility_mwh"] = {.p5 = 1200, .p50 = 1280, .p95 = 1400.5, .influences = {pue}};
  const json expected = {{{"input", "site.pue"}, {"rank_correlation", -0.5}, {"explained", 0.25}}};
  CHECK(written(result)["intervals"]["energy"]["facility_mwh"]["influences"] == json::array({expected[0]}));
  CHECK(write_table(result).find("  - energy.facility_mwh: site.pue 25.0 %\n") != std::string::npos);
  CHECK(write_markdown(result).find("- energy.facility\\_mwh: site.pue 25.0 %\n") != std::string::npos);
  CHECK(write_latex(result).find("explain): energy.facility_mwh: site.pue 25.0 %\n") != std::string::npos);
}

}  // namespace traingrid
