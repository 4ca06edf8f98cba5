#include "study/assumptions.hpp"

#include "catch.hpp"

using namespace traingrid;

namespace {

ConstantRead read_at(std::string path, std::string text, std::string source, std::string place) {
  const std::string document = place.starts_with("platforms/") ? "cluster" : "run";
  return {.document = document,
          .path = std::move(path),
          .text = std::move(text),
          .source = std::move(source),
          .place = std::move(place)};
}

}  // namespace

TEST_CASE("assumptions of a run are sentences grouped by reason, and those of the catalogue are counted") {
  const std::vector<std::string> notes = notes_on_assumptions({
      read_at("parallelism.tensor", "8", "assumption: it fits", "my/own.yaml:3"),
      read_at("micro_batch", "1", "assumption", "workloads/runs/a.yaml:4"),
      read_at("parallelism.data", "78", "assumption: it fits", "workloads/runs/a.yaml:5"),
      read_at("tokens", "300e9", "Brown et al. 2020", "workloads/runs/a.yaml:6"),
      read_at("node.power.fans", "270 W", "assumption: a guess", "platforms/clusters/b.yaml:9"),
  });
  REQUIRE(notes.size() == 3);
  CHECK(notes[0] == "assumed: parallelism.tensor 8, parallelism.data 78: it fits");
  CHECK(notes[1] == "assumed: micro_batch 1");
  CHECK(
      notes[2] ==
      "assumed: 1 of the values of cluster, site and their parts; `explain` lists them with the sources of all others");
}

TEST_CASE("a run without assumptions has no notes on them") {
  CHECK(notes_on_assumptions({read_at("tokens", "1e9", "a paper", "workloads/runs/a.yaml:6")}).empty());
}
