// SimGrid's own platform files as networks, and the messages about those that cannot be.
#include "engine/platform_import.hpp"

#include "catalogue.hpp"
#include "cluster/cluster.hpp"
#include "cluster/fabric.hpp"

#include <unistd.h>

#include <fstream>

using namespace traingrid;

namespace {

const std::string kHead =
    "<?xml version='1.0'?>\n<!DOCTYPE platform SYSTEM \"https://simgrid.org/simgrid.dtd\">\n"
    "<platform version=\"4.1\">\n";

/// Four hosts around one switch, whose links are a pair of directions each.
const std::string kStar = kHead +
                          "<cluster id=\"c\" prefix=\"node-\" suffix=\"\" radical=\"7-10\" speed=\"1Gf\" bw=\"10GBps\" "
                          "lat=\"3us\"/>\n</platform>\n";

/// Three hosts in a line, whose two links both directions share.
const std::string kLine = kHead + R"(<zone id="z" routing="Full">
<host id="a" speed="1Gf"/><host id="b" speed="1Gf"/><host id="c" speed="1Gf"/>
<link id="ab" bandwidth="2GBps" latency="1us"/><link id="bc" bandwidth="1GBps" latency="2us"/>
<route src="a" dst="b"><link_ctn id="ab"/></route>
<route src="b" dst="c"><link_ctn id="bc"/></route>
<route src="a" dst="c"><link_ctn id="ab"/><link_ctn id="bc"/></route>
</zone></platform>
)";

class Files {
 public:
  Files() : root_(std::filesystem::temp_directory_path() / ("traingrid_import_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(root_);
  }
  ~Files() { std::filesystem::remove_all(root_); }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / name) << text;
    return root_ / name;
  }

 private:
  std::filesystem::path root_;
};

std::string refusal(const std::string& xml) {
  const Files files;
  try {
    import_platform(files.write("platform.xml", xml));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("hosts, links and routes of a SimGrid platform come over as they are, hosts in the order of their numbers") {
  const Files files;
  const ImportedPlatform star = import_platform(files.write("star.xml", kStar));
  CHECK(star.hosts == std::vector<std::string>{"node-7", "node-8", "node-9", "node-10"});
  CHECK(star.links.size() == 8);  // up and down
  CHECK(star.route_links.size() == 4 * 3 * 2);
  CHECK(star.links[0].bandwidth.si == 1e10);
  CHECK(star.links[0].latency.si == 3e-6);
  const ImportedPlatform line = import_platform(files.write("line.xml", kLine));
  CHECK(line.hosts == std::vector<std::string>{"a", "b", "c"});
  CHECK(line.links.size() == 2);
  const std::vector<std::int32_t> lengths{0, 1, 2, 1, 0, 1, 2, 1, 0};
  for (std::size_t pair = 0; pair < lengths.size(); ++pair)
    CHECK(line.offsets[pair + 1] - line.offsets[pair] == lengths[pair]);
}

TEST_CASE("a cluster whose network is a platform file has its links, with what protocols leave of them") {
  const Files files;
  files.write("line.xml", kLine);
  const auto path =
      files.write("cluster.yaml",
                  "base: selene\nnodes: 3\nnode: {nics: 1, host: null}\nnetwork:\n  topology: simgrid-xml\n"
                  "  file: line.xml\n  nodes_per_leaf: null\n  oversubscription: null\n");
  Inputs inputs(source_catalogue());
  Document document = inputs.open<Cluster>("clusters", path.string());
  auto cluster = inputs.read<Cluster>(document);
  import_network(inputs, cluster);
  REQUIRE(inputs.problems().text().empty());
  const auto fabric = build_fabric(cluster);
  std::vector<Hop> way;
  fabric->path(0, 16, way);
  REQUIRE(way.size() == 4);
  CHECK(fabric->link_name(way[1].link) == "ab");
  CHECK(fabric->link_name(way[2].link) == "bc");
  CHECK(fabric->capacity(way[2].link).si == Approx(1e9 * cluster.network.link.efficiency));
  CHECK(fabric->distance(0, 16).si == Approx(3e-6));
  CHECK(switch_count(cluster) == 0);
}

TEST_CASE("a platform that SimGrid cannot load, or that is no fabric, is a problem at its key") {
  const Files files;
  files.write("line.xml", kLine);
  files.write("broken.xml", kHead + "<zone id=\"z\" routing=\"Full\">\n<hst/>\n</zone></platform>\n");
  const auto problem = [&](const std::string& name, int nodes) {
    const auto path =
        files.write("cluster.yaml", "base: selene\nnodes: " + std::to_string(nodes) +
                                        "\nnode: {nics: 1}\nnetwork:\n  topology: simgrid-xml\n  file: " + name +
                                        "\n  nodes_per_leaf: null\n  oversubscription: null\n");
    Inputs inputs(source_catalogue());
    Document document = inputs.open<Cluster>("clusters", path.string());
    auto cluster = inputs.read<Cluster>(document);
    import_network(inputs, cluster);
    const std::string text = inputs.problems().text();
    const std::string first = text.substr(0, text.find('\n'));
    return first.substr(first.find("cluster.yaml"));
  };
  CHECK(problem("line.xml", 4) == "cluster.yaml:6:9: line.xml has 3 hosts, but 4 nodes have 4 NICs");
  CHECK(problem("none.xml", 3) == "cluster.yaml:6:9: SimGrid cannot load 'none.xml': it cannot be read");
  CHECK(problem("broken.xml", 3).starts_with("cluster.yaml:6:9: SimGrid cannot load 'broken.xml': "));
}

TEST_CASE("SimGrid's reason for refusing a platform is passed on") {
  CHECK(refusal("no XML at all").find("Invalid XML") != std::string::npos);
  CHECK(refusal(kHead + "<zone id=\"z\" routing=\"Full\"><hst/></zone></platform>").find(".xml:4") !=
        std::string::npos);
  CHECK(refusal(kHead + "<zone id=\"z\" routing=\"Full\"><host id=\"a\" speed=\"1Gf\"/></zone></platform>") ==
        "it has 1 hosts; a fabric has 2 to 4096");
  CHECK(refusal(kHead + R"(<zone id="z" routing="Full"><host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
<link id="ab" bandwidth="2GBps" latency="1us" sharing_policy="FATPIPE"/>
<route src="a" dst="b"><link_ctn id="ab"/></route></zone></platform>)")
            .starts_with("link 'ab' does not share its bandwidth"));
  CHECK(refusal(kHead + R"(<zone id="z" routing="Full"><host id="a" speed="1Gf"/><host id="b" speed="1Gf"/>
</zone></platform>)") == "no route leads from a to b");
}
