#include "cluster/host.hpp"

namespace traingrid {

void Host::describe(Fields& fields) {
  fields.required("name", name, "Name of the host.");
  fields.required("accelerators", accelerators, "Accelerators of a node that share it.", at_least_one);
  fields.required("memory", memory, "Its memory, of which each has an equal part.", positive);
  fields.required("memory_bandwidth", memory_bandwidth, "Of that memory.", hardware_rate);
  fields.required("memory_efficiency", memory_efficiency, "Share of it that copies reach together.", positive_fraction);
  fields.required("optimizer_efficiency", optimizer_efficiency,
                  "Share of it that an optimizer on the processors reaches.", positive_fraction);
  fields.reference("link", link, "links", "Link of each accelerator to the host.");
  fields.optional("carries_network", carries_network,
                  "What an accelerator exchanges with other nodes takes that link too.");
}

}  // namespace traingrid
