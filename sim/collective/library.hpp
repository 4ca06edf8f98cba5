// A communication library as its file describes it: the methods it has (an algorithm with a protocol), what each costs,
// and so which one its tuner takes.
#pragma once

#include "cluster/link.hpp"
#include "input/fields.hpp"
#include "units/quantity.hpp"
#include "workload/program.hpp"

#include <string>
#include <vector>

namespace traingrid {

/// One kind of step of a method. A step of a small message takes `least`; the chunks of larger ones take longer to pass
/// through the pipeline, up to `growth` times the latency of the link.
struct StepCost {
  Seconds least;
  double growth = 0;
  double efficiency = 1;  ///< share of the link's payload that is left to data
  void describe(Fields& fields);
  friend bool operator==(const StepCost&, const StepCost&) = default;
};

struct Method {
  std::string algorithm;  ///< a name of the table in collective.cpp
  std::string protocol;   ///< what the library calls it
  Seconds start;          ///< before the first step
  StepCost scale_up, network;
  double two_node_efficiency = 1;       ///< of the network's between two nodes, where each link carries half of a tree
  Seconds posting;                      ///< a step inside a node takes at least this if others go between nodes
  bool paced_by_network = false;        ///< such a step does not grow, as chunks wait for the slower links anyway
  Bytes half;                           ///< message at which steps have grown half-way
  double sharpness = 1;                 ///< power of the message with which they grow
  std::vector<Collective> collectives;  ///< that it is used for; none stated: all that the algorithm can do
  bool on_request = false;              ///< the tuner takes it only if nothing else applies
  void describe(Fields& fields);
  friend bool operator==(const Method&, const Method&) = default;

  bool does(Collective kind) const;
  Seconds scale_up_step(const LinkType& link, Bytes message, bool between_nodes) const;
  Seconds network_step(const LinkType& link, Bytes message) const;
};

/// Without methods: every algorithm, at the full payload and the full latency of the links.
struct Library {
  std::string name;
  std::vector<Method> methods;
  void describe(Fields& fields);
  friend bool operator==(const Library&, const Library&) = default;
};

}  // namespace traingrid
