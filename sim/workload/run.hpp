// A training run as its file describes it: model, data, parallel layout, schedule, precision.
#pragma once

#include "cluster/operator.hpp"
#include "input/fields.hpp"
#include "workload/adapters.hpp"
#include "workload/model.hpp"
#include "workload/offload.hpp"
#include "workload/placement.hpp"
#include "workload/precision.hpp"
#include "workload/published.hpp"
#include "workload/savings.hpp"
#include "workload/software.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace traingrid {

enum class Recompute { none, selective, full };
template <>
struct Spellings<Recompute> {
  static constexpr std::array<std::string_view, 3> names{"none", "selective", "full"};
};

/// Parts of a layer that selective recomputation may repeat, as Megatron Core calls them (--recompute-modules): the
/// core of attention; norms, whose outputs are not kept; latent attention's way from what is compressed to queries,
/// keys and values; the MLP of a dense layer; the one that shared experts are; what experts compute between their two
/// linear layers; all experts, with the exchanges.
enum class RecomputeModule { core_attn, layernorm, mla_up_proj, mlp, shared_experts, moe_act, moe };
template <>
struct Spellings<RecomputeModule> {
  static constexpr std::array<std::string_view, 7> names{"core_attn",      "layernorm", "mla_up_proj", "mlp",
                                                         "shared_experts", "moe_act",   "moe"};
};

/// How the ranks of a context group come by the keys and values of the others: around a ring while attention works on
/// those already there (Liu et al. 2023), or gathered before it (Llama Team 2024).
enum class ContextExchange { ring, all_gather };
template <>
struct Spellings<ContextExchange> {
  static constexpr std::array<std::string_view, 2> names{"ring", "all-gather"};
};

/// What data-parallel ranks share out instead of holding it whole, each with all before it: stages 0 to 3 of ZeRO
/// (Rajbhandari et al. 2020); the last is FSDP.
enum class Sharding { none, optimizer, gradients, parameters };
template <>
struct Spellings<Sharding> {
  static constexpr std::array<std::string_view, 4> names{"none", "optimizer", "gradients", "parameters"};
};

/// What of the exchange between tensor ranks happens while they compute: nothing; sums of gradients beside the
/// gradients of weights (Megatron-LM since 2022); those, and all others in chunks beside the multiplication that makes
/// or takes what is exchanged (Transformer Engine's userbuffers).
enum class TensorOverlap { none, backward, chunks };
template <>
struct Spellings<TensorOverlap> {
  static constexpr std::array<std::string_view, 3> names{"none", "backward", "chunks"};
};

/// Sizes of the parallel dimensions, in Megatron's terms.
struct Parallelism {
  int tensor = 1, pipeline = 1, context = 1, expert = 1;
  int expert_tensor = 1;             ///< ranks that share one expert
  std::optional<int> data;           ///< derived from the accelerators of the cluster if absent
  int virtual_stages = 1;            ///< model chunks per pipeline stage
  std::vector<int> pipeline_layers;  ///< layers of each model chunk in order; shared out evenly if empty
  std::optional<int> decoder_first_pipeline_num_layers, decoder_last_pipeline_num_layers;  ///< of these stages
  bool sequence_parallel = false;
  TensorOverlap tensor_overlap = TensorOverlap::none;
  int tensor_overlap_chunks = 4;  ///< Transformer Engine's default for a pipelined reduce-scatter
  ContextExchange context_exchange = ContextExchange::ring;
  std::optional<Sharding> sharding;  ///< what the software does if absent
  std::optional<int> shard_group;    ///< ranks over which parameters are sharded; all with equal weights if absent
  bool account_for_embedding_in_pipeline_split = false;  ///< the embedding counts as a layer when layers are split
  bool account_for_loss_in_pipeline_split = false;       ///< the head counts as a layer when layers are split

  void describe(Fields& fields);
  friend bool operator==(const Parallelism&, const Parallelism&) = default;
};

/// A stretch of the run at a smaller batch, before the full one.
struct RampStage {
  double tokens = 0;
  std::int64_t batch = 0;  ///< sequences per step
  void describe(Fields& fields);
  friend bool operator==(const RampStage&, const RampStage&) = default;
};

struct Run {
  std::string name, cluster, site;  ///< cluster and site: names of the defaults
  std::optional<int> nodes;         ///< allocated to the run; the whole cluster if absent
  Model model;
  Software software;
  std::int64_t sequence_length = 0;
  std::optional<std::int64_t> decoder_sequence_length;  ///< of a model with an encoder; as long if absent
  std::optional<std::int64_t> document_length;          ///< tokens; documents packed into a sequence see none of others
  double tokens = 0;                                    ///< of the whole run
  std::int64_t batch = 0;                               ///< sequences per step
  std::vector<RampStage> batch_ramp;                    ///< stages before `batch` is reached
  int micro_batch = 1;                                  ///< sequences
  Parallelism parallelism;
  Placement placement;
  std::map<std::string, std::string> collectives;  ///< algorithm forced upon the library, by collective
  double gradient_compression = 1;                 ///< bytes of a gradient over those that replicas exchange of it
  int local_steps = 1;                             ///< steps of each replica on its own between two exchanges
  double lost_time = 0;                            ///< share of the run that failures, restarts and checkpoints take
  std::optional<DataSelection> data_selection;
  std::optional<Pruning> pruning;
  double expert_imbalance = 1;  ///< tokens of the busiest expert rank over the mean; all others wait for it
  std::optional<double> expert_capacity_factor;  ///< slots of an expert over the mean; dropless if absent
  std::string schedule;                          ///< a name of the table in workload/schedule.cpp
  Recompute recompute = Recompute::none;
  std::vector<RecomputeModule> recompute_modules;  ///< what selective recomputation repeats; the core of attention if
                                                   ///< empty
  std::optional<int> recompute_layers;             ///< of each model chunk, those that are recomputed; all if absent
  Offload offload;
  Precision precision = Precision::fp16;
  Fp8Recipe fp8_recipe = Fp8Recipe::delayed;
  std::optional<Adapters> lora;  ///< trained beside the model's weights, which are frozen; if absent, these are trained
  Date start;
  std::optional<Date> publication;  ///< dates prices in accountings
  double contributors = 0;          ///< named as such, for the cost of the development; 0 if unknown
  std::string organisation;         ///< decides PUE and cloud vendor in Epoch's accounting
  std::optional<Published> published;

  void describe(Fields& fields);
  friend bool operator==(const Run&, const Run&) = default;
  /// Whether selective recomputation repeats this part of a layer.
  bool repeats(RecomputeModule module) const;

 private:
  void describe_fine_tuning(Fields& fields);
  void describe_schedule(Fields& fields);
  void describe_offload(Fields& fields);
  void describe_savings(Fields& fields);
};

}  // namespace traingrid
