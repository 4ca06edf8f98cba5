#include "study/samples.hpp"

#include "engine/child.hpp"
#include "study/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace traingrid {
namespace {

constexpr std::size_t kMostInfluential = 3;
/// Standard deviations of the rank correlation of unrelated numbers, 1/√(n − 1), up to which it may be chance.
constexpr double kByChance = 3;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Numbers of all samples: those of a figure lie side by side.
class Numbers {
 public:
  Numbers(std::size_t samples, std::size_t figures) : samples_(samples), numbers_(samples * figures, kNone) {}
  double& at(std::size_t figure, std::size_t sample) { return numbers_.data()[figure * samples_ + sample]; }
  std::vector<double> of(std::size_t figure) {
    const double* begin = &at(figure, 0);
    return {begin, begin + samples_};
  }

 private:
  std::size_t samples_;
  SharedDoubles numbers_;
};

/// Samples first, first + step, …: every worker has its share of them.
void fill(Numbers& numbers, const Sampling& sampling, int first, int step, const std::vector<SampledFigure>& figures,
          const PointOfDraw& point_of_draw) {
  for (int sample = first; sample < sampling.samples; sample += step) {
    const auto number = static_cast<std::size_t>(sample);
    const Result result = point_of_draw({sampling.seed, number});
    if (!result.feasible) continue;
    for (std::size_t i = 0; i < figures.size(); ++i) numbers.at(i, number) = figures[i].value(result).value_or(kNone);
  }
}

void fill(Numbers& numbers, const Sampling& sampling, const std::vector<SampledFigure>& figures,
          const PointOfDraw& point_of_draw) {
  const int workers = std::min(sampling.jobs, sampling.samples);
  if (workers <= 1) return fill(numbers, sampling, 0, 1, figures, point_of_draw);
  in_children(workers, [&](int worker) { fill(numbers, sampling, worker, workers, figures, point_of_draw); });
}

/// Samples in which the figure is a number.
std::vector<std::size_t> samples_with(const std::vector<double>& values) {
  std::vector<std::size_t> samples;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) samples.push_back(i);
  }
  return samples;
}

/// An input with its values in all samples.
struct DrawnInput {
  std::string name;
  std::vector<double> values, ranks;
};

std::vector<DrawnInput> drawn(const std::vector<UncertainInput>& inputs, const Sampling& sampling) {
  std::vector<DrawnInput> all;
  for (const UncertainInput& input : inputs) {
    DrawnInput one{.name = input.name};
    for (int sample = 0; sample < sampling.samples; ++sample)
      one.values.push_back(input.value.at({sampling.seed, static_cast<std::uint64_t>(sample)}));
    one.ranks = ranks_of(one.values);
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<double> chosen(const std::vector<double>& all, const std::vector<std::size_t>& samples) {
  std::vector<double> values;
  for (const std::size_t sample : samples) values.push_back(all[sample]);
  return values;
}

std::vector<Influence> influences(const std::vector<double>& values, const std::vector<std::size_t>& samples,
                                  const std::vector<DrawnInput>& inputs) {
  const std::vector<double> ranks = ranks_of(values);
  const double chance = kByChance / std::sqrt(static_cast<double>(samples.size()) - 1);
  std::vector<Influence> found;
  for (const DrawnInput& input : inputs) {
    const bool all = samples.size() == input.values.size();
    const double related = correlation(all ? input.ranks : ranks_of(chosen(input.values, samples)), ranks).value_or(0);
    if (std::abs(related) > chance) found.push_back({input.name, related});
  }
  std::ranges::stable_sort(found, std::ranges::greater{}, &Influence::explained);
  if (found.size() > kMostInfluential) found.resize(kMostInfluential);
  return found;
}

std::optional<Interval> interval_of(const std::vector<double>& all, const std::vector<DrawnInput>& inputs) {
  const std::vector<std::size_t> samples = samples_with(all);
  const std::vector<double> values = chosen(all, samples);
  std::vector<double> sorted = values;
  std::ranges::sort(sorted);
  if (sorted.empty() || sorted.front() == sorted.back()) return std::nullopt;
  return Interval{percentile(sorted, 0.05), percentile(sorted, 0.5), percentile(sorted, 0.95),
                  influences(values, samples, inputs)};
}

}  // namespace

std::vector<UncertainInput> uncertain_inputs(const std::vector<ConstantRead>& constants) {
  std::vector<UncertainInput> inputs;
  for (const ConstantRead& constant : constants) {
    if (!constant.uncertain || constant.uncertain->is_certain()) continue;
    std::string name = fmt::format("{}.{}", constant.document, constant.path);
    const auto known =
        std::ranges::find(inputs, constant.uncertain->key, [](const UncertainInput& input) { return input.value.key; });
    if (known == inputs.end())
      inputs.push_back({std::move(name), *constant.uncertain});
    else if (known->value != *constant.uncertain && known->name.find(name) == std::string::npos)
      known->name += " with " + name;
  }
  return inputs;
}

void add_intervals(Result& result, const Sampling& sampling, const std::vector<UncertainInput>& inputs,
                   const std::vector<SampledFigure>& figures, const PointOfDraw& point_of_draw) {
  if (inputs.empty()) return;
  std::vector<SampledFigure> all = figures;
  all.push_back({"", [](const Result&) { return std::optional<double>(1); }});  // a number in every feasible sample
  Numbers numbers(static_cast<std::size_t>(sampling.samples), all.size());
  fill(numbers, sampling, all, point_of_draw);
  const std::vector<DrawnInput> values = drawn(inputs, sampling);
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (auto interval = interval_of(numbers.of(i), values)) result.intervals[figures[i].name] = std::move(*interval);
  }
  result.notes.push_back(fmt::format("intervals: {} samples, seed {}, of {} uncertain input{}, drawn independently",
                                     sampling.samples, sampling.seed, inputs.size(), inputs.size() == 1 ? "" : "s"));
  const std::size_t infeasible = numbers.of(figures.size()).size() - samples_with(numbers.of(figures.size())).size();
  if (infeasible > 0) {
    result.notes.push_back(
        fmt::format("{} of {} samples are infeasible and left out of the intervals", infeasible, sampling.samples));
  }
}

}  // namespace traingrid
