#include "catch.hpp"
#include "input/sha256.hpp"
#include "workshop.hpp"

namespace traingrid {

TEST_CASE("the first catalogue that has a name wins, and names are those of all") {
  const Workshop workshop;
  workshop.write("mine/platforms/accelerators/v100.yaml", "name: mine\n");
  workshop.write("mine/platforms/accelerators/a100.yaml", "name: mine\n");
  const Catalogue catalogue({workshop.root() / "mine", workshop.root()});
  const Folder& folder = *find_folder("accelerators");
  CHECK(catalogue.names(folder) == std::vector<std::string>{"a100", "v100"});
  const auto place = catalogue.find(folder, "v100");
  REQUIRE(place);
  CHECK(place->root == workshop.root() / "mine");
  CHECK(place->shown == "platforms/accelerators/v100.yaml");
  CHECK(!catalogue.find(folder, "h100"));
}

TEST_CASE("a catalogue that is no directory is refused") {
  CHECK_THROWS_WITH(Catalogue::standard("/nowhere"), "--catalogue: '/nowhere' is not a directory");
}

TEST_CASE("an unknown name is answered with the one that was meant, or with those there are") {
  const Workshop workshop;
  workshop.write_machine("name: M\naccelerator: v10\nnodes: 4\npower: 330 W\n");
  CHECK(workshop.read().message ==
        "platforms/clusters/m.yaml:2:14: there is no accelerator named 'v10' in the catalogue; did you mean 'v100'?\n"
        "  accelerator: v10\n"
        "               ^");
  CHECK(workshop.read({}, "selene").message ==
        "there is no cluster named 'selene' in the catalogue; known clusters: m");
}

TEST_CASE("every file is listed once with the fingerprint of its bytes, in the order of opening") {
  const Workshop workshop;
  workshop.write_machine(kMachine);
  const auto opened = workshop.read().opened;
  REQUIRE(opened.size() == 2);
  CHECK(opened[0].path == "platforms/clusters/m.yaml");
  CHECK(opened[1].path == "platforms/accelerators/v100.yaml");
  CHECK(opened[0].sha256 == sha256(kMachine));
}

}  // namespace traingrid
