#include "workload/memory.hpp"

#include "units/index.hpp"
#include "workload/activations.hpp"

#include <algorithm>
#include <utility>

namespace traingrid {
namespace {

/// What is there again, once recomputed, of the largest of any layer: all of it, or the parts that are repeated.
Bytes recomputed_layer(const Run& run, const RankShape& shape) {
  Bytes most;
  if (run.recompute == Recompute::none) return most;
  for (const std::int64_t layer : {std::int64_t{0}, run.model.num_hidden_layers - 1}) {
    Bytes again = layer_activations(run, shape, Recompute::none, layer);
    if (run.recompute == Recompute::selective) again -= layer_activations(run, shape, Recompute::selective, layer);
    most = std::max(most, again);
  }
  return most;
}

/// Activations of a stage at the worst moment of its schedule: those that it holds, those that its host holds for it,
/// and the largest that are on the way from one to the other.
struct StageActivations {
  Bytes held, offloaded, on_the_way;
};

StageActivations activations_in_flight(const Run& run, const Layout& layout, const RankShape& shape, int micro_batches,
                                       int stage) {
  const auto visits = find_schedule(run.schedule)->visits(layout.shape(micro_batches), stage);
  const std::vector<int> held = peak_in_flight(visits, layout.virtual_stages);
  StageActivations sum;
  for (int chunk = 0; chunk < layout.virtual_stages; ++chunk) {
    const int virtual_stage = layout.virtual_stage(stage, chunk), first = layout.first_layer(virtual_stage);
    const int layers = layout.layers[index(virtual_stage)], offloaded = offloaded_layers(run, layers);
    for (int i = 0; i < layers; ++i) {
      const Recompute recompute = recompute_of(run, i, layers);
      Bytes kept = layer_activations(run, shape, recompute, first + i);
      if (i < offloaded) {
        const Bytes moved = offloaded_activations(run, shape, recompute, first + i);
        kept -= moved;
        sum.offloaded += held[index(chunk)] * moved;
        sum.on_the_way = std::max(sum.on_the_way, moved);
      }
      sum.held += held[index(chunk)] * kept;
    }
    if (virtual_stage != layout.last_virtual_stage()) continue;
    const auto predictions = static_cast<double>(held[index(chunk)] * run.model.num_nextn_predict_layers);
    sum.held += predictions * layer_activations(run, shape, run.recompute, run.model.num_hidden_layers - 1);
  }
  return sum;
}

/// Weights of a stage, of its largest model chunk, and of what of that a rank needs whole where parameters are sharded:
/// the layer that computes, the one gathered ahead, embedding and head.
struct StageWeights {
  Weights all, trained;
  Weights in_layers;
  double largest_chunk = 0, gathered = 0, gathered_in_layers = 0;
};

StageWeights stage_weights(const Run& run, const Layout& layout, int stage) {
  StageWeights weights;
  for (int chunk = 0; chunk < layout.virtual_stages; ++chunk) {
    const int virtual_stage = layout.virtual_stage(stage, chunk), first = layout.first_layer(virtual_stage);
    const int layers = layout.layers[index(virtual_stage)];
    const Weights of_chunk = chunk_weights(run.model, layout, virtual_stage);
    Weights in_layers;
    double largest = 0;
    for (int layer = first; layer < first + layers; ++layer) {
      const Weights share = layer_share(run.model, layout, layer);
      in_layers += share;
      largest = std::max(largest, share.total());
    }
    const Weights trained = trained_weights(run, layout, virtual_stage);
    weights.all += of_chunk;
    weights.trained += trained;
    weights.largest_chunk = std::max(weights.largest_chunk, trained.total());
    weights.in_layers += in_layers;
    const double whole_layers = std::min(layers, 2) * largest;
    weights.gathered_in_layers = std::max(weights.gathered_in_layers, whole_layers);
    weights.gathered = std::max(weights.gathered, of_chunk.total() - in_layers.total() + whole_layers);
  }
  return weights;
}

/// Weights as they are multiplied, and what is not held in that format alone. Formats in blocks keep a wide copy.
std::vector<MemoryTerm> weight_terms(const Run& run, const Layout& layout, const RankShape& shape,
                                     const StageWeights& weights) {
  const bool sharded = layout.sharding == Sharding::parameters;
  const auto kept = [&](const Weights& of) { return run.offload.offload_param ? 0 : optimizer_share(layout, of); };
  const double whole = sharded ? kept(weights.all) + weights.gathered : weights.all.total();
  const double in_layers = sharded ? kept(weights.in_layers) + weights.gathered_in_layers : weights.in_layers.total();
  const bool narrow = is_narrow(shape.linear);
  const bool blocks = shape.linear == Precision::fp8 && shape.fp8_recipe == Fp8Recipe::block;
  const bool narrow_only = narrow && !blocks && std::ranges::count(run.software.narrow_weights, shape.linear) > 0;
  std::vector<MemoryTerm> terms{
      {"weights", (whole - (narrow_only ? in_layers : 0)) * element_size(shape.precision) * byte}};
  if (narrow) {
    const int copies = run.lora && run.software.transposes_frozen_weights ? 1 : layout.weight_copies;
    terms.push_back({"narrow weights", copies * in_layers * element_size(shape.linear) * byte});
  }
  return terms;
}

/// Beyond what is kept: the layer that is being recomputed, and on the last stage logits and their gradient, in fp32 or
/// in their place.
Bytes working_space(const Run& run, const Layout& layout, const RankShape& shape, int stage) {
  const Bytes layer = recomputed_layer(run, shape);
  if (stage != layout.stage_of(layout.last_virtual_stage())) return layer;
  const RankShape predicted = layer_shape(run, shape, run.model.num_hidden_layers - 1);
  const double logits =
      static_cast<double>(predicted.tokens() * run.model.vocab_size) / static_cast<double>(shape.tensor);
  const double gradient = run.software.cross_entropy == CrossEntropy::in_place ? 0
                          : run.software.cross_entropy == CrossEntropy::narrow ? element_size(shape.precision)
                                                                               : element_size(Precision::fp32);
  return std::max(layer, logits * (element_size(shape.precision) + gradient) * byte);
}

}  // namespace

std::vector<MemoryTerm> stage_memory(const Run& run, const Layout& layout, int micro_batches, int stage) {
  const RankShape shape(run, layout);
  const StageWeights weights = stage_weights(run, layout, stage);
  const double trained = weights.trained.total(), share = optimizer_share(layout, weights.trained);
  const bool sharded = layout.sharding == Sharding::parameters;
  const double here = 1 - run.offload.optimizer_offload_fraction;
  const double parts = share * (run.software.early_gradient_offload ? here : 1);
  const double gradients =
      layout.sharding < Sharding::gradients ? trained : parts + (sharded ? 0 : weights.largest_chunk);
  const StageActivations activations = activations_in_flight(run, layout, shape, micro_batches, stage);
  std::vector<MemoryTerm> terms = weight_terms(run, layout, shape, weights);
  if (run.gradient_compression > 1)
    terms.push_back({"residual of compression", gradients * run.software.gradient_bytes * byte});
  const std::vector<MemoryTerm> others{{"gradients", gradients * run.software.gradient_bytes * byte},
                                       {"optimizer states", share * here * run.software.optimizer_state_bytes * byte},
                                       {"activations", activations.held},
                                       {"working space", working_space(run, layout, shape, stage)},
                                       {"reserved", run.software.reserved_memory}};
  terms.insert(terms.end(), others.begin(), others.end());
  if (activations.on_the_way > Bytes{}) terms.push_back({"copied ahead", activations.on_the_way});
  return terms;
}

std::vector<MemoryTerm> host_memory(const Run& run, const Layout& layout, int micro_batches, int stage) {
  const RankShape shape(run, layout);
  const StageWeights weights = stage_weights(run, layout, stage);
  const double updated = run.offload.optimizer_offload_fraction * optimizer_share(layout, weights.trained);
  std::vector<MemoryTerm> terms;
  const auto add = [&](std::string name, Bytes bytes) {
    if (bytes > Bytes{}) terms.push_back({std::move(name), bytes});
  };
  if (run.offload.offload_param)
    add("weights", optimizer_share(layout, weights.all) * element_size(shape.precision) * byte);
  add("gradients", updated * run.software.gradient_bytes * byte);
  add("optimizer states", updated * run.software.optimizer_state_bytes * byte);
  if (run.offload.of_activations())
    add("activations", activations_in_flight(run, layout, shape, micro_batches, stage).offloaded);
  return terms;
}

Bytes total(const std::vector<MemoryTerm>& terms) {
  Bytes sum;
  for (const MemoryTerm& term : terms) sum += term.bytes;
  return sum;
}

std::vector<std::vector<MemoryTerm>> memory_by_stage(const Run& run, const Layout& layout, int micro_batches) {
  std::vector<std::vector<MemoryTerm>> stages;
  for (int stage = 0; stage < layout.pipeline; ++stage)
    stages.push_back(stage_memory(run, layout, micro_batches, stage));
  return stages;
}

std::size_t fullest_stage(const std::vector<std::vector<MemoryTerm>>& stages) {
  return static_cast<std::size_t>(std::ranges::max_element(stages, {}, total) - stages.begin());
}

}  // namespace traingrid
