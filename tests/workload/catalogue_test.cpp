#include "catalogue.hpp"

#include "workload/run.hpp"

using namespace traingrid;

TEST_CASE("every model of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Model>("models", 6);
}

TEST_CASE("every software of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Software>("software", 2);
}

TEST_CASE("every run of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Run>("runs", 7);
}

TEST_CASE("every run of the catalogue names a cluster and a site of the catalogue") {
  for (const std::string& name : catalogue_names("runs")) {
    INFO(name);
    const auto run = catalogue_entry<Run>("runs", name);
    CHECK(source_catalogue().find(*find_folder("clusters"), run.cluster));
    CHECK(source_catalogue().find(*find_folder("sites"), run.site));
  }
}
