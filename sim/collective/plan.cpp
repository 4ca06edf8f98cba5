// The tuner: time = latency + bytes / bandwidth for each method, and the least wins. NCCL 2.18, src/graph/tuning.cc.
#include "collective/plan.hpp"

#include "collective/host.hpp"

#include "input/problems.hpp"
#include "input/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace traingrid {
namespace {

constexpr std::string_view kForced = "asked for by the user";
constexpr std::string_view kNotPossible = "least expected time; what the user asks for cannot do this";
constexpr std::string_view kLeastTime = "least expected time of those that apply";
constexpr std::string_view kOnly = "the only one that applies";
constexpr std::string_view kFirst = "the first that applies";
constexpr std::string_view kNobody = "nobody to exchange with";

/// Steps as long as the links' latency, all of the payload for data.
const Method& plain(const Algorithm& algorithm) {
  static const std::map<std::string_view, Method> methods = [] {
    std::map<std::string_view, Method> map;
    for (const Algorithm& each : algorithms()) {
      map[each.name] = {.algorithm = std::string(each.name), .scale_up = {.growth = 1}, .network = {.growth = 1}};
    }
    return map;
  }();
  return methods.at(algorithm.name);
}

/// Bytes on the wire per byte of data: what the protocol adds, and what the link's payload leaves out or has to spare
/// where a switch reduces.
struct Overhead {
  double scale_up = 1, network = 1;
};

Overhead overhead(const Tuning& tuning, const Method& method, const Algorithm& algorithm, const GroupShape& shape) {
  Overhead over{1 / method.scale_up.efficiency, 1 / method.network.efficiency};
  if (shape.nodes == 2) over.network /= method.two_node_efficiency;
  over.network /= std::pow(1 - tuning.network.congestion, std::log2(std::max(shape.nodes, 1)));
  const auto in_switch = [](const LinkType& link) { return link.efficiency / link.switch_efficiency; };
  if (algorithm.reduction == Reduction::scale_up_switch) over.scale_up *= in_switch(tuning.scale_up);
  if (algorithm.reduction == Reduction::network_switch) over.network *= in_switch(tuning.network);
  return over;
}

/// Time of a byte of a phase's message in links that are not shared, inside nodes and between them.
struct Needs {
  decltype(Seconds{} / Bytes{}) scale_up, network;
  auto most() const { return std::max(scale_up, network); }
};

Needs needs(const Tuning& tuning, const Phase& phase, Overhead over) {
  return {phase.volume * phase.scale_up_share * over.scale_up / tuning.scale_up.payload(),
          phase.volume * phase.network_share * over.network * tuning.accelerators_per_nic / tuning.network.payload()};
}

/// A phase has one volume; it is what the slower of the two sides of the flows needs.
double volume(const Tuning& tuning, const Phase& phase, Overhead over) {
  const auto bare = needs(tuning, phase, {}).most();
  return bare > Needs{}.most() ? phase.volume * (needs(tuning, phase, over).most() / bare) : phase.volume;
}

std::vector<Plan::Part> parts_of(const Tuning& tuning, const Method& method, Collective kind, Bytes bytes,
                                 const GroupShape& shape) {
  const Algorithm& algorithm = *find_algorithm(method.algorithm);
  const Overhead over = overhead(tuning, method, algorithm, shape);
  std::vector<Plan::Part> parts;
  Seconds start = method.start + tuning.scale_up.startup;
  if (shape.nodes > 1) start += tuning.network.startup;
  for (const Phase& phase : algorithm.phases(kind, shape)) {
    const Seconds steps = phase.scale_up_steps * method.scale_up_step(tuning.scale_up, bytes, shape.nodes > 1) +
                          phase.network_steps * method.network_step(tuning.network, bytes);
    parts.push_back({phase.flows, volume(tuning, phase, over), start + steps, phase.network_steps});
    start = {};
  }
  return parts;
}

/// Seconds of the method on links it has to itself.
Seconds expected(const Tuning& tuning, const Method& method, Collective kind, Bytes bytes, const GroupShape& shape) {
  const std::vector<Phase> phases = find_algorithm(method.algorithm)->phases(kind, shape);
  const std::vector<Plan::Part> parts = parts_of(tuning, method, kind, bytes, shape);
  Seconds time;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Phase phase = phases[i];
    phase.volume = parts[i].volume;
    time += parts[i].latency + bytes * needs(tuning, phase, {}).most();
  }
  return time;
}

bool can(const Tuning& tuning, const Algorithm& algorithm, Collective kind, const GroupShape& shape) {
  return obstacle(tuning, algorithm, kind, shape).empty();
}

/// Those of the library that could do it and that the tuner takes by itself, or else those taken on request, or else a
/// plain one.
std::vector<const Method*> methods_for(const Tuning& tuning, Collective kind, const GroupShape& shape,
                                       const std::optional<Choice>& choice) {
  std::vector<const Method*> methods, on_request;
  for (const Method& method : tuning.library.methods) {
    const Algorithm& algorithm = *find_algorithm(method.algorithm);
    if (choice && choice->algorithm != &algorithm) continue;
    if (choice && !choice->protocol.empty() && choice->protocol != method.protocol) continue;
    if (!method.does(kind) || !can(tuning, algorithm, kind, shape)) continue;
    (method.on_request ? on_request : methods).push_back(&method);
  }
  if (methods.empty()) methods = std::move(on_request);
  if (!methods.empty()) return methods;
  for (const Algorithm& algorithm : algorithms()) {
    if (choice && (choice->algorithm != &algorithm || !choice->protocol.empty())) continue;
    if (can(tuning, algorithm, kind, shape)) return {&plain(algorithm)};
  }
  return methods;
}

const Method& fastest(const Tuning& tuning, const std::vector<const Method*>& methods, Collective kind, Bytes bytes,
                      const GroupShape& shape) {
  if (methods.size() == 1) return *methods.front();
  return **std::ranges::min_element(
      methods, {}, [&](const Method* method) { return expected(tuning, *method, kind, bytes, shape); });
}

std::optional<Choice> forced_choice(const Tuning& tuning, Collective kind) {
  const auto forced = tuning.forced.find(std::string(spelling(kind)));
  if (forced == tuning.forced.end()) return std::nullopt;
  return parse_choice(forced->second);
}

[[noreturn]] void refuse(Collective kind, const GroupShape& shape) {
  throw InputError(fmt::format("no algorithm carries out an {} of {} members on {} nodes; use smaller groups",
                               spelling(kind), shape.members, shape.nodes));
}

}  // namespace

Tuning tuning_of(const Cluster& cluster, Library library, std::map<std::string, std::string> forced) {
  return {cluster.node.scale_up,
          cluster.network.link,
          std::move(forced),
          std::move(library),
          static_cast<double>(cluster.node.accelerators) / cluster.node.nics,
          cluster.node.host};
}

Choice parse_choice(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const Algorithm* algorithm = find_algorithm(text.substr(0, slash));
  if (algorithm == nullptr) {
    std::vector<std::string> names;
    for (const Algorithm& known : algorithms()) names.emplace_back(known.name);
    throw InputError(
        fmt::format("unknown algorithm '{}'; {}", text, suggestion(text.substr(0, slash), names, "algorithms")));
  }
  return {algorithm, slash < text.size() ? text.substr(slash + 1) : std::string_view{}};
}

std::string obstacle(const Tuning& tuning, const Algorithm& algorithm, Collective kind, const GroupShape& shape) {
  if (!algorithm.applies(kind, shape)) {
    return fmt::format("{} does not do an {} of {} members on {} node{}", algorithm.name, spelling(kind), shape.members,
                       shape.nodes, shape.nodes == 1 ? "" : "s");
  }
  const bool scale_up = algorithm.reduction == Reduction::scale_up_switch && tuning.scale_up.switch_efficiency <= 0;
  const bool network = algorithm.reduction == Reduction::network_switch && tuning.network.switch_efficiency <= 0;
  if (!scale_up && !network) return "";
  return fmt::format("the switches of {} do not reduce, which {} needs",
                     scale_up ? tuning.scale_up.name : tuning.network.name, algorithm.name);
}

std::string obstacle(const Tuning& tuning, const Choice& choice, Collective kind, const GroupShape& shape) {
  const std::string problem = obstacle(tuning, *choice.algorithm, kind, shape);
  if (!problem.empty() || !methods_for(tuning, kind, shape, choice).empty()) return problem;
  return fmt::format("{} has no protocol {} for {}", tuning.library.name, choice.protocol, choice.algorithm->name);
}

std::vector<Candidate> candidates(const Tuning& tuning, Collective kind, Bytes bytes, const GroupShape& shape) {
  std::vector<Candidate> list;
  if (shape.members < 2) return list;
  for (const Method* method : methods_for(tuning, kind, shape, std::nullopt)) {
    list.push_back(
        {find_algorithm(method->algorithm)->name, method->protocol, expected(tuning, *method, kind, bytes, shape)});
  }
  std::ranges::stable_sort(list, {}, &Candidate::time);
  return list;
}

Plan plan(const Tuning& tuning, Collective kind, Bytes bytes, const GroupShape& shape) {
  if (is_with_host(kind)) return host_plan(tuning, kind);
  if (shape.members < 2) return {{}, "none", kNobody, ""};
  const std::optional<Choice> choice = forced_choice(tuning, kind);
  std::vector<const Method*> methods = methods_for(tuning, kind, shape, choice);
  std::string_view rule = kForced;
  if (!choice || methods.empty()) {
    if (choice) methods = methods_for(tuning, kind, shape, std::nullopt);
    if (methods.empty()) refuse(kind, shape);
    rule = choice ? kNotPossible : tuning.library.methods.empty() ? kFirst : methods.size() > 1 ? kLeastTime : kOnly;
  }
  const Method& method = fastest(tuning, methods, kind, bytes, shape);
  return {parts_of(tuning, method, kind, bytes, shape), find_algorithm(method.algorithm)->name, rule, method.protocol};
}

}  // namespace traingrid
