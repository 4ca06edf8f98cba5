#include "study/measured_step.hpp"

#include "study/measured_fields.hpp"
#include "study/step_format.hpp"
#include "workload/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

/// The part of "NVLink4 in node; 8x400 Gb/s NDR per node" that states a rate of the network.
std::string network_clause(const std::string& text) {
  std::string clause;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(";,", begin), text.size());
    clause = text.substr(begin, end - begin);
    if (clause.find("Gb/s") != std::string::npos) return clause;
    begin = end + 1;
  }
  return text;
}

int largest_divisor(int number, int most) {
  int divisor = std::min(number, most);
  while (number % divisor != 0) --divisor;
  return divisor;
}

/// Fills run and cluster of a step from the fields of its record.
class StepResolver {
 public:
  StepResolver(const Node& record, const StepContext& context) : record_(record), context_(context) {}

  MeasuredStep resolve() {
    step_.id = text_field(record_, "id");
    step_.suite = text_field(record_, "suite");
    if (step_.suite.empty()) step_.suite = "own";
    step_.reason = fill();
    step_.target = step_target(record_, {static_cast<double>(run().batch * run().sequence_length),
                                         std::max(static_cast<double>(accelerators_), 1.0)});
    if (step_.target.quantity.empty()) {
      step_.target.quantity = "iter_time_s";
      if (step_.reason.empty()) step_.reason = "states no time and no throughput that is compared";
    }
    return std::move(step_);
  }

 private:
  std::string fill() {
    using Part = std::string (StepResolver::*)();
    constexpr std::array<Part, 6> kParts{&StepResolver::whole_step, &StepResolver::machine, &StepResolver::model,
                                         &StepResolver::software,   &StepResolver::batch,   &StepResolver::layout};
    for (const Part part : kParts) {
      if (std::string reason = (this->*part)(); !reason.empty()) return reason;
    }
    return "";
  }

  Run& run() { return step_.run; }
  Cluster& cluster() { return step_.cluster; }

  std::string text(std::string_view key) const { return text_field(record_, key); }
  /// 0 if absent.
  int whole(std::string_view key) const { return whole_field(record_, key); }
  /// Takes the number; false if it is absent.
  template <class T>
  bool take(std::string_view key, T& target) {
    const int value = whole(key);
    if (value > 0) target = value;
    return value > 0;
  }
  static std::string missing(std::string_view key) { return fmt::format("missing field: {}", key); }

  std::string whole_step();
  std::string machine();
  void build_cluster(const StepMachine& machine, int accelerators);
  std::string model();
  std::string experts();
  void take_latent(const LatentAttention& latent);
  std::string software();
  std::string batch();
  std::string layout();
  void sharding();
  void stages();
  void recomputation();
  void fit_vocabulary();

  const Node& record_;
  const StepContext& context_;
  const ReleaseHabits* habits_ = nullptr;
  int accelerators_ = 0;
  MeasuredStep step_;
};

std::string StepResolver::whole_step() {
  if (const std::string kind = text("kind"); !kind.empty()) return fmt::format("{}: not a whole step", kind);
  if (const std::string tuned = text("finetuning"); !tuned.empty())
    return fmt::format("fine-tuning ({}) is not simulated", tuned);
  if (!text("cpu_offload").empty()) return "offloading to the host is not simulated";
  return "";
}

std::string StepResolver::machine() {
  const std::string accelerator = text("gpu");
  if (accelerator.empty()) return missing("gpu");
  const StepMachine* known = context_.systems.machine(accelerator);
  if (known == nullptr) return fmt::format("no machine is known for '{}'", accelerator);
  if (!known->node.obstacle.empty()) return known->node.obstacle;
  if (!take("n_gpus", accelerators_)) return missing("n_gpus");
  build_cluster(*known, accelerators_);
  return "";
}

void StepResolver::build_cluster(const StepMachine& machine, int accelerators) {
  int per_node = machine.node.accelerators;
  if (machine.domain)
    per_node = largest_divisor(accelerators, per_node);
  else
    take("gpus_per_node", per_node);
  const Interconnect stated = parse_interconnect(network_clause(text("interconnect")), context_.systems.networks);
  int nics = machine.domain || stated.each ? per_node : stated.nics > 0 ? stated.nics : machine.node.nics;
  nics = largest_divisor(per_node, nics);
  cluster().name = "measured";
  cluster().accelerator = machine.accelerator;
  cluster().nodes = (accelerators + per_node - 1) / per_node;
  cluster().node.accelerators = per_node;
  cluster().node.nics = nics;
  cluster().node.scale_up = machine.node.scale_up;
  Network& network = cluster().network;
  network.topology = "rail-optimised";
  network.link = stated.link.name.empty() ? machine.node.network : stated.link;
  if (stated.rate > Bandwidth{})  // of a link if their number is stated too, else of the node
    network.link.bandwidth = stated.nics > 0 || stated.each ? stated.rate : stated.rate / nics;
  network.clos.nodes_per_leaf = cluster().nodes;
  network.equipment.ports = 2 * cluster().nodes;
}

std::string StepResolver::model() {
  Model& model = run().model;
  model.name = text("model");
  const ModelFamily* family = context_.systems.model(model.name);
  if (family != nullptr && !family->obstacle.empty()) return family->obstacle;
  if (!take("hidden", model.hidden_size)) return missing("hidden");
  if (!take("n_layers", model.num_hidden_layers)) return missing("n_layers");
  if (!take("n_heads", model.num_attention_heads)) return missing("n_heads");
  if (!take("vocab", model.vocab_size)) return missing("vocab");
  if (const std::string attention = text("attention"); !attention.empty()) {
    if (family == nullptr || family->latent.kv_lora_rank == 0)
      return fmt::format("sizes of attention '{}' are not known", attention);
    take_latent(family->latent);
  }
  if (!take("n_kv_heads", model.num_key_value_heads)) model.num_key_value_heads = model.num_attention_heads;
  take("ffn_hidden", model.intermediate_size);
  if (const std::string reason = experts(); !reason.empty()) return reason;
  if (model.intermediate_size == 0 && model.num_experts == 0) return missing("ffn_hidden");
  const bool gated = whole("ffn_matrices") == 3 || model.num_experts > 0;
  model.gated_mlp = family != nullptr && family->gated_mlp ? *family->gated_mlp : gated;
  const auto habit = [&](std::optional<bool> ModelFamily::*of, bool usual) {
    return family != nullptr ? (family->*of).value_or(usual) : usual;
  };
  model.rotary = habit(&ModelFamily::rotary, gated);
  model.learned_positions = habit(&ModelFamily::learned_positions, !gated);
  model.bias = habit(&ModelFamily::bias, !gated);
  model.dropout = habit(&ModelFamily::dropout, !gated);
  if (family != nullptr && family->head_dim) model.head_size = *family->head_dim;
  const std::string tied = text("tied_embeddings");
  model.tie_word_embeddings = tied.empty() ? !gated : tied == "true";
  return "";
}

void StepResolver::take_latent(const LatentAttention& latent) {
  Model& model = run().model;
  model.q_lora_rank = latent.q_lora_rank;
  model.kv_lora_rank = latent.kv_lora_rank;
  model.qk_nope_head_dim = latent.qk_nope_head_dim;
  model.qk_rope_head_dim = latent.qk_rope_head_dim;
  model.v_head_dim = latent.v_head_dim;
}

std::string StepResolver::experts() {
  Model& model = run().model;
  if (!take("moe_experts", model.num_experts)) return "";
  if (!take("moe_topk", model.num_experts_per_tok)) return missing("moe_topk");
  if (!take("moe_ffn_hidden", model.moe_intermediate_size)) model.moe_intermediate_size = model.intermediate_size;
  if (model.moe_intermediate_size == 0) return missing("moe_ffn_hidden");
  take("moe_shared", model.n_shared_experts);
  model.shared_expert_intermediate_size = model.n_shared_experts * model.moe_intermediate_size;
  take("n_dense_layers", model.first_k_dense_replace);
  take("dense_ffn_hidden", model.intermediate_size);
  return "";
}

std::string StepResolver::software() {
  const std::string name = text("software");
  if (name.empty()) return missing("software");
  habits_ = context_.systems.release(name);
  if (habits_ == nullptr) return fmt::format("software '{}' is not known", name);
  auto found = context_.software.find(name);
  if (found == context_.software.end()) found = context_.software.find(habits_->stands_in);
  if (found == context_.software.end()) return fmt::format("software '{}' is not in the catalogue", name);
  run().software = found->second;
  run().model.parallel_residual = habits_->parallel_residual;
  if (const std::string mode = text("mixed_precision_mode"); !mode.empty())
    run().software.gradient_bytes = mode == "PURE" ? element_size(Precision::bf16) : element_size(Precision::fp32);
  std::string precision = text("precision");
  if (precision.empty()) precision = habits_->precision;
  if (precision.empty()) return missing("precision");
  const auto format = step_format(precision, cluster().accelerator, habits_->fp8_recipe);
  if (!format) return fmt::format("precision '{}' is not known", precision);
  run().precision = format->precision;
  run().fp8_recipe = format->recipe;
  return "";
}

std::string StepResolver::batch() {
  if (!take("seq_len", run().sequence_length)) return missing("seq_len");
  if (!take("global_batch_seqs", run().batch)) {
    const double tokens = number_field(record_, "global_batch_tokens_m").value_or(0) * 1e6;
    run().batch = static_cast<std::int64_t>(tokens / static_cast<double>(run().sequence_length));
  }
  if (run().batch == 0) return missing("global_batch_seqs");
  run().tokens = static_cast<double>(run().batch * run().sequence_length);
  run().model.max_position_embeddings = run().sequence_length;
  return "";
}

std::string StepResolver::layout() {
  Parallelism& p = run().parallelism;
  if (!take("tp", p.tensor)) return missing("tp");
  take("pp", p.pipeline);
  take("cp", p.context);
  take("ep", p.expert);
  if (run().model.num_experts == 0) p.expert = 1;
  p.context_exchange = p.context > 1 ? habits_->context_exchange : ContextExchange::ring;
  const int replica = p.tensor * p.pipeline * p.context;
  int data = accelerators_ / replica;
  if (!take("dp", data) && accelerators_ % replica != 0)
    return fmt::format("{} accelerators do not hold whole replicas of {}", accelerators_, replica);
  if (data * replica > accelerators_)
    return fmt::format("dp {} x {} accelerators of a replica are more than {}", data, replica, accelerators_);
  p.data = data;
  if (run().model.num_experts > 0 && !take("etp", p.expert_tensor) && habits_->tensor_experts)
    p.expert_tensor = p.tensor;
  const std::string sequence_parallel = text("sequence_parallel");
  p.sequence_parallel = p.tensor > 1 && (sequence_parallel.empty() ? habits_->sequence_parallel || p.expert > 1
                                                                   : sequence_parallel == "true");
  if (p.tensor > 1 && (p.sequence_parallel || habits_->tensor_overlap != TensorOverlap::chunks))
    p.tensor_overlap = habits_->tensor_overlap;
  if (!take("micro_batch_seqs", run().micro_batch)) {
    const auto share = static_cast<int>(std::max<std::int64_t>(run().batch / data, 1));
    run().micro_batch = p.pipeline > 1 ? 1 : largest_divisor(share, habits_->most_micro_batch);
  }
  sharding();
  stages();
  recomputation();
  fit_vocabulary();
  return "";
}

void StepResolver::sharding() {
  Parallelism& p = run().parallelism;
  const std::string fully = text("fsdp"), stage = text("zero_stage");
  if (stage.size() == 1 && stage[0] >= '0' && stage[0] <= '3') p.sharding = static_cast<Sharding>(stage[0] - '0');
  if (!fully.empty()) {
    const bool partly = fully.find("GRAD") != std::string::npos || fully.find("ZeRO-2") != std::string::npos;
    p.sharding = partly ? Sharding::gradients : Sharding::parameters;
  }
  int width = 0;
  if (take("fsdp_shard", width) || take("fsdp_width", width)) p.sharding = Sharding::parameters;
  if (width > 1 && p.sharding == Sharding::parameters) p.shard_group = width;
}

/// Model chunks as stated, or as many as the release makes of the layers; embedding and head count as layers if stages
/// are uneven without.
void StepResolver::stages() {
  Parallelism& p = run().parallelism;
  const auto layers = static_cast<int>(run().model.num_hidden_layers);
  const bool ends = layers % p.pipeline != 0 && (layers + 2) % p.pipeline == 0;
  p.account_for_embedding_in_pipeline_split = p.account_for_loss_in_pipeline_split = ends;
  const int units = layers + (ends ? 2 : 0);
  int chunks = 0;
  if (!take("virtual_stages", chunks)) {
    const std::int64_t micro = run().batch / (std::int64_t{*p.data} * run().micro_batch);
    chunks = micro % p.pipeline == 0 ? habits_->most_chunks : 1;
    const auto fits = [&](int n) {
      return units % (p.pipeline * n) == 0 && units / (p.pipeline * n) >= habits_->least_chunk_layers;
    };
    while (chunks > 1 && !fits(chunks)) --chunks;
  }
  p.virtual_stages = p.pipeline > 1 ? chunks : 1;
  run().schedule = lower_case(text("schedule"));
  if (find_schedule(run().schedule) == nullptr) run().schedule = p.virtual_stages > 1 ? "interleaved-1f1b" : "1f1b";
}

void StepResolver::recomputation() {
  run().recompute = habits_->recompute;
  const std::string stated = text("recompute");
  for (const Recompute known : {Recompute::none, Recompute::selective, Recompute::full}) {
    if (stated.starts_with(spelling(known))) run().recompute = known;
  }
}

/// Rows of the embedding are filled up until the tensor ranks share them evenly (Megatron-LM: multiples of 128 each).
void StepResolver::fit_vocabulary() {
  constexpr std::int64_t kRows = 128;
  const std::int64_t unit = kRows * run().parallelism.tensor;
  if (run().model.vocab_size % run().parallelism.tensor != 0)
    run().model.vocab_size = (run().model.vocab_size + unit - 1) / unit * unit;
}

}  // namespace

MeasuredStep measured_step(const Node& record, const StepContext& context) {
  return StepResolver(record, context).resolve();
}

}  // namespace traingrid
