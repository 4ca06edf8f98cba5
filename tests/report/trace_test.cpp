// The timeline, parsed back.
#include "report/trace.hpp"

#include "catch.hpp"

#include <nlohmann/json.hpp>

namespace traingrid {
namespace {

using nlohmann::json;

StepTrace two_stages() {
  return {.processes = {{.name = "stage 0 (624 accelerators)", .tracks = {"compute", "pipeline"}},
                        {.name = "stage 1 (624 \"accelerators\")", .tracks = {"compute"}}},
          .spans = {{.process = 0, .track = 0, .name = "forward 2", .start = 0.2 * second, .duration = 0.1 * second},
                    {.process = 0, .track = 0, .name = "forward 1", .start = 0.1 * second, .duration = 0.1 * second},
                    {.process = 0, .track = 1, .name = "send 1", .start = 0.2 * second, .duration = 1e-6 * second},
                    {.process = 1, .track = 0, .name = "layer", .start = 0.2 * second, .duration = 0.05 * second},
                    {.process = 1, .track = 0, .name = "forward 1", .start = 0.2 * second, .duration = 0.1 * second}},
          .counters = {{.process = 1,
                        .name = "power",
                        .series = "W",
                        .samples = {{.time = 0 * second, .value = 155.5}, {.time = 0.2 * second, .value = 300}}}}};
}

/// The events of a phase ("X", "M", "C") in the order of the file.
std::vector<json> events(const StepTrace& trace, const std::string& phase) {
  std::vector<json> found;
  const json root = json::parse(write_trace(trace));
  for (const json& event : root["traceEvents"]) {
    if (event["ph"] == phase) found.push_back(event);
  }
  return found;
}

}  // namespace

TEST_CASE("the trace names its processes and tracks") {
  std::vector<json> names;
  for (const json& event : events(two_stages(), "M")) {
    if (event["args"].contains("name")) names.push_back(event);
  }
  REQUIRE(names.size() == 5);
  CHECK(names[0] == json{{"ph", "M"},
                         {"name", "process_name"},
                         {"pid", 0},
                         {"tid", 0},
                         {"args", {{"name", "stage 0 (624 accelerators)"}}}});
  CHECK(names[2] ==
        json{{"ph", "M"}, {"name", "thread_name"}, {"pid", 0}, {"tid", 1}, {"args", {{"name", "pipeline"}}}});
  CHECK(names[3]["args"]["name"] == "stage 1 (624 \"accelerators\")");
}

TEST_CASE("spans are written in microseconds, by track and start, what encloses others first") {
  const auto spans = events(two_stages(), "X");
  REQUIRE(spans.size() == 5);
  CHECK(spans[0] ==
        json{{"ph", "X"}, {"name", "forward 1"}, {"pid", 0}, {"tid", 0}, {"ts", 100000.0}, {"dur", 100000.0}});
  CHECK(spans[1]["name"] == "forward 2");
  CHECK(spans[2]["dur"] == 1.0);
  CHECK(spans[3]["name"] == "forward 1");
  CHECK(spans[4]["name"] == "layer");
}

TEST_CASE("spans that touch do not overlap after rounding") {
  StepTrace trace{.processes = {{.name = "stage", .tracks = {"compute"}}}};
  Seconds time;
  for (int i = 0; i < 1000; ++i) {
    trace.spans.push_back({.name = "layer", .start = time, .duration = 1.2345678e-4 * second});
    time += trace.spans.back().duration;
  }
  double end = 0;
  for (const json& span : events(trace, "X")) {
    CHECK(span["ts"].get<double>() == Approx(end).margin(1e-6));
    end = span["ts"].get<double>() + span["dur"].get<double>();
  }
}

TEST_CASE("counters carry their unit as the name of their series") {
  const auto counters = events(two_stages(), "C");
  REQUIRE(counters.size() == 2);
  CHECK(counters[0] == json{{"ph", "C"}, {"name", "power"}, {"pid", 1}, {"ts", 0.0}, {"args", {{"W", 155.5}}}});
  CHECK(counters[1]["ts"] == 200000.0);
}

TEST_CASE("a trace without events is valid") { CHECK(json::parse(write_trace({}))["traceEvents"].empty()); }

}  // namespace traingrid
