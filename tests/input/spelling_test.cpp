#include "input/spelling.hpp"
#include "catch.hpp"

#include <vector>

namespace traingrid {

TEST_CASE("swapped neighbours are one slip") {
  CHECK(edit_distance("nodes", "nodse") == 1);
  CHECK(edit_distance("nodes", "nods") == 1);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("a suggestion is made only where a slip explains the word") {
  const std::vector<std::string> known{"gpus_per_node", "nodes", "name"};
  CHECK(nearest("gpus_per_nod", known) == "gpus_per_node");
  CHECK(nearest("node", known) == "nodes");
  CHECK(!nearest("x", known));
  CHECK(suggestion("banana", known, "keys") == "known keys: gpus_per_node, nodes, name");
  CHECK(suggestion("banana", {}, "runs") == "there are no runs");
}

}  // namespace traingrid
