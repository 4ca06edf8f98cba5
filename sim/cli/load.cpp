#include "cli/load.hpp"

#include "engine/platform_import.hpp"
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

Settings::Kinds kinds_of_settings() {
  return {{"run", Outline::of<Run>()},
          {"cluster", Outline::of<Cluster>()},
          {"site", Outline::of<Site>()},
          {"library", Outline::of<Library>()},
          {"accounting", Outline::of<EpochAccounting>()},
          {"ownership", Outline::of<Ownership>()}};
}

}  // namespace

template <Described T>
std::shared_ptr<Document> PointFiles::add(T Point::*member, std::string_view folder, const std::string& name,
                                          const Mark& from, void (*then)(T& value, Inputs& inputs)) {
  auto document = std::make_shared<Document>(inputs_.open<T>(folder, name, from));
  settings_.apply(*document);
  File file{[this, document, member, then](Point& point, const std::optional<Draw>& draw) {
    point.*member = inputs_.read<T>(*document, draw);
    if (then != nullptr) then(point.*member, inputs_);
  }};
  const std::size_t before = inputs_.constants().size();
  file.read(point_, std::nullopt);
  file.uncertain = std::any_of(inputs_.constants().begin() + static_cast<std::ptrdiff_t>(before),
                               inputs_.constants().end(), [](const ConstantRead& read) { return read.uncertain; });
  files_.push_back(std::move(file));
  return document;
}

PointFiles::PointFiles(const Selection& selection, Inputs& inputs)
    : inputs_(inputs), settings_(selection.sets, kinds_of_settings(), inputs) {
  const auto run = add(&Point::run, "runs", selection.run, {});
  check_figures(inputs);
  const auto named = [&](const std::optional<std::string>& chosen, std::string_view key, const std::string& by_run) {
    return chosen ? std::pair{*chosen, Mark{}} : std::pair{by_run, place_of(*run, key)};
  };
  const auto [cluster, cluster_place] = named(selection.cluster, "cluster", point_.run.cluster);
  const auto [site, site_place] = named(selection.site, "site", point_.run.site);
  if (!cluster.empty()) {
    add(
        &Point::cluster, "clusters", cluster, cluster_place,
        +[](Cluster& value, Inputs& read) { import_network(read, value); });
  }
  if (!site.empty()) add(&Point::site, "sites", site, site_place, load_hours);
  const std::string& library = point_.run.software.collectives;
  if (!library.empty()) add(&Point::library, "collectives", library, {});
  add(&Point::accounting, "accounting", kAccounting, {});
  add(&Point::ownership, "ownership", selection.ownership.value_or(kOwnership), {});
}

Point PointFiles::drawn(const Draw& draw) const {
  Point point = point_;
  for (const File& file : files_) {
    if (file.uncertain) file.read(point, draw);
  }
  if (!inputs_.problems().empty()) {
    throw InputError(fmt::format("{}\nthis holds with the values of sample {} of seed {}: make the intervals narrower",
                                 inputs_.problems().text(), draw.sample, draw.seed));
  }
  return point;
}

Point load_point(const Selection& selection, Inputs& inputs) { return PointFiles(selection, inputs).point(); }

}  // namespace traingrid
