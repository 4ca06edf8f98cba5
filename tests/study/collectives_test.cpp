#include "study/validate_collectives.hpp"

#include "catalogue.hpp"
#include "input/yaml.hpp"
#include "study/collective_bench.hpp"
#include "toy.hpp"

using namespace traingrid;

namespace {

constexpr Bytes mib = gib / 1024;

std::vector<Comparison> validate(const std::string& text, const std::string& calibrated_on = "") {
  Problems problems;
  const Node tree = parse_yaml(std::make_shared<SourceFile>(SourceFile{"rows.yaml", text}), problems);
  const auto rows = validate_collectives(tree,
                                         {catalogue_entry<Testbed>("testbeds", "nccl-tests"),
                                          catalogue_entry<Library>("collectives", "nccl"), calibrated_on},
                                         problems);
  problems.finish();
  return rows;
}

std::string record(const std::string& fields) {
  return "records:\n- {id: mine, source: me, collective: all_reduce, " + fields + "}\n";
}

Tuning plain(const Cluster& cluster) { return tuning_of(cluster, {}); }

}  // namespace

TEST_CASE("every testbed of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Testbed>("testbeds", 1);
}

TEST_CASE("a collective alone on its fabric takes its latency and the bytes of its slowest link") {
  const Cluster toy = toy_cluster({.nodes = 4, .accelerators = 2, .nics = 2, .latency = 1e-6 * second});
  const auto timings =
      time_collective(toy, plain(toy), {.kind = Collective::all_reduce, .ranks = 8, .sizes = {mib, gib}});
  REQUIRE(timings.size() == 2);
  const double volume = 2.0 * 7 / 8;
  CHECK(timings[0].time / second == Approx(14e-6 + volume * (mib / byte) / 2 / 1e10));
  CHECK(timings[1].bus_bandwidth / (byte / second) == Approx(2e10).epsilon(1e-3));
  CHECK(timings[1].algorithm == "ring");
}

TEST_CASE("a rail that is oversubscribed slows a collective down to its share") {
  const ToyCluster shape{.nodes = 8, .accelerators = 1, .nics = 1, .nodes_per_leaf = 4};
  ToyCluster narrow = shape;
  narrow.oversubscription = 4;
  const CollectiveBench bench{.kind = Collective::all_to_all, .ranks = 8, .sizes = {gib}};
  const Cluster wide_cluster = toy_cluster(shape), narrow_cluster = toy_cluster(narrow);
  const auto wide = time_collective(wide_cluster, plain(wide_cluster), bench);
  const auto slow = time_collective(narrow_cluster, plain(narrow_cluster), bench);
  CHECK(slow[0].time / wide[0].time == Approx(4.0 * 16 / 4 / 7));  // 16 of 28 pairs cross a trunk of one NIC
}

TEST_CASE("point to point, everyone sends to the next and the bus bandwidth is that of the link") {
  const Cluster toy = toy_cluster({.latency = 2e-6 * second});
  const auto timings = time_collective(toy, plain(toy), {.ranks = 4, .sizes = {gib}});
  CHECK(timings[0].time / second == Approx(2e-6 + gib / (1e11 * byte)));
  CHECK(timings[0].algorithm == "p2p");
}

TEST_CASE("sizes double from the first to the last") {
  CHECK(parse_sizes("1MiB:8MiB") == std::vector<Bytes>{mib, 2 * mib, 4 * mib, 8 * mib});
  CHECK(parse_sizes("3 MiB") == std::vector<Bytes>{3 * mib});
  CHECK(parse_sizes("1MiB:3MiB").size() == 2);
  CHECK_THROWS_AS(parse_sizes("8MiB:1MiB"), InputError);
  CHECK_THROWS_AS(parse_sizes("many"), InputError);
  CHECK_THROWS_AS(parse_sizes("0 B"), InputError);
  CHECK_THROWS_AS(parse_sizes("1024"), InputError);
}

TEST_CASE("what is simulated follows from what was run, not from what was measured nor from the name") {
  const std::string design = "gpu: H100, n_gpus: 16, n_nodes: 2, size_bytes: [1048576, 1073741824], ";
  const auto one = validate(record(design + "busbw_gb_per_s: [20, 300]"));
  const auto other =
      validate("records:\n- {id: yours, collective: all_reduce, notes: fast, " + design + "busbw_gb_per_s: [1, 2]}\n");
  REQUIRE(one.size() == 2);
  REQUIRE(other.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(one[i].simulated.has_value());
    CHECK(*one[i].simulated == *other[i].simulated);
  }
  CHECK(one[0].id == "mine@1048576");
  CHECK(one[0].suite == "mid-size");
  CHECK(one[1].suite == "large-message");
}

TEST_CASE("accelerator, interconnect and algorithm of a row change what is simulated") {
  const auto simulated = [](const std::string& fields) {
    return *validate(record("n_gpus: 16, n_nodes: 2, size_bytes: [1073741824], busbw_gb_per_s: [100], " + fields))[0]
                .simulated;
  };
  const double base = simulated("gpu: H100");
  CHECK(simulated("gpu: A100") < base);
  CHECK(simulated("gpu: H100, interconnect: 4x400 Gb/s NDR IB per node") < base);
  CHECK(simulated("gpu: H100, interconnect: '8x200 Gb/s HDR IB'") < base);
  CHECK(simulated("gpu: H100, nccl_algo: Ring") < base);
  CHECK(simulated("gpu: H100, nccl_algo: Ring (NVLSTree 310.07)") == simulated("gpu: H100, nccl_algo: Ring"));
}

TEST_CASE("the fabric of a source, and the program that it measured with, change what is simulated") {
  const auto simulated = [](const std::string& source, const std::string& size) {
    return validate(
               "records:\n- {id: mine, source: " + source +
               ", collective: all_reduce, gpu: H100, n_gpus: 32, n_nodes: 4, interconnect: 8x400 Gb/s NDR IB per node, "
               "size_bytes: [" +
               size + "], busbw_gb_per_s: [1]}\n")
        .at(0)
        .simulated.value();
  };
  CHECK(simulated("arXiv 2411.13055", "17179869184") < 0.96 * simulated("NVIDIA", "17179869184"));
  CHECK(simulated("all_reduce_bench.py", "1024") < 0.8 * simulated("nccl-tests", "1024"));
}

TEST_CASE("times of small messages are compared, bandwidths of large ones") {
  const auto rows = validate(
      record("gpu: H100, n_gpus: 8, size_bytes: [8, 1073741824], time_us: [13, 4000], busbw_gb_per_s: [0, 470]"));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].quantity == "time_us");
  CHECK(rows[1].quantity == "busbw_gb_per_s");
  CHECK(rows[0].error().has_value());
}

TEST_CASE("dispatch and combine of experts are all-to-alls of the tokens' copies") {
  const auto rows = validate(
      "records:\n- {id: experts, collective: moe_dispatch_combine, gpu: H800, interconnect: CX7 400 Gb/s IB per GPU, "
      "ep: 16, tokens_per_batch: 128, hidden: 7168, topk: 8, dispatch_us: 118, combine_bottleneck_gb_per_s: 43}\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].quantity == "dispatch_us");
  CHECK(rows[1].quantity == "combine_bottleneck_gb_per_s");
  for (const Comparison& row : rows) CHECK(row.simulated.has_value());
  CHECK(*rows[1].simulated < 50);  // of a port of 400 Gbps
}

TEST_CASE("a row that cannot be simulated says why") {
  const auto reason = [](const std::string& fields) {
    const auto rows = validate(record(fields + ", size_bytes: [1024], time_us: [1]"));
    REQUIRE(rows.size() == 1);
    CHECK_FALSE(rows[0].simulated);
    return rows[0].reason;
  };
  CHECK(reason("n_gpus: 8") == "the accelerator is not stated");
  CHECK(reason("gpu: Abacus, n_gpus: 8") == "no node is known for 'Abacus'");
  CHECK(reason("gpu: H100") == "the number of accelerators is not stated");
  CHECK(reason("gpu: H100, n_gpus: 9, n_nodes: 2") == "9 accelerators do not fill 2 nodes evenly");
  CHECK(reason("gpu: A100, n_gpus: 8, nccl_algo: NVLS") ==
        "the switches of NVLink 3 through NVSwitch do not reduce, which nvls needs");
  CHECK(reason("gpu: H100, n_gpus: 900000000") == "more than 1048576 accelerators are not simulated");
}

TEST_CASE("rows that constants were fitted to are marked, whole names only") {
  const std::string row = record("gpu: H100, n_gpus: 8, size_bytes: [1024], time_us: [20]");
  CHECK(validate(row, "mine, yours")[0].calibration);
  CHECK_FALSE(validate(row, "mine-too, not-mine")[0].calibration);
}

TEST_CASE("a suite is summed up by its mean, worst, bias and order") {
  const auto row = [](double published, double simulated) {
    return Comparison{.suite = "s", .quantity = "q", .published = published, .simulated = simulated};
  };
  const auto suites = summarise({row(100, 110), row(200, 180), Comparison{.suite = "s", .quantity = "q"}});
  REQUIRE(suites.size() == 1);
  CHECK(suites[0].rows == 3);
  CHECK(suites[0].simulated_rows == 2);
  CHECK(*suites[0].mean_abs_error == Approx(10));
  CHECK(*suites[0].worst_abs_error == Approx(10));
  CHECK(*suites[0].bias == Approx(0).margin(1e-9));
  CHECK(*suites[0].rank_correlation == Approx(1));
}

TEST_CASE("a file without records, or records without names, is an error") {
  CHECK_THROWS_AS(validate("rows: []\n"), InputError);
  CHECK_THROWS_AS(validate("records: [{gpu: H100}]\n"), InputError);
}
