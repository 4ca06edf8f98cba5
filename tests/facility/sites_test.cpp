#include "catalogue.hpp"
#include "catch.hpp"
#include "facility/site.hpp"
#include "input/inputs.hpp"
#include "read_text.hpp"

using namespace traingrid;

namespace {

Site site(const std::string& name) { return catalogue_entry<Site>("sites", name); }

}  // namespace

TEST_CASE("every site of the catalogue reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<Site>("sites", 4);
}

TEST_CASE("the sites hold what their sources say") {
  CHECK(site("us-average").pue == 1.10);
  CHECK(site("us-average").grid.intensity.value() / (kilogram / kilowatt_hour) == Approx(0.429));
  CHECK(site("us-average-li2023").pue == 1.17);
  CHECK(site("us-average-li2023").wue.value() / (litre / kilowatt_hour) == Approx(0.55));
  CHECK(site("us-average-li2023").grid.water_intensity.value() / (litre / kilowatt_hour) == Approx(3.142));
  CHECK(site("jean-zay").pue == 1.2);
  CHECK(site("jean-zay").grid.intensity.value() / (kilogram / kilowatt_hour) == Approx(0.057));
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
