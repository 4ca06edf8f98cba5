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
  for (const std::string name : {"1f1b", "gpipe", "interleaved-1f1b"}) {
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

/// When the last stage is done if a stage works off its list, each visit as soon as its input is there; nothing if the
/// stages wait for each other for ever. `forward` and `backward` are times of a whole stage, shared by its chunks.
std::optional<double> replay(const Case& pipeline, double forward, double backward) {
  const PipelineShape& shape = pipeline.shape;
  const int last = shape.stages * shape.virtual_stages - 1;
  std::vector<std::vector<Visit>> lists;
  for (int s = 0; s < shape.stages; ++s) lists.push_back(find_schedule(pipeline.schedule)->visits(shape, s));
  std::vector<std::size_t> next(lists.size(), 0);
  std::vector<double> now(lists.size(), 0);
  std::map<std::tuple<Pass, int, int>, double> done;  // pass, micro-batch, virtual stage → when
  const auto input_of = [&](Pass pass, int micro_batch, int virtual_stage) -> std::optional<double> {
    if (pass == Pass::forward && virtual_stage == 0) return 0;
    const Pass before = pass == Pass::backward && virtual_stage == last ? Pass::forward : pass;
    const int from = before != pass ? virtual_stage : virtual_stage + (pass == Pass::forward ? -1 : 1);
    const auto found = done.find({before, micro_batch, from});
    return found == done.end() ? std::nullopt : std::optional(found->second);
  };
  for (bool progress = true; progress;) {
    progress = false;
    for (std::size_t s = 0; s < lists.size(); ++s) {
      for (; next[s] < lists[s].size(); ++next[s]) {
        const Visit& visit = lists[s][next[s]];
        const int virtual_stage = visit.chunk * shape.stages + static_cast<int>(s);
        const auto input = input_of(visit.pass, visit.micro_batch, virtual_stage);
        if (!input) break;
        now[s] = std::max(now[s], *input) + (visit.pass == Pass::forward ? forward : backward) / shape.virtual_stages;
        done[{visit.pass, visit.micro_batch, virtual_stage}] = now[s];
        progress = true;
      }
    }
  }
  for (std::size_t s = 0; s < lists.size(); ++s) {
    if (next[s] < lists[s].size()) return std::nullopt;
  }
  return *std::ranges::max_element(now);
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
      std::set<std::pair<int, int>> forward, backward;
      for (const Visit& visit : find_schedule(pipeline.schedule)->visits(pipeline.shape, stage)) {
        const std::pair work{visit.micro_batch, visit.chunk};
        CHECK((visit.micro_batch >= 0 && visit.micro_batch < pipeline.shape.micro_batches));
        CHECK((visit.chunk >= 0 && visit.chunk < pipeline.shape.virtual_stages));
        if (visit.pass == Pass::backward) CHECK(forward.contains(work));
        CHECK((visit.pass == Pass::forward ? forward : backward).insert(work).second);
      }
      const auto all = static_cast<std::size_t>(pipeline.shape.micro_batches * pipeline.shape.virtual_stages);
      CHECK(forward.size() == all);
      CHECK(backward.size() == all);
    }
  }
}

TEST_CASE("the bubble of a pipeline is (p - 1)(F + B) / v, and no stage waits for ever") {
  const auto [forward, backward] = GENERATE(table<double, double>({{1, 1}, {1, 2}, {1, 3}}));
  CHECK(cases().size() > 70);
  for (const Case& pipeline : cases()) {
    INFO(text_of(pipeline) << ", F " << forward << ", B " << backward);
    const auto finish = replay(pipeline, forward, backward);
    REQUIRE(finish);
    const double work = pipeline.shape.micro_batches * (forward + backward);
    CHECK(*finish - work ==
          Approx((pipeline.shape.stages - 1) * (forward + backward) / pipeline.shape.virtual_stages).margin(1e-9));
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

TEST_CASE("interleaving with one chunk is 1F1B") {
  const PipelineShape shape{4, 1, 6};
  for (int stage = 0; stage < 4; ++stage) CHECK(interleaved_visits(shape, stage) == one_f_one_b_visits(shape, stage));
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
}

TEST_CASE("every schedule of the table says what it is") {
  CHECK(schedule_names() == "1f1b, interleaved-1f1b, gpipe");
  for (const std::string name : {"1f1b", "interleaved-1f1b", "gpipe"}) {
    REQUIRE(find_schedule(name) != nullptr);
    CHECK_FALSE(find_schedule(name)->summary.empty());
  }
  CHECK(find_schedule("zero-bubble") == nullptr);
}
