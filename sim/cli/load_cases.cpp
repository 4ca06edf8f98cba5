#include "cli/load_cases.hpp"

#include "cli/load.hpp"
#include "input/settings.hpp"

#include <iterator>
#include <map>
#include <memory>

namespace traingrid {
namespace {

template <Described T>
T load(Inputs& inputs, std::string_view folder, const std::string& name) {
  Document document = inputs.open<T>(folder, name);
  return inputs.read<T>(document);
}

}  // namespace

std::vector<CostCase> load_cases(Inputs& inputs) {
  std::vector<CostCase> cases;
  for (const std::string& name : inputs.catalogue().names(*find_folder("cases"))) {
    auto more = load<CostCases>(inputs, "cases", name).cases;
    cases.insert(cases.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return cases;
}

std::vector<Trend> load_trends(Inputs& inputs) {
  std::vector<Trend> trends;
  for (const std::string& name : inputs.catalogue().names(*find_folder("trends")))
    trends.push_back(load<Trend>(inputs, "trends", name));
  return trends;
}

EpochAccounting load_accounting(Inputs& inputs, const std::vector<std::string>& sets) {
  const Settings settings(sets, {{"accounting", Outline::of<EpochAccounting>()}}, inputs);
  Document document = inputs.open<EpochAccounting>("accounting", "epoch-2024");
  settings.apply(document);
  return inputs.read<EpochAccounting>(document);
}

RecordContext load_record_context(Inputs& inputs) {
  RecordContext context{.cases = load_cases(inputs),
                        .accounting = load_accounting(inputs),
                        .systems = load<ReferenceSystems>(inputs, "references", "published")};
  for (const ConstantRead& constant : inputs.constants()) context.calibrated_on += constant.calibrated_on + '\n';
  const auto done = std::make_shared<std::map<std::string, Result>>();  // each run is simulated once
  context.simulate = [&inputs, done, systems = context.systems](const RunQuery& query) -> std::optional<Result> {
    const ReferenceRun* run = systems.find_run(query.model, query.accelerator);
    if (run == nullptr) return std::nullopt;
    if (const auto known = done->find(run->run); known != done->end()) return known->second;
    const Point point = load_point({.run = run->run}, inputs);
    inputs.finish();
    return done->emplace(run->run, simulate_point(point).result).first->second;
  };
  return context;
}

}  // namespace traingrid
