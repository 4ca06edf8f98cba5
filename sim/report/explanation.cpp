#include "report/explanation.hpp"

#include "report/columns.hpp"
#include "report/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace traingrid {
namespace {

/// Figures that make up a whole, largest first, with their shares of it.
std::string shares_of(const Result& result, std::string_view whole, const std::vector<const Column*>& parts) {
  std::vector<std::pair<double, const Column*>> sizes;
  for (const Column* part : parts) {
    const double size = number(part->value(result)).value_or(0);
    if (size > 0) sizes.emplace_back(size, part);
  }
  std::ranges::stable_sort(sizes, std::ranges::greater{}, &std::pair<double, const Column*>::first);
  const double sum = number(find_column(whole)->value(result)).value_or(0);
  std::string text;
  for (const auto& [size, part] : sizes) {
    fmt::format_to(std::back_inserter(text), "  {:<32} {:>14} {:<8} {:5.1f} %\n", part->title, people_number(size),
                   part->unit, 100 * size / sum);
  }
  return text;
}

std::vector<const Column*> parts_of(std::string_view whole) {
  std::vector<const Column*> parts;
  for (const Column& column : columns()) {
    if (column.whole == whole) parts.push_back(&column);
  }
  return parts;
}

std::string links_of(const StepResult& step) {
  std::vector<LinkUse> links = step.links;
  std::ranges::stable_sort(links, std::ranges::greater{}, &LinkUse::utilisation);
  std::string text;
  for (const LinkUse& link : links) {
    if (link.utilisation <= 0) continue;
    fmt::format_to(std::back_inserter(text), "  {:<32} {:5.1f} % busy over the step (of {})\n", link.busiest,
                   100 * link.utilisation, link.level);
  }
  return text.empty() ? "  no link is used\n" : text;
}

std::string doublings_of(const StepResult& step, std::vector<Doubling> doublings) {
  std::ranges::stable_sort(doublings, {}, &Doubling::step_time);
  std::string text;
  for (const Doubling& doubling : doublings) {
    fmt::format_to(std::back_inserter(text), "  {:<32} {:>10} s  {:+6.1f} %   {}\n", doubling.resource,
                   people_number(doubling.step_time / second), 100 * (doubling.step_time / step.time - 1),
                   doubling.key);
  }
  return text;
}

/// Which algorithm carries out which collective, and why; the largest messages of each kind.
std::string collectives_of(const StepResult& step) {
  constexpr std::size_t kShown = 12;
  std::vector<CollectiveUse> uses = step.collectives;
  std::ranges::stable_sort(uses, std::ranges::greater{}, &CollectiveUse::message);
  std::string text;
  for (std::size_t i = 0; i < std::min(uses.size(), kShown); ++i) {
    const CollectiveUse& use = uses[i];
    fmt::format_to(std::back_inserter(text), "  {:<14} {:<14} {:>10} MB  {} {} on {} {}: {}{}{}, {}\n",
                   use.communicator, use.collective, people_number(use.message / byte / 1e6), use.group.members,
                   use.group.members == 1 ? "member" : "members", use.group.nodes,
                   use.group.nodes == 1 ? "node" : "nodes", use.algorithm, use.protocol.empty() ? "" : "/",
                   use.protocol, use.rule);
  }
  if (uses.size() > kShown)
    fmt::format_to(std::back_inserter(text), "  and {} with smaller messages\n", uses.size() - kShown);
  return text;
}

/// GiB by term and stage; neighbours that hold the same in one line.
std::string memory_of(const Result& result, std::vector<std::vector<MemoryTerm>> StepResult::*by_stage) {
  if (!result.step || ((*result.step).*by_stage).empty()) return "";
  const auto& stages = (*result.step).*by_stage;
  const auto line = [](const std::vector<MemoryTerm>& terms) {
    std::string text = fmt::format("{:>10.2f}", total(terms) / gib);
    for (const MemoryTerm& term : terms)
      fmt::format_to(std::back_inserter(text), "  {:>{}.2f}", term.bytes / gib,
                     std::max<std::size_t>(term.name.size(), 6));
    return text;
  };
  std::string text = fmt::format("  {:<10} {:>10}", "stages", "GiB");
  for (const MemoryTerm& term : stages.front()) fmt::format_to(std::back_inserter(text), "  {:>6}", term.name);
  text += '\n';
  for (std::size_t first = 0, last = 0; first < stages.size(); first = last + 1) {
    for (last = first; last + 1 < stages.size() && line(stages[last + 1]) == line(stages[first]);) ++last;
    const std::string range = last == first ? std::to_string(first) : fmt::format("{} to {}", first, last);
    fmt::format_to(std::back_inserter(text), "  {:<10} {}\n", range, line(stages[first]));
  }
  return text;
}

/// The operators that take longest: what limits them, and how near they come to it.
std::string roofline_of(const StepResult& step) {
  constexpr std::size_t kShown = 10;
  std::string text = fmt::format("  {:<32} {:>10} {:>8} {:>12} {:>12} {:>8}  {}\n", "operator", "s", "of step",
                                 "FLOP/byte", "TFLOP/s", "of peak", "limited by");
  for (std::size_t i = 0; i < std::min(step.operators.size(), kShown); ++i) {
    const OperatorUse& use = step.operators[i];
    const Seconds time = use.time.total();
    const double peak = use.at_peak > Flop{} ? use.work / use.at_peak : 0;
    fmt::format_to(std::back_inserter(text), "  {:<32} {:>10} {:>6.1f} % {:>12} {:>12} {:>6.1f} %  {}\n", use.name,
                   people_number(time / second), 100 * (time / step.time),
                   people_number(use.work / use.bytes / (flop / byte)),
                   people_number(use.work / time / (teraflop / second)), 100 * peak,
                   use.time.compute_bound > use.time.memory_bound ? "arithmetic" : "memory");
  }
  return text;
}

std::string switches_of(const StepResult& step, const std::vector<TurnedCapability>& switches) {
  std::string text;
  for (const TurnedCapability& one : switches) {
    const std::string change = fmt::format("{} -> {}", one.state, one.turned);
    if (one.step_time) {
      fmt::format_to(std::back_inserter(text), "  {:<42} {:<20} {:>10} s  {:+6.1f} %\n", one.name, change,
                     people_number(*one.step_time / second), 100 * (*one.step_time / step.time - 1));
    } else {
      fmt::format_to(std::back_inserter(text), "  {:<42} {:<20} {}\n", one.name, change, one.obstacle);
    }
  }
  return text;
}

/// The nearest published steps, and how far ours were from them.
std::string nearest_of(const Result& result) {
  constexpr std::size_t kShown = 5;
  if (!result.nearest) return "";
  const auto& rows = result.nearest->rows;
  if (rows.empty()) return fmt::format("  none was published on {}\n", result.accelerator_name);
  std::string text;
  for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i) {
    fmt::format_to(std::back_inserter(text), "  {:<46} {:<24} distance {:5.2f}  {:+6.1f} %\n", rows[i].id,
                   rows[i].suite, rows[i].distance, rows[i].error_pct);
  }
  if (result.nearest->near == 0) text += "  none of them is near enough to say how far off this is\n";
  return text;
}

/// Constants by source, in order of first appearance; those without one are choices of the run.
std::string constants_of(const Result& result) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<const ConstantRead*>> by_source;
  for (const ConstantRead& constant : result.constants) {
    auto& list = by_source[constant.source];
    if (list.empty()) order.push_back(constant.source);
    list.push_back(&constant);
  }
  std::string text;
  for (const std::string& source : order) {
    fmt::format_to(std::back_inserter(text), "{}\n", source.empty() ? "choices, without a source" : source);
    for (const ConstantRead* constant : by_source.at(source)) {
      fmt::format_to(std::back_inserter(text), "  {:<46} {:<18} {}{}\n", constant->path, constant->text,
                     constant->place,
                     constant->calibrated_on.empty() ? "" : "; calibrated on " + constant->calibrated_on);
    }
  }
  return text;
}

}  // namespace

std::string write_explanation(const Result& result, const std::vector<Doubling>& doublings,
                              const std::vector<TurnedCapability>& switches) {
  std::string text = fmt::format("{} on {} at {}\n", result.run_name, result.cluster_name, result.site_name);
  const auto section = [&](std::string_view title, const std::string& body) {
    if (!body.empty()) text += fmt::format("\n{}\n{}", title, body);
  };
  const auto memory = [&] {
    section("memory by stage and term", memory_of(result, &StepResult::memory_by_stage));
    section("memory of the host by stage and term, of one accelerator",
            memory_of(result, &StepResult::host_memory_by_stage));
  };
  if (!result.feasible) {
    text += fmt::format("\ninfeasible: {}\n", result.reason);
    memory();
    return text;
  }
  section(fmt::format("where a step's {} s go (the accelerator that computes longest)",
                      people_number(result.step->time / second)),
          shares_of(result, "step.time_s", parts_of("step.time_s")));
  memory();
  section(fmt::format("the operators that take longest, on the roofline (arithmetic limits above {:.0f} FLOP/byte)",
                      result.step->ridge),
          roofline_of(*result.step));
  section("busiest links", links_of(*result.step));
  section("collectives and who chose their algorithm", collectives_of(*result.step));
  section("what doubling each resource gives: step time, simulated anew", doublings_of(*result.step, doublings));
  section("what each capability is worth: step time with it turned, simulated anew",
          switches_of(*result.step, switches));
  section("nearest measured steps: ours against theirs", nearest_of(result));
  section("where the facility's energy goes",
          shares_of(result, "energy.facility_mwh", parts_of("energy.facility_mwh")));
  section("where the money goes (amortised, Epoch)",
          shares_of(result, "cost.epoch.total_usd",
                    {find_column("cost.epoch.hardware_usd"), find_column("cost.epoch.interconnect_usd"),
                     find_column("cost.epoch.energy_usd")}));
  section("constants in effect, by source", constants_of(result));
  return text;
}

}  // namespace traingrid
