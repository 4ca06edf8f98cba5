#include "workload/published.hpp"
#include "catch.hpp"
#include "read_text.hpp"

using namespace traingrid;

namespace {

using Messages = std::vector<std::string>;

Messages messages_of(const std::string& text) { return messages(read_text<Published>(text, "published").problems); }

const std::string kGpt3 = R"(
source: Patterson et al. 2021, arXiv 2104.10350, Table 4
training_flop: 3.14e23 FLOP
accelerators: 10000
flops_per_accelerator: 24.6 TFLOP/s
power_per_accelerator: 330 W
power_includes_hosts: true
figures:
  duration.days: {value: 14.8, source: Table 4}
  carbon.location_t: {value: 552.1, source: Table 4}
)";

}  // namespace

TEST_CASE("a complete block reads without a problem and can be replayed") {
  const auto read = read_text<Published>(kGpt3, "published");
  CHECK(read.problems.empty());
  CHECK(read.value.replayable());
  CHECK(read.value.power_includes_hosts);
  CHECK(read.value.figures.at("carbon.location_t").value == 552.1);
  CHECK(read.value.figures.at("carbon.location_t").source == "Table 4");
}

TEST_CASE("figures alone read without a problem and cannot be replayed") {
  const auto read = read_text<Published>("figures: {duration.days: {value: 34, source: a paper}}", "published");
  CHECK(read.problems.empty());
  CHECK_FALSE(read.value.replayable());
}

TEST_CASE("a figure without its source is a problem") {
  CHECK(messages_of("figures: {duration.days: {value: 34}}") ==
        Messages{"'duration.days' lacks the key 'source'; it states: where it was published"});
}

TEST_CASE("an incomplete block is a problem") {
  CHECK(
      messages_of("accelerators: 384") ==
      Messages{"a replay also needs 'training_flop' with 'flops_per_accelerator', 'duration' or 'accelerator_hours'"});
  CHECK(messages_of("{accelerators: 384, duration: 118 d}") ==
        Messages{"a replay also needs 'power_per_accelerator' or 'it_energy'"});
  CHECK(messages_of("{duration: 118 d, it_energy: 433 MWh}") == Messages{"a replay also needs 'accelerators'"});
  CHECK(messages_of("{accelerators: 384, training_flop: 1 ZFLOP, it_energy: 433 MWh}") ==
        Messages{"'training_flop' and 'flops_per_accelerator' need each other"});
}

TEST_CASE("a block that says the same thing twice is a problem") {
  CHECK(messages_of(kGpt3 + "duration: 14.8 d\n") ==
        Messages{"the time of the run is stated twice; keep one of 'training_flop' with 'flops_per_accelerator', "
                 "'duration' and 'accelerator_hours'"});
  CHECK(messages_of(kGpt3 + "it_energy: 1287 MWh\n") ==
        Messages{"the power of the run is stated twice; keep one of 'power_per_accelerator' and 'it_energy'"});
}

TEST_CASE("hosts inside of a power that is not stated is a problem") {
  CHECK(messages_of("{accelerators: 384, duration: 118 d, it_energy: 433 MWh, power_includes_hosts: true}") ==
        Messages{"'power_includes_hosts' says something about 'power_per_accelerator', which is missing"});
}

TEST_CASE("negative power is a problem") {
  CHECK(messages_of("{accelerators: 384, duration: 118 d, power_per_accelerator: -400 W}") ==
        Messages{"'power_per_accelerator' must be greater than zero, not '-400 W'"});
}
