#include "cli/load.hpp"

#include "engine/platform_import.hpp"
#include "input/settings.hpp"
#include "input/spelling.hpp"
#include "report/columns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace traingrid {
namespace {

/// How costs are counted where nobody says otherwise.
constexpr const char* kAccounting = "epoch-2024";
constexpr const char* kOwnership = "own-datacentre";

/// Published figures stand beside figures of the result: a name that none has would be lost without a word.
void check_figures(Inputs& inputs) {
  constexpr std::string_view prefix = "published.figures.", suffix = ".value";
  std::vector<std::string> fields;
  for (const Column& column : columns()) {
    if (column.is_figure()) fields.emplace_back(column.path);
  }
  for (const ConstantRead& constant : inputs.constants()) {
    std::string_view name = constant.path;
    if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
    name = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    if (std::ranges::find(fields, name) != fields.end()) continue;
    inputs.problems().add(constant.mark, fmt::format("a result has no figure '{}'", name),
                          suggestion(name, fields, "figures"));
  }
}

/// Where the run names its cluster or site.
Mark place_of(Document& run, std::string_view key) {
  const Entry* entry = run.resolved().find(key);
  return entry == nullptr ? Mark{} : unwrapped(entry->value).mark;
}

template <Described T>
T read(Inputs& inputs, const Settings& settings, std::string_view folder, const std::string& name, const Mark& from) {
  Document document = inputs.open<T>(folder, name, from);
  settings.apply(document);
  return inputs.read<T>(document);
}

}  // namespace

Point load_point(const Selection& selection, Inputs& inputs) {
  const Settings settings(selection.sets,
                          {{"run", Outline::of<Run>()},
                           {"cluster", Outline::of<Cluster>()},
                           {"site", Outline::of<Site>()},
                           {"library", Outline::of<Library>()},
                           {"accounting", Outline::of<EpochAccounting>()},
                           {"ownership", Outline::of<Ownership>()}},
                          inputs);
  Document document = inputs.open<Run>("runs", selection.run);
  settings.apply(document);
  Point point{.run = inputs.read<Run>(document)};
  check_figures(inputs);
  const auto named = [&](const std::optional<std::string>& chosen, std::string_view key, const std::string& by_run) {
    return chosen ? std::pair{*chosen, Mark{}} : std::pair{by_run, place_of(document, key)};
  };
  const auto [cluster, cluster_place] = named(selection.cluster, "cluster", point.run.cluster);
  const auto [site, site_place] = named(selection.site, "site", point.run.site);
  if (!cluster.empty()) point.cluster = read<Cluster>(inputs, settings, "clusters", cluster, cluster_place);
  import_network(inputs, point.cluster);
  if (!site.empty()) {
    point.site = read<Site>(inputs, settings, "sites", site, site_place);
    load_hours(point.site, inputs);
  }
  const std::string& library = point.run.software.collectives;
  if (!library.empty()) point.library = read<Library>(inputs, settings, "collectives", library, {});
  point.accounting = read<EpochAccounting>(inputs, settings, "accounting", kAccounting, {});
  point.ownership = read<Ownership>(inputs, settings, "ownership", selection.ownership.value_or(kOwnership), {});
  return point;
}

}  // namespace traingrid
