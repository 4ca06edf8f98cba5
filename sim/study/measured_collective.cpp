#include "study/measured_collective.hpp"

#include "study/measured_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace traingrid {
namespace {

constexpr Bytes kMebibyte = gib / 1024, kLargeMessage = 16 * gib, kSmallMessage = 8 * byte;
constexpr int kMostRanks = 1 << 20;

std::string lower_letters(std::string_view words) {
  std::string letters;
  for (const char c : words) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return letters;
}

/// "NVLSTree", "Ring (NVLSTree 310.07)" → the algorithm that was used; empty if the text names none.
std::string algorithm_of(std::string_view words) {
  const std::string name = lower_letters(words.substr(0, words.find('(')));
  for (const Algorithm& algorithm : algorithms()) {
    if (lower_letters(algorithm.name) == name) return std::string(algorithm.name);
  }
  return "";
}

/// Tokens to their experts and back.
bool is_expert_exchange(std::string_view name) { return name.starts_with("moe_dispatch_combine"); }

std::optional<CollectiveName> collective_of(std::string name) {
  if (is_expert_exchange(name)) return CollectiveName{Collective::all_to_all};
  std::ranges::replace(name, '_', '-');
  return parse_collective(name == "point-to-point" ? "p2p" : name);
}

/// Sizes of a record, in its order.
std::vector<Bytes> sizes_of(const Node& record) {
  std::vector<Bytes> sizes;
  for (const double size : numbers_of(field(record, "size_bytes"))) sizes.push_back(size * byte);
  for (const double size : numbers_of(field(record, "size_mib"))) sizes.push_back(size * kMebibyte);
  return sizes;
}

/// The measured field of a size: times of small messages, for their bandwidths are rounded to nothing.
std::string_view quantity_at(const Node& record, Bytes size, std::size_t sizes) {
  const bool times = numbers_of(field(record, "time_us")).size() == sizes;
  const bool bandwidths = numbers_of(field(record, "busbw_gb_per_s")).size() == sizes;
  if (times && (size < kMebibyte || !bandwidths)) return "time_us";
  return bandwidths ? "busbw_gb_per_s" : "";
}

std::vector<MeasuredValue> values_by_size(const Node& record, const std::string& id) {
  const std::vector<Bytes> sizes = sizes_of(record);
  std::vector<MeasuredValue> values;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::string quantity(quantity_at(record, sizes[i], sizes.size()));
    if (quantity.empty() || sizes[i] <= Bytes{}) continue;
    values.push_back(
        {fmt::format("{}@{:.0f}", id, sizes[i] / byte), quantity, sizes[i], numbers_of(field(record, quantity))[i]});
  }
  return values;
}

/// Dispatch and combine: every token in as many copies as it has experts, in 8-bit numbers there and 16-bit ones back
/// unless stated.
std::vector<MeasuredValue> values_of_expert_exchange(const Node& record, const std::string& id) {
  const double numbers_sent = static_cast<double>(whole_field(record, "tokens_per_batch")) *
                              whole_field(record, "topk") * static_cast<double>(whole_field(record, "hidden"));
  std::vector<MeasuredValue> values;
  for (const auto& [phase, usual] : {std::pair{"dispatch", "fp8"}, std::pair{"combine", "bf16"}}) {
    const std::string stated = text_field(record, fmt::format("{}_precision", phase));
    const double width = (stated.empty() ? usual : stated) == "fp8" ? 1 : 2;
    for (const auto* suffix : {"_us", "_bottleneck_gb_per_s"}) {
      const std::string quantity = fmt::format("{}{}", phase, suffix);
      const auto list = numbers_of(field(record, quantity));
      if (list.size() == 1 && numbers_sent > 0)
        values.push_back({fmt::format("{}@{}", id, phase), quantity, width * numbers_sent * byte, list[0]});
    }
  }
  return values;
}

/// Fields that state one number, or a range of which the middle counts, and the size it holds for.
std::vector<MeasuredValue> values_without_size(const Node& record, const std::string& id) {
  struct Quantity {
    std::string_view field;
    Bytes size;
  };
  constexpr std::array kFields{
      Quantity{"busbw_gb_per_s", kLargeMessage}, Quantity{"busbw_gb_per_s_range", kLargeMessage},
      Quantity{"unidirectional_gb_per_s", kLargeMessage}, Quantity{"effective_gbit_per_s", kLargeMessage},
      Quantity{"small_message_latency_us_range", kSmallMessage}};
  for (const auto& [name, size] : kFields) {
    const std::vector<double> list = numbers_of(field(record, name));
    if (list.empty() || (list.size() > 1 && !name.ends_with("_range"))) continue;
    double sum = 0;
    for (const double value : list) sum += value;
    return {{id, std::string(name), size, sum / static_cast<double>(list.size())}};
  }
  return {};
}

/// Fills the cluster of a design from the words of its record.
class Resolver {
 public:
  Resolver(const Node& record, const Testbed& testbed) : record_(record), testbed_(testbed) {}

  MeasuredCollective resolve(const std::string& accelerator, int ranks, std::string algorithm) {
    MeasuredCollective design{.algorithm = std::move(algorithm)};
    design.reason = fill(design, accelerator, ranks);
    return design;
  }

 private:
  std::string fill(MeasuredCollective& design, const std::string& accelerator, int ranks) const {
    const std::string kind = text_field(record_, "collective");
    const auto collective = collective_of(kind);
    if (!collective) return fmt::format("'{}' is none of the collectives that are simulated", kind);
    if (accelerator.empty()) return "the accelerator is not stated";
    const TestedNode* node = testbed_.node(accelerator);
    if (node == nullptr) return fmt::format("no node is known for '{}'", accelerator);
    if (!node->obstacle.empty()) return node->obstacle;
    if (!collective->kind && ranks == 0) ranks = 2;
    if (ranks < 2) return "the number of accelerators is not stated";
    if (ranks > kMostRanks) return fmt::format("more than {} accelerators are not simulated", kMostRanks);
    int nodes = whole_field(record_, "n_nodes");
    if (nodes == 0) nodes = (ranks + node->accelerators - 1) / node->accelerators;
    if (ranks % nodes != 0) return fmt::format("{} accelerators do not fill {} nodes evenly", ranks, nodes);
    design.bench.kind = collective->kind;
    design.bench.ranks = ranks;
    build(design.cluster, *node, nodes, ranks / nodes);
    return design.cluster.node.accelerators % design.cluster.node.nics == 0
               ? ""
               : fmt::format("{} accelerators do not share {} NICs evenly", design.cluster.node.accelerators,
                             design.cluster.node.nics);
  }

  void build(Cluster& cluster, const TestedNode& tested, int nodes, int per_node) const {
    cluster.name = "measured";
    cluster.nodes = nodes;
    cluster.node.accelerators = nodes == 1 ? std::max(per_node, tested.accelerators) : per_node;
    cluster.node.scale_up = tested.scale_up;
    cluster.node.scale_up.startup += testbed_.startup_of_harness(text_field(record_, "source"));
    if (tested.full_mesh && nodes == 1) {
      const double links = static_cast<double>(per_node - 1) / (tested.accelerators - 1);
      cluster.node.scale_up.bandwidth *= std::min(links, 1.0);
    }
    const Interconnect stated =
        parse_interconnect(text_field(record_, "interconnect"), testbed_.networks, text_field(record_, "source"));
    cluster.node.nics = stated.each || (stated.nics == 0 && per_node < tested.nics) ? cluster.node.accelerators
                        : stated.nics > 0                                           ? stated.nics
                                                                                    : tested.nics;
    cluster.network.topology = "rail-optimised";
    cluster.network.link = stated.link.name.empty() ? tested.network : stated.link;
    if (stated.rate > Bandwidth{}) cluster.network.link.bandwidth = stated.rate;
    cluster.network.clos.nodes_per_leaf = nodes;
    cluster.network.equipment.ports = 2 * nodes;
  }

  const Node& record_;
  const Testbed& testbed_;
};

void add_sizes(MeasuredCollective& design) {
  for (const MeasuredValue& value : design.values) design.bench.sizes.push_back(value.size);
}

/// A mapping from systems to numbers: the words of each key say what was run.
std::vector<MeasuredCollective> by_system(const Node& record, const Testbed& testbed, const std::string& id,
                                          const Node& values) {
  std::vector<MeasuredCollective> designs;
  for (const Entry& entry : values.entries) {
    const auto list = numbers_of(&entry.value);
    if (list.size() != 1) continue;
    const bool reduces = text_field(record, "collective") == "all_reduce";
    const bool in_switch = entry.key.find("SHARP") != std::string::npos;
    const std::string algorithm = in_switch ? "nvls" : reduces ? "ring" : "";
    designs.push_back(Resolver(record, testbed).resolve(entry.key, whole_field(record, "n_gpus"), algorithm));
    designs.back().values = {{fmt::format("{}@{}", id, entry.key), "busbw_gb_per_s", kLargeMessage, list[0]}};
    add_sizes(designs.back());
  }
  return designs;
}

}  // namespace

std::vector<MeasuredCollective> measured_collectives(const Node& record, const Testbed& testbed) {
  const std::string id = text_field(record, "id");
  const Node* bandwidth = field(record, "busbw_gb_per_s");
  if (bandwidth != nullptr && bandwidth->is_mapping()) return by_system(record, testbed, id, *bandwidth);
  if (text_field(record, "kind") == "definition") return {};

  std::string accelerator = text_field(record, "gpu");
  if (accelerator.empty()) accelerator = text_field(record, "arch");
  const std::string algorithm = algorithm_of(text_field(record, "nccl_algo"));
  Resolver resolver(record, testbed);
  std::vector<MeasuredCollective> designs;
  if (const auto counts = numbers_of(field(record, "n_gpus_list")); !counts.empty()) {
    const auto list = numbers_of(bandwidth);
    const auto sizes = sizes_of(record);
    for (std::size_t i = 0; i < std::min(counts.size(), list.size()) && sizes.size() == 1; ++i) {
      designs.push_back(resolver.resolve(accelerator, static_cast<int>(counts[i]), algorithm));
      designs.back().values = {
          {fmt::format("{}@{:.0f}#{:.0f}", id, sizes[0] / byte, counts[i]), "busbw_gb_per_s", sizes[0], list[i]}};
      add_sizes(designs.back());
    }
    return designs;
  }
  const int per_node = whole_field(record, "gpus_per_node"), nodes = whole_field(record, "n_nodes");
  const int all = std::max(whole_field(record, "n_gpus"), whole_field(record, "ep"));
  designs.push_back(resolver.resolve(accelerator, all > 0 ? all : per_node * nodes, algorithm));
  MeasuredCollective& design = designs.back();
  design.values = is_expert_exchange(text_field(record, "collective")) ? values_of_expert_exchange(record, id)
                                                                       : values_by_size(record, id);
  if (design.values.empty()) design.values = values_without_size(record, id);
  if (design.values.empty()) {
    design.values = {{id, "collective", {}, 0}};
    if (design.reason.empty()) design.reason = "states no time and no bandwidth that is compared";
  }
  add_sizes(design);
  return designs;
}

}  // namespace traingrid
