#include "campaign/replay.hpp"

#include "catch.hpp"

#include <stdexcept>

using namespace traingrid;

namespace {

/// Patterson et al. 2021, Table 4.
Published gpt3() {
  return {.training_flop = 3.14e23 * flop,
          .accelerators = 10'000,
          .flops_per_accelerator = 24.6 * teraflop / second,
          .power_per_accelerator = 330 * watt,
          .power_includes_hosts = true};
}

constexpr ReplayContext kCluster{.beside_accelerators = {.hosts = 0.5 * megawatt, .network = 0.1 * megawatt},
                                 .tokens = 300e9};

}  // namespace

TEST_CASE("GPT-3 replayed takes 14.77 days and 1,170.05 MWh, hosts inside") {
  const Timeline timeline = replay(gpt3(), kCluster);
  CHECK(timeline.duration() / day == Approx(14.77).margin(0.005));
  CHECK(timeline.energy().total() / megawatt_hour == Approx(1170.05).margin(0.005));
  CHECK(timeline.energy().hosts == Joules{});
  CHECK(timeline.accelerators == 10'000);
  CHECK(timeline.peak() / megawatt == Approx(3.3));
  CHECK(timeline.segments.front().steps == 0);  // unknown
  CHECK(timeline.segments.front().tokens == 300e9);
}

TEST_CASE("twice the watts is twice the energy in the same time") {
  Published twice = gpt3();
  twice.power_per_accelerator = 660 * watt;
  CHECK(replay(twice, {}).energy().total() / replay(gpt3(), {}).energy().total() == Approx(2));
  CHECK(replay(twice, {}).duration() == replay(gpt3(), {}).duration());
}

TEST_CASE("twice the FLOP is twice the time and twice the energy") {
  Published twice = gpt3();
  twice.training_flop = 6.28e23 * flop;
  CHECK(replay(twice, {}).duration() / replay(gpt3(), {}).duration() == Approx(2));
  CHECK(replay(twice, {}).energy().total() / replay(gpt3(), {}).energy().total() == Approx(2));
}

TEST_CASE("hosts and network of the cluster are added to a power of the accelerators alone") {
  Published bare = gpt3();
  bare.power_includes_hosts = false;
  const Timeline timeline = replay(bare, kCluster);
  CHECK(timeline.segments.front().mean.accelerators / megawatt == Approx(3.3));
  CHECK(timeline.segments.front().mean.total() / megawatt == Approx(3.9));
  CHECK(timeline.peak() / megawatt == Approx(3.9));
}

TEST_CASE("a published IT energy is the energy, whatever the cluster draws") {
  Published metered = gpt3();
  metered.power_per_accelerator.reset();
  metered.power_includes_hosts = false;
  metered.it_energy = 1287 * megawatt_hour;
  CHECK(replay(metered, kCluster).energy().total() / megawatt_hour == Approx(1287));
}

TEST_CASE("duration and accelerator-hours say the same as FLOP and rate") {
  const Published by_duration{.accelerators = 384, .duration = 118.24 * day, .it_energy = 433.196 * megawatt_hour};
  const Published by_hours{
      .accelerators = 384, .accelerator_hours = 384 * 118.24 * 24 * hour, .it_energy = 433.196 * megawatt_hour};
  CHECK(replay(by_duration, {}).duration() / day == Approx(118.24));
  CHECK(replay(by_hours, {}).duration() / day == Approx(118.24));
  CHECK(replay(by_hours, {}).energy().total() / megawatt_hour == Approx(433.196));
}

TEST_CASE("a block of figures only cannot be replayed") {
  const Published published{.figures = {{"duration.days", {34, "a paper"}}}};
  CHECK_FALSE(published.replayable());
  CHECK(notes_on(published).empty());
  CHECK_THROWS_AS(replay(published, {}), std::logic_error);
}

TEST_CASE("a replay says what its power holds") {
  CHECK(notes_on(gpt3()).size() == 2);
  Published bare = gpt3();
  bare.power_includes_hosts = false;
  CHECK(notes_on(bare).size() == 1);
}
