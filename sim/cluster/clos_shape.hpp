// The keys of a Clos network: nodes below a leaf, bandwidth above it, and a third tier if there is one.
#pragma once

#include "cluster/shape.hpp"

namespace traingrid {

struct ClosShape {
  int nodes_per_leaf = 0;           ///< below a leaf (of each rail)
  double oversubscription = 1;      ///< NIC bandwidth below a leaf over uplink bandwidth above it
  int nodes_per_pod = 0;            ///< that reach each other without the third tier; 0 if there is none
  double pod_oversubscription = 1;  ///< bandwidth below a pod's switches over that above them

  void describe(Fields& fields, Keys keys);
  friend bool operator==(const ClosShape&, const ClosShape&) = default;
};

}  // namespace traingrid
