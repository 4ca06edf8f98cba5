// Rates that are kept up to date as flows come and go, against those that the oracle finds afresh.
#include "fold/sharing.hpp"

#include "catch.hpp"
#include "oracle.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <limits>
#include <random>

using namespace traingrid;

namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

/// The same flows for both solvers, and which of them run.
class System {
 public:
  System(const std::vector<double>& capacities, const std::vector<std::vector<Crossing>>& flows)
      : flows_(flows), runs_(flows.size(), false) {
    for (const double capacity : capacities) {
      sharing.add_link(capacity * byte / second);
      quotient_.links.push_back({capacity * byte / second, 1, 0});
    }
    for (const auto& flow : flows) {
      std::vector<Sharing::Crossing> crossings;
      for (const Crossing& at : flow) crossings.push_back({at.link, static_cast<double>(at.weight)});
      sharing.add_flow(crossings);
      quotient_.streams.push_back({.links = flow});
    }
  }

  bool runs(std::int32_t flow) const { return runs_[index(flow)]; }
  void toggle(std::int32_t flow) {
    runs_[index(flow)] = !runs_[index(flow)];
    runs_[index(flow)] ? sharing.start(flow) : sharing.stop(flow);
  }

  /// Over all running flows, relative.
  double worst_difference() const {
    const std::vector<std::int32_t> running = running_flows();
    const std::vector<Bandwidth> rates = fair_rates(quotient_, running);
    double worst = 0;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      if (sharing.rate(running[i]) != rates[i])
        worst = std::max(worst, std::abs(sharing.rate(running[i]) / rates[i] - 1));
    }
    return worst;
  }

  /// A full link on which no other flow is faster.
  bool every_flow_is_held_back() const {
    return std::ranges::all_of(running_flows(), [&](std::int32_t flow) {
      return std::ranges::any_of(flows_[index(flow)],
                                 [&](const Crossing& at) { return sharing.holds_back(at.link, flow); });
    });
  }

  Sharing sharing;

 private:
  std::vector<std::int32_t> running_flows() const {
    std::vector<std::int32_t> running;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      if (runs_[i]) running.push_back(static_cast<std::int32_t>(i));
    }
    return running;
  }

  std::vector<std::vector<Crossing>> flows_;
  std::vector<bool> runs_;
  Quotient quotient_;
};

double rate(const Sharing& sharing, std::int32_t flow) { return sharing.rate(flow) / (byte / second); }

}  // namespace

TEST_CASE("what a flow cannot use of a link goes to the others on it") {
  System system({10, 2}, {{{0}}, {{0}, {1}}, {{0}}});
  for (const std::int32_t flow : {0, 1, 2}) system.toggle(flow);
  system.sharing.update();
  CHECK(rate(system.sharing, 0) == Approx(4));
  CHECK(rate(system.sharing, 1) == Approx(2));
  CHECK(rate(system.sharing, 2) == Approx(4));
  CHECK(system.sharing.holds_back(0, 0));
  CHECK(system.sharing.holds_back(1, 1));
  CHECK_FALSE(system.sharing.holds_back(0, 1));  // full, but others are faster on it
}

TEST_CASE("a flow of weight three takes three times its rate, one of three quarters less than its rate") {
  Sharing sharing;
  sharing.add_link(12 * byte / second);
  for (const double weight : {3.0, 0.75, 0.25}) sharing.add_flow({{0, weight}});
  for (const std::int32_t flow : {0, 1, 2}) sharing.start(flow);
  sharing.update();
  for (const std::int32_t flow : {0, 1, 2}) CHECK(rate(sharing, flow) == Approx(3));
  sharing.stop(0);
  sharing.update();
  CHECK(rate(sharing, 0) == 0);
  CHECK(rate(sharing, 1) == Approx(12));
}

TEST_CASE("only flows that a change can reach are worked out again") {
  System system({10, 10, 10}, {{{0}}, {{0}, {1}}, {{1}}, {{2}}});
  for (const std::int32_t flow : {0, 1, 2, 3}) system.toggle(flow);
  CHECK(system.sharing.update().size() == 4);
  CHECK(system.sharing.update().empty());
  system.toggle(3);
  CHECK(system.sharing.update().empty());
  system.toggle(0);
  const auto changed = system.sharing.update();
  CHECK(std::vector<std::int32_t>(changed.begin(), changed.end()) == std::vector<std::int32_t>{1, 2});
}

TEST_CASE("a flow that crosses no link is not held back by any") {
  System system({10}, {{{0}}, {}});
  system.toggle(0);
  system.toggle(1);
  const auto changed = system.sharing.update();
  CHECK(std::ranges::find(changed, 1) != changed.end());
  CHECK(rate(system.sharing, 0) == Approx(10));
  CHECK(rate(system.sharing, 1) == kEndless);
  CHECK(system.worst_difference() == 0);
  system.toggle(1);
  system.sharing.update();
  CHECK(rate(system.sharing, 1) == 0);
}

TEST_CASE("rates of random flows that come and go are those of the oracle, and each flow has what holds it back") {
  std::mt19937 random(1992);
  const auto any = [&](std::int32_t below) {
    return static_cast<std::int32_t>(random() % static_cast<std::uint32_t>(below));
  };
  for (int trial = 0; trial < 200; ++trial) {
    const std::int32_t links = 3 + any(12), flows = 2 + any(25);
    std::vector<double> capacities;
    for (std::int32_t link = 0; link < links; ++link) capacities.push_back(1 + any(trial % 2 == 0 ? 3 : 1'000'000));
    std::vector<std::vector<Crossing>> paths;
    for (std::int32_t flow = 0; flow < flows; ++flow) {
      paths.emplace_back();
      for (std::int32_t link = any(3); link < links; link += 1 + any(4)) paths.back().push_back({link, 1 + any(3)});
      if (paths.back().empty()) paths.back().push_back({0, 1});
    }
    System system(capacities, paths);
    CAPTURE(trial);
    for (int event = 0; event < 60; ++event) {
      for (int change = any(3); change >= 0; --change) system.toggle(any(flows));
      system.sharing.update();
      REQUIRE(system.worst_difference() < 1e-12);
      REQUIRE(system.every_flow_is_held_back());
    }
  }
}

TEST_CASE("shares of a link give the rates of whole weights on a link that is as much larger") {
  std::mt19937 random(65);
  const auto any = [&](std::int32_t below) {
    return static_cast<std::int32_t>(random() % static_cast<std::uint32_t>(below));
  };
  for (int trial = 0; trial < 100; ++trial) {
    constexpr std::int32_t kParts = 12;
    Sharing fractional, whole;
    for (int link = 0; link < 4; ++link) {
      const Bandwidth capacity = (1 + any(9)) * byte / second;
      fractional.add_link(capacity);
      whole.add_link(kParts * capacity);
    }
    for (std::int32_t flow = 0; flow < 8; ++flow) {
      const std::int32_t first = any(4), weight = 1 + any(2 * kParts), other = 1 + any(2 * kParts);
      const double parts = kParts;
      fractional.add_flow({{first, weight / parts}, {(first + 1) % 4, other / parts}});
      whole.add_flow({{first, static_cast<double>(weight)}, {(first + 1) % 4, static_cast<double>(other)}});
      fractional.start(flow);
      whole.start(flow);
    }
    fractional.update();
    whole.update();
    for (std::int32_t flow = 0; flow < 8; ++flow)
      REQUIRE(rate(fractional, flow) == Approx(rate(whole, flow)).epsilon(1e-12));
  }
}
