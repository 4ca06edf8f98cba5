// What the words of published training steps stand for: machines, families of models, and what a release of software
// did where a row does not say.
#pragma once

#include "cluster/cluster.hpp"
#include "input/fields.hpp"
#include "study/row_defaults.hpp"
#include "study/testbed.hpp"
#include "workload/run.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// The machine of an accelerator, known by words of its name.
struct StepMachine {
  TestedNode node;
  Accelerator accelerator;
  std::optional<Host> host;
  bool domain = false;  ///< `node.accelerators` is the largest group that shares a switch, not the size of a server
  void describe(Fields& fields);
};

/// What rows do not say about a model, known by words of its name.
struct ModelFamily {
  std::vector<std::string> words;
  std::optional<Model> model;  ///< of the catalogue: what rows do not say is as in this one
  std::optional<bool> gated_mlp, rotary, learned_positions, bias, squared_relu, dropout, qk_layernorm, attention_sinks;
  std::optional<std::int64_t> head_dim;
  std::string obstacle;  ///< why it cannot be simulated; empty if it can
  void describe(Fields& fields);
};

/// What a release did, known by words of its name or of the accelerator it ran on, where a row does not say.
struct ReleaseHabits {
  std::vector<std::string> words;
  std::string stands_in;         ///< for a release without a file of its own
  bool another_program = false;  ///< `stands_in` is taken even if there is a file of that name
  std::string precision;         ///< as a row would say it; empty: none is usual
  Recompute recompute = Recompute::none;
  std::vector<RecomputeModule> recompute_modules;  ///< if selective, what of a layer; else of models with experts, in
                                                   ///< the order in which users take them to make a design fit
  bool sequence_parallel = false;
  int most_chunks = 1;                ///< model chunks per stage, at most
  int least_chunk_layers = 1;         ///< layers of such a chunk, at least
  int most_micro_batch = 1;           ///< sequences, where there is no pipeline
  bool parallel_residual = false;     ///< in its models attention and MLP work side by side
  int sliding_window = 0;             ///< in its models a token sees so many before it; 0: as the model says
  bool half_attention = false;        ///< its rates of arithmetic count half of attention where a mask is causal
  bool counts_recomputation = false;  ///< and FLOP that are done again, where they do not say
  bool tensor_experts = false;        ///< experts are shared out over tensor ranks too
  ContextExchange context_exchange = ContextExchange::ring;
  TensorOverlap tensor_overlap = TensorOverlap::none;
  Fp8Recipe fp8_recipe = Fp8Recipe::delayed;
  void describe(Fields& fields);
};

/// What a release trains a model with on an accelerator in a format, known by words of all four names, and of "fsdp"
/// where parameters are sharded: a capability that a recipe turns on is a software file of its own.
struct StepRecipe {
  std::vector<std::string> words;
  std::optional<Software> software;  ///< in place of the release's own
  std::vector<RecomputeModule> recompute_modules;
  std::optional<double> expert_capacity_factor;
  std::optional<Offload> offload;
  void describe(Fields& fields);
};

/// What adapters a release trains by default, known by words of its name.
struct AdapterHabit {
  std::vector<std::string> words;
  Adapters lora;
  void describe(Fields& fields);
};

struct StepSystems {
  std::string name;
  std::vector<StepMachine> machines;
  std::vector<TestedNetwork> networks;
  std::vector<ModelFamily> models;
  std::vector<ReleaseHabits> releases;
  std::vector<StepRecipe> recipes;
  std::vector<AdapterHabit> adapters;
  std::vector<RowDefaults> defaults;
  std::vector<std::string> calibration_rows;  ///< that `calibrated` constants were fitted to
  void describe(Fields& fields);

  /// The first whose words all occur in the text; null if none fits.
  const StepMachine* machine(std::string_view accelerator) const;
  const ModelFamily* model(std::string_view name) const;
  const ReleaseHabits* release(std::string_view software, std::string_view accelerator) const;
  const StepRecipe* recipe(std::string_view names) const;
  const Adapters* adapters_of(std::string_view software) const;
};

}  // namespace traingrid
