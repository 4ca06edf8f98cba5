#include "study/assumptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace traingrid {
namespace {

constexpr std::string_view kAssumption = "assumption";

bool is_assumption(const ConstantRead& constant) { return constant.source.starts_with(kAssumption); }
bool is_of_run(const ConstantRead& constant) { return constant.document == "run"; }

/// What follows "assumption: ", or nothing.
std::string reason_of(const ConstantRead& constant) {
  std::string_view text = constant.source;
  text.remove_prefix(kAssumption.size());
  if (text.starts_with(": ")) text.remove_prefix(2);
  return std::string(text);
}

}  // namespace

std::vector<std::string> notes_on_assumptions(const std::vector<ConstantRead>& constants) {
  std::vector<std::pair<std::string, std::string>> by_reason;  // reason, values
  std::size_t elsewhere = 0;
  for (const ConstantRead& constant : constants) {
    if (!is_assumption(constant)) continue;
    if (!is_of_run(constant)) {
      ++elsewhere;
      continue;
    }
    const std::string reason = reason_of(constant);
    auto entry = std::ranges::find(by_reason, reason, &std::pair<std::string, std::string>::first);
    if (entry == by_reason.end()) entry = by_reason.insert(entry, {reason, ""});
    entry->second += fmt::format("{}{} {}", entry->second.empty() ? "" : ", ", constant.path, constant.text);
  }
  std::vector<std::string> notes;
  for (const auto& [reason, values] : by_reason) {
    notes.push_back(fmt::format("assumed: {}{}{}", values, reason.empty() ? "" : ": ", reason));
  }
  if (elsewhere > 0) {
    notes.push_back(
        fmt::format("assumed: {} of the values of cluster, site and their parts; `explain` lists them with the sources "
                    "of all others",
                    elsewhere));
  }
  return notes;
}

}  // namespace traingrid
