#include "study/counted_flop.hpp"

#include <algorithm>

namespace traingrid {
namespace {

constexpr double kPerWeight = 2;  // a multiplication and an addition
constexpr double kPasses = 3;     // forward, gradients of inputs and of weights

/// Forward, of one token in all layers: scores, and values by them.
double attention_flop(const Run& run, bool half) {
  const Model& model = run.model;
  double seen = 0;
  for (std::int64_t layer = 0; layer < model.num_hidden_layers; ++layer) {
    const auto window =
        model.windowed(layer) ? std::min(model.sliding_window, run.sequence_length) : run.sequence_length;
    seen += static_cast<double>(window);
  }
  return kPerWeight * seen * static_cast<double>(model.query_width() + model.output_width()) * (half ? 0.5 : 1);
}

}  // namespace

CountedFlop counted_flop(const Run& run, bool half_attention) {
  const Model& model = run.model;
  const double tokens = static_cast<double>(run.batch) * static_cast<double>(run.sequence_length);
  const auto head_weights = static_cast<double>(model.vocab_size * model.hidden_size);
  const double embeddings = model.embedding_parameters() + (model.tie_word_embeddings ? 0 : head_weights);
  const double layers = kPerWeight * (model.active_parameters() - embeddings);
  const double attention = attention_flop(run, half_attention), head = kPerWeight * head_weights;
  const double repeated = run.recompute == Recompute::full        ? layers + attention
                          : run.recompute == Recompute::selective ? attention
                                                                  : 0;
  const double model_flop = kPasses * (layers + attention + head);
  return {tokens * model_flop, tokens * (model_flop + repeated)};
}

}  // namespace traingrid
