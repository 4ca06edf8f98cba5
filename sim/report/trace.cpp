// Trace Event Format (Google, "Trace Event Format", 2016): "M" names, "X" spans and "C" counters, in microseconds.
// Both ends of a span are rounded to one grid, so that spans which touch do not come to overlap.
#include "report/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <numeric>
#include <tuple>

namespace traingrid {
namespace {

std::int64_t nanoseconds(Seconds time) { return std::llround(1e9 * (time / second)); }

/// Microseconds with all three decimals.
std::string microseconds(std::int64_t ns) { return fmt::format("{}.{:03}", ns / 1000, ns % 1000); }

std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string names(const TraceProcess& process, std::size_t pid) {
  constexpr auto kEvent = R"({{"ph":"M","name":"{}_name","pid":{},"tid":{},"args":{{"name":{}}}}},)";
  constexpr auto kOrder = R"({{"ph":"M","name":"{}_sort_index","pid":{},"tid":{},"args":{{"sort_index":{}}}}},)";
  std::string text = fmt::format(kEvent, "process", pid, 0, json_text(process.name)) + '\n' +
                     fmt::format(kOrder, "process", pid, 0, pid) + '\n';
  for (std::size_t tid = 0; tid < process.tracks.size(); ++tid) {
    text += fmt::format(kEvent, "thread", pid, tid, json_text(process.tracks[tid])) + '\n' +
            fmt::format(kOrder, "thread", pid, tid, tid) + '\n';
  }
  return text;
}

std::string event(const TraceSpan& span) {
  const std::int64_t start = nanoseconds(span.start);
  const std::int64_t end = nanoseconds(span.start + span.duration);
  return fmt::format(R"({{"ph":"X","name":{},"pid":{},"tid":{},"ts":{},"dur":{}}},)", json_text(span.name),
                     span.process, span.track, microseconds(start), microseconds(end - start)) +
         '\n';
}

std::string events(const TraceCounter& counter) {
  std::string text;
  for (const TraceSample& sample : counter.samples) {
    text +=
        fmt::format(R"({{"ph":"C","name":{},"pid":{},"ts":{},"args":{{{}:{}}}}},)", json_text(counter.name),
                    counter.process, microseconds(nanoseconds(sample.time)), json_text(counter.series), sample.value) +
        '\n';
  }
  return text;
}

/// By track and start; of spans that start together the longest first, which is the one the others nest in.
std::vector<std::size_t> in_order(const std::vector<TraceSpan>& spans) {
  std::vector<std::size_t> order(spans.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) {
    const TraceSpan& span = spans[i];
    return std::tuple{span.process, span.track, nanoseconds(span.start), -nanoseconds(span.start + span.duration)};
  });
  return order;
}

}  // namespace

std::string write_trace(const StepTrace& trace) {
  std::string text = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n";
  for (std::size_t pid = 0; pid < trace.processes.size(); ++pid) text += names(trace.processes[pid], pid);
  for (const std::size_t i : in_order(trace.spans)) text += event(trace.spans[i]);
  for (const TraceCounter& counter : trace.counters) text += events(counter);
  if (text.ends_with(",\n")) text.erase(text.size() - 2, 1);
  return text + "]}\n";
}

}  // namespace traingrid
