// The operators of a layer's experts on one rank: router, permutation of the tokens, grouped matrix multiplications.
// The dropless token dispatch of Megatron Core: each rank sends every token of its own to the ranks of its experts.
#pragma once

#include "workload/transformer.hpp"

namespace traingrid {

/// What a rank of an expert group has to do with tokens.
struct ExpertShape {
  std::int64_t tokens;   ///< that this rank routes: its part of the micro-batch
  std::int64_t copies;   ///< of them, one for each expert that sees a token
  std::int64_t experts;  ///< on this rank
  std::int64_t rows;     ///< tokens that each of these sees, if all see as many; rounded up

  explicit ExpertShape(const RankShape& shape);
};

/// Of `nodes` that hold the experts, how many a token goes to in the mean, its own among them: each of its experts is
/// on any of those nodes that its best groups of experts are on.
double reached_nodes(const Model& model, std::int64_t nodes);

/// The send buffer of one rank in the exchange of tokens, filled for the busiest receiver: a copy for every expert, or
/// one for every rank or node that holds some of them.
Bytes dispatched_bytes(const RankShape& shape);
Bytes dispatched_to_nodes(const RankShape& shape);
/// Tokens of all ranks that share an expert, side by side.
Bytes gathered_bytes(const RankShape& shape);

/// Router and the permutation of tokens by expert, before they are sent.
Operators dispatch_forward(const RankShape& shape);
/// What the experts of this rank do with the tokens they got: when all get as many, and beyond that on the busiest
/// rank.
Operators experts_forward(const RankShape& shape);
Operators experts_forward_excess(const RankShape& shape);
/// Of that, what lies between the two multiplications.
Operators experts_activation_forward(const RankShape& shape);
/// The weighted sum of what came back.
Operators combine_forward(const RankShape& shape);

Operators combine_backward(const RankShape& shape);
Operators experts_backward(const RankShape& shape);
Operators experts_backward_excess(const RankShape& shape);
Operators dispatch_backward(const RankShape& shape);

/// What one layer's experts keep for the backward pass: probabilities, tokens sent and received, and inside the
/// experts; `activated`: with what is between their two linear layers.
Bytes expert_activations(const RankShape& shape, bool activated = true);
/// Of those, what the first of the experts' linear layers reads, and the function between the two.
Bytes expert_inputs(const RankShape& shape);
Bytes expert_activation_inputs(const RankShape& shape);

}  // namespace traingrid
