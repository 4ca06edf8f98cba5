// A timeline of a step for Perfetto (ui.perfetto.dev) and chrome://tracing, in the Trace Event Format.
#pragma once

#include "units/quantity.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// A pipeline stage, say, with its tracks: "compute", "tensor", "pipeline", "data".
struct TraceProcess {
  std::string name;
  std::vector<std::string> tracks;
};

/// Something that took time. Spans of a track may nest but not overlap otherwise.
struct TraceSpan {
  std::size_t process = 0;  ///< index into StepTrace::processes
  std::size_t track = 0;    ///< index into the tracks of the process
  std::string name;
  Seconds start, duration;
};

struct TraceSample {
  Seconds time;
  double value = 0;
};

/// A value over time, constant from a sample to the next; shown with its process.
struct TraceCounter {
  std::size_t process = 0;
  std::string name;    ///< "power"
  std::string series;  ///< the unit: "W"
  std::vector<TraceSample> samples;
};

struct StepTrace {
  std::vector<TraceProcess> processes;
  std::vector<TraceSpan> spans;
  std::vector<TraceCounter> counters;
};

/// The trace as JSON, one event per line; times are rounded to the nanosecond.
std::string write_trace(const StepTrace& trace);

}  // namespace traingrid
