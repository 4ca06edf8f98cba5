// What of a run lies in the memory of its hosts while accelerators do not need it. Switches have the names that
// Megatron Core, DeepSpeed and FSDP give them.
#pragma once

#include "input/fields.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace traingrid {

/// Parts of a layer whose input goes to the host (Megatron Core: --offload-modules).
enum class OffloadModule { attn_norm, qkv_linear, core_attn, attn_proj, mlp_norm, expert_fc1, moe_act };
template <>
struct Spellings<OffloadModule> {
  static constexpr std::array<std::string_view, 7> names{"attn_norm", "qkv_linear", "core_attn", "attn_proj",
                                                         "mlp_norm",  "expert_fc1", "moe_act"};
};

struct Offload {
  int cpu_offloading_num_layers = 0;           ///< all that the first layers keep for their way back
  std::vector<OffloadModule> offload_modules;  ///< inputs of these parts of every layer
  bool cpu_checkpointing = false;              ///< inputs of layers that are recomputed
  double optimizer_offload_fraction = 0;       ///< of the parameters, those that the host updates
  bool overlap_cpu_optimizer_d2h_h2d = false;  ///< tensor by tensor, copies beside updates
  bool offload_param = false;                  ///< a rank's part of sharded parameters lies in the host

  void describe(Fields& fields);
  friend bool operator==(const Offload&, const Offload&) = default;

  bool of_activations() const { return cpu_offloading_num_layers > 0 || !offload_modules.empty() || cpu_checkpointing; }
  bool of_optimizer() const { return optimizer_offload_fraction > 0; }
  bool any() const { return of_activations() || of_optimizer() || offload_param; }
  bool moves(OffloadModule module) const;
};

}  // namespace traingrid
