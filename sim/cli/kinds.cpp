#include "cli/kinds.hpp"

#include "cluster/cluster.hpp"
#include "collective/library.hpp"
#include "cost/cost_case.hpp"
#include "cost/epoch_accounting.hpp"
#include "cost/ownership.hpp"
#include "cost/trend.hpp"
#include "facility/site.hpp"
#include "input/spelling.hpp"
#include "study/nearest.hpp"
#include "study/reference_systems.hpp"
#include "study/step_systems.hpp"
#include "study/testbed.hpp"
#include "workload/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace traingrid {
namespace {

template <Described T>
void read(Inputs& inputs, std::string_view folder, const std::string& name) {
  Document document = inputs.open<T>(folder, name);
  inputs.read<T>(document);
}

/// A site with the hourly files that it names.
template <>
void read<Site>(Inputs& inputs, std::string_view folder, const std::string& name) {
  Document document = inputs.open<Site>(folder, name);
  Site site = inputs.read<Site>(document);
  load_hours(site, inputs);
}

template <Described T>
constexpr Kind kind(std::string_view folder) {
  return {folder, Outline::of<T>, read<T>};
}

constexpr std::array kKinds{
    kind<Run>("runs"),
    kind<Cluster>("clusters"),
    kind<Site>("sites"),
    kind<Climate>("climates"),
    kind<Cooling>("plants"),
    kind<Chain>("chains"),
    kind<Grid>("grids"),
    kind<Profile>("profiles"),
    kind<Fuels>("fuels"),
    kind<Accelerator>("accelerators"),
    kind<Model>("models"),
    kind<LinkType>("links"),
    kind<Host>("hosts"),
    kind<Software>("software"),
    kind<EpochAccounting>("accounting"),
    kind<Ownership>("ownership"),
    kind<Trend>("trends"),
    kind<Economics>("hardware"),
    kind<CostCases>("cases"),
    kind<ReferenceSystems>("references"),
    kind<Library>("collectives"),
    kind<Testbed>("testbeds"),
    kind<StepSystems>("systems"),
    kind<Nearness>("nearness"),
};

const Kind& kind_of(const std::string& path, const std::optional<std::string>& as) {
  if (as) {
    if (const Kind* named = find_kind(*as)) return *named;
    throw InputError(fmt::format("--as must be one of {}, not '{}'", kind_names(), *as));
  }
  std::error_code error;
  const auto folder = std::filesystem::absolute(path, error).lexically_normal().parent_path().filename().string();
  if (const Kind* known = find_kind(folder)) return *known;
  throw InputError(fmt::format("{}: its folder '{}' does not say what it describes; add --as KIND, one of {}", path,
                               folder, kind_names()));
}

[[noreturn]] void refuse(const std::string& word, const Catalogue& catalogue) {
  std::vector<std::string> known;
  for (const Kind& kind : kKinds) {
    for (std::string& name : catalogue.names(*find_folder(kind.folder))) known.push_back(std::move(name));
  }
  const auto meant = nearest(word, known);
  throw InputError(
      fmt::format("there is nothing named '{}' in the catalogue; {}", word,
                  meant ? fmt::format("did you mean '{}'?", *meant) : "`traingrid show` lists what there is"));
}

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

const Kind* find_kind(std::string_view word) {
  const auto* found =
      std::ranges::find_if(kKinds, [&](const Kind& kind) { return word == kind.folder || word == kind.singular(); });
  return found == kKinds.end() ? nullptr : found;
}

std::string kind_names() {
  std::string names;
  for (const Kind& kind : kKinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", kind.singular());
  return names;
}

void add_lookup(Arguments& arguments, std::optional<std::string>& as, std::optional<std::string>& directory) {
  arguments.value("as", "KIND",
                  fmt::format("what the files describe, where their folder does not say it: {}", kind_names()), as);
  arguments.value("catalogue", "DIR", "where names are looked up first", directory);
}

std::vector<Target> targets_of(const std::string& word, const std::optional<std::string>& as,
                               const Catalogue& catalogue) {
  const std::size_t slash = word.find('/');
  const Kind* named = slash == std::string::npos ? nullptr : find_kind(word.substr(0, slash));
  if (named != nullptr && !word.ends_with(".yaml")) return {{named, word.substr(slash + 1)}};
  if (is_path(word) || as) return {{&kind_of(word, as), word}};
  std::vector<Target> targets;
  for (const Kind& kind : kKinds) {
    if (catalogue.find(*find_folder(kind.folder), word)) targets.push_back({&kind, word});
  }
  if (targets.empty()) refuse(word, catalogue);
  return targets;
}

}  // namespace traingrid
