// Clusters of the catalogue that stand for the accelerators in published rows, and constants that such rows leave out.
// Values in platforms/accounting/references/*.yaml.
#pragma once

#include "cluster/cluster.hpp"
#include "input/fields.hpp"
#include "units/quantity.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// A cluster known by a word of an accelerator's name.
struct ReferenceSystem {
  std::string word;
  Cluster cluster;
  void describe(Fields& fields);
};

/// A run of the catalogue that stands for a published one.
struct ReferenceRun {
  std::string model;        ///< as rows call it
  std::string accelerator;  ///< word of its name
  std::string run;          ///< of the catalogue
  void describe(Fields& fields);
};

/// What rows of whole runs leave out of a training step, by words of the model's name.
struct StepDesign {
  std::vector<std::string> words;
  std::map<std::string, std::string> defaults;  ///< of a row of steps
  int most_micro_batch = 1;                     ///< sequences; the share of a replica is cut into equal micro-batches
  void describe(Fields& fields);
};

struct ReferenceSystems {
  std::string name;
  std::vector<ReferenceSystem> systems;
  std::vector<ReferenceRun> runs;
  std::vector<StepDesign> designs;          ///< the first that fits is taken; the last fits every model
  std::vector<std::string> metered_models;  ///< whose published energy holds the overhead of the building
  Joules request;                           ///< energy of a request in studies of water, at the IT boundary
  void describe(Fields& fields);

  /// The first whose word occurs in the name as a whole word: "A100" in "A100-SXM4-80GB"; null if none does.
  const Cluster* find(std::string_view accelerator) const;
  const StepDesign& design_of(std::string_view model) const;
  bool energy_at_meter(std::string_view model) const;
  /// The run of that model on that accelerator; null if there is none.
  const ReferenceRun* find_run(std::string_view model, std::string_view accelerator) const;
};

/// Power of one node at the wall.
struct NodeDraw {
  Watts accelerator, accelerator_idle, accelerator_stalled;  ///< of one: at work, without any, waiting
  Watts training, idle;                                      ///< of the whole node
  Watts training_direct;                                     ///< behind the power supplies
};
NodeDraw node_draw(const Cluster& cluster, bool fans);

}  // namespace traingrid
