// Where the operators of a step stand on the roofline of their accelerator (Williams et al. 2009).
#pragma once

#include "cluster/accelerator.hpp"
#include "cluster/device.hpp"
#include "workload/program.hpp"

#include <map>
#include <string>
#include <vector>

namespace traingrid {

/// All kernels of one name in a step, on one accelerator.
struct OperatorUse {
  std::string name;
  DeviceTime time;
  Flop work;
  Bytes bytes;   ///< to and from memory
  Flop at_peak;  ///< what the accelerator could have computed in the time, at the peaks of their formats
};

/// Longest first. `launches`: how often each work of the program is done.
std::vector<OperatorUse> operator_use(const Accelerator& accelerator, const Program& program,
                                      const std::map<std::int32_t, int>& launches);

}  // namespace traingrid
