// The list of fields: complete against the contract of the JSON, and consistent in itself.
#include "report/columns.hpp"

#include "catch.hpp"
#include "sample.hpp"

#include <set>

namespace traingrid {
namespace {

double figure(const Result& result, std::string_view path) { return number(find_column(path)->value(result)).value(); }

}  // namespace

TEST_CASE("every field has a path of its own") {
  std::set<std::string_view> paths;
  for (const Column& column : columns()) CHECK(paths.insert(column.path).second);
}

TEST_CASE("every part names a figure that it is a part of") {
  for (const Column& column : columns()) {
    if (column.whole.empty()) continue;
    INFO(column.path);
    REQUIRE(find_column(column.whole));
    CHECK(find_column(column.whole)->is_figure());
    CHECK(column.is_figure());
  }
}

TEST_CASE("fields are in the unit at the end of their name") {
  const Result result = sample::simulated();
  CHECK(figure(result, "step.time_s") == Approx(8));
  CHECK(figure(result, "step.model_tflops_per_accelerator") == Approx(42.5));
  CHECK(figure(result, "step.memory.peak_gib") == Approx(27.125));
  CHECK(figure(result, "duration.days") == Approx(14.77));
  CHECK(figure(result, "duration.accelerator_hours") == Approx(3544800));
  CHECK(figure(result, "energy.facility_mwh") == Approx(1287.06));
  CHECK(figure(result, "energy.peak_facility_mw") == Approx(3.85));
  CHECK(figure(result, "carbon.location_t") == Approx(552.15));
  CHECK(figure(result, "carbon.intensity_kg_per_kwh") == Approx(0.429));
  CHECK(figure(result, "water.wue_l_per_kwh") == Approx(0.55));
  CHECK(figure(result, "water.total_m3") == Approx(708 + 4731));
  CHECK(figure(result, "cost.epoch.total_usd") == Approx(2088539));
}

TEST_CASE("the parts of the sample's step and energy sum to their wholes") {
  const Result result = sample::simulated();
  for (const std::string_view whole : {"step.time_s", "energy.facility_mwh"}) {
    double sum = 0;
    for (const Column& column : columns()) {
      if (column.whole == whole) sum += number(column.value(result)).value_or(0);  // nothing is offloaded
    }
    CHECK(sum == Approx(figure(result, whole)));
  }
}

TEST_CASE("a step that does not fit has memory and no time") {
  const Result result = sample::infeasible();
  CHECK(figure(result, "step.memory.peak_gib") == Approx(40));
  CHECK_FALSE(number(find_column("step.time_s")->value(result)));
  CHECK_FALSE(number(find_column("step.breakdown_s.compute")->value(result)));
}

TEST_CASE("water in all is known only if both its parts are") {
  Result result = sample::simulated();
  result.water->offsite.reset();
  CHECK_FALSE(number(find_column("water.total_m3")->value(result)));
}

TEST_CASE("a path that no field has is not found") { CHECK_FALSE(find_column("duration.weeks")); }

}  // namespace traingrid
