#include "study/nearest.hpp"

#include "catch.hpp"
#include "point.hpp"

using namespace traingrid;

namespace {

Nearness steps_nearness() {
  Inputs inputs(source_catalogue());
  Document document = inputs.open<Nearness>("nearness", "steps");
  auto nearness = inputs.read<Nearness>(document);
  inputs.finish();
  return nearness;
}

}  // namespace

TEST_CASE("a published step is nearest to its own design, and doubling the model costs the weight of its parameters") {
  const Nearness nearness = steps_nearness();
  const Point point = catalogue_point("megatron-18b");
  const StepFeatures design = features_of(point.run, point.cluster);
  CHECK(distance(nearness.weights, design, design) == 0);
  StepFeatures larger = design;
  larger.parameters *= 2;
  CHECK(distance(nearness.weights, design, larger) == Approx(nearness.weights.numbers.parameters));
  const std::vector<MeasuredError> rows{{"b", "s", larger, -20}, {"a", "s", larger, 25}, {"self", "s", design, 0}};
  const Nearest nearest = nearest_of(design, nearness, rows);
  REQUIRE(nearest.rows.size() == 3);
  CHECK(nearest.rows[0].id == "self");
  CHECK(nearest.rows[1].id == "a");  // equally far: by id
  CHECK(nearest.factor->p50 == Approx(1));
  CHECK(nearest.factor->p5 == Approx(0.8 + 0.1 * 0.2));  // 1/1.25, 1, 1/0.8
  CHECK(nearest.factor->p95 == Approx(1 + 0.9 * 0.25));
}

TEST_CASE("steps of another accelerator say nothing about a design") {
  const Point point = catalogue_point("megatron-18b");
  const StepFeatures design = features_of(point.run, point.cluster);
  StepFeatures other = design;
  other.accelerator = "Abacus";
  CHECK(nearest_of(design, steps_nearness(), {{"other", "s", other, 1}}).rows.empty());
}

TEST_CASE("a step that is too far says nothing, and one of the same precision goes before a nearer one of another") {
  const Nearness nearness = steps_nearness();
  const Point point = catalogue_point("megatron-18b");
  const StepFeatures design = features_of(point.run, point.cluster);
  StepFeatures far = design, larger = design, other = design;
  far.experts = 1;
  far.parameters *= 64;
  larger.parameters *= 16;
  other.precision = "decimal";
  const Nearest nearest =
      nearest_of(design, nearness, {{"far", "s", far, 80}, {"other", "s", other, 25}, {"larger", "s", larger, 25}});
  REQUIRE(nearest.rows.size() == 3);
  CHECK(nearest.near == 2);
  CHECK(nearest.rows[0].id == "larger");
  CHECK(nearest.rows[0].distance > nearest.rows[1].distance);
  CHECK(nearest.factor->p5 == Approx(0.8));
  const Nearest nothing = nearest_of(design, nearness, {{"far", "s", far, 80, true}});
  CHECK(nothing.near == 0);
  CHECK(nothing.rows.size() == 1);
  CHECK_FALSE(nothing.factor);
}

TEST_CASE(
    "an accelerator that nothing was fitted to has the errors of all such accelerators, and says it has no step") {
  const Point point = catalogue_point("megatron-18b");
  const StepFeatures design = features_of(point.run, point.cluster);
  StepFeatures fitted = design, plain = design;
  fitted.accelerator = "Abacus";
  plain.accelerator = "Slide rule";
  const Nearest nearest = nearest_of(design, steps_nearness(),
                                     {{"a", "s", fitted, 1, true}, {"b", "s", plain, 25}, {"c", "s", plain, -20}});
  CHECK(nearest.rows.empty());
  REQUIRE(nearest.factor);
  CHECK(nearest.factor->p5 == Approx(0.8 + 0.05 * 0.45));
  CHECK(nearest.factor->p95 == Approx(1.25 - 0.05 * 0.45));
}

TEST_CASE("rows that constants were fitted to are not used, and a cell that is no number is a problem") {
  const auto file = std::make_shared<SourceFile>();
  std::string text = "id,suite,accelerator,precision,software,experts";
  for (const auto& [name, value] : kNumberFeatures) text += "," + std::string(name);
  text +=
      ",error_pct,calibration\na,s,X,bf16,M,0,1,1,1,1,1,1,1,1,1,2.5,true\nb,s,X,bf16,M,0,1,1,1,1,1,1,1,1,1,-3,false\n";
  file->bytes = text;
  Problems problems;
  const auto rows = read_errors(file, problems);
  CHECK(problems.empty());
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].error_pct == -3);
  file->bytes = text + "c,s,X,bf16,M,0,many,1,1,1,1,1,1,1,1,-3,false\n";
  read_errors(file, problems);
  CHECK(problems.size() == 1);
}
