#include "collective/library.hpp"

#include "collective/collective.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace traingrid {
namespace {

/// The pipeline's chunk grows with the message until it is full.
Seconds grown(const StepCost& step, const LinkType& link, Bytes message, Bytes half, double sharpness) {
  if (message <= Bytes{}) return step.least;
  const Seconds more = std::max(step.growth * link.latency - step.least, Seconds{});
  return step.least + more / (1 + std::pow(half / message, sharpness));
}

}  // namespace

void StepCost::describe(Fields& fields) {
  fields.required("least", least, "Time of a step of the smallest message.", hardware_delay);
  fields.required("growth", growth, "Time of a step of large messages, in latencies of the link; 0 if it stays.",
                  non_negative);
  fields.required("efficiency", efficiency, "Share of the link's payload left to data.", positive);
}

void Method::describe(Fields& fields) {
  fields.required("algorithm", algorithm, fmt::format("One of: {}.", algorithm_names()));
  fields.check("algorithm", algorithm.empty() || find_algorithm(algorithm) != nullptr,
               fmt::format("unknown algorithm '{}'; known: {}", algorithm, algorithm_names()));
  fields.required("protocol", protocol, "What the library calls its way of writing data with flags.");
  fields.optional("start", start, "Time before the first step.", hardware_delay);
  fields.required("scale_up", scale_up, "Steps inside a node.");
  fields.required("network", network, "Steps between nodes.");
  fields.optional("two_node_efficiency", two_node_efficiency,
                  "Times the network's efficiency between two nodes, where each link carries half of a tree.",
                  positive);
  fields.optional("posting", posting, "Least time of a step inside a node if others go between nodes.", hardware_delay);
  fields.optional(
      "paced_by_network", paced_by_network,
      "If some steps go between nodes, those inside nodes do not grow: chunks wait for the slower links anyway.");
  fields.required("half", half, "Message at which steps have grown half-way.", positive);
  fields.optional("sharpness", sharpness,
                  "Power of the message with which steps grow: 1, or less where chunks come in a few sizes.", positive);
  fields.optional("collectives", collectives, "What it is used for; if not stated, all that the algorithm can do.");
  fields.check("collectives", std::ranges::none_of(collectives, is_with_host),
               "copies to hosts and updates there have no method");
  fields.optional("on_request", on_request, "Taken only if the user asks for it, or nothing else applies.");
}

bool Method::does(Collective kind) const {
  return collectives.empty() || std::ranges::find(collectives, kind) != collectives.end();
}

Seconds Method::scale_up_step(const LinkType& link, Bytes message, bool between_nodes) const {
  if (between_nodes && paced_by_network) return std::max(scale_up.least, posting);
  const Seconds step = grown(scale_up, link, message, half, sharpness);
  return between_nodes ? std::max(step, posting) : step;
}

Seconds Method::network_step(const LinkType& link, Bytes message) const {
  return grown(network, link, message, half, sharpness);
}

void Library::describe(Fields& fields) {
  fields.required("name", name, "Name of the library.");
  fields.required("methods", methods, "Algorithms with the protocols they are carried out with.");
}

}  // namespace traingrid
