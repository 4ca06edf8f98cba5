#include "workload/layout.hpp"

#include "units/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace traingrid {
namespace {

constexpr std::int64_t kMostMicroBatches = 100'000;  // of what fits in memory while a step is simulated

/// Why the accelerator or the software cannot compute like that, or nothing.
std::string precision_obstacle(const Run& run, const Accelerator& accelerator) {
  const Precision wide = wide_format(run.precision);
  for (const Precision precision : {run.precision, wide}) {
    if (!accelerator.supports(precision))
      return fmt::format("{} does not compute in {}", accelerator.name, spelling(precision));
  }
  if (element_size(wide) <= run.software.gradient_bytes) return "";
  return fmt::format("{} trains in mixed precision: its gradients of {} bytes do not hold {}", run.software.name,
                     run.software.gradient_bytes, spelling(run.precision));
}

/// Why the model cannot be cut into that many parts, or nothing.
std::string tensor_obstacle(const Model& model, int tensor) {
  if (!model.operators.empty()) return "";
  const bool copied = tensor % model.num_key_value_heads == 0;  // several ranks hold the same key/value head
  if (model.num_attention_heads % tensor != 0 || (model.num_key_value_heads % tensor != 0 && !copied)) {
    return fmt::format("tensor {} does not divide {} attention heads and {} key/value heads", tensor,
                       model.num_attention_heads, model.num_key_value_heads);
  }
  if (model.intermediate_size % tensor != 0) {
    return fmt::format("tensor {} does not divide intermediate_size {}", tensor, model.intermediate_size);
  }
  if (model.shared_expert_intermediate_size % tensor != 0) {
    return fmt::format("tensor {} does not divide the {} columns of shared experts", tensor,
                       model.shared_expert_intermediate_size);
  }
  if (model.vocab_size % tensor != 0)
    return fmt::format("tensor {} does not divide vocab_size {}", tensor, model.vocab_size);
  return "";
}

/// Why sequences cannot be cut into that many parts, or nothing.
std::string sequence_obstacle(const Run& run) {
  const Parallelism& p = run.parallelism;
  if (run.model.encoder_layers > 0 && p.pipeline * p.context > 1)
    return "a model with an encoder needs pipeline and context of 1: stages and parts of two sequences are not "
           "modelled";
  if (run.sequence_length % p.context != 0) {
    return fmt::format("context {} does not divide sequence_length {}", p.context, run.sequence_length);
  }
  const std::int64_t tokens = run.micro_batch * run.sequence_length / p.context;
  if (p.sequence_parallel && tokens % p.tensor != 0) {
    return fmt::format("sequence_parallel: tensor {} does not divide the {} tokens of a micro-batch", p.tensor, tokens);
  }
  return "";
}

/// Why experts cannot be shared out like that, or nothing.
std::string expert_obstacle(const Run& run, const Layout& layout) {
  const Model& model = run.model;
  const std::string sizes = fmt::format("expert {} x expert_tensor {}", layout.expert, layout.expert_tensor);
  if (model.num_experts == 0) {
    return layout.expert * layout.expert_tensor > 1 ? sizes + ": the model has no experts" : "";
  }
  if (model.num_experts % layout.expert != 0)
    return fmt::format("expert {} does not divide the {} experts of a layer", layout.expert, model.num_experts);
  if (model.moe_intermediate_size % layout.expert_tensor != 0) {
    return fmt::format("expert_tensor {} does not divide moe_intermediate_size {}", layout.expert_tensor,
                       model.moe_intermediate_size);
  }
  if (layout.stage_ranks() % (layout.expert * layout.expert_tensor) != 0) {
    return fmt::format("{} does not divide the {} ranks of a stage (tensor {} x context {} x data {})", sizes,
                       layout.stage_ranks(), layout.tensor, layout.context, layout.data);
  }
  if (layout.tensor > 1 && !run.parallelism.sequence_parallel)
    return "experts under tensor parallelism need sequence_parallel: each tensor rank sends tokens of its own";
  return "";
}

/// Ranks of an expert group fill one node after the other; where they do not fill whole ones, they are not told apart.
void group_by_nodes(const Run& run, const Cluster& cluster, Layout& layout) {
  const int node = run.placement.accelerators_per_node.value_or(cluster.node.accelerators);
  const int group = layout.expert * layout.expert_tensor;
  const bool whole = layout.expert_tensor < node && node % layout.expert_tensor == 0 && group % node == 0;
  if (run.model.num_experts > 0 && run.software.expert_dispatch == ExpertDispatch::nodes && whole)
    layout.expert_nodes = group / node;
}

/// Decides what data-parallel ranks share out, or says why they cannot.
std::string decide_sharding(const Run& run, Layout& layout) {
  const Sharding of_software = run.software.distributed_optimizer ? Sharding::optimizer : Sharding::none;
  layout.sharding = run.parallelism.sharding.value_or(of_software);
  layout.shard_group = run.parallelism.shard_group.value_or(layout.replicas());
  if (layout.replicas() % layout.shard_group != 0) {
    return fmt::format("shard_group {} does not divide the {} ranks with equal weights (data {} x context {})",
                       layout.shard_group, layout.replicas(), layout.data, layout.context);
  }
  if (run.local_steps > 1 && layout.sharding != Sharding::none) {
    return fmt::format(
        "local_steps {}: replicas that step alone need whole optimizer states, and sharding: {} splits them",
        run.local_steps, spelling(layout.sharding));
  }
  if (layout.sharding >= Sharding::gradients && !run.software.overlap_data_parallel) {
    return fmt::format("sharding: {} needs software that overlaps data parallel transfers; {} does not",
                       spelling(layout.sharding), run.software.name);
  }
  if (layout.sharding == Sharding::parameters && layout.expert * layout.expert_tensor * layout.tensor > 1 &&
      run.model.num_experts > 0) {
    return "sharding: parameters of a model with experts needs tensor, expert and expert_tensor of 1";
  }
  return "";
}

/// As the run says, chunk by chunk.
std::string take_layers(const Run& run, Layout& layout, int parts) {
  layout.layers = run.parallelism.pipeline_layers;
  const auto layers = static_cast<int>(run.model.num_hidden_layers);
  const int sum = std::accumulate(layout.layers.begin(), layout.layers.end(), 0);
  if (layout.layers.size() == static_cast<std::size_t>(parts) && sum == layers) return "";
  return fmt::format(
      "pipeline_layers must give the {} layers to {} model chunks (pipeline {} x virtual_stages {}), not {} to {}",
      layers, parts, layout.pipeline, layout.virtual_stages, sum, layout.layers.size());
}

/// A first and a last stage of their own size, all others alike.
std::string split_with_ends(const Run& run, Layout& layout) {
  const Parallelism& p = run.parallelism;
  const auto& first = p.decoder_first_pipeline_num_layers;
  const auto& last = p.decoder_last_pipeline_num_layers;
  const auto layers = static_cast<int>(run.model.num_hidden_layers);
  const int others = layout.pipeline - (first ? 1 : 0) - (last ? 1 : 0);
  const int left = layers - first.value_or(0) - last.value_or(0);
  if (others < 0 || left < 0 || (others == 0 && left > 0) || (others > 0 && left % others != 0)) {
    return fmt::format("{} layers do not split evenly into {} stages between the first and the last", left, others);
  }
  for (int part = 0; part < layout.pipeline * layout.virtual_stages; ++part) {
    const int stage = layout.stage_of(part);
    const int of_stage = stage == 0 && first ? *first : stage == layout.pipeline - 1 && last ? *last : left / others;
    if (of_stage % layout.virtual_stages != 0)
      return fmt::format("the {} layers of stage {} do not split into {} model chunks", of_stage, stage,
                         layout.virtual_stages);
    layout.layers.push_back(of_stage / layout.virtual_stages);
  }
  return "";
}

std::string split_layers(const Run& run, Layout& layout) {
  const Parallelism& p = run.parallelism;
  const int parts = layout.pipeline * layout.virtual_stages;
  if (!p.pipeline_layers.empty()) return take_layers(run, layout, parts);
  if (p.decoder_first_pipeline_num_layers || p.decoder_last_pipeline_num_layers) return split_with_ends(run, layout);
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

std::string room_for_ranks(const Placement& placement, const Cluster& cluster) {
  const int usable = usable_accelerators(placement, cluster);
  if (usable == cluster.accelerators()) return fmt::format("the cluster has {}", usable);
  return fmt::format("the placement uses {} of the cluster's {}", usable, cluster.accelerators());
}

std::string fill_data(const Run& run, const Cluster& cluster, Layout& layout) {
  const int accelerators = usable_accelerators(run.placement, cluster);
  const int replica = layout.tensor * layout.pipeline * layout.context;
  const std::string sizes = fmt::format("tensor {} x pipeline {} x context {} = {} accelerators per replica",
                                        layout.tensor, layout.pipeline, layout.context, replica);
  if (run.parallelism.data) {
    layout.data = *run.parallelism.data;
    const std::int64_t needed = static_cast<std::int64_t>(replica) * layout.data;
    if (needed > accelerators) {
      return fmt::format("too few accelerators: {}, times data {}, needs {}; {}", sizes, layout.data, needed,
                         room_for_ranks(run.placement, cluster));
    }
    return "";
  }
  layout.data = accelerators / replica;
  if (layout.data == 0)
    return fmt::format("too few accelerators: {}; {}", sizes, room_for_ranks(run.placement, cluster));
  if (accelerators % replica != 0) {
    return fmt::format("{} does not divide the cluster's {}; {} would be left over (state `data` to make them spares)",
                       sizes, accelerators, accelerators % replica);
  }
  return "";
}

}  // namespace

std::vector<int> uneven_layers(int layers, int behind, int parts) {
  const int share = (layers + behind + parts - 1) / parts;
  std::vector<int> chunks(index(parts), 0);
  for (int& chunk : chunks) layers -= chunk = std::min(share, layers);
  return chunks;
}

LayoutOutcome resolve_layout(const Run& run, const Cluster& cluster) {
  const Parallelism& p = run.parallelism;
  Layout layout{.tensor = p.tensor,
                .pipeline = p.pipeline,
                .context = p.context,
                .virtual_stages = p.virtual_stages,
                .v_shaped = find_schedule(run.schedule)->v_shaped,
                .expert = p.expert,
                .expert_tensor = p.expert_tensor,
                .weight_copies = weight_copies(run.precision, run.fp8_recipe, cluster.accelerator.any_fp8_layout)};
  if (!run.model.operators.empty() && p.tensor * p.pipeline * p.context * p.expert * p.expert_tensor > 1) {
    return {
        {},
        "a list of operators is trained by data parallel ranks only: tensor, pipeline, context and expert must be 1"};
  }
  if (std::string reason = precision_obstacle(run, cluster.accelerator); !reason.empty()) return {{}, reason};
  if (std::string reason = tensor_obstacle(run.model, p.tensor); !reason.empty()) return {{}, reason};
  if (std::string reason = sequence_obstacle(run); !reason.empty()) return {{}, reason};
  if (std::string reason = fill_data(run, cluster, layout); !reason.empty()) return {{}, reason};
  if (std::string reason = split_layers(run, layout); !reason.empty()) return {{}, reason};
  if (std::string reason = expert_obstacle(run, layout); !reason.empty()) return {{}, reason};
  group_by_nodes(run, cluster, layout);
  if (std::string reason = decide_sharding(run, layout); !reason.empty()) return {{}, reason};
  if (std::string reason = placement_obstacle(run.placement, layout, cluster); !reason.empty()) return {{}, reason};
  return {layout, ""};
}

int Layout::first_layer(int virtual_stage) const {
  return std::accumulate(layers.begin(), layers.begin() + virtual_stage, 0);
}

namespace {
Weights share(Weights whole, const Layout& layout) {
  return {whole.dense / layout.tensor, whole.expert / (layout.expert * layout.expert_tensor)};
}
}  // namespace

Weights layer_share(const Model& model, const Layout& layout, int layer) {
  return share(model.layer_weights(layer), layout);
}

Weights prediction_share(const Model& model, const Layout& layout) { return share(model.prediction_weights(), layout); }

Weights chunk_weights(const Model& model, const Layout& layout, int virtual_stage) {
  Weights weights;
  const int begin = layout.first_layer(virtual_stage);
  const int end = begin + layout.layers[static_cast<std::size_t>(virtual_stage)];
  for (int layer = begin; layer < end; ++layer) weights += layer_share(model, layout, layer);
  const bool last = virtual_stage == layout.last_virtual_stage();
  if (virtual_stage == 0) weights.dense += model.embedding_parameters() / layout.tensor;
  if (last && (!layout.ends_meet() || !model.tie_word_embeddings)) {  // a head, or a copy of the tied embedding
    weights.dense += static_cast<double>(model.vocab_size * model.hidden_size) / layout.tensor;
  }
  for (int i = 0; last && i < model.num_nextn_predict_layers; ++i) weights += prediction_share(model, layout);
  return weights;
}

double chunk_parameters(const Model& model, const Layout& layout, int virtual_stage) {
  return chunk_weights(model, layout, virtual_stage).total();
}

Weights trained_weights(const Run& run, const Layout& layout, int virtual_stage) {
  if (!run.lora) return chunk_weights(run.model, layout, virtual_stage);
  return {.dense = layout.layers[index(virtual_stage)] * run.lora->weights(run.model, layout.tensor)};
}

double optimizer_share(const Layout& layout, Weights weights) {
  if (layout.sharding == Sharding::none) return weights.total();
  if (layout.sharding == Sharding::parameters) return weights.total() / layout.shard_group;
  return weights.dense / layout.replicas() + weights.expert / layout.expert_replicas();
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
