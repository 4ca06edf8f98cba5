#include "campaign/roofline.hpp"

#include "cluster/device.hpp"
#include "units/index.hpp"

#include <algorithm>

namespace traingrid {

std::vector<OperatorUse> operator_use(const Accelerator& accelerator, const Program& program,
                                      const std::map<std::int32_t, int>& launches) {
  std::map<std::string, OperatorUse> by_name;
  for (const auto& [work, times] : launches) {
    for (Operator kernel : program.works[index(work)]) {
      kernel.streams_apart = false;
      const DeviceTime each = device_time(accelerator, kernel);
      if (each.total() <= Seconds{}) continue;
      OperatorUse& use = by_name[std::string(kernel.name)];
      use.name = kernel.name;
      use.time.compute_bound += times * each.compute_bound;
      use.time.memory_bound += times * each.memory_bound;
      use.bytes += times * kernel.repeat * kernel.bytes;
      if (!kernel.is_gemm()) continue;
      use.work += times * kernel.work();
      use.at_peak += times * each.total() * accelerator.peak_of(kernel.precision);
    }
  }
  std::vector<OperatorUse> uses;
  for (auto& [name, use] : by_name) uses.push_back(std::move(use));
  std::ranges::stable_sort(uses, std::ranges::greater{}, [](const OperatorUse& use) { return use.time.total(); });
  return uses;
}

}  // namespace traingrid
