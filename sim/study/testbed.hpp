// The machines that collectives were measured on: what the words of a measurement stand for.
#pragma once

#include "cluster/cluster.hpp"
#include "input/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Whether all words occur in the text, in capitals or not.
bool has_words(std::string_view text, const std::vector<std::string>& words);

/// A node known by words of an accelerator's name.
struct TestedNode {
  std::vector<std::string> words;  ///< all of them occur in the name
  int accelerators = 0, nics = 0;  ///< per node
  LinkType scale_up, network;
  std::string obstacle;    ///< why it cannot be simulated; empty if it can
  bool full_mesh = false;  ///< every pair has a link of its own: fewer members use fewer of them
  void describe(Fields& fields);
};

/// A network known by words of its description and of the source of a measurement.
struct TestedNetwork {
  std::vector<std::string> words;
  LinkType link;
  void describe(Fields& fields);
};

/// A program that measures, known by words of a record's source.
struct TestHarness {
  std::vector<std::string> words;
  Seconds startup;  ///< what it adds to every collective
  void describe(Fields& fields);
};

struct Testbed {
  std::string name;
  std::vector<TestedNode> nodes;
  std::vector<TestedNetwork> networks;
  std::vector<TestHarness> harnesses;
  void describe(Fields& fields);

  /// The first that fits; null if none does.
  const TestedNode* node(std::string_view accelerator) const;
  /// None if the source names no program that adds any.
  Seconds startup_of_harness(std::string_view source) const;
};

/// "8x400 Gb/s NDR IB per node" as what it says: links per node (or one per accelerator), rate of each, type.
struct Interconnect {
  int nics = 0;       ///< per node; 0 if not stated
  Bandwidth rate;     ///< of each; 0 if not stated
  bool each = false;  ///< one per accelerator
  LinkType link;      ///< of that description; without a name if none fits
};
Interconnect parse_interconnect(std::string_view text, const std::vector<TestedNetwork>& networks,
                                std::string_view source = {});

}  // namespace traingrid
