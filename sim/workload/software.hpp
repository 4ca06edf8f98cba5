// What a generation of training software can do: named capabilities with a physical meaning, from files with sources.
#pragma once

#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <string>

namespace traingrid {

struct Software {
  std::string name;
  std::string collectives;       ///< communication library, by name; none: the fastest algorithm on ideal links
  bool fused_softmax = false;    ///< scale, mask and softmax in one kernel
  bool flash_attention = false;  ///< scores never leave the chip, and masked ones are not computed (Dao et al. 2022)
  bool scatter_gather_pipeline =
      false;                           ///< each tensor rank sends its share over its own NIC, gathered at the receiver
  bool overlap_data_parallel = false;  ///< gradients of a chunk are reduced during the rest of the backward pass
  bool fused_gradient_accumulation = false;  ///< gradients of weights are added up by the multiplication itself
  bool distributed_optimizer = false;        ///< optimizer states sharded over the data-parallel group (ZeRO-1)
  double gradient_bytes = 0;                 ///< per parameter, as stored, accumulated and reduced
  double optimizer_state_bytes = 0;          ///< per parameter: master weights and moments
  Bytes reserved_memory;                     ///< context, communication buffers, fragmentation; on every accelerator
  double optimizer_traffic_bytes = 0;        ///< per parameter, read and written by one optimizer step

  void describe(Fields& fields);
};

}  // namespace traingrid
