// The result for programs: schema "traingrid.result/1", which grows by adding only. Numbers are the shortest that
// read back to the same double.
#include "report/columns.hpp"
#include "report/writers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace traingrid {
namespace {

using Json = nlohmann::ordered_json;

/// The place of "step.memory.peak_gib" below the root; objects on the way are made.
Json& at_path(Json& root, std::string_view path) {
  Json* place = &root;
  while (!path.empty()) {
    const std::string_view key = path.substr(0, path.find('.'));
    place = &(*place)[std::string{key}];
    path.remove_prefix(std::min(key.size() + 1, path.size()));
  }
  return *place;
}

Json to_json(const Value& value) {
  return std::visit(
      [](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return Json(nullptr);
        } else {
          return Json(held);
        }
      },
      value);
}

/// Of the fullest accelerator, for designs that do not fit too.
Json memory_terms(const std::vector<MemoryTerm>& list) {
  Json terms = Json::array();
  for (const MemoryTerm& term : list) terms.push_back({{"name", term.name}, {"gib", term.bytes / gib}});
  return terms;
}

void add_memory_terms(const Result& result, Json& memory) {
  memory["terms"] = result.step ? memory_terms(result.step->memory_terms) : Json(nullptr);
  const bool offloads = result.step && result.step->host_memory_peak;
  memory["host_terms"] = offloads ? memory_terms(result.step->host_memory_terms) : Json(nullptr);
}

Json links(const Result& result) {
  if (!result.step || !result.feasible) return nullptr;
  Json uses = Json::array();
  for (const LinkUse& link : result.step->links) {
    uses.push_back({{"level", link.level}, {"busiest", link.busiest}, {"utilisation", link.utilisation}});
  }
  return uses;
}

/// Each figure at its own name, and its source at the same name below "source".
Json published(const Result& result) {
  Json figures = Json::object();
  Json sources = Json::object();
  for (const Column& column : columns()) {
    const PublishedFigure* figure = published_figure(result, column);
    if (!figure) continue;
    at_path(figures, column.path) = figure->value;
    at_path(sources, column.path) = figure->source;
  }
  if (!sources.empty()) figures["source"] = sources;
  return figures;
}

/// Of samples if there are any, else of the errors of measured steps.
std::optional<Interval> known_interval(const Result& result, const Column& column) {
  if (const Interval* sampled = interval_of(result, column)) return *sampled;
  const bool is_time = column.path == "step.time_s" || column.path == "duration.days";
  const auto value = number(column.value(result));
  if (!is_time || !value || !result.intervals.empty() || !result.nearest || !result.nearest->factor) return {};
  const Interval& factor = *result.nearest->factor;
  return Interval{.p5 = *value * factor.p5, .p50 = *value * factor.p50, .p95 = *value * factor.p95};
}

Json nearest(const Result& result) {
  if (!result.nearest || result.nearest->rows.empty()) return nullptr;
  const NearestRow& row = result.nearest->rows.front();
  return {{"id", row.id}, {"suite", row.suite}, {"distance", row.distance}, {"error_pct", row.error_pct}};
}

/// Null where every figure is known exactly.
Json intervals(const Result& result) {
  Json found = nullptr;
  for (const Column& column : columns()) {
    const std::optional<Interval> interval = known_interval(result, column);
    if (!interval) continue;
    Json& place = at_path(found, column.path);
    place = {{"p5", interval->p5}, {"p50", interval->p50}, {"p95", interval->p95}};
    for (const Influence& influence : interval->influences) {
      place["influences"].push_back({{"input", influence.input},
                                     {"rank_correlation", influence.rank_correlation},
                                     {"explained", influence.explained()}});
    }
  }
  return found;
}

Json provenance(const Result& result) {
  Json inputs = Json::array();
  for (const OpenedFile& input : result.inputs) inputs.push_back({{"path", input.path}, {"sha256", input.sha256}});
  return {{"version", result.version}, {"inputs", inputs}, {"command", result.command}};
}

}  // namespace

std::string write_json(const Result& result) {
  Json root{{"schema", "traingrid.result/1"}};
  for (const Column& column : columns()) at_path(root, column.path) = to_json(column.value(result));
  add_memory_terms(result, root["step"]["memory"]);
  root["step"]["links"] = links(result);
  root["published"] = published(result);
  root["intervals"] = intervals(result);
  root["nearest"] = nearest(result);
  root["notes"] = result.notes;
  root["provenance"] = provenance(result);
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace traingrid
