#include "catch.hpp"
#include "facility/site.hpp"
#include "input/inputs.hpp"
#include "read_text.hpp"

using namespace traingrid;

namespace {

Site site(const std::string& name) {
  Inputs inputs(Catalogue({std::filesystem::path(CATALOGUE)}));
  Document document = inputs.open<Site>("sites", name);
  const Site read = inputs.read<Site>(document);
  inputs.finish();
  return read;
}

}  // namespace

TEST_CASE("every site of the catalogue reads without a problem, and each of its numbers has a source") {
  const Catalogue catalogue({std::filesystem::path(CATALOGUE)});
  const auto names = catalogue.names(*find_folder("sites"));
  CHECK(names.size() >= 4);
  for (const std::string& name : names) {
    Inputs inputs(catalogue);
    Document document = inputs.open<Site>("sites", name);
    inputs.read<Site>(document);
    CHECK_NOTHROW(inputs.finish());
    for (const ConstantRead& constant : inputs.constants()) {
      INFO(name << ": " << constant.path);
      const bool is_words =
          constant.path == "name" || constant.path == "grid.zone" || constant.path == "heat_reuse.use";
      CHECK((is_words || !constant.source.empty()));
    }
  }
}

TEST_CASE("the sites hold what their sources say") {
  CHECK(site("us-average").pue == 1.10);
  CHECK(site("us-average").grid.intensity / (kilogram / kilowatt_hour) == Approx(0.429));
  CHECK(site("us-average-li2023").pue == 1.17);
  CHECK(site("us-average-li2023").wue.value() / (litre / kilowatt_hour) == Approx(0.55));
  CHECK(site("us-average-li2023").grid.water_intensity.value() / (litre / kilowatt_hour) == Approx(3.142));
  CHECK(site("jean-zay").pue == 1.2);
  CHECK(site("jean-zay").grid.intensity / (kilogram / kilowatt_hour) == Approx(0.057));
  CHECK(site("jean-zay").heat_reuse);
}

TEST_CASE("a PUE below 1 and negative factors are problems of the input") {
  CHECK(read_text<Site>("name: a\npue: 0.9\nwue: -1 L/kWh\ngrid: {intensity: -5 g/kWh}\n", "site").problems ==
        R"(site.yaml:2:6: 'pue' must be at least 1, not '0.9'
  pue: 0.9
       ^
site.yaml:3:6: 'wue' must be zero or more, not '-1 L/kWh'
  wue: -1 L/kWh
       ^
site.yaml:4:19: 'intensity' must be zero or more, not '-5 g/kWh'
  grid: {intensity: -5 g/kWh}
                    ^)");
}
