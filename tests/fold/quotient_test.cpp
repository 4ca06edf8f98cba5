// Folded steps against unfolded ones: every date of every rank, what folding saves, and what it must keep apart.
#include "fold/quotient.hpp"

#include "catch.hpp"
#include "collective/collective.hpp"
#include "fold/steps.hpp"
#include "units/index.hpp"

#include <array>
#include <cmath>
#include <numeric>
#include <set>

using namespace traingrid;

namespace {

constexpr std::array<const char*, 2> kTopologies{"rail-optimised", "leaf-spine"};
constexpr std::array<double, 3> kOversubscriptions{1, 2, 4};

/// What a rank was doing when: where each operation ended, and where its transfer began and ended.
std::vector<Seconds> dates_of(const Evaluation& evaluation, std::size_t rank) {
  std::vector<Seconds> dates;
  const auto date = [&](const std::vector<Seconds>& of, std::int32_t activity) {
    return activity < 0 ? Seconds{} : of[index(activity)];
  };
  for (const Event& event : evaluation.dag.events[index(evaluation.quotient.class_of_rank[rank])]) {
    dates.push_back(date(evaluation.trace.finish, event.end));
    dates.push_back(date(evaluation.trace.start, event.transfer));
    dates.push_back(date(evaluation.trace.finish, event.delivery));
  }
  return dates;
}

/// Over all operations of all ranks, relative to the later of both dates.
double worst_difference(const Evaluation& a, const Evaluation& b) {
  double worst = std::abs(a.trace.end / b.trace.end - 1);
  for (std::size_t rank = 0; rank < a.step.ranks.size(); ++rank) {
    const auto of_a = dates_of(a, rank), of_b = dates_of(b, rank);
    REQUIRE(of_a.size() == of_b.size());
    REQUIRE(std::ranges::max(of_a) > Seconds{});
    for (std::size_t i = 0; i < of_a.size(); ++i) {
      if (of_a[i] != of_b[i]) worst = std::max(worst, std::abs((of_a[i] - of_b[i]) / std::max(of_a[i], of_b[i])));
    }
  }
  return worst;
}

template <class Classes>
std::size_t members(const Classes& classes) {
  return std::accumulate(classes.begin(), classes.end(), std::size_t{0},
                         [](std::size_t sum, const auto& c) { return sum + index(c.multiplicity); });
}

std::size_t links_in_use(const Template& step) {
  std::set<LinkId> used;
  for (const Hop& hop : step.hops) {
    if (!step.dropped[index(hop.link)]) used.insert(hop.link);
  }
  return used.size();
}

/// Folds the step, and holds the result against the step unfolded.
Evaluation check_fold(const PlacedStep& step) {
  const Evaluation unfolded = step.evaluate(Folding::none);
  Evaluation folded = step.evaluate(Folding::equitable);
  CHECK(worst_difference(unfolded, folded) < 1e-9);
  CHECK(folded.dag.unfolded_activities == unfolded.dag.unfolded_activities);
  CHECK(members(folded.quotient.ranks) == folded.step.ranks.size());
  CHECK(members(folded.quotient.groups) == folded.step.groups.size());
  CHECK(members(folded.quotient.streams) == folded.step.streams.size());
  CHECK(members(folded.quotient.links) == links_in_use(folded.step));
  CHECK(unfolded.quotient.ranks.size() == unfolded.step.ranks.size());
  CHECK(unfolded.quotient.streams.size() == unfolded.step.streams.size());
  return folded;
}

/// Bytes that cross each link, added up rank by rank from the program.
class Traffic {
 public:
  explicit Traffic(const PlacedStep& step) : by_link(index(step.fabric->links())), step_(step) {
    for (std::size_t rank = 0; rank < step.program.role_of_rank.size(); ++rank) {
      for (const Launch& launch : step.program.roles[index(step.program.role_of_rank[rank])].launches) {
        for (const Operation& op : step.program.blocks[index(launch.block)].operations) {
          add(static_cast<std::int32_t>(rank), op);
        }
      }
    }
  }

  std::vector<Bytes> by_link;
  Bytes sent;

 private:
  void add(std::int32_t rank, const Operation& op) {
    if (op.kind != Operation::Kind::collective && op.kind != Operation::Kind::send) return;
    const Communicator& comm = step_.program.communicators[index(op.communicator)];
    const auto place = std::ranges::find(comm.members, rank) - comm.members.begin();
    const std::int32_t end = *std::ranges::upper_bound(comm.offsets, static_cast<std::int32_t>(place));
    const std::int32_t begin = *std::prev(std::ranges::upper_bound(comm.offsets, static_cast<std::int32_t>(place)));
    const std::vector<std::int32_t> group(comm.members.begin() + begin, comm.members.begin() + end);
    const auto own = static_cast<std::int32_t>(place) - begin, size = end - begin;
    if (op.kind == Operation::Kind::send) return move(rank, group[index((own + op.direction + size) % size)], op.bytes);
    std::vector<int> nodes;
    for (const std::int32_t member : group) nodes.push_back(step_.fabric->node_of(step_.device_of_rank[index(member)]));
    for (const Flow& flow : ring_flows(nodes)) {
      if (flow.from == own) move(rank, group[index(flow.to)], flow.share * ring_volume(op.collective, size) * op.bytes);
    }
  }

  void move(std::int32_t from, std::int32_t to, Bytes bytes) {
    std::vector<Hop> path;
    step_.fabric->path(step_.device_of_rank[index(from)], step_.device_of_rank[index(to)], path);
    for (const Hop& hop : path) by_link[index(hop.link)] += hop.weight * bytes;
    sent += bytes;
  }

  const PlacedStep& step_;
};

void check_traffic(const PlacedStep& step) {
  const Traffic expected(step);
  const Evaluation folded = step.evaluate(Folding::equitable);
  std::vector<Bytes> by_class(folded.quotient.links.size());
  Bytes sent, carried, expected_carried;
  for (const Activity& activity : folded.dag.activities) {
    if (activity.kind != Activity::Kind::flow) continue;
    const StreamClass& stream = folded.quotient.streams[index(activity.stream)];
    sent += stream.multiplicity * activity.bytes;
    for (const Hop& hop : stream.links) by_class[index(hop.link)] += hop.weight * activity.bytes;
  }
  CHECK(sent / expected.sent == Approx(1).epsilon(1e-12));
  for (std::size_t i = 0; i < by_class.size(); ++i) {
    const LinkClass& link = folded.quotient.links[i];
    CHECK(by_class[i] / expected.by_link[index(link.representative)] == Approx(1).epsilon(1e-12));
    carried += link.multiplicity * by_class[i];
  }
  for (std::size_t link = 0; link < expected.by_link.size(); ++link) {
    if (!folded.step.dropped[link]) expected_carried += expected.by_link[link];
  }
  CHECK(carried / expected_carried == Approx(1).epsilon(1e-12));
}

/// Ranks of one role that exchange nothing yet.
Template bare_template(const Program& program, std::size_t ranks) {
  Template step{.program = &program};
  step.ranks.resize(ranks);
  return step;
}

void add_message(Template& step, std::int32_t from, std::int32_t to, const std::vector<Hop>& path = {}) {
  step.streams.push_back({.from = from, .to = to, .direction = 1, .first_hop = step.hops.size(), .hops = path.size()});
  step.hops.insert(step.hops.end(), path.begin(), path.end());
}

}  // namespace

TEST_CASE("folding changes no date of any layout, and leaves one rank per stage where trunks never bind") {
  const auto cases = step_cases();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    for (const std::string topology : kTopologies) {
      for (const double oversubscription : {1, i % 2 == 0 ? 2 : 4}) {
        CAPTURE(cases[i].name, topology, oversubscription);
        const Evaluation folded = check_fold({cases[i], {topology, oversubscription}});
        if (oversubscription == 1) CHECK(folded.quotient.ranks.size() == index(cases[i].pipeline));
      }
    }
  }
}

TEST_CASE("folding changes no date if something is slow, placed at random or missing; what is slow is kept apart") {
  constexpr double kAnomaly = 1e-3;  // a delay can spread flows that would meet on a trunk (Graham 1969, "anomalies")
  constexpr std::array<std::array<Condition, 2>, 2> kConditions{
      {{Condition::slow_nic, Condition::random_placement}, {Condition::slow_accelerator, Condition::half_filled_leaf}}};
  const auto cases = step_cases();
  for (std::size_t i = 0; i < 2 * cases.size(); ++i) {  // every layout meets all conditions, two on either topology
    const StepCase& c = cases[i / 2];
    const NetworkCase network{kTopologies[i % 2], kOversubscriptions[(i / 2 + i % 2) % 3]};
    const Evaluation healthy = PlacedStep(c, network).evaluate(Folding::equitable);
    for (const Condition condition : kConditions[(i / 2 + i % 2) % 2]) {
      CAPTURE(c.name, network.topology, network.oversubscription, static_cast<int>(condition));
      const Evaluation folded = check_fold({c, network, condition});
      if (condition == Condition::slow_nic || condition == Condition::slow_accelerator) {
        CHECK(folded.dag.activities.size() > healthy.dag.activities.size());
        CHECK(folded.trace.end >= healthy.trace.end * (network.oversubscription > 1 ? 1 - kAnomaly : 1));
      }
    }
  }
}

TEST_CASE("nodes of a half-filled leaf are told from those of full ones where trunks bind") {
  const StepCase c{.name = "all three", .tensor = 2, .pipeline = 4, .data = 8};
  const auto rank_classes = [&](double oversubscription, Condition condition) {
    return check_fold({c, {"rail-optimised", oversubscription}, condition}).quotient.ranks.size();
  };
  CHECK(rank_classes(2, Condition::half_filled_leaf) > rank_classes(2, Condition::healthy));
  CHECK(rank_classes(1, Condition::half_filled_leaf) == rank_classes(1, Condition::healthy));
}

TEST_CASE("folding changes no date of a step on 256 accelerators") {
  const StepCase c{.name = "large", .tensor = 8, .pipeline = 4, .data = 8, .accelerators = 8, .nics = 8};
  for (const Condition condition : {Condition::healthy, Condition::slow_nic}) {
    const Evaluation folded = check_fold({c, {"rail-optimised", 2}, condition});
    CHECK(folded.quotient.ranks.size() < 256);
  }
}

TEST_CASE("what the classes send, counted as often as they have members, is what all ranks send over every link") {
  std::size_t turn = 0;
  for (const StepCase& c : step_cases()) {
    CAPTURE(c.name);
    const Condition condition = turn++ % 2 == 0 ? Condition::healthy : Condition::slow_nic;
    check_traffic({c, {kTopologies[turn / 2 % 2], 2}, condition});
  }
}

TEST_CASE("groups that differ in latency alone are kept apart, and so are their members") {
  Program program;
  program.communicators.resize(1);
  for (const std::int32_t first : {0, 2, 4}) program.communicators[0].add_group({first, first + 1});
  Template step = bare_template(program, 6);
  for (const std::int32_t group : {0, 1, 2}) step.groups.push_back({0, 2 * group, 2, 1e-6 * second});
  CHECK(fold(step).ranks.size() == 1);
  step.groups[1].step_latency = 2e-6 * second;
  CHECK(fold(step).class_of_rank == std::vector<std::int32_t>{0, 0, 1, 1, 0, 0});
}

TEST_CASE("streams that cross equal links differently often are kept apart") {
  Program program;
  program.communicators.resize(1);
  Template step = bare_template(program, 4);
  step.capacity.assign(2, 1e9 * byte / second);
  step.dropped.assign(2, false);
  add_message(step, 0, 1, {{0, 1}});
  add_message(step, 2, 3, {{1, 2}});
  const Quotient quotient = fold(step);
  REQUIRE(quotient.streams.size() == 2);
  CHECK(quotient.streams[1].links.front().weight == 2);
  step.hops[1].weight = 1;
  CHECK(fold(step).streams.size() == 1);
}

TEST_CASE("messages that differ in latency alone are kept apart") {
  Program program;
  program.communicators.resize(1);
  Template step = bare_template(program, 4);
  add_message(step, 0, 1);
  add_message(step, 2, 3);
  CHECK(fold(step).streams.size() == 1);
  step.streams[1].latency = 1e-6 * second;
  CHECK(fold(step).streams.size() == 2);
}

TEST_CASE("who sends is told from who receives") {
  Program program;
  program.communicators.resize(1);
  Template chain = bare_template(program, 3);
  add_message(chain, 0, 1);
  add_message(chain, 1, 2);
  CHECK(fold(chain).ranks.size() == 3);
  Template ring = bare_template(program, 3);
  for (const std::int32_t rank : {0, 1, 2}) add_message(ring, rank, (rank + 1) % 3);
  CHECK(fold(ring).ranks.size() == 1);
}

TEST_CASE("a slow accelerator is felt by those that it sends to and receives from") {
  Program program;
  program.communicators.resize(1);
  Template step = bare_template(program, 4);
  add_message(step, 0, 2);
  add_message(step, 1, 3);
  CHECK(fold(step).ranks.size() == 2);
  step.ranks[0].slowdown = 1.5;
  CHECK(fold(step).ranks.size() == 4);
  step.ranks[0].slowdown = 1;
  step.ranks[2].slowdown = 1.5;
  CHECK(fold(step).ranks.size() == 4);
}
