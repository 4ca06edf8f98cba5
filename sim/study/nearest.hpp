// How near a design is to training steps that were published, and how far ours were from those.
#pragma once

#include "cluster/cluster.hpp"
#include "input/fields.hpp"
#include "input/inputs.hpp"
#include "study/result.hpp"
#include "workload/run.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// What a step is compared by. Names are equal or not; numbers are so many doublings apart.
struct StepFeatures {
  std::string accelerator;
  std::string precision, software;
  double experts = 0;  ///< 1 if the model has any
  double parameters = 0, tokens_per_accelerator = 0;
  double tensor = 1, pipeline = 1, context = 1, expert = 1, data = 1;
  double sequence_length = 0, accelerators = 0;
};

/// A feature that is a number, and its heading in tables.
struct NumberFeature {
  std::string_view name;
  double StepFeatures::*value;
};
inline constexpr std::array kNumberFeatures{
    NumberFeature{"parameters", &StepFeatures::parameters},
    NumberFeature{"tokens_per_accelerator", &StepFeatures::tokens_per_accelerator},
    NumberFeature{"tensor", &StepFeatures::tensor},
    NumberFeature{"pipeline", &StepFeatures::pipeline},
    NumberFeature{"context", &StepFeatures::context},
    NumberFeature{"expert", &StepFeatures::expert},
    NumberFeature{"data", &StepFeatures::data},
    NumberFeature{"sequence_length", &StepFeatures::sequence_length},
    NumberFeature{"accelerators", &StepFeatures::accelerators},
};

StepFeatures features_of(const Run& run, const Cluster& cluster);

/// Weight of each feature in a distance.
struct FeatureWeights {
  double precision = 0, software = 0, experts = 0;
  StepFeatures numbers;  ///< the weights of kNumberFeatures
  void describe(Fields& fields);
};

struct Nearness {
  std::string name;
  std::string errors;   ///< the table of published steps, relative to the file that names it
  int neighbours = 0;   ///< whose errors make an interval, at most
  double farthest = 0;  ///< distance of one of them, at most
  FeatureWeights weights;
  void describe(Fields& fields);
};

double distance(const FeatureWeights& weights, const StepFeatures& a, const StepFeatures& b);

/// A published step: its features, and by how much our step time was off.
struct MeasuredError {
  std::string id, suite;
  StepFeatures features;
  double error_pct = 0;
  bool fitted = false;  ///< constants of its accelerator were fitted to other rows of it
};

/// The rows of a table with a heading of features, but those that constants were fitted to.
std::vector<MeasuredError> read_errors(const std::shared_ptr<const SourceFile>& file, Problems& problems);

/// The nearest rows of the same accelerator, by distance and then by id; the interval of a time of 1 that their errors
/// make: 1/(1 + error).
Nearest nearest_of(const StepFeatures& design, const Nearness& nearness, const std::vector<MeasuredError>& rows);

}  // namespace traingrid
