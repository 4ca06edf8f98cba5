#include "workload/run.hpp"

#include "workload/program.hpp"
#include "workload/schedule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace traingrid {
namespace {

void describe_layers(Software& software, Fields& fields) {
  fields.required("fused_softmax", software.fused_softmax, "Scale, mask and softmax of attention in one kernel.");
  fields.optional("flash_attention", software.flash_attention, "Attention in one kernel that never writes the scores.");
  fields.optional("sink_attention", software.sink_attention, "It does so for models with attention sinks too.");
  fields.optional("attention_kernel", software.attention_kernel, "Generation of its kernels.");
  fields.optional(
      "attention_head_sizes", software.attention_head_sizes,
      "Widths of a head that it has kernels for, rising: a head takes the next one, one wider than all of them "
      "computes the scores. Any head as it is if absent.",
      at_least_one);
  fields.check("attention_head_sizes", std::ranges::is_sorted(software.attention_head_sizes), "sizes rise");
  fields.optional(
      "eager_layers", software.eager_layers,
      "Biases, residual sums, both norms of a parallel residual, and what turns queries, keys and values for "
      "attention are kernels of their own.");
}

/// What a parameter takes, and what is taken on every accelerator.
void describe_bytes(Software& software, Fields& fields) {
  fields.required("gradient_bytes", software.gradient_bytes, "Bytes of a gradient as stored and reduced.", positive);
  fields.required("optimizer_state_bytes", software.optimizer_state_bytes, "Bytes of optimizer state per parameter.",
                  positive);
  fields.required("reserved_memory", software.reserved_memory, "Context, communication buffers and fragmentation.",
                  non_negative);
  fields.required("optimizer_traffic_bytes", software.optimizer_traffic_bytes,
                  "Bytes an optimizer step reads and writes per parameter.", positive);
  fields.optional(
      "gradient_passes", software.gradient_passes,
      "Times that a step reads or writes all gradients of a rank, whichever it updates: cleared, checked, scaled.",
      non_negative);
  fields.optional("host_optimizer_traffic_bytes", software.host_optimizer_traffic_bytes,
                  "The same for parameters that the host updates, if that differs.", positive);
  fields.optional("early_gradient_offload", software.early_gradient_offload,
                  "Gradients that the host needs go there as soon as they are summed, not before the optimizer.");
}

}  // namespace

void Software::describe(Fields& fields) {
  fields.required("name", name, "Name and generation of the training software.");
  fields.required("collectives", collectives, "Communication library, by name.");
  describe_layers(*this, fields);
  fields.optional("attention_copies", attention_copies,
                  "Queries, keys and values that are rotated are copied for attention, and their gradients together.");
  fields.optional("kernel_library", kernel_library, "Generation of the library of matrix multiplications.");
  fields.optional("overlap_traffic", overlap_traffic,
                  "Memory traffic that kernels lose per byte exchanged beside them.", non_negative);
  fields.optional("launch_interval", launch_interval, "Time of the host to launch one operator.", hardware_delay);
  fields.optional("cuda_graphs", cuda_graphs, "Launches are recorded once and cost nothing.");
  fields.optional("micro_batch_overhead", micro_batch_overhead, "Beside all kernels, of every micro-batch on a stage.",
                  hardware_delay);
  fields.optional("step_overhead", step_overhead,
                  "Data, norm of gradients, logging: beside all kernels, of every step.", hardware_delay);
  fields.optional("expert_overhead", expert_overhead, "Beside all kernels, of every pass through a layer of experts.",
                  hardware_delay);
  fields.optional("fused_permutation", fused_permutation, "One kernel puts tokens in the order of the experts.");
  fields.optional("fused_experts", fused_experts,
                  "One grouped kernel multiplies, adds biases, clamps and activates for all experts of a rank.");
  fields.optional("expert_streams", expert_streams,
                  "Multiplications of single experts that run side by side; any number if absent.", at_least_one);
  fields.optional("stashed_experts", stashed_experts,
                  "What experts keep for the backward pass is copied into pages, and back before it.");
  fields.optional("expert_overlap", expert_overlap,
                  "Tokens of one micro-batch are exchanged while another one is worked on.");
  fields.required("scatter_gather_pipeline", scatter_gather_pipeline,
                  "Each tensor rank sends its share of an activation, gathered at the receiver.");
  fields.required("overlap_data_parallel", overlap_data_parallel,
                  "Gradients of a chunk are reduced during the rest of the backward pass.");
  fields.optional("overlap_parameter_gather", overlap_parameter_gather,
                  "Updated parameters are gathered layer by layer during the first forward pass.");
  fields.optional("bucket_parameters_per_rank", bucket_parameters_per_rank,
                  "Parameters gathered at once, at least, per data parallel rank; a layer at a time if absent.",
                  non_negative);
  fields.optional("fused_gradient_accumulation", fused_gradient_accumulation,
                  "Gradients of weights are added up by the multiplication that makes them.");
  fields.required("distributed_optimizer", distributed_optimizer, "Optimizer states sharded over data parallel ranks.");
  fields.optional("expert_dispatch", expert_dispatch, "How tokens get to their experts.");
  fields.optional("narrow_dispatch", narrow_dispatch,
                  "They are sent there in the format of the operands of linear layers.");
  fields.optional("narrow_weights", narrow_weights,
                  "Formats in which weights of linear layers are held, with no wider copy but the optimizer's.");
  fields.optional("transposes_frozen_weights", transposes_frozen_weights,
                  "Frozen narrow weights are transposed anew on every way back, not held transposed too.");
  fields.optional("narrow_activation_inputs", narrow_activation_inputs,
                  "What the function between two linear layers reads is kept in the format of their operands.");
  fields.optional("cross_entropy", cross_entropy, "How the loss comes from the logits.");
  fields.optional("weighted_activation", weighted_activation,
                  "Experts weight what they compute inside; what they give is not kept.");
  describe_bytes(*this, fields);
}

void Parallelism::describe(Fields& fields) {
  fields.optional("tensor", tensor, "Ranks that share every layer.", at_least_one);
  fields.optional("pipeline", pipeline, "Pipeline stages.", at_least_one);
  fields.optional("context", context, "Ranks that share a sequence.", at_least_one);
  fields.optional("context_exchange", context_exchange, "How they come by each other's keys and values.");
  fields.check("context_exchange", context > 1 || context_exchange == ContextExchange::ring,
               "has an effect with context above 1 only");
  fields.optional("expert", expert, "Ranks that share out the experts of a layer.", at_least_one);
  fields.optional("expert_tensor", expert_tensor, "Ranks that share every expert.", at_least_one);
  fields.optional("data", data, "Replicas of the model; derived from the cluster if absent.", at_least_one);
  fields.optional("sharding", sharding, "What data parallel ranks share out; what the software does if absent.");
  fields.optional("shard_group", shard_group,
                  "Ranks over which parameters are sharded; all that hold the same ones if absent.", at_least_one);
  fields.check("shard_group", !shard_group || sharding == Sharding::parameters,
               "has an effect with sharding: parameters only");
  fields.optional("virtual_stages", virtual_stages, "Model chunks per pipeline stage.", at_least_one);
  fields.optional("pipeline_layers", pipeline_layers,
                  "Layers of each model chunk, in the order of the model; shared out evenly if absent.", non_negative);
  fields.optional("decoder_first_pipeline_num_layers", decoder_first_pipeline_num_layers,
                  "Layers of the first stage, where they are not as many as of others.", non_negative);
  fields.optional("decoder_last_pipeline_num_layers", decoder_last_pipeline_num_layers,
                  "Layers of the last stage, where they are not as many as of others.", non_negative);
  const bool uneven_ends = decoder_first_pipeline_num_layers || decoder_last_pipeline_num_layers;
  fields.check("pipeline_layers", pipeline_layers.empty() || !uneven_ends,
               "says how many layers the first and the last stage have");
  fields.optional("sequence_parallel", sequence_parallel, "Norms and dropout sharded over the tensor ranks.");
  fields.optional("tensor_overlap", tensor_overlap, "What tensor ranks exchange while they compute.");
  fields.check("tensor_overlap", tensor > 1 || tensor_overlap == TensorOverlap::none,
               "has an effect with tensor above 1 only");
  fields.check("tensor_overlap", sequence_parallel || tensor_overlap != TensorOverlap::chunks,
               "chunks need sequence_parallel");
  fields.optional("tensor_overlap_chunks", tensor_overlap_chunks, "Chunks of such an exchange.", at_least_one);
  fields.check("tensor_overlap_chunks", tensor_overlap == TensorOverlap::chunks || tensor_overlap_chunks == 4,
               "has an effect with tensor_overlap: chunks only");
  fields.optional("account_for_embedding_in_pipeline_split", account_for_embedding_in_pipeline_split,
                  "The embedding counts as a layer when layers are split into stages.");
  fields.optional("account_for_loss_in_pipeline_split", account_for_loss_in_pipeline_split,
                  "The head counts as a layer when layers are split into stages.");
}

void RampStage::describe(Fields& fields) {
  fields.required("tokens", tokens, "Tokens trained at this batch.", positive);
  fields.required("batch", batch, "Sequences per step.", at_least_one);
}

void Run::describe(Fields& fields) {
  fields.required("name", name, "Name of the run.");
  fields.required("cluster", cluster, "Default cluster, by name.");
  fields.required("site", site, "Default site, by name.");
  fields.optional("nodes", nodes, "Nodes allocated to the run; the whole cluster if absent.", at_least_one);
  fields.reference("model", model, "models", "What is trained.");
  fields.reference("software", software, "software", "What it is trained with.");
  fields.required("sequence_length", sequence_length, "Tokens of a sequence.", at_least_one);
  fields.check("sequence_length", sequence_length <= model.max_position_embeddings || !model.learned_positions,
               "longer than the model's max_position_embeddings");
  fields.optional("decoder_sequence_length", decoder_sequence_length,
                  "Tokens of what a decoder writes; as many as it reads if absent.", at_least_one);
  fields.check("decoder_sequence_length", !decoder_sequence_length || model.encoder_layers > 0,
               "the model has no encoder_layers");
  fields.optional(
      "document_length", document_length,
      "Tokens of the documents that are packed into a sequence and attend to nothing beside; one if absent.",
      at_least_one);
  fields.check("document_length", !document_length || *document_length <= sequence_length, "longer than a sequence");
  fields.check("document_length", !document_length || (software.flash_attention && model.operators.empty()),
               "has an effect with flash attention only, which leaves out what is masked");
  fields.check("document_length", !document_length || model.encoder_layers == 0,
               "documents of a model with an encoder are not modelled");
  fields.required("tokens", tokens, "Tokens of the whole run.", large_count);
  fields.required("batch", batch, "Sequences per step.", at_least_one);
  fields.optional("batch_ramp", batch_ramp, "Stages at smaller batches before `batch` is reached.");
  double ramp_tokens = 0;
  for (const RampStage& stage : batch_ramp) ramp_tokens += stage.tokens;
  fields.check("batch_ramp", ramp_tokens < tokens, "the ramp leaves no tokens for the full batch");
  fields.optional("micro_batch", micro_batch, "Sequences of a micro-batch.", at_least_one);
  fields.optional("parallelism", parallelism, "Parallel layout.");
  fields.optional("placement", placement, "Which rank runs on which accelerator.");
  fields.optional("collectives", collectives,
                  "Algorithm, or ALGORITHM/PROTOCOL, by collective, where the library's own choice is not wanted.");
  for (const auto& [kind, _] : collectives) {
    fields.check("collectives", std::ranges::find(exchange_names(), kind) != exchange_names().end(),
                 fmt::format("there is no collective '{}'; known: {}", kind, fmt::join(exchange_names(), ", ")));
  }
  fields.optional("expert_imbalance", expert_imbalance, "Tokens of the busiest expert rank over the mean.",
                  at_least_one);
  fields.check("expert_imbalance", expert_imbalance == 1 || model.num_experts > 0, "the model has no experts");
  fields.optional("expert_capacity_factor", expert_capacity_factor,
                  "Slots of an expert over its mean of tokens, padded and dropped to fit; dropless if absent.",
                  positive);
  fields.check("expert_capacity_factor", !expert_capacity_factor || model.num_experts > 0, "the model has no experts");
  fields.check("expert_capacity_factor", !expert_capacity_factor || expert_imbalance == 1,
               "experts with a capacity are never busier than that; leave out expert_imbalance");
  describe_schedule(fields);
  describe_offload(fields);
  describe_savings(fields);
  describe_fine_tuning(fields);
  fields.required("start", start, "First day of the run.");
  fields.optional("publication", publication, "Day of publication.");
  fields.check("publication", !publication || *publication >= start, "a run is not published before it starts");
  fields.optional("contributors", contributors, "People named as contributors, for the cost of the development.",
                  positive);
  fields.required("organisation", organisation, "Who trained it.");
  fields.optional("published", published, "What was published about this run, each value with its source.");
}

void Run::describe_savings(Fields& fields) {
  fields.optional("gradient_compression", gradient_compression,
                  "Bytes of a gradient over those that replicas exchange of it.", at_least_one);
  fields.optional("local_steps", local_steps, "Steps of every replica on its own between two exchanges.", at_least_one);
  fields.optional("lost_time", lost_time,
                  "Share of the run that failures, restarts and checkpoints take, where it is known.", fraction);
  fields.check("lost_time", lost_time < 1, "a run that loses all of its time never ends");
  fields.optional("data_selection", data_selection, "A larger batch is scored in every step, and the best trained on.");
  fields.check("data_selection", !data_selection || data_selection->scoring_sequence.value_or(1) <= sequence_length,
               "'scoring_sequence' is at most sequence_length");
  fields.optional("pruning", pruning, "Weights that are taken out on the way.");
  fields.check("pruning", !pruning || model.operators.empty(), "of a list of operators nothing is pruned");
}

void Run::describe_fine_tuning(Fields& fields) {
  fields.optional("lora", lora, "Low-rank adapters that are trained in place of the model's weights.");
  fields.check("lora",
               !lora || (model.num_experts == 0 && !model.latent_attention() && model.encoder_layers == 0 &&
                         model.operators.empty()),
               "adapters of experts, of latent attention, of an encoder or of listed operators are not modelled");
  fields.check("lora", !lora || model.num_nextn_predict_layers == 0,
               "modules of multi-token prediction are not fine-tuned");
}

bool Run::repeats(RecomputeModule module) const {
  if (recompute != Recompute::selective) return false;
  if (recompute_modules.empty()) return module == RecomputeModule::core_attn;
  return std::ranges::find(recompute_modules, module) != recompute_modules.end();
}

void Run::describe_schedule(Fields& fields) {
  const auto names = [&](RecomputeModule module) {
    return std::ranges::find(recompute_modules, module) != recompute_modules.end();
  };
  fields.required("schedule", schedule, fmt::format("Order of micro-batches, one of: {}.", schedule_names()));
  fields.check("schedule", schedule.empty() || find_schedule(schedule) != nullptr,
               fmt::format("unknown schedule '{}'; known: {}", schedule, schedule_names()));
  fields.required("recompute", recompute, "Activations computed again in the backward pass.");
  fields.optional("recompute_modules", recompute_modules,
                  "Parts of a layer that selective recomputation repeats; the core of attention if absent.");
  fields.check("recompute_modules", recompute_modules.empty() || recompute == Recompute::selective,
               "has an effect with recompute: selective only");
  fields.check("recompute_modules", model.latent_attention() || !names(RecomputeModule::mla_up_proj),
               "mla_up_proj is of latent attention, which the model has not");
  fields.check("recompute_modules",
               model.num_experts > 0 || (!names(RecomputeModule::moe) && !names(RecomputeModule::moe_act)),
               "the model has no experts");
  fields.check("recompute_modules",
               model.shared_expert_intermediate_size > 0 || !names(RecomputeModule::shared_experts),
               "the model has no shared experts");
  fields.optional("recompute_layers", recompute_layers,
                  "Layers of each model chunk that are computed again; all if absent.", non_negative);
  fields.check("recompute", model.operators.empty() || recompute == Recompute::none,
               "of a list of operators nothing is recomputed");
  fields.check("recompute_layers", !recompute_layers || recompute != Recompute::none, "nothing is recomputed");
  fields.required("precision", precision, "Of the operands of linear layers; narrower than 16 bits, all else is bf16.");
  fields.check("precision", model.operators.empty() || !is_narrow(precision),
               "of a list of operators none is narrower than 16 bits");
  fields.optional("fp8_recipe", fp8_recipe, "Where the scales of fp8 tensors come from.");
  fields.check("fp8_recipe", precision == Precision::fp8 || fp8_recipe == Fp8Recipe::delayed,
               "has an effect with precision: fp8 only");
}

}  // namespace traingrid
