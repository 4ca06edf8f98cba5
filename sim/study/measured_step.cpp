#include "study/measured_step.hpp"

#include "study/counted_flop.hpp"
#include "study/measured_layout.hpp"
#include "study/measured_model.hpp"
#include "study/measured_recompute.hpp"
#include "study/step_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

namespace traingrid {
namespace {

/// The part of "NVLink4 in node; 8x400 Gb/s NDR per node" that states a rate of the network.
std::string network_clause(const std::string& text) {
  static const std::regex rate("[GT](b/s|bps|bit/s)");
  std::string clause;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(";,", begin), text.size());
    clause = text.substr(begin, end - begin);
    if (std::regex_search(clause, rate)) return clause;
    begin = end + 1;
  }
  return text;
}

std::vector<std::string> names_of(const std::map<std::string, Software>& software) {
  std::vector<std::string> names;
  for (const auto& [name, release] : software) names.push_back(name);
  return names;
}

/// Fills run and cluster of a step from the fields of its record.
class StepResolver {
 public:
  StepResolver(const Node& record, const StepContext& context)
      : row_(completed(record, context.systems.defaults, names_of(context.software))),
        fields_(row_.record),
        context_(context) {}

  MeasuredStep resolve() {
    step_.id = text_field(fields_.record(), "id");
    step_.suite = text_field(fields_.record(), "suite");
    if (step_.suite.empty()) step_.suite = "own";
    step_.assumed = row_.assumed;
    step_.reason = fill();
    if (step_.reason.empty()) say_batches();
    step_.target = step_target(fields_.record(), size());
    if (step_.target.quantity.empty() && step_.kind != MeasuredKind::layer) {
      step_.target.quantity = "iter_time_s";
      if (step_.reason.empty()) step_.reason = "states no time and no throughput that is compared";
    }
    return std::move(step_);
  }

 private:
  std::string fill() {
    using Part = std::string (StepResolver::*)();
    constexpr std::array kParts{&StepResolver::kind,     &StepResolver::machine,     &StepResolver::model,
                                &StepResolver::software, &StepResolver::fine_tuning, &StepResolver::layout,
                                &StepResolver::recipe,   &StepResolver::offload,     &StepResolver::fit};
    for (const Part part : kParts) {
      if (std::string reason = (this->*part)(); !reason.empty()) return reason;
    }
    return "";
  }

  Run& run() { return step_.run; }
  Cluster& cluster() { return step_.cluster; }

  StepSize size();
  std::string kind();
  std::string fine_tuning();
  std::string machine();
  void build_cluster(const StepMachine& machine, int accelerators);
  std::string model() { return measured_model(fields_, context_.systems, context_.models, run().model); }
  std::string software();
  void capabilities();
  std::string layout();
  std::string recipe();
  std::string offload();
  std::string fit();
  void say_batches();

  CompletedRow row_;
  RecordFields fields_;
  const StepContext& context_;
  const ReleaseHabits* habits_ = nullptr;
  int accelerators_ = 0;
  MeasuredStep step_;
};

/// What one step processes, as far as it is known.
StepSize StepResolver::size() {
  StepSize size{.tokens = static_cast<double>(run().batch * run().sequence_length),
                .accelerators = std::max(static_cast<double>(accelerators_), 1.0)};
  if (!step_.reason.empty()) return size;
  const CountedFlop counted = counted_flop(run(), habits_->half_attention);
  size.model_flop = counted.model;
  size.hardware_flop = counted.hardware;
  size.plain_flop = habits_->counts_recomputation ? counted.hardware : counted.model;
  const auto stated = fields_.number("peak_tflops_per_gpu");
  size.peak = stated ? *stated * 1e12 : cluster().accelerator.peak_of(run().precision) / (flop / second);
  return size;
}

std::string StepResolver::kind() {
  const std::string stated = fields_.text("kind");
  if (has_words(stated, {"layer"})) {
    step_.kind = MeasuredKind::layer;
  } else if (has_words(stated, {"ablation"})) {
    step_.kind = MeasuredKind::ablation;
  } else if (!stated.empty()) {
    return fmt::format("{}: not a whole step", stated);
  }
  return "";
}

/// What the row says of it; where it says nothing, what its recipe does.
std::string StepResolver::offload() {
  Offload& offload = run().offload;
  const std::string stated = lower_case(fields_.text("cpu_offload"));
  const bool named = stated.find("adam") != std::string::npos || stated.find("optimizer") != std::string::npos;
  if (stated == "none" || flag_field(fields_.record(), "cpu_offload") == false) {
    offload = {};
  } else if (named) {
    offload = {.optimizer_offload_fraction = 1};
  } else if (!stated.empty()) {
    return fmt::format("what is offloaded ('{}') is not known", stated);
  }
  if (offload.any() && !cluster().node.host) return "the memory of the machine's hosts is not known";
  if (offload.cpu_offloading_num_layers > 0) run().software.cuda_graphs = false;
  return "";
}

std::string StepResolver::machine() {
  const std::string accelerator = fields_.text("gpu");
  if (accelerator.empty()) return missing_field("gpu");
  const StepMachine* known = context_.systems.machine(accelerator);
  if (known == nullptr) return fmt::format("no machine is known for '{}'", accelerator);
  if (!known->node.obstacle.empty()) return known->node.obstacle;
  const bool alone = step_.kind == MeasuredKind::layer && fields_.take("tp", accelerators_);
  if (!fields_.take("n_gpus", accelerators_) && !alone) return missing_field("n_gpus");
  build_cluster(*known, accelerators_);
  return "";
}

void StepResolver::build_cluster(const StepMachine& machine, int accelerators) {
  int per_node = machine.node.accelerators;
  if (machine.domain)
    per_node = largest_divisor(accelerators, per_node);
  else
    fields_.take("gpus_per_node", per_node);
  const Interconnect stated =
      parse_interconnect(network_clause(fields_.text("interconnect")), context_.systems.networks);
  int nics = machine.domain || stated.each ? per_node : stated.nics > 0 ? stated.nics : machine.node.nics;
  nics = largest_divisor(per_node, nics);
  cluster().name = "measured";
  cluster().accelerator = machine.accelerator;
  cluster().nodes = (accelerators + per_node - 1) / per_node;
  cluster().node.accelerators = per_node;
  cluster().node.nics = nics;
  cluster().node.scale_up = machine.node.scale_up;
  cluster().node.host = machine.host;
  Network& network = cluster().network;
  network.topology = "rail-optimised";
  network.link = stated.link.name.empty() ? machine.node.network : stated.link;
  if (stated.rate > Bandwidth{})  // of a link if their number is stated too, else of the node
    network.link.bandwidth = stated.nics > 0 || stated.each ? stated.rate : stated.rate / nics;
  network.clos.nodes_per_leaf = cluster().nodes;
  network.equipment.ports = 2 * cluster().nodes;
}

/// Of all weights a step is as in pre-training.
std::string StepResolver::fine_tuning() {
  const std::string stated = lower_case(fields_.text("finetuning"));
  const bool adapters = stated == "lora" || has_words(run().model.name, {"LoRA"});
  if (!adapters) return stated.empty() || stated == "sft" ? "" : fmt::format("fine-tuning '{}' is not known", stated);
  const Adapters* usual = context_.systems.adapters_of(text_field(fields_.record(), "software"));
  if (usual == nullptr) return "sizes of the adapters are not known";
  run().lora = *usual;
  fields_.take("lora_rank", run().lora->rank);
  return "";
}

std::string StepResolver::software() {
  const std::string name = fields_.text("software");
  if (name.empty()) return missing_field("software");
  habits_ = context_.systems.release(name, fields_.text("gpu"));
  if (habits_ == nullptr) return fmt::format("software '{}' is not known", name);
  auto found = context_.software.find(name);
  if (habits_->another_program || found == context_.software.end()) found = context_.software.find(habits_->stands_in);
  if (found == context_.software.end()) return fmt::format("software '{}' is not in the catalogue", name);
  if (found->first != name && !habits_->another_program)
    step_.assumed.push_back(fmt::format("software: {}", found->first));
  run().software = found->second;
  std::string precision = fields_.text("precision");
  if (precision.empty()) precision = habits_->precision;
  if (precision.empty()) return missing_field("precision");
  const auto format = step_format(precision, cluster().accelerator, habits_->fp8_recipe);
  if (!format) return fmt::format("precision '{}' is not known", precision);
  const Accelerator& accelerator = cluster().accelerator;
  if (!accelerator.supports(format->precision))
    return fmt::format("{} does not compute in {}", accelerator.name, spelling(format->precision));
  run().precision = format->precision;
  run().fp8_recipe = format->recipe;
  return "";
}

std::string StepResolver::layout() { return measured_layout(fields_, *habits_, accelerators_, run()); }

std::string StepResolver::fit() {
  if (fields_.text("micro_batch_seqs").empty()) shrink_micro_batch(cluster(), run());
  if (!fields_.words("recompute").empty()) return "";
  if (std::string made = assume_recomputation(*habits_, cluster(), run()); !made.empty())
    step_.assumed.push_back(std::move(made));
  return "";
}

std::string StepResolver::recipe() {
  const bool sharded = run().parallelism.sharding == Sharding::parameters;
  const std::string names = fmt::format("{} {} {} {}{}", fields_.text("software"), fields_.text("model"),
                                        fields_.text("gpu"), fields_.text("precision"), sharded ? " fsdp" : "");
  if (const StepRecipe* found = context_.systems.recipe(names)) {
    if (found->software) run().software = *found->software;
    run().expert_capacity_factor = found->expert_capacity_factor;
    if (!found->recompute_modules.empty() && fields_.words("recompute").empty()) {
      run().recompute = Recompute::selective;
      run().recompute_modules = found->recompute_modules;
    }
    if (found->offload) run().offload = *found->offload;
  }
  capabilities();
  if (const std::string mode = fields_.text("mixed_precision_mode"); !mode.empty())
    run().software.gradient_bytes = mode == "PURE" ? element_size(Precision::bf16) : element_size(Precision::fp32);
  return "";
}

/// What of batches and model chunks the row does not say, or says in round numbers.
void StepResolver::say_batches() {
  const auto say = [&](const char* key, std::int64_t taken) {
    if (fields_.whole(key) != taken) step_.assumed.push_back(fmt::format("{}: {}", key, taken));
  };
  say("global_batch_seqs", run().batch);
  say("micro_batch_seqs", run().micro_batch);
  if (run().parallelism.pipeline > 1) say("virtual_stages", run().parallelism.virtual_stages);
}

/// As the release has them, unless the row says more.
void StepResolver::capabilities() {
  Model& model = run().model;
  Software& software = run().software;
  model.parallel_residual =
      fields_.flag("parallel_residual").value_or(model.parallel_residual || habits_->parallel_residual);
  if (!fields_.take("sliding_window", model.sliding_window) && habits_->sliding_window > 0)
    model.sliding_window = habits_->sliding_window;
  software.flash_attention = fields_.flag("flash_attention").value_or(software.flash_attention);
  const std::string overlap = fields_.text("overlap");
  if (overlap.empty()) return;
  software.overlap_data_parallel = has_words(overlap, {"grad-reduce"});
  software.overlap_parameter_gather = has_words(overlap, {"param-gather"});
}

}  // namespace

MeasuredStep measured_step(const Node& record, const StepContext& context) {
  return StepResolver(record, context).resolve();
}

}  // namespace traingrid
