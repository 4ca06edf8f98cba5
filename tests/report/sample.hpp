// Results to write, with round numbers that are easy to recognise in the output.
#pragma once

#include "study/result.hpp"

namespace traingrid::sample {

inline Result blank() {
  return {.run_name = "tiny",
          .cluster_name = "pair",
          .accelerator_name = "V100",
          .site_name = "here",
          .accelerators = 10000,
          .nodes = 1250,
          .working_accelerators = 9984,
          .version = "0.1.0",
          .command = "traingrid run tiny",
          .inputs = {{.path = "workloads/runs/tiny.yaml", .sha256 = "ab12"}}};
}

inline StepResult step() {
  return {.time = 8 * second,
          .tokens_per_s = 400000,
          .samples_per_s = 195.3125,
          .model_flops_per_accelerator = 42.5 * teraflop / second,
          .mfu = 0.34,
          .hfu = 0.455,
          .memory_peak = 27.125 * gib,
          .memory_capacity = 31.75 * gib,
          .memory_terms = {{.name = "weights", .bytes = 20 * gib}, {.name = "activations", .bytes = 7.125 * gib}},
          .breakdown = {.compute = 6 * second, .pipeline_bubble = 2 * second},
          .activities = 786432,
          .classes = 11296,
          .links = {{.level = "nic", .busiest = "nic 0 up", .utilisation = 0.25}}};
}

/// A run with every section, as a simulation gives it.
inline Result simulated() {
  Result result = blank();
  result.step = step();
  result.duration = {.time = 14.77 * day, .steps = 93750, .accelerator_time = 3544800 * hour};
  result.energy = {.it = 1170.05 * megawatt_hour,
                   .facility = 1287.06 * megawatt_hour,
                   .pue = 1.1,
                   .mean_it = 3.3 * megawatt,
                   .peak_it = 3.5 * megawatt,
                   .peak_facility = 3.85 * megawatt,
                   .it_parts = {.accelerators = 1000 * megawatt_hour, .hosts = 170.05 * megawatt_hour},
                   .other = 117.01 * megawatt_hour};
  result.carbon = {.location = 552.15 * tonne, .intensity = 0.429 * kilogram / kilowatt_hour};
  result.water = {.onsite = 708 * cubic_metre, .offsite = 4731 * cubic_metre, .wue = 0.55 * litre / kilowatt_hour};
  result.cost = {.epoch = EpochCost{.hardware = 1616754 * dollar,
                                    .interconnect = 379239 * dollar,
                                    .energy = 92546 * dollar,
                                    .total = 2088539 * dollar,
                                    .upfront = 229938272 * dollar},
                 .cloud = 4120320 * dollar};
  result.published = {{.name = "duration.days", .value = 14.8, .source = "Patterson et al. 2021, Table 4"},
                      {.name = "energy.facility_mwh", .value = 1287, .source = "Patterson et al. 2021, Table 4"},
                      {.name = "cost.epoch.total_usd", .value = 2000000, .source = "Epoch AI"}};
  result.notes = {"The layout is an assumption: the one in use is not published."};
  return result;
}

/// The same without a step: nothing in a replay knows one.
inline Result replayed() {
  Result result = simulated();
  result.replayed = true;
  result.step.reset();
  return result;
}

/// A design that does not fit: memory by term and a reason, nothing else.
inline Result infeasible() {
  Result result = blank();
  result.feasible = false;
  result.reason = "needs 40.00 GiB of 31.75 GiB: choose more pipeline stages";
  result.step = StepResult{.memory_peak = 40 * gib,
                           .memory_capacity = 31.75 * gib,
                           .memory_terms = {{.name = "weights", .bytes = 40 * gib}}};
  return result;
}

}  // namespace traingrid::sample
