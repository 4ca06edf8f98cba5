#include "workload/schedule.hpp"

#include "catch.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

using namespace traingrid;

namespace {

struct Case {
  std::string schedule;
  PipelineShape shape;
};

/// Shapes of every schedule, with more, as many and fewer micro-batches than stages where it can run them.
std::vector<Case> cases() {
  std::vector<Case> list;
  for (const std::string name :
       {"1f1b", "gpipe", "interleaved-1f1b", "gradient-accumulation", "zero-bubble-h1", "zero-bubble-v", "dualpipe"}) {
    for (const int stages : {1, 2, 3, 4, 8}) {
      for (const int chunks : {1, 2, 3}) {
        for (const int micro_batches : {1, 2, 3, 4, 8, 16, 24}) {
          const PipelineShape shape{stages, chunks, micro_batches};
          if (find_schedule(name)->obstacle(shape).empty()) list.push_back({name, shape});
        }
      }
    }
  }
  return list;
}

/// Times of a whole stage, shared by its chunks.
struct PassTimes {
  double forward, input, weight;
  double of(Pass pass) const {
    if (pass == Pass::forward) return forward;
    if (pass == Pass::backward) return input + weight;
    return pass == Pass::backward_input ? input : weight;
  }
};

int virtual_stage_of(const Case& pipeline, int stage, int chunk) {
  const int stages = pipeline.shape.stages;
  const bool up = find_schedule(pipeline.schedule)->v_shaped && chunk == 1;
  return up ? 2 * stages - 1 - stage : chunk * stages + stage;
}

/// When the last stage is done if a stage works off its list, each visit as soon as its input is there; nothing if the
/// stages wait for each other for ever.
std::optional<double> replay(const Case& pipeline, const PassTimes& times) {
  const PipelineShape& shape = pipeline.shape;
  const int last = shape.stages * shape.virtual_stages - 1;
  std::vector<std::vector<Visit>> lists;
  for (int s = 0; s < shape.stages; ++s) lists.push_back(find_schedule(pipeline.schedule)->visits(shape, s));
  std::vector<std::size_t> next(lists.size(), 0);
  std::vector<double> now(lists.size(), 0);
  std::map<std::tuple<bool, int, int>, double> done;  // back, micro-batch, virtual stage → when
  const auto input_of = [&](Pass pass, int micro_batch, int virtual_stage) -> std::optional<double> {
    const bool back = pass != Pass::forward;
    if (!back && virtual_stage == 0) return 0;
    const bool turns = back && virtual_stage == last, own = pass == Pass::backward_weight;
    const int from = turns || own ? virtual_stage : virtual_stage + (back ? 1 : -1);
    const auto found = done.find({back && (own || !turns), micro_batch, from});
    return found == done.end() ? std::nullopt : std::optional(found->second);
  };
  for (bool progress = true; progress;) {
    progress = false;
    for (std::size_t s = 0; s < lists.size(); ++s) {
      for (; next[s] < lists[s].size(); ++next[s]) {
        const Visit& visit = lists[s][next[s]];
        const int virtual_stage = virtual_stage_of(pipeline, static_cast<int>(s), visit.chunk);
        const auto input = input_of(visit.pass, visit.micro_batch, virtual_stage);
        if (!input) break;
        now[s] = std::max(now[s], *input) + times.of(visit.pass) / shape.virtual_stages;
        if (visit.pass != Pass::backward_weight)
          done[{visit.pass != Pass::forward, visit.micro_batch, virtual_stage}] = now[s];
        progress = true;
      }
    }
  }
  for (std::size_t s = 0; s < lists.size(); ++s) {
    if (next[s] < lists[s].size()) return std::nullopt;
  }
  return *std::ranges::max_element(now);
}

/// By the paper of each schedule, for passes of a whole stage.
double bubble(const Case& pipeline, const PassTimes& times) {
  const double stages = pipeline.shape.stages - 1;
  if (pipeline.schedule == "zero-bubble-h1" && pipeline.shape.micro_batches >= pipeline.shape.stages)
    return stages * (times.forward + times.input - times.weight);
  return stages * (times.forward + times.input + times.weight) / pipeline.shape.virtual_stages;
}

std::string text_of(const Case& pipeline) {
  return pipeline.schedule + ", stages " + std::to_string(pipeline.shape.stages) + ", chunks " +
         std::to_string(pipeline.shape.virtual_stages) + ", micro-batches " +
         std::to_string(pipeline.shape.micro_batches);
}

int held(const Case& pipeline, int stage) {
  int sum = 0;
  const auto visits = find_schedule(pipeline.schedule)->visits(pipeline.shape, stage);
  for (const int chunk : peak_in_flight(visits, pipeline.shape.virtual_stages)) sum += chunk;
  return sum;
}

}  // namespace

TEST_CASE("every schedule gives each stage every micro-batch and chunk once forward, then once backward") {
  for (const Case& pipeline : cases()) {
    INFO(text_of(pipeline));
    for (int stage = 0; stage < pipeline.shape.stages; ++stage) {
      std::set<std::pair<int, int>> forward, inputs, weights;
      for (const Visit& visit : find_schedule(pipeline.schedule)->visits(pipeline.shape, stage)) {
        const std::pair work{visit.micro_batch, visit.chunk};
        CHECK((visit.micro_batch >= 0 && visit.micro_batch < pipeline.shape.micro_batches));
        CHECK((visit.chunk >= 0 && visit.chunk < pipeline.shape.virtual_stages));
        if (visit.pass == Pass::forward) CHECK(forward.insert(work).second);
        if (visit.pass == Pass::backward || visit.pass == Pass::backward_input) CHECK(inputs.insert(work).second);
        if (visit.pass == Pass::backward || visit.pass == Pass::backward_weight) CHECK(weights.insert(work).second);
        if (visit.pass != Pass::forward) CHECK(forward.contains(work));
        if (visit.pass == Pass::backward_weight) CHECK(inputs.contains(work));
      }
      const auto all = static_cast<std::size_t>(pipeline.shape.micro_batches * pipeline.shape.virtual_stages);
      CHECK(forward.size() == all);
      CHECK(inputs.size() == all);
      CHECK(weights.size() == all);
    }
  }
}

TEST_CASE("no stage of any schedule waits for ever") {
  CHECK(cases().size() > 120);
  for (const Case& pipeline : cases()) {
    INFO(text_of(pipeline));
    CHECK(replay(pipeline, {1, 1.2, 0.8}));
  }
}

TEST_CASE("the bubble of a pipeline is (p - 1)(F + B) / v, less what gradients of weights fill") {
  const auto [forward, input, weight] =
      GENERATE(table<double, double, double>({{1, 0.5, 0.5}, {1, 1, 1}, {1, 1.2, 0.8}, {1, 2, 1}}));
  for (const Case& pipeline : cases()) {
    const bool h1 = pipeline.schedule == "zero-bubble-h1";
    if (find_schedule(pipeline.schedule)->v_shaped) continue;
    if (h1 && (pipeline.shape.micro_batches < pipeline.shape.stages || weight > input)) continue;
    INFO(text_of(pipeline) << ", F " << forward << ", B " << input << ", W " << weight);
    const auto finish = replay(pipeline, {forward, input, weight});
    REQUIRE(finish);
    const double work = pipeline.shape.micro_batches * (forward + input + weight);
    CHECK(*finish - work == Approx(bubble(pipeline, {forward, input, weight})).margin(1e-9));
  }
}

TEST_CASE(
    "down and up again the last stage starts p - 1 chunks late, and with passes of one length nothing else idles") {
  for (const Case& pipeline : cases()) {
    if (!find_schedule(pipeline.schedule)->v_shaped || pipeline.shape.micro_batches < 2 * pipeline.shape.stages)
      continue;
    INFO(text_of(pipeline));
    const auto finish = replay(pipeline, {1, 1, 1});
    REQUIRE(finish);
    CHECK(*finish - 3 * pipeline.shape.micro_batches == Approx((pipeline.shape.stages - 1) / 2.0));
  }
}

TEST_CASE("1F1B holds p - stage micro-batches, GPipe all of them") {
  const int stage = GENERATE(0, 1, 2, 3);
  CHECK(held({"1f1b", {4, 1, 16}}, stage) == 4 - stage);
  CHECK(held({"1f1b", {4, 1, 2}}, stage) == std::min(2, 4 - stage));
  CHECK(held({"gpipe", {4, 1, 16}}, stage) == 16);
}

TEST_CASE("interleaving holds chunks of p (v + 1) micro-batches on the first stage, two less on each next") {
  const int stage = GENERATE(0, 1, 2, 3);
  for (const int chunks : {2, 3}) {
    CHECK(held({"interleaved-1f1b", {4, chunks, 16}}, stage) == 4 * (chunks + 1) - 1 - 2 * stage);
  }
}

TEST_CASE("zero-bubble schedules hold on every stage what 1F1B holds on the first, DualPipe half a micro-batch more") {
  const int stage = GENERATE(0, 1, 2, 3);
  CHECK(held({"zero-bubble-h1", {4, 1, 16}}, stage) == 4);
  CHECK(held({"zero-bubble-v", {4, 2, 16}}, stage) == 2 * 4);
  CHECK(held({"dualpipe", {4, 2, 16}}, stage) == 2 * 4 + 1);
}

TEST_CASE("gradient accumulation without a pipeline is 1F1B of one stage") {
  CHECK(gradient_accumulation_visits({1, 1, 6}, 0) == one_f_one_b_visits({1, 1, 6}, 0));
}

TEST_CASE("interleaving with one chunk is 1F1B") {
  const PipelineShape shape{4, 1, 6};
  for (int stage = 0; stage < 4; ++stage) CHECK(interleaved_visits(shape, stage) == one_f_one_b_visits(shape, stage));
}

TEST_CASE("of each schedule that turns, all passes are paired but those before the first turn and after the last") {
  const auto unpaired = [](std::string_view schedule, PipelineShape shape, int stage) {
    const auto paired = paired_visits(find_schedule(schedule)->visits(shape, stage));
    return std::ranges::count(paired, false);
  };
  CHECK(unpaired("gradient-accumulation", {1, 1, 8}, 0) == 2);
  CHECK(unpaired("1f1b", {4, 1, 8}, 3) == 2);
  CHECK(unpaired("1f1b", {4, 1, 8}, 0) == 8);
  CHECK(unpaired("gpipe", {4, 1, 8}, 0) == 16);
}

TEST_CASE("what is held is told by chunk, at the moment when most is held") {
  const std::vector<Visit> visits{{0, 0, Pass::forward},  {1, 0, Pass::forward},  {0, 1, Pass::forward},
                                  {0, 1, Pass::backward}, {0, 0, Pass::backward}, {1, 1, Pass::forward},
                                  {1, 1, Pass::backward}, {1, 0, Pass::backward}};
  CHECK(peak_in_flight(visits, 2) == std::vector{2, 1});
}

TEST_CASE("a shape that a schedule cannot run is refused with its reason") {
  CHECK(one_f_one_b_obstacle({4, 2, 8}) == "schedule 1f1b has one model chunk per stage; use interleaved-1f1b");
  CHECK(gpipe_obstacle({4, 2, 8}) == "schedule gpipe has one model chunk per stage; use interleaved-1f1b");
  CHECK(interleaved_obstacle({1, 2, 8}) == "interleaving needs at least 2 pipeline stages");
  CHECK(interleaved_obstacle({4, 2, 6}) ==
        "interleaving needs micro-batches per step (6) in multiples of the pipeline stages (4)");
  CHECK(interleaved_obstacle({4, 2, 8}).empty());
  CHECK(gradient_accumulation_obstacle({2, 1, 8}) == "schedule gradient-accumulation has no pipeline; use 1f1b");
  CHECK(zero_bubble_h1_obstacle({4, 2, 8}) ==
        "schedule zero-bubble-h1 has one model chunk per stage; use zero-bubble-v");
  CHECK(zero_bubble_v_obstacle({4, 1, 8}) ==
        "schedule zero-bubble-v needs at least 2 pipeline stages and virtual_stages 2: one chunk from either end");
  CHECK(dualpipe_obstacle({4, 3, 8}) ==
        "schedule dualpipe needs at least 2 pipeline stages and virtual_stages 2: one chunk from either end");
  CHECK(dualpipe_obstacle({4, 2, 7}) ==
        "schedule dualpipe needs at least 8 micro-batches per step, twice the pipeline stages; it has 7");
}

TEST_CASE("every schedule of the table says what it is") {
  CHECK(schedule_names() ==
        "1f1b, interleaved-1f1b, gpipe, gradient-accumulation, zero-bubble-h1, zero-bubble-v, dualpipe");
  for (const std::string name :
       {"1f1b", "interleaved-1f1b", "gpipe", "gradient-accumulation", "zero-bubble-h1", "zero-bubble-v", "dualpipe"}) {
    REQUIRE(find_schedule(name) != nullptr);
    CHECK_FALSE(find_schedule(name)->summary.empty());
  }
  CHECK(find_schedule("zero-bubble") == nullptr);
}
