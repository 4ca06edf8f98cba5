#include "campaign/replay.hpp"

#include <stdexcept>

namespace traingrid {
namespace {

Seconds duration_of(const Published& p) {
  if (p.duration) return *p.duration;
  if (p.accelerator_hours) return *p.accelerator_hours / *p.accelerators;
  return *p.training_flop / (*p.accelerators * *p.flops_per_accelerator);
}

bool is_all_in(const Published& p) { return p.it_energy || p.power_includes_hosts; }

ItPower power_of(const Published& p, const ReplayContext& context, Seconds duration) {
  ItPower power = is_all_in(p) ? ItPower{} : context.beside_accelerators;
  power.accelerators = p.it_energy ? *p.it_energy / duration : *p.accelerators * *p.power_per_accelerator;
  return power;
}

}  // namespace

Timeline replay(const Published& published, const ReplayContext& context) {
  if (!published.replayable()) throw std::logic_error("replay of a run that published too little");
  const Seconds duration = duration_of(published);
  const ItPower power = power_of(published, context, duration);
  return {.segments = {{.duration = duration, .tokens = context.tokens, .mean = power, .peak = power.total()}},
          .accelerators = *published.accelerators};
}

std::vector<std::string> notes_on(const Published& published) {
  std::vector<std::string> notes;
  if (!published.replayable()) return notes;
  notes.emplace_back("replayed: the power is a published mean, so mean and peak are equal");
  if (is_all_in(published)) {
    notes.emplace_back("replayed: the published energy is all in; hosts and network are counted under accelerators");
  }
  return notes;
}

}  // namespace traingrid
