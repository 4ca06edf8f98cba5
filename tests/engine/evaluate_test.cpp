// Steps whose dates follow from max-min shares by hand, healthy and with departures from health.
#include "engine/evaluate.hpp"

#include "catch.hpp"
#include "fold/tiny_program.hpp"

using namespace traingrid;

namespace {

constexpr Folding kFoldings[]{Folding::none, Folding::equitable, Folding::certified};

/// Two pairs of ranks, each with a member under either leaf, that reduce `first` and `second` bytes.
TinyProgram two_pairs(Bytes first, Bytes second) {
  TinyProgram tiny(4, {{{0, 2}, {1, 3}}});
  for (const int rank : {0, 2}) tiny.collective(rank, 0, first);
  for (const int rank : {1, 3}) tiny.collective(rank, 0, second);
  return tiny;
}

double end_of(const Evaluation& evaluation, std::size_t rank) { return ends_of(evaluation, rank).back(); }

}  // namespace

TEST_CASE("two groups that share an uplink finish later than one alone, by exactly the max-min share") {
  for (const Folding folding : kFoldings) {
    TinyProgram alone(4, {{{0, 2}}});
    for (const int rank : {0, 2}) alone.collective(rank, 0, 10 * gigabyte);
    CHECK(end_of(alone.run(tiny_cluster(4, 2), {}, folding), 0) == Approx(1).epsilon(1e-9));
    const Evaluation both = two_pairs(10 * gigabyte, 10 * gigabyte).run(tiny_cluster(4, 2), {}, folding);
    CHECK(end_of(both, 0) == Approx(2).epsilon(1e-9));
    CHECK(end_of(both, 1) == Approx(2).epsilon(1e-9));
    // at half the rate until the smaller one is done
    const Evaluation uneven = two_pairs(10 * gigabyte, 5 * gigabyte).run(tiny_cluster(4, 2), {}, folding);
    CHECK(end_of(uneven, 1) == Approx(1).epsilon(1e-9));
    CHECK(end_of(uneven, 0) == Approx(1.5).epsilon(1e-9));
  }
}

TEST_CASE("groups that share no link do not hold each other up") {
  CHECK(end_of(two_pairs(10 * gigabyte, 10 * gigabyte).run(tiny_cluster(4, 1)), 0) == Approx(1).epsilon(1e-9));
  TinyProgram within_leaves(4, {{{0, 1}, {2, 3}}});
  for (const int rank : {0, 1, 2, 3}) within_leaves.collective(rank, 0, 10 * gigabyte);
  CHECK(end_of(within_leaves.run(tiny_cluster(4, 8)), 3) == Approx(1).epsilon(1e-9));
}

TEST_CASE("a slow NIC slows its own group and no other") {
  const Cluster cluster = tiny_cluster(4, 2);
  const auto fabric = build_fabric(cluster);
  const LinkId nic_of_rank_0 = fabric->levels()[2].first;
  REQUIRE(fabric->link_name(nic_of_rank_0) == "nic out 0");
  const TinyProgram tiny = two_pairs(10 * gigabyte, 10 * gigabyte);
  const Evaluation half = tiny.run(tiny_cluster(4, 1), {.links = {{nic_of_rank_0, 0.5}}});
  CHECK(end_of(half, 0) == Approx(2).epsilon(1e-9));
  CHECK(end_of(half, 1) == Approx(1).epsilon(1e-9));
  // 2 of the uplink's 10 GB/s for the slow one and 8 for the other; on the way back they still share by halves
  const Evaluation fifth = tiny.run(cluster, {.links = {{nic_of_rank_0, 0.2}}});
  CHECK(end_of(fifth, 0) == Approx(5).epsilon(1e-9));
  CHECK(end_of(fifth, 1) == Approx(2).epsilon(1e-9));
}

TEST_CASE("a slow accelerator takes longer for kernels, not for transfers") {
  TinyProgram tiny(2, {{{0, 1}}});
  for (const int rank : {0, 1}) {
    tiny.compute(rank, 1 * second);
    tiny.collective(rank, 0, 10 * gigabyte);
  }
  for (const Folding folding : kFoldings) {
    const Evaluation evaluation = tiny.run(tiny_cluster(2), {.devices = {{1, 1.5}}}, folding);
    CHECK(ends_of(evaluation, 0)[0] == Approx(1).epsilon(1e-9));
    CHECK(ends_of(evaluation, 1)[0] == Approx(1.5).epsilon(1e-9));
    CHECK(end_of(evaluation, 0) == Approx(2.5).epsilon(1e-9));
  }
}

TEST_CASE("a rank without a device, or on one that does not exist, is an error") {
  TinyProgram tiny(2, {});
  const Cluster cluster = tiny_cluster(2);
  const auto run_on = [&](std::vector<Device> devices) {
    return evaluate({cluster, *build_fabric(cluster), plain_tuning(cluster)}, {},
                    {&tiny.program(), std::move(devices)});
  };
  CHECK_THROWS_WITH(run_on({0}), "every rank needs a device");
  CHECK_THROWS_WITH(run_on({0, 2}), "a rank is placed outside the cluster");
  CHECK_THROWS_WITH(run_on({0, -1}), "a rank is placed outside the cluster");
}

TEST_CASE("dates agree up to a millionth of the step") {
  const Trace expected{.start = {Seconds{}}, .finish = {1 * second}, .end = 1 * second};
  Trace other = expected;
  other.finish[0] = 1.0000001 * second;
  CHECK(agree(expected, other));
  other.finish[0] = 1.00001 * second;
  CHECK_FALSE(agree(expected, other));
}
