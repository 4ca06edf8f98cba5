#include "catalogue.hpp"

#include "cluster/cluster.hpp"

using namespace traingrid;

TEST_CASE("every accelerator of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Accelerator>("accelerators", 2);
}

TEST_CASE("every link of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<LinkType>("links", 5);
}

TEST_CASE("every host of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Host>("hosts", 5);
}

TEST_CASE("every cluster of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Cluster>("clusters", 3);
}

TEST_CASE("the levels of power of every accelerator are in order") {
  for (const std::string& name : catalogue_names("accelerators")) {
    INFO(name);
    const PowerLevels power = catalogue_entry<Accelerator>("accelerators", name).power;
    CHECK(power.idle < power.stalled);
    CHECK(power.stalled < power.communicating);
    CHECK(power.communicating < power.compute_bound);
    CHECK(power.communicating < power.memory_bound);
  }
}

TEST_CASE("the clusters of the catalogue have the size that their sources say") {
  CHECK(catalogue_entry<Cluster>("clusters", "azure-v100-10k").accelerators() == 10'000);
  CHECK(catalogue_entry<Cluster>("clusters", "selene").accelerators() == 4'480);
  CHECK(catalogue_entry<Cluster>("clusters", "jean-zay").accelerators() == 416);
}
