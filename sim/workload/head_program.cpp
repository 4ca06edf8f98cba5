#include "workload/head_program.hpp"

#include "workload/layer_program.hpp"

namespace traingrid {
namespace {

void loss_forward(BlockBuilder& block, const Run& run, const RankShape& predicted) {
  block.compute(Term::compute, head_norm_forward(predicted));
  gather_over_tensor(block, run, predicted, predicted.activation());
  block.compute(Term::compute, head_forward(predicted));
}

void loss_backward(BlockBuilder& block, const Run& run, const RankShape& predicted) {
  block.compute(Term::compute, head_backward(predicted));
  reduce_over_tensor(block, run, predicted, true);
  block.compute(Term::compute, head_norm_backward(predicted));
}

/// Two norms, and the projection of the two streams that a module reads to one, shared by the tensor ranks.
Operators prediction_input_forward(const RankShape& s) {
  Operators list = linear(s, "prediction input", 2 * s.model->hidden_size, s.model->hidden_size / s.tensor);
  list.insert(list.begin(), memory_pass("prediction norms", 4 * s.sharded_activation()));
  return list;
}

Operators prediction_input_backward(const RankShape& s) {
  Operators list = linear_backward(s, "prediction input", 2 * s.model->hidden_size, s.model->hidden_size / s.tensor);
  list.push_back(memory_pass("prediction norms", 8 * s.sharded_activation()));
  return list;
}

LayerProgram prediction_layer(const Run& run, const RankShape& predicted) {
  return {run, predicted, static_cast<int>(run.model.num_hidden_layers - 1)};
}

}  // namespace

void head_forward(BlockBuilder& block, const Run& run, const RankShape& predicted) {
  loss_forward(block, run, predicted);
  for (int i = 0; i < run.model.num_nextn_predict_layers; ++i) {
    block.compute(Term::compute, embedding_forward(predicted));
    reduce_over_tensor(block, run, predicted, false);
    block.compute(Term::compute, prediction_input_forward(predicted));
    prediction_layer(run, predicted).forward(block, Term::compute);
    loss_forward(block, run, predicted);
  }
}

void head_backward(BlockBuilder& block, const Run& run, const RankShape& predicted) {
  for (int i = 0; i < run.model.num_nextn_predict_layers; ++i) {
    loss_backward(block, run, predicted);
    prediction_layer(run, predicted).recompute(block);
    prediction_layer(run, predicted).backward(block);
    block.compute(Term::compute, prediction_input_backward(predicted));
    gather_over_tensor(block, run, predicted, predicted.activation());
    block.compute(Term::compute, embedding_backward(predicted));
  }
  loss_backward(block, run, predicted);
}

}  // namespace traingrid
