// Which algorithm carries out a collective, and what that means in bytes and seconds on the links of this cluster.
#pragma once

#include "cluster/cluster.hpp"
#include "collective/collective.hpp"
#include "collective/library.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// What decides: the links, what the user forces, and what the library can do.
struct Tuning {
  LinkType scale_up, network;
  std::map<std::string, std::string> forced;  ///< algorithm, or ALGORITHM/PROTOCOL, by spelling of the collective
  Library library;
  double accelerators_per_nic = 1;
  std::optional<Host> host;
  friend bool operator==(const Tuning&, const Tuning&) = default;
};
Tuning tuning_of(const Cluster& cluster, Library library, std::map<std::string, std::string> forced = {});

struct Plan {
  struct Part {
    Flows flows = nullptr;
    double volume = 0;         ///< bytes on the wire of a share of 1, per byte of the message
    Seconds latency;           ///< before the flows
    double network_steps = 0;  ///< each of which also takes the length of the way (Fabric::distance)
  };
  std::vector<Part> parts;  ///< one after the other
  std::string_view algorithm;
  std::string_view rule;  ///< why this algorithm, for people
  std::string protocol;   ///< empty if the library names none
};

/// Pure: equal arguments, equal plan. A group of one has no parts. Throws InputError if what is forced is no algorithm,
/// or if none can carry the collective out.
Plan plan(const Tuning& tuning, Collective kind, Bytes bytes, const GroupShape& shape);

/// A method that could carry out a collective, and the time the tuner expects of it on links it has to itself.
struct Candidate {
  std::string_view algorithm, protocol;
  Seconds time;
};
/// The fastest first.
std::vector<Candidate> candidates(const Tuning& tuning, Collective kind, Bytes bytes, const GroupShape& shape);

/// Why the algorithm cannot carry out this collective there, or nothing.
std::string obstacle(const Tuning& tuning, const Algorithm& algorithm, Collective kind, const GroupShape& shape);

/// "ring/LL" as its algorithm and protocol; throws InputError if there is no such algorithm.
struct Choice {
  const Algorithm* algorithm;
  std::string_view protocol;  ///< empty: any
};
Choice parse_choice(std::string_view text);
/// The same for an algorithm with a protocol, which the library must have.
std::string obstacle(const Tuning& tuning, const Choice& choice, Collective kind, const GroupShape& shape);

}  // namespace traingrid
