#include "study/step_systems.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

template <class T, class Words>
const T* first_named(const std::vector<T>& list, std::string_view text, Words words) {
  const auto found = std::ranges::find_if(list, [&](const T& item) { return has_words(text, words(item)); });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

void StepMachine::describe(Fields& fields) {
  node.describe(fields);
  fields.reference("accelerator", accelerator, "accelerators", "What computes.");
  fields.optional_reference("host", host, "hosts", "What its accelerators can offload to.");
  fields.optional("domain", domain, "The accelerators share one switch even where a server holds fewer.");
}

void ModelFamily::describe(Fields& fields) {
  fields.required("words", words, "Words that the name of the model has.");
  fields.optional_reference("model", model, "models",
                            "A model of the catalogue: what rows do not say is as in this one.");
  fields.optional("gated_mlp", gated_mlp, "Three MLP matrices instead of two.");
  fields.optional("rotary", rotary, "Queries and keys are rotated by their position.");
  fields.optional("learned_positions", learned_positions, "A learned table of position embeddings.");
  fields.optional("bias", bias, "Biases in linear layers and norms.");
  fields.optional("squared_relu", squared_relu, "The MLP's activation is relu2, made of two functions.");
  fields.optional("dropout", dropout, "Dropout after attention and MLP.");
  fields.optional("qk_layernorm", qk_layernorm, "Heads of queries and keys have norms of their own.");
  fields.optional("attention_sinks", attention_sinks, "Every head has a learned logit beside those of the tokens.");
  fields.optional("head_dim", head_dim, "Width of one head.", at_least_one);
  fields.optional("obstacle", obstacle, "Why it cannot be simulated.");
}

void ReleaseHabits::describe(Fields& fields) {
  fields.required("words", words,
                  "Words that the name of the release, or of the accelerator, has; none for all that are left.");
  fields.optional("stands_in", stands_in, "Software taken for a release that has no file of its own.");
  fields.optional("another_program", another_program, "It stands in even for a release with a file of its own.");
  fields.optional("precision", precision, "Number format of the multiplications.");
  fields.optional("recompute", recompute, "Activations computed again in the backward pass.");
  fields.optional("recompute_modules", recompute_modules,
                  "Parts of a layer that selective recomputation repeats; else those of models with experts that are "
                  "computed again, one more at a time, to make a design fit.");
  fields.optional("sequence_parallel", sequence_parallel, "Norms and dropout sharded over the tensor ranks.");
  fields.optional("most_chunks", most_chunks, "Model chunks per pipeline stage, at most.", at_least_one);
  fields.optional("least_chunk_layers", least_chunk_layers, "Layers of such a chunk, at least.", at_least_one);
  fields.optional("most_micro_batch", most_micro_batch, "Sequences of a micro-batch without a pipeline, at most.",
                  at_least_one);
  fields.optional("parallel_residual", parallel_residual,
                  "It trains models whose attention and MLP work side by side.");
  fields.optional("sliding_window", sliding_window, "Tokens that a token of its models sees before it.", at_least_one);
  fields.optional("half_attention", half_attention, "Its rates of arithmetic count half of causal attention.");
  fields.optional("counts_recomputation", counts_recomputation,
                  "Its rates of arithmetic count FLOP that are done again, where they do not say.");
  fields.optional("tensor_experts", tensor_experts, "Every expert is shared out over the tensor ranks.");
  fields.optional("context_exchange", context_exchange, "How context ranks come by each other's keys and values.");
  fields.optional("tensor_overlap", tensor_overlap, "What tensor ranks exchange while they compute.");
  fields.optional("fp8_recipe", fp8_recipe, "Where the scales of fp8 tensors come from.");
}

void StepRecipe::describe(Fields& fields) {
  fields.required("words", words, "Words that the names of software, model, accelerator and precision have together.");
  fields.optional_reference("software", software, "software",
                            "What it is trained with, if not as the release usually does.");
  fields.optional("recompute_modules", recompute_modules, "What selective recomputation computes again.");
  fields.optional("expert_capacity_factor", expert_capacity_factor, "Slots of an expert over its mean of tokens.",
                  positive);
  fields.optional("offload", offload, "What lies in the memory of the hosts.");
}

void AdapterHabit::describe(Fields& fields) {
  fields.required("words", words, "Words that the name of the release has; none for all that are left.");
  lora.describe(fields);
}

void StepSystems::describe(Fields& fields) {
  fields.required("name", name, "Name of the collection.");
  fields.required("machines", machines, "Machines by accelerator, the more special ones first.");
  fields.required("networks", networks, "Networks by description, the more special ones first.");
  fields.required("models", models, "Families of models, the more special ones first.");
  fields.required("releases", releases, "Habits of software, the more special ones first.");
  fields.optional("recipes", recipes, "What releases do for single models and machines, the more special ones first.");
  fields.optional("adapters", adapters, "Low-rank adapters that releases train, the more special ones first.");
  fields.optional("defaults", defaults, "What rows of a suite leave unsaid, the more special ones first.");
  fields.optional("calibration_rows", calibration_rows, "Rows that calibrated constants were fitted to.");
}

const StepMachine* StepSystems::machine(std::string_view accelerator) const {
  return first_named(
      machines, accelerator, [](const StepMachine& m) -> auto& { return m.node.words; });
}

const ModelFamily* StepSystems::model(std::string_view model_name) const {
  return first_named(
      models, model_name, [](const ModelFamily& m) -> auto& { return m.words; });
}

const ReleaseHabits* StepSystems::release(std::string_view software, std::string_view accelerator) const {
  return first_named(
      releases, fmt::format("{} {}", software, accelerator), [](const ReleaseHabits& r) -> auto& { return r.words; });
}

const StepRecipe* StepSystems::recipe(std::string_view names) const {
  return first_named(
      recipes, names, [](const StepRecipe& r) -> auto& { return r.words; });
}

const Adapters* StepSystems::adapters_of(std::string_view software) const {
  const AdapterHabit* habit = first_named(
      adapters, software, [](const AdapterHabit& a) -> auto& { return a.words; });
  return habit == nullptr ? nullptr : &habit->lora;
}

}  // namespace traingrid
