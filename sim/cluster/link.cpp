#include "cluster/link.hpp"

namespace traingrid {

void LinkType::describe(Fields& fields) {
  fields.required("name", name, "Name of the technology.");
  fields.required("bandwidth", bandwidth, "Line rate in one direction.", hardware_rate);
  fields.required("efficiency", efficiency, "Share of the line rate left to payload.", positive_fraction);
  fields.required("latency", latency, "Time of one step of a collective of large messages across the link.",
                  hardware_delay);
  fields.optional("switch_efficiency", switch_efficiency,
                  "Share of the line rate that reductions inside its switches reach (NVLS, SHARP); 0 if they cannot.",
                  fraction);
  fields.optional("startup", startup, "What starting a collective takes here, beyond what its library takes.",
                  hardware_delay);
  fields.optional("congestion", congestion,
                  "Share of the payload that collectives between nodes lose with every doubling of the nodes.",
                  fraction);
}

}  // namespace traingrid
