#include "workload/layout.hpp"

#include <fmt/format.h>

namespace traingrid {
namespace {

constexpr std::int64_t kMostMicroBatches = 100'000;  // of what fits in memory while a step is simulated

/// Why the model cannot be cut into that many parts, or nothing.
std::string tensor_obstacle(const Model& model, int tensor) {
  if (model.num_attention_heads % tensor != 0 || model.num_key_value_heads % tensor != 0) {
    return fmt::format("tensor {} does not divide {} attention heads and {} key/value heads", tensor,
                       model.num_attention_heads, model.num_key_value_heads);
  }
  if (model.intermediate_size % tensor != 0) {
    return fmt::format("tensor {} does not divide intermediate_size {}", tensor, model.intermediate_size);
  }
  if (model.vocab_size % tensor != 0)
    return fmt::format("tensor {} does not divide vocab_size {}", tensor, model.vocab_size);
  return "";
}

std::string split_layers(const Run& run, Layout& layout) {
  const Parallelism& p = run.parallelism;
  const int parts = layout.pipeline * layout.virtual_stages;
  const int first = p.account_for_embedding_in_pipeline_split ? 1 : 0;
  const int last = p.account_for_loss_in_pipeline_split ? 1 : 0;
  const auto layers = static_cast<int>(run.model.num_hidden_layers);
  const int units = layers + first + last;
  if (units < parts) return fmt::format("too few layers: {} for {} model chunks", layers, parts);
  if (units % parts != 0) {
    return fmt::format("{} layers{} do not split evenly into {} model chunks (pipeline {} x virtual_stages {})", layers,
                       first + last > 0 ? fmt::format(" and {} for embedding and head", first + last) : "", parts,
                       layout.pipeline, layout.virtual_stages);
  }
  layout.layers.assign(static_cast<std::size_t>(parts), units / parts);
  layout.layers.front() -= first;
  layout.layers.back() -= last;
  if (layout.layers.front() < 0 || layout.layers.back() < 0) return "too few layers for a stage of their own";
  return "";
}

std::string fill_data(const Run& run, const Cluster& cluster, Layout& layout) {
  const int accelerators = cluster.accelerators();
  const int replica = layout.tensor * layout.pipeline * layout.context;
  const std::string sizes = fmt::format("tensor {} x pipeline {} x context {} = {} accelerators per replica",
                                        layout.tensor, layout.pipeline, layout.context, replica);
  if (run.parallelism.data) {
    layout.data = *run.parallelism.data;
    const std::int64_t needed = static_cast<std::int64_t>(replica) * layout.data;
    if (needed > accelerators) {
      return fmt::format("too few accelerators: {}, times data {}, needs {}; the cluster has {}", sizes, layout.data,
                         needed, accelerators);
    }
    return "";
  }
  layout.data = accelerators / replica;
  if (layout.data == 0) return fmt::format("too few accelerators: {}; the cluster has {}", sizes, accelerators);
  if (accelerators % replica != 0) {
    return fmt::format("{} does not divide the cluster's {}; {} would be left over (state `data` to make them spares)",
                       sizes, accelerators, accelerators % replica);
  }
  return "";
}

}  // namespace

LayoutOutcome resolve_layout(const Run& run, const Cluster& cluster) {
  const Parallelism& p = run.parallelism;
  Layout layout{.tensor = p.tensor, .pipeline = p.pipeline, .context = p.context, .virtual_stages = p.virtual_stages};
  if (!cluster.accelerator.supports(run.precision)) {
    return {{}, fmt::format("{} does not compute in {}", cluster.accelerator.name, spelling(run.precision))};
  }
  if (element_size(run.precision) > run.software.gradient_bytes) {
    return {{},
            fmt::format("{} trains in mixed precision: its gradients of {} bytes do not hold {}", run.software.name,
                        run.software.gradient_bytes, spelling(run.precision))};
  }
  if (std::string reason = tensor_obstacle(run.model, p.tensor); !reason.empty()) return {{}, reason};
  if (std::string reason = fill_data(run, cluster, layout); !reason.empty()) return {{}, reason};
  if (std::string reason = split_layers(run, layout); !reason.empty()) return {{}, reason};
  return {layout, ""};
}

double chunk_parameters(const Model& model, const Layout& layout, int virtual_stage) {
  double parameters = layout.layers[static_cast<std::size_t>(virtual_stage)] * model.layer_parameters();
  const bool first = virtual_stage == 0, last = virtual_stage == layout.last_virtual_stage();
  if (first) parameters += model.embedding_parameters();
  if (last && (!first || !model.tie_word_embeddings)) {
    parameters += static_cast<double>(model.vocab_size * model.hidden_size);  // a head, or a copy of the tied embedding
  }
  return parameters / layout.tensor;
}

MicroBatches micro_batches(const Run& run, const Layout& layout, std::int64_t batch) {
  const std::int64_t slice = static_cast<std::int64_t>(layout.data) * run.micro_batch;
  if (batch % slice != 0) {
    return {0,
            fmt::format("batch {} is not a multiple of data {} x micro_batch {}", batch, layout.data, run.micro_batch)};
  }
  const std::int64_t count = batch / slice;
  if (count > kMostMicroBatches) {
    return {0, fmt::format("{} micro-batches per replica and step; more than {} are not simulated", count,
                           kMostMicroBatches)};
  }
  const int micro = static_cast<int>(count);
  return {micro, find_schedule(run.schedule)->obstacle(layout.shape(micro))};
}

}  // namespace traingrid
