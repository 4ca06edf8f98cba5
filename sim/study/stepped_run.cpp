#include "study/stepped_run.hpp"

#include "study/measured_fields.hpp"
#include "study/measured_layout.hpp"
#include "study/record.hpp"
#include "units/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

namespace traingrid {
namespace {

constexpr double kSecondsPerHour = 3600, kBillion = 1e9;

/// Fields that say what was run, and what a row of steps calls them; a row of a whole run may do so too.
struct DesignField {
  std::string_view ours, in_steps;
};
constexpr std::array kDesign{
    DesignField{"model", "model"},
    DesignField{"n_layers", "n_layers"},
    DesignField{"hidden", "hidden"},
    DesignField{"n_heads", "n_heads"},
    DesignField{"n_kv_heads", "n_kv_heads"},
    DesignField{"ffn_hidden", "ffn_hidden"},
    DesignField{"ffn_matrices", "ffn_matrices"},
    DesignField{"vocab", "vocab"},
    DesignField{"seq_len", "seq_len"},
    DesignField{"global_batch_seqs", "global_batch_seqs"},
    DesignField{"accelerator", "gpu"},
    DesignField{"n_chips", "n_gpus"},
    DesignField{"tp", "tp"},
    DesignField{"pp", "pp"},
    DesignField{"precision", "precision"},
    DesignField{"software", "software"},
};

Node scalar(std::string text) { return {.kind = Node::Kind::scalar, .text = std::move(text)}; }

/// The largest that is usual and cuts the share of a replica evenly.
std::string micro_batch(const Node& row, int tensor_ranks, int most) {
  if (const std::string stated = text_field(row, "micro_batch_seqs"); !stated.empty()) return stated;
  const auto accelerators = static_cast<int>(Record(row).number("n_chips").value_or(1));
  const int replicas = std::max(accelerators / std::max(tensor_ranks, 1), 1);
  return fmt::format("{}", largest_divisor(std::max(whole_field(row, "global_batch_seqs") / replicas, 1), most));
}

/// A file of one row of steps, with what the row leaves unsaid.
Node as_step(const Node& row, const ReferenceSystems& systems) {
  const StepDesign& design = systems.design_of(text_field(row, "model"));
  std::map<std::string, std::string> fields = design.defaults;
  for (const auto& [ours, in_steps] : kDesign) {
    for (const std::string_view name : {in_steps, ours})
      if (const std::string value = text_field(row, name); !value.empty()) fields[std::string(in_steps)] = value;
  }
  const auto tensor_ranks = static_cast<int>(parse_number(fields["tp"]).value_or(1));
  fields["micro_batch_seqs"] = micro_batch(row, tensor_ranks, design.most_micro_batch);
  fields["id"] = "run";
  fields["iter_time_s"] = "1";  // that a time is wanted; its value is not read
  Node record{.kind = Node::Kind::mapping}, records{.kind = Node::Kind::list}, file{.kind = Node::Kind::mapping};
  for (auto& [name, value] : fields) record.entries.push_back({.key = name, .mark = {}, .value = scalar(value)});
  records.items.push_back(std::move(record));
  file.entries.push_back({.key = "records", .mark = {}, .value = std::move(records)});
  return file;
}

/// Of the whole run, by its tokens.
std::optional<double> steps_of(const Node& row) {
  const auto tokens = number_field(row, "tokens_billion"), batch = number_field(row, "global_batch_seqs"),
             length = number_field(row, "seq_len");
  if (!tokens || !batch || !length) return std::nullopt;
  return *tokens * kBillion / (*batch * *length);
}

}  // namespace

SteppedHours stepped_hours(const Node& row, const ReferenceSystems& systems, const StepValidation& steps) {
  const auto count = steps_of(row), accelerators = Record(row).number("n_chips");
  if (!count || !accelerators || !number_field(row, "n_layers")) return {};
  Problems problems;
  const auto compared = validate_steps(as_step(row, systems), steps, problems);
  if (compared.empty()) return {};
  const Comparison& step = compared.front();
  if (!step.simulated) return {std::nullopt, fmt::format("no step of it is simulated: {}", step.reason)};
  return {*step.simulated * *count * *accelerators / kSecondsPerHour, ""};
}

}  // namespace traingrid
