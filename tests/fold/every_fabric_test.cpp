// The table of folding: every fabric, under dense, expert and fully sharded training, whole and degraded, folded in
// either way against unfolded.
#include "catch.hpp"
#include "cluster/topology.hpp"
#include "fold/dates.hpp"
#include "fold/fabrics.hpp"
#include "fold/steps.hpp"
#include "input/problems.hpp"
#include "toy_changes.hpp"

#include <set>
#include <tuple>

using namespace traingrid;

namespace {

/// What is exchanged: tensor, pipeline and data parallel; experts over all ranks of a stage; parameters layer by layer.
const StepCase kDense{.name = "dense", .tensor = 4, .pipeline = 4, .data = 4};
const StepCase kExperts{.name = "experts", .pipeline = 4, .data = 16, .change = [](Run& run) {
                          make_experts(run, 16, 16);
                          make_overlapped(run);
                        }};
const StepCase kFullySharded{
    .name = "fully sharded", .tensor = 4, .data = 16, .layers = 3, .change = [](Run& run) { make_fully_sharded(run); }};

/// With the second node left out.
StepCase smaller(StepCase c) {
  c.data = c.data * 3 / 4;
  if (c.name == "experts") {
    c.change = [](Run& run) {
      make_experts(run, 12, 12);
      make_overlapped(run);
    };
  }
  return c;
}

struct Column {
  StepCase step;
  Condition condition = Condition::healthy;
};

/// Every workload under every condition; what happens to trunks and generations once, with a workload that differs from
/// fabric to fabric.
std::vector<Column> columns(std::size_t fabric) {
  std::vector<StepCase> steps{kDense, kExperts, kFullySharded};
  std::vector<Column> columns;
  for (StepCase& step : steps) {
    columns.push_back({step});
    step.micro_batches = 1;
    for (const Condition condition :
         {Condition::slow_nic, Condition::slow_accelerator, Condition::half_filled_leaf, Condition::random_placement})
      columns.push_back({condition == Condition::half_filled_leaf ? smaller(step) : step, condition});
  }
  for (const Condition condition : {Condition::slow_trunk, Condition::trunk_down, Condition::mixed_generations})
    columns.push_back({steps[fabric++ % steps.size()], condition});
  return columns;
}

void check_fold(const PlacedStep& placed,
                const std::vector<Folding>& foldings = {Folding::certified, Folding::equitable}) {
  const Evaluation unfolded = placed.evaluate(Folding::none);
  for (const Folding folding : foldings) {
    const Evaluation folded = placed.evaluate(folding);
    CAPTURE(static_cast<int>(folding), folded.rounds, folded.certified);
    CHECK(worst_difference(unfolded, folded) < 1e-9);
    CHECK(folded.certified == (folding == Folding::certified));
    CHECK(folded.dag.unfolded_activities == unfolded.dag.unfolded_activities);
  }
}

}  // namespace

TEST_CASE("every topology of the table is folded here") {
  std::set<std::string> topologies;
  for (const auto& [name, cluster] : every_fabric()) {
    INFO(name);
    CHECK(network_obstacle(cluster).empty());
    topologies.insert(cluster.network.topology);
  }
  std::string names = topology_names() + ", ";
  for (const std::string& topology : topologies) {
    const std::size_t at = names.find(topology + ", ");
    REQUIRE(at != std::string::npos);
    names.erase(at, topology.size() + 2);
  }
  CHECK(names.empty());
}

TEST_CASE("folding changes no date on any fabric, whatever is exchanged and whatever is wrong with it") {
  std::size_t fabric = 0, number = 0;
  int cut_off = 0;
  for (const auto& [name, cluster] : every_fabric()) {
    for (const Column& column : columns(fabric++)) {
      CAPTURE(name, column.step.name, static_cast<int>(column.condition));
      if (column.condition == Condition::mixed_generations && cluster.node.kernels_share_memory) continue;
      const bool both = number++ % 5 == 0;  // the partition that needs no certificate, every fifth time
      try {
        check_fold({column.step, cluster, column.condition},
                   both ? std::vector{Folding::certified, Folding::equitable} : std::vector{Folding::certified});
      } catch (const InputError&) {  // without that trunk there is no way
        CHECK(column.condition == Condition::trunk_down);
        ++cut_off;
      }
    }
  }
  CHECK(cut_off < static_cast<int>(every_fabric().size() / 2));
}

TEST_CASE("folding changes no date where tokens of experts are exchanged in the background, node by node or not") {
  StepCase hidden = kExperts;
  hidden.change = [](Run& run) {
    make_experts(run, 16, 16);
    make_overlapped(run);
    run.software.expert_overlap = true;
  };
  StepCase by_nodes = kExperts;
  by_nodes.change = [](Run& run) {
    make_experts(run, 16, 16);
    run.software.expert_overlap = true;
    run.software.expert_dispatch = ExpertDispatch::nodes;
  };
  const Cluster cluster = sixteen_nodes("rail-optimised", 2);
  for (const Condition condition : {Condition::healthy, Condition::slow_nic, Condition::random_placement}) {
    CAPTURE(static_cast<int>(condition));
    check_fold({hidden, cluster, condition});
    check_fold({by_nodes, cluster, condition});
  }
}

TEST_CASE("folding changes no date with any algorithm of collectives") {
  Cluster cluster = sixteen_nodes("rail-optimised", 2);
  cluster.node.scale_up.switch_efficiency = cluster.network.link.switch_efficiency = 1;
  for (const Algorithm& algorithm : algorithms()) {
    std::map<std::string, std::string> forced;
    for (const std::string_view kind : Spellings<Collective>::names) forced[std::string(kind)] = algorithm.name;
    for (const StepCase& step : {kDense, kExperts, kFullySharded}) {
      for (const Condition condition : {Condition::healthy, Condition::slow_nic}) {
        CAPTURE(algorithm.name, step.name, static_cast<int>(condition));
        check_fold({step, cluster, condition, forced});
      }
    }
  }
}

namespace {

const StepCase kLargeDense{.name = "dense", .tensor = 8, .pipeline = 4, .data = 32, .micro_batches = 1};
const StepCase kLargeSharded{
    .name = "fully sharded", .tensor = 8, .data = 128, .micro_batches = 1, .change = kFullySharded.change};
const StepCase kLargeExperts{
    .name = "experts", .pipeline = 4, .data = 256, .micro_batches = 1, .change = kExperts.change};

}  // namespace

TEST_CASE("folding changes no date of steps on 1,024 accelerators") {
  const auto fabrics = fabrics_of_1024();
  const StepCase step = GENERATE(kLargeDense, kLargeSharded, kLargeExperts);
  for (const auto& [name, cluster] : fabrics) {
    CAPTURE(name, step.name);
    check_fold({step, cluster, Condition::healthy}, {Folding::certified});
  }
}

TEST_CASE("folding changes no date of steps on 1,024 accelerators where something is wrong") {
  const auto fabrics = fabrics_of_1024();
  StepCase partly = kLargeDense;
  partly.data = 31;
  const std::vector<std::tuple<std::string, StepCase, Condition>> cases{
      {"rail-optimised", kLargeDense, Condition::slow_nic},     {"rail-optimised", partly, Condition::half_filled_leaf},
      {"leaf-spine", kLargeDense, Condition::slow_accelerator}, {"dragonfly", kLargeSharded, Condition::slow_trunk},
      {"torus", kLargeDense, Condition::random_placement},      {"rail-optimised", kLargeExperts, Condition::slow_nic}};
  for (const auto& [name, step, condition] : cases) {
    CAPTURE(name, step.name, static_cast<int>(condition));
    check_fold({step, fabrics.at(name), condition}, {Folding::certified});
  }
}
