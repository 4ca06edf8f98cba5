#include "study/collective_bench.hpp"

#include "campaign/step.hpp"
#include "input/problems.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

#include <numeric>
#include <stdexcept>

namespace traingrid {
namespace {

constexpr std::string_view kPointToPoint = "p2p";

/// Everyone carries out the collectives one after the other, or sends to the next and waits for the one before.
Program program_of(const CollectiveBench& bench) {
  std::vector<std::int32_t> members(static_cast<std::size_t>(bench.ranks));
  std::iota(members.begin(), members.end(), 0);
  Program program{.communicators = {{.name = "all"}},
                  .blocks = {{.name = "sizes"}},
                  .roles = {{.name = "member", .launches = {{0, 0}}}},
                  .role_of_rank = std::vector<std::int32_t>(members.size(), 0),
                  .tags = static_cast<int>(bench.sizes.size())};
  program.communicators[0].add_group(members);
  auto& operations = program.blocks[0].operations;
  for (std::size_t i = 0; i < bench.sizes.size(); ++i) {
    Operation op{.kind = Operation::Kind::collective, .term = Term::other, .communicator = 0};
    op.bytes = bench.sizes[i];
    if (bench.kind) {
      op.collective = *bench.kind;
      operations.push_back(op);
      continue;
    }
    op.tag = static_cast<int>(i);
    op.kind = Operation::Kind::send;
    op.direction = 1;
    operations.push_back(op);
    op.kind = Operation::Kind::receive;
    op.direction = -1;
    operations.push_back(op);
  }
  return program;
}

CollectiveTiming timing(const Tuning& tuning, const CollectiveBench& bench, const GroupShape& shape, std::size_t i,
                        Seconds time) {
  CollectiveTiming row{.size = bench.sizes[i], .time = time, .algorithm = std::string(kPointToPoint)};
  row.algorithm_bandwidth = row.size / time;
  row.bus_bandwidth = row.algorithm_bandwidth * (bench.kind ? bus_factor(*bench.kind, bench.ranks) : 1);
  if (!bench.kind) return row;
  const Plan chosen = plan(tuning, *bench.kind, row.size, shape);
  row.algorithm = fmt::format("{}{}{}", chosen.algorithm, chosen.protocol.empty() ? "" : "/", chosen.protocol);
  row.rule = chosen.rule;
  return row;
}

}  // namespace

std::vector<CollectiveTiming> time_collective(const Cluster& cluster, const Tuning& tuning,
                                              const CollectiveBench& bench) {
  const Program program = program_of(bench);
  const auto fabric = build_fabric(cluster);
  PlacedProgram placed{.program = &program, .device_of_rank = std::vector<std::int32_t>(program.role_of_rank.size())};
  std::iota(placed.device_of_rank.begin(), placed.device_of_rank.end(), 0);
  const Evaluation evaluation = evaluate({cluster, *fabric, tuning}, {}, placed, bench.folding);
  const GroupShape shape = bench_shape(cluster, bench.ranks);
  std::vector<CollectiveTiming> timings;
  for (const Span& span : spans_of(evaluation, program, 0)) {
    if (span.kind == Operation::Kind::send) continue;
    timings.push_back(timing(tuning, bench, shape, timings.size(), span.end - span.start));
  }
  if (timings.size() != bench.sizes.size()) throw std::logic_error("a collective took no time");
  return timings;
}

GroupShape bench_shape(const Cluster& cluster, int ranks) {
  const int per_node = cluster.node.accelerators;
  const int nodes = (ranks + per_node - 1) / per_node;
  return {ranks, nodes, nodes == 1 ? ranks : ranks - (nodes - 1) * per_node};
}

std::optional<CollectiveName> parse_collective(std::string_view text) {
  if (text == kPointToPoint) return CollectiveName{};
  for (std::size_t i = 0; i < exchange_names().size(); ++i) {
    if (exchange_names()[i] == text) return CollectiveName{static_cast<Collective>(i)};
  }
  return std::nullopt;
}

std::vector<std::string> collective_names() {
  std::vector<std::string> names(exchange_names().begin(), exchange_names().end());
  names.emplace_back(kPointToPoint);
  return names;
}

std::vector<Bytes> parse_sizes(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto size = [&](std::string_view part) {
    const auto [number, error] = parse_quantity(part, Bytes::dimension);
    if (!error.empty()) throw InputError(fmt::format("--size: {}", error));
    const Bytes bytes = number * byte;
    if (bytes < byte || bytes > 1e15 * byte)
      throw InputError(fmt::format("--size: '{}' must be between 1 B and 10^15 B", part));
    return bytes;
  };
  const Bytes first = size(text.substr(0, colon));
  const Bytes last = colon < text.size() ? size(text.substr(colon + 1)) : first;
  if (last < first) throw InputError(fmt::format("--size: '{}' ends before it begins; write SMALLEST:LARGEST", text));
  std::vector<Bytes> sizes;
  for (Bytes next = first; next <= last; next *= 2) sizes.push_back(next);
  return sizes;
}

}  // namespace traingrid
