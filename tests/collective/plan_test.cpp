#include "collective/plan.hpp"

#include "catalogue.hpp"
#include "flows.hpp"
#include "read_text.hpp"

using namespace traingrid;

namespace {

constexpr Seconds microsecond = 1e-6 * second;
constexpr Bytes mib = gib / 1024;
const Tuning kPlain{{"up", 1e11 * byte / second, 1, 5 * microsecond},
                    {"net", 1e10 * byte / second, 1, 9 * microsecond}};

/// H100 nodes of 8 on InfiniBand NDR, as NCCL sees them.
Tuning h100() {
  return {catalogue_entry<LinkType>("links", "nvlink4"),
          catalogue_entry<LinkType>("links", "infiniband-ndr"),
          {},
          catalogue_entry<Library>("collectives", "nccl")};
}
Tuning a100() {
  return {catalogue_entry<LinkType>("links", "nvlink3"),
          catalogue_entry<LinkType>("links", "infiniband-hdr"),
          {},
          catalogue_entry<Library>("collectives", "nccl")};
}
constexpr GroupShape on_nodes(int nodes) { return {8 * nodes, nodes, 8}; }

Plan all_reduce(const Tuning& tuning, Bytes bytes, const GroupShape& shape) {
  return plan(tuning, Collective::all_reduce, bytes, shape);
}
Tuning forcing(Tuning tuning, const std::string& algorithm) {
  tuning.forced["all-reduce"] = algorithm;
  return tuning;
}

}  // namespace

TEST_CASE("every library of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Library>("collectives", 1);
}

TEST_CASE("without a library a collective is a ring whose steps are as long as the latency of the links") {
  const Plan ring = all_reduce(kPlain, gib, {8, 2, 4});
  REQUIRE(ring.parts.size() == 1);
  CHECK(ring.algorithm == "ring");
  CHECK(ring.parts[0].latency / microsecond == Approx(14 * (0.75 * 5 + 0.25 * 9)));
  CHECK(ring.parts[0].volume == Approx(14.0 / 8));
  CHECK(ring.parts[0].network_steps == Approx(14 * 0.25));
}

TEST_CASE("a method is for what ranks exchange, not for copies to hosts") {
  const auto with = [](const std::string& collective) {
    const std::string step = "{least: 1 us, growth: 0, efficiency: 1}\n";
    return messages(read_text<Method>("algorithm: ring\nprotocol: Simple\nhalf: 1 MB\nscale_up: " + step +
                                          "network: " + step + "collectives: [" + collective + "]\n",
                                      "method")
                        .problems);
  };
  CHECK(with("all-reduce").empty());
  CHECK(with("copy-to-host") == std::vector<std::string>{"copies to hosts and updates there have no method"});
}

TEST_CASE("a group of one exchanges nothing") { CHECK(all_reduce(h100(), gib, {1, 1, 1}).parts.empty()); }

TEST_CASE("the tuner takes flags for small messages, trees across nodes, and switches where they reduce") {
  CHECK(all_reduce(a100(), 8 * byte, on_nodes(1)).protocol == "LL");
  CHECK(all_reduce(a100(), 8 * byte, on_nodes(1)).algorithm == "ring");
  CHECK(all_reduce(a100(), 8 * byte, on_nodes(32)).algorithm == "tree");
  CHECK(all_reduce(a100(), gib, on_nodes(1)).algorithm == "ring");
  CHECK(all_reduce(a100(), gib, on_nodes(1)).protocol == "Simple");
  CHECK(all_reduce(h100(), gib, on_nodes(1)).algorithm == "nvls");
  CHECK(all_reduce(h100(), gib, on_nodes(64)).algorithm == "nvls-tree");
  CHECK(plan(h100(), Collective::all_to_all, gib, on_nodes(2)).algorithm == "pxn");
  CHECK(plan(h100(), Collective::all_to_all, gib, {3, 2, 1}).algorithm == "direct");
}

TEST_CASE("what the tuner takes is the fastest of the candidates") {
  for (const Bytes bytes : {8 * byte, mib, 64 * mib, 8 * gib}) {
    const auto list = candidates(h100(), Collective::all_reduce, bytes, on_nodes(4));
    REQUIRE(list.size() > 3);
    CHECK(list.front().algorithm == all_reduce(h100(), bytes, on_nodes(4)).algorithm);
    CHECK(list.front().time <= list.back().time);
  }
}

TEST_CASE("the user overrides the tuner, with a protocol or without one") {
  CHECK(all_reduce(forcing(h100(), "ring"), gib, on_nodes(2)).algorithm == "ring");
  CHECK(all_reduce(forcing(h100(), "ring"), gib, on_nodes(2)).rule == "asked for by the user");
  CHECK(all_reduce(forcing(h100(), "ring/LL"), gib, on_nodes(2)).protocol == "LL");
  CHECK(all_reduce(forcing(h100(), "hierarchical"), gib, on_nodes(2)).parts.size() == 3);
  CHECK(all_reduce(forcing(h100(), "sharp"), gib, on_nodes(2)).algorithm == "sharp");
}

TEST_CASE("what is asked for and cannot be done is done otherwise, and the rule says so") {
  const Plan other = all_reduce(forcing(a100(), "nvls"), gib, on_nodes(1));
  CHECK(other.algorithm == "ring");
  CHECK(std::string(other.rule).find("cannot") != std::string::npos);
}

TEST_CASE("an algorithm that does not exist is an error that names the one that was meant") {
  CHECK_THROWS_WITH(all_reduce(forcing(h100(), "rnig"), gib, on_nodes(1)),
                    "unknown algorithm 'rnig'; did you mean 'ring'?");
}

TEST_CASE("a collective that no algorithm carries out is an error") {
  CHECK_THROWS_WITH(plan(h100(), Collective::all_to_all, gib, {200'001, 100'000, 1}),
                    ContainsSubstring("no algorithm carries out an all-to-all of 200001 members"));
}

TEST_CASE("a protocol of half the efficiency carries twice the bytes") {
  Tuning tuning = kPlain;
  Method method{.algorithm = "ring", .protocol = "half", .scale_up = {.efficiency = 0.5}, .half = mib};
  tuning.library.methods.push_back(method);
  CHECK(all_reduce(tuning, gib, {4, 1, 4}).parts[0].volume == Approx(2 * 1.5));
}

TEST_CASE("steps grow with the message from the least to the latency of the link") {
  const Method method{.algorithm = "ring", .scale_up = {.least = 1 * microsecond, .growth = 2}, .half = mib};
  const LinkType& link = kPlain.scale_up;
  CHECK(method.scale_up_step(link, Bytes{}, false) / microsecond == Approx(1));
  CHECK(method.scale_up_step(link, mib, false) / microsecond == Approx(5.5));
  CHECK(method.scale_up_step(link, 1e6 * mib, false) / microsecond == Approx(10).epsilon(1e-4));
}

TEST_CASE("steps inside nodes do not grow where the network paces them") {
  Method method{.algorithm = "ring",
                .scale_up = {.least = 1 * microsecond, .growth = 2},
                .posting = 2 * microsecond,
                .half = mib};
  CHECK(method.scale_up_step(kPlain.scale_up, 1e6 * mib, true) / microsecond == Approx(10).epsilon(1e-4));
  method.paced_by_network = true;
  CHECK(method.scale_up_step(kPlain.scale_up, 1e6 * mib, true) / microsecond == Approx(2));
  CHECK(method.scale_up_step(kPlain.scale_up, 1e6 * mib, false) / microsecond == Approx(10).epsilon(1e-4));
}

TEST_CASE("steps that grow less sharply are longer for small messages and shorter for large ones") {
  Method method{
      .algorithm = "ring", .scale_up = {.least = 1 * microsecond, .growth = 2}, .half = mib, .sharpness = 0.5};
  const LinkType& link = kPlain.scale_up;
  CHECK(method.scale_up_step(link, mib, false) / microsecond == Approx(5.5));
  CHECK(method.scale_up_step(link, mib / 4, false) / microsecond == Approx(1 + 9.0 / 3));
  CHECK(method.scale_up_step(link, 4 * mib, false) / microsecond == Approx(1 + 9.0 * 2 / 3));
}

TEST_CASE("every doubling of the nodes takes its share of the payload between them, and none inside a node") {
  Tuning congested = kPlain;
  congested.network.congestion = 0.02;
  const auto volume = [](const Tuning& tuning, const GroupShape& shape) {
    return all_reduce(tuning, gib, shape).parts[0].volume;
  };
  CHECK(volume(congested, {8, 1, 8}) == volume(kPlain, {8, 1, 8}));
  CHECK(volume(congested, {8, 8, 1}) == Approx(volume(kPlain, {8, 8, 1}) / (0.98 * 0.98 * 0.98)));
}

TEST_CASE("larger messages never take less time, and no algorithm beats its links") {
  for (const Tuning& tuning : {a100(), h100()}) {
    for (const int nodes : {1, 2, 16, 512}) {
      Seconds last;
      for (Bytes bytes = 8 * byte; bytes < 16 * gib; bytes *= 2) {
        const Seconds time = candidates(tuning, Collective::all_reduce, bytes, on_nodes(nodes)).front().time;
        CHECK(time >= last);
        last = time;
      }
    }
  }
}
