// What a generation of training software can do: named capabilities with a physical meaning, from files with sources.
#pragma once

#include "cluster/operator.hpp"
#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Generations of fused attention, each with efficiencies of its own on every accelerator: the Triton kernels of the
/// first FlashAttention (Dao et al. 2022), FlashAttention-2 (Dao 2023), and those of cuDNN and FlashAttention-3.
enum class AttentionKernel { flash_1, flash_2, flash_3 };
template <>
struct Spellings<AttentionKernel> {
  static constexpr std::array<std::string_view, 3> names{"flash-1", "flash-2", "flash-3"};
};

/// Generations of the library of matrix multiplications, by the CUDA toolkit it comes with; `current`: the one that
/// the figures of an accelerator were measured with.
enum class KernelLibrary { current, cuda_12_1 };
template <>
struct Spellings<KernelLibrary> {
  static constexpr std::array<std::string_view, 2> names{"current", "cuda-12.1"};
};

/// How the loss comes from the logits: in kernels apart, in fp32 or `narrow`, in the format of activations; in few that
/// a compiler makes of these; or in two that write gradients over the logits, which stay in the format of activations.
enum class CrossEntropy { separate, narrow, compiled, in_place };
template <>
struct Spellings<CrossEntropy> {
  static constexpr std::array<std::string_view, 4> names{"separate", "narrow", "compiled", "in-place"};
};

/// How tokens get to their experts: each copy of them by itself; once for every rank that has some of the experts; or
/// over the network once for every node that does, and from there over the node's own links to those ranks, both at
/// once (DeepSeek-AI 2024, arXiv 2412.19437, section 3.2.2; DeepEP, HybridEP).
enum class ExpertDispatch { copies, ranks, nodes };
template <>
struct Spellings<ExpertDispatch> {
  static constexpr std::array<std::string_view, 3> names{"copies", "ranks", "nodes"};
};

struct Software {
  std::string name;
  std::string collectives;       ///< communication library, by name; none: the fastest algorithm on ideal links
  bool fused_softmax = false;    ///< scale, mask and softmax in one kernel
  bool flash_attention = false;  ///< scores never leave the chip, and masked ones are not computed (Dao et al. 2022)
  bool sink_attention = false;   ///< in models with attention sinks too; else those compute the scores one by one
  AttentionKernel attention_kernel = AttentionKernel::flash_2;  ///< of flash attention
  std::vector<int> attention_head_sizes;  ///< of its kernels: a head takes the next size, one wider than all of them
                                          ///< computes the scores; none: any head as it is
  bool eager_layers = false;      ///< biases, sums and what turns queries, keys and values are kernels of their own
  bool attention_copies = false;  ///< rotated queries and keys, and values, are brought into layouts of their own for
                                  ///< it, and their gradients back into one
  KernelLibrary kernel_library = KernelLibrary::current;  ///< of matrix multiplications
  double overlap_traffic = 0;    ///< bytes of memory traffic taken from kernels per byte that is exchanged beside them
  Seconds launch_interval;       ///< the host takes to launch one operator
  bool cuda_graphs = false;      ///< launches are recorded once and cost nothing
  Seconds micro_batch_overhead;  ///< beside all kernels, of every micro-batch on every stage
  Seconds step_overhead;         ///< data, norm of the gradients, logging: beside all kernels, of every step
  Seconds expert_overhead;       ///< the host waits for the number of tokens of every expert, then launches: beside
                                 ///< all kernels, of every pass through a layer of experts
  bool fused_permutation = false;   ///< one kernel puts tokens in the order of the experts
  bool fused_experts = false;       ///< one grouped kernel multiplies, adds biases, clamps and activates; else a kernel
                                    ///< for every expert, and biases and limits are passes of their own
  std::int64_t expert_streams = 0;  ///< kernels of single experts that run side by side; 0: any number
  bool stashed_experts = false;  ///< what experts keep for the backward pass is copied into pages, and back before it
  bool expert_overlap = false;   ///< tokens of one micro-batch are exchanged while another one is worked on
  bool scatter_gather_pipeline =
      false;                           ///< each tensor rank sends its share over its own NIC, gathered at the receiver
  bool overlap_data_parallel = false;  ///< gradients of a chunk are reduced during the rest of the backward pass
  bool overlap_parameter_gather = false;     ///< what the sharded optimizer updated is gathered during the next forward
                                             ///< pass
  double bucket_parameters_per_rank = 0;     ///< that are gathered at once, at least; layers else
  bool fused_gradient_accumulation = false;  ///< gradients of weights are added up by the multiplication itself
  bool distributed_optimizer = false;        ///< optimizer states sharded over the data-parallel group (ZeRO-1)
  ExpertDispatch expert_dispatch = ExpertDispatch::copies;
  bool narrow_dispatch = false;           ///< tokens are sent to experts in the format of linear layers' operands
  std::vector<Precision> narrow_weights;  ///< formats in which linear layers hold their weights with no copy in a wider
                                          ///< one beside the optimizer's
  bool transposes_frozen_weights = false;  ///< anew on every way back, instead of holding them transposed too
  bool narrow_activation_inputs = false;   ///< what the function between two linear layers reads is kept in the format
                                           ///< of their operands
  CrossEntropy cross_entropy = CrossEntropy::separate;
  bool weighted_activation = false;    ///< experts weight what they compute inside, so that what they give is not kept
  double gradient_bytes = 0;           ///< per parameter, as stored, accumulated and reduced
  double optimizer_state_bytes = 0;    ///< per parameter: master weights and moments
  Bytes reserved_memory;               ///< context, communication buffers, fragmentation; on every accelerator
  double optimizer_traffic_bytes = 0;  ///< per parameter, read and written by one optimizer step
  double gradient_passes = 0;          ///< times that a step reads or writes all gradients of a rank beside that
  std::optional<double> host_optimizer_traffic_bytes;  ///< the same of what the host updates, if that differs
  bool early_gradient_offload = false;  ///< gradients that the host needs go there as soon as they are summed

  void describe(Fields& fields);
  friend bool operator==(const Software&, const Software&) = default;
};

/// Without what it says of memory alone: no date of a step that fits depends on that.
inline Software without_memory(Software software) {
  software.narrow_weights.clear();
  software.reserved_memory = {};
  return software;
}

}  // namespace traingrid
