#include "study/measured_layout.hpp"

#include "workload/layout.hpp"
#include "workload/schedule.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace traingrid {
namespace {

/// What a word for fully sharded data parallelism shards: PyTorch's FULL_SHARD, SHARD_GRAD_OP or NO_SHARD among others.
std::optional<Sharding> fully_sharded(const std::string& word) {
  constexpr std::array kNot{"", "false", "no", "none", "no_shard", "ddp"};
  if (std::ranges::find(kNot, word) != kNot.end()) return std::nullopt;
  return has_words(word, {"grad"}) || has_words(word, {"zero-2"}) ? Sharding::gradients : Sharding::parameters;
}

/// "moe" is in "moe_act, moe", but not in "moe_act".
bool names_module(std::string_view words, std::string_view name) {
  for (auto at = words.find(name); at != std::string_view::npos; at = words.find(name, at + 1)) {
    const auto end = at + name.size();
    if (end == words.size() || words[end] != '_') return true;
  }
  return false;
}

/// Modules that the words name: "mla_up_proj, mlp" or a list of them.
std::vector<RecomputeModule> modules_in(std::string_view words) {
  constexpr auto& kNames = Spellings<RecomputeModule>::names;
  std::vector<RecomputeModule> modules;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (names_module(words, kNames[i])) modules.push_back(static_cast<RecomputeModule>(i));
  }
  return modules;
}

/// At least one.
std::int64_t nearest_multiple(std::int64_t number, std::int64_t unit) {
  return std::max<std::int64_t>((2 * number + unit) / (2 * unit), 1) * unit;
}

class LayoutResolver {
 public:
  LayoutResolver(const RecordFields& fields, const ReleaseHabits& habits, int accelerators, Run& run)
      : fields_(fields), habits_(habits), accelerators_(accelerators), run_(run), layout_(run.parallelism) {}

  std::string resolve() {
    if (!fields_.take("seq_len", run_.sequence_length)) return missing_field("seq_len");
    if (std::int64_t packed = 0; fields_.take("document_tokens", packed)) run_.document_length = packed;
    sharding();
    if (std::string reason = sizes(); !reason.empty()) return reason;
    if (std::string reason = batch(); !reason.empty()) return reason;
    experts();
    tensor_habits();
    if (std::string reason = stages(); !reason.empty()) return reason;
    if (std::string reason = recomputation(); !reason.empty()) return reason;
    fit_vocabulary();
    return "";
  }

 private:
  std::string sizes();
  void share_sequences();
  std::string batch();
  void round_batch();
  void experts();
  void tensor_habits();
  void sharding();
  std::string stages();
  void share_out_layers(int chunks);
  std::string recomputation();
  void fit_vocabulary();

  const RecordFields& fields_;
  const ReleaseHabits& habits_;
  int accelerators_;
  Run& run_;
  Parallelism& layout_;
};

/// Who shards all parameters over data parallel ranks needs no tensor ranks.
std::string LayoutResolver::sizes() {
  if (!fields_.take("tp", layout_.tensor) && layout_.sharding != Sharding::parameters) return missing_field("tp");
  fields_.take("pp", layout_.pipeline);
  fields_.take("cp", layout_.context);
  const std::int64_t model_parallel = std::int64_t{layout_.tensor} * layout_.pipeline;
  if (model_parallel > accelerators_)
    return fmt::format("{} accelerators do not hold whole replicas of {}", accelerators_, model_parallel);
  share_sequences();
  layout_.context_exchange = layout_.context > 1 ? habits_.context_exchange : ContextExchange::ring;
  const std::int64_t replica = model_parallel * layout_.context;
  auto data = static_cast<int>(accelerators_ / replica);
  if (!fields_.take("dp", data) && accelerators_ % replica != 0)
    return fmt::format("{} accelerators do not hold whole replicas of {}", accelerators_, replica);
  if (data * replica != accelerators_)
    return fmt::format("dp {} x {} accelerators of a replica are not {}", data, replica, accelerators_);
  layout_.data = data;
  return "";
}

/// Where a row states neither context nor data ranks and there are more of both than sequences, several share one.
void LayoutResolver::share_sequences() {
  const int sequences = fields_.whole("global_batch_seqs");
  const auto ranks = static_cast<int>(accelerators_ / (std::int64_t{layout_.tensor} * layout_.pipeline));
  const bool stated = fields_.whole("cp") > 0 || fields_.whole("dp") > 0 || sequences == 0;
  if (!stated && ranks > sequences && ranks % sequences == 0) layout_.context = ranks / sequences;
}

/// Sequences per step: stated, or in tokens, or as micro-batches.
std::string LayoutResolver::batch() {
  const bool stated = fields_.take("micro_batch_seqs", run_.micro_batch);
  if (!fields_.take("global_batch_seqs", run_.batch) && has_words(fields_.text("kind"), {"layer"}))
    run_.batch = run_.micro_batch * std::int64_t{*layout_.data};
  if (run_.batch == 0) {
    const double tokens = fields_.number("global_batch_tokens_m").value_or(0) * 1e6;
    run_.batch = static_cast<std::int64_t>(tokens / static_cast<double>(run_.sequence_length));
    const int slice = *layout_.data * (stated ? run_.micro_batch : 1);
    int accumulated = 0;
    if (run_.batch == 0 && fields_.take("grad_accum", accumulated)) run_.batch = std::int64_t{accumulated} * slice;
    if (run_.batch > 0) run_.batch = nearest_multiple(run_.batch, slice);
  }
  if (run_.batch == 0) return missing_field("global_batch_seqs");
  run_.tokens = static_cast<double>(run_.batch * run_.sequence_length);
  run_.model.max_position_embeddings = run_.sequence_length;
  if (stated) round_batch();
  if (stated) return "";
  const auto share = static_cast<int>(std::max<std::int64_t>(run_.batch / *layout_.data, 1));
  run_.micro_batch = layout_.pipeline > 1 ? 1 : largest_divisor(share, habits_.most_micro_batch);
  return "";
}

/// A batch that whole micro-batches miss by less than a hundredth was printed in round numbers.
void LayoutResolver::round_batch() {
  constexpr std::int64_t kParts = 100;
  const std::int64_t whole = nearest_multiple(run_.batch, std::int64_t{*layout_.data} * run_.micro_batch);
  if (std::abs(whole - run_.batch) * kParts < run_.batch) run_.batch = whole;
}

void LayoutResolver::experts() {
  fields_.take("ep", layout_.expert);
  if (run_.model.num_experts == 0) {
    layout_.expert = 1;
  } else if (!fields_.take("etp", layout_.expert_tensor) && habits_.tensor_experts) {
    layout_.expert_tensor = layout_.tensor;
  }
}

void LayoutResolver::tensor_habits() {
  const bool habit = habits_.sequence_parallel || run_.model.num_experts > 0;
  layout_.sequence_parallel = layout_.tensor > 1 && fields_.flag("sequence_parallel").value_or(habit);
  if (layout_.tensor > 1 && (layout_.sequence_parallel || habits_.tensor_overlap != TensorOverlap::chunks))
    layout_.tensor_overlap = habits_.tensor_overlap;
  if (layout_.tensor > 1 && has_words(fields_.text("overlap"), {"TP comm"}))
    layout_.tensor_overlap = TensorOverlap::chunks;
  if (lower_case(fields_.text("tensor_overlap")) == spelling(TensorOverlap::none))
    layout_.tensor_overlap = TensorOverlap::none;
}

void LayoutResolver::sharding() {
  const std::string stage = fields_.text("zero_stage");
  if (const auto digit = stage.find_first_of("0123"); digit != std::string::npos)
    layout_.sharding = static_cast<Sharding>(stage[digit] - '0');
  if (const auto fully = fully_sharded(lower_case(fields_.text("fsdp")))) layout_.sharding = *fully;
  int width = 0;
  if (fields_.take("fsdp_shard", width) || fields_.take("fsdp_width", width)) layout_.sharding = Sharding::parameters;
  if (width > 1 && layout_.sharding == Sharding::parameters) layout_.shard_group = width;
}

/// Model chunks as stated, or as many as the release makes of the layers; embedding and head count as layers if stages
/// are uneven without.
std::string LayoutResolver::stages() {
  const auto layers = static_cast<int>(run_.model.num_hidden_layers);
  const bool ends = layers % layout_.pipeline != 0 && (layers + 2) % layout_.pipeline == 0;
  const int units = layers + (ends ? 2 : 0);
  run_.schedule = lower_case(fields_.text("schedule"));
  const Schedule* stated = find_schedule(run_.schedule);
  int chunks = stated != nullptr && stated->v_shaped ? 2 : 0;
  if (!fields_.take("virtual_stages", chunks) && chunks == 0) {
    const std::int64_t micro = run_.batch / (std::int64_t{*layout_.data} * run_.micro_batch);
    chunks = micro % layout_.pipeline == 0 ? habits_.most_chunks : 1;
    const auto fits = [&](int n) {
      return units % (layout_.pipeline * n) == 0 && units / (layout_.pipeline * n) >= habits_.least_chunk_layers;
    };
    while (chunks > 1 && !fits(chunks)) --chunks;
  }
  layout_.virtual_stages = layout_.pipeline > 1 ? chunks : 1;
  if (stated == nullptr) run_.schedule = layout_.virtual_stages > 1 ? "interleaved-1f1b" : "1f1b";
  layout_.account_for_embedding_in_pipeline_split = layout_.account_for_loss_in_pipeline_split = ends;
  const std::int64_t all_chunks = std::int64_t{layout_.pipeline} * layout_.virtual_stages;
  if (all_chunks > units)
    return fmt::format("pp {} x virtual_stages {} are more chunks than {} layers", layout_.pipeline,
                       layout_.virtual_stages, layers);
  if (units % all_chunks != 0) share_out_layers(layers);
  return "";
}

/// Head and loss weigh a layer, and so does each module behind them with a layer more.
void LayoutResolver::share_out_layers(int layers) {
  layout_.account_for_embedding_in_pipeline_split = layout_.account_for_loss_in_pipeline_split = false;
  const auto behind = static_cast<int>(1 + 2 * run_.model.num_nextn_predict_layers);
  layout_.pipeline_layers = uneven_layers(layers, behind, layout_.pipeline * layout_.virtual_stages);
}

/// As stated: "full", "selective (attention core)", "none (8k)", true or false, or modules of Megatron Core.
std::string LayoutResolver::recomputation() {
  run_.recompute = habits_.recompute;
  if (run_.recompute == Recompute::selective) run_.recompute_modules = habits_.recompute_modules;
  const std::string stated = lower_case(fields_.words("recompute"));
  if (stated.empty()) return "";
  const auto modules = modules_in(stated);
  const auto flag = flag_field(fields_.record(), "recompute");
  if (stated.starts_with("full") || flag == true) {
    run_.recompute = Recompute::full;
  } else if (stated.starts_with("none") || flag == false) {
    run_.recompute = Recompute::none;
  } else if (stated.starts_with("selective") || !modules.empty()) {
    run_.recompute = Recompute::selective;
  } else {
    return fmt::format("recomputation '{}' is not known", stated);
  }
  run_.recompute_modules = run_.recompute == Recompute::selective ? modules : std::vector<RecomputeModule>{};
  return "";
}

/// Rows of the embedding are filled up until the tensor ranks share them evenly (Megatron-LM: multiples of 128 each).
void LayoutResolver::fit_vocabulary() {
  constexpr std::int64_t kRows = 128;
  const std::int64_t unit = kRows * layout_.tensor;
  if (run_.model.vocab_size % layout_.tensor != 0)
    run_.model.vocab_size = (run_.model.vocab_size + unit - 1) / unit * unit;
}

}  // namespace

int largest_divisor(int number, int most) {
  int divisor = std::min(number, most);
  while (number % divisor != 0) --divisor;
  return divisor;
}

std::string measured_layout(const RecordFields& fields, const ReleaseHabits& habits, int accelerators, Run& run) {
  return LayoutResolver(fields, habits, accelerators, run).resolve();
}

}  // namespace traingrid
