#include "workload/published.hpp"

namespace traingrid {
namespace {

int ways_to_time(const Published& p) {
  return int(p.training_flop || p.flops_per_accelerator) + int(p.duration.has_value()) +
         int(p.accelerator_hours.has_value());
}

int ways_to_power(const Published& p) {
  return int(p.power_per_accelerator.has_value()) + int(p.it_energy.has_value());
}

void check_time(const Published& p, Fields& fields) {
  fields.check("training_flop", p.training_flop.has_value() == p.flops_per_accelerator.has_value(),
               "'training_flop' and 'flops_per_accelerator' need each other");
  fields.check("duration", ways_to_time(p) <= 1,
               "the time of the run is stated twice; keep one of 'training_flop' with 'flops_per_accelerator', "
               "'duration' and 'accelerator_hours'");
}

void check_power(const Published& p, Fields& fields) {
  fields.check("it_energy", ways_to_power(p) <= 1,
               "the power of the run is stated twice; keep one of 'power_per_accelerator' and 'it_energy'");
  fields.check("power_includes_hosts", !p.power_includes_hosts || p.power_per_accelerator,
               "'power_includes_hosts' says something about 'power_per_accelerator', which is missing");
}

void check_complete(const Published& p, Fields& fields) {
  if (ways_to_time(p) == 0 && ways_to_power(p) == 0 && !p.accelerators) return;
  fields.check("accelerators", p.accelerators.has_value(), "a replay also needs 'accelerators'");
  fields.check("duration", ways_to_time(p) >= 1,
               "a replay also needs 'training_flop' with 'flops_per_accelerator', 'duration' or 'accelerator_hours'");
  fields.check("it_energy", ways_to_power(p) >= 1, "a replay also needs 'power_per_accelerator' or 'it_energy'");
}

}  // namespace

void Figure::describe(Fields& fields) {
  fields.required("value", value, "the published number, in the unit at the end of its name", non_negative);
  fields.required("source", source, "where it was published");
}

void Published::describe(Fields& fields) {
  fields.optional("training_flop", training_flop, "floating-point operations of the whole training", positive);
  fields.optional("accelerators", accelerators, "number of accelerators", positive);
  fields.optional("flops_per_accelerator", flops_per_accelerator, "mean rate achieved per accelerator", positive);
  fields.optional("duration", duration, "time from the first to the last step", positive);
  fields.optional("accelerator_hours", accelerator_hours, "accelerators times duration", positive);
  fields.optional("power_per_accelerator", power_per_accelerator, "mean power per accelerator", positive);
  fields.optional("power_includes_hosts", power_includes_hosts,
                  "whether host, NIC, fans, PSU and fabric are inside that power, so that nothing is added");
  fields.optional("it_energy", it_energy, "energy at the IT boundary, instead of a power", positive);
  fields.optional("figures", figures, "published results by field of the result, shown beside ours");
  check_time(*this, fields);
  check_power(*this, fields);
  check_complete(*this, fields);
}

bool Published::replayable() const { return accelerators && ways_to_time(*this) == 1 && ways_to_power(*this) == 1; }

}  // namespace traingrid
