#include "facility/electrical.hpp"

#include "catalogue.hpp"
#include "catch.hpp"
#include "read_text.hpp"

using namespace traingrid;

TEST_CASE("every chain of the catalogue reads without a problem, and its numbers have a source") {
  check_catalogue_folder<Chain>("chains", 4);
}

TEST_CASE("four Frontier nodes of 2,704.26 W draw 2,892.7 W each behind their rectifier, and 683.9 W when idle") {
  const Chain chain = catalogue_entry<Chain>("chains", "frontier-node");
  const auto node = [&](double cpu, double accelerator) {
    return (cpu + 4 * accelerator + 74.26 + 4 * 20 + 30) * watt;
  };
  const Watts busy = node(280, 560), idle = node(90, 88);
  CHECK(busy / watt == Approx(2704.26));
  CHECK(chain.converters[0].input(4 * busy, 4 * busy) / 4 / watt == Approx(2772.71).epsilon(2e-6));
  CHECK((4 * busy + chain.loss(4 * busy, 4 * busy)) / 4 / watt == Approx(2892.7).epsilon(2e-5));
  CHECK((4 * idle + chain.loss(4 * idle, 4 * busy)) / 4 / watt == Approx(683.9).epsilon(2e-4));
}

TEST_CASE("efficiencies between the points of a curve lie on straight lines, and beyond them are level") {
  const Converter ups = catalogue_entry<Chain>("chains", "ac-double-conversion-by-load").converters[1];
  CHECK(ups.efficiency_at(0.1) == 0.94);
  CHECK(ups.efficiency_at(0.25) == 0.94);
  CHECK(ups.efficiency_at(0.375) == Approx(0.9475));
  CHECK(ups.efficiency_at(0.75) == 0.96);
  CHECK(ups.efficiency_at(1.3) == 0.955);
}

TEST_CASE("supplies on two feeds are best at the design load, and lose a tenth where little is drawn") {
  const Chain chain = catalogue_entry<Chain>("chains", "supplies-by-load");
  const Converter& supplies = chain.converters[0];
  const Watts design = 10 * megawatt;
  CHECK(design / supplies.input(design, design) == Approx(0.96));
  CHECK(0.4 * design / supplies.input(0.4 * design, design) == Approx(0.94));
  CHECK(0.1 * design / supplies.input(0.1 * design, design) == Approx(0.90));
  CHECK(chain.loss(design, design) >
        catalogue_entry<Chain>("chains", "ac-double-conversion-by-load").loss(design, design));
}

TEST_CASE("a chain without curves and standby is linear: twice the load loses twice as much") {
  const Chain chain = catalogue_entry<Chain>("chains", "ac-double-conversion");
  const Watts design = 10 * megawatt;
  CHECK(chain.loss(8 * megawatt, design) / chain.loss(4 * megawatt, design) == Approx(2));
  CHECK(chain.loss(design, design) / design == Approx(1 / (0.96 * 0.985) - 1));
}

TEST_CASE("the loads of a curve rise, and an efficiency is at most 1") {
  CHECK(messages(read_text<Chain>("converters: [{name: UPS, curve: [{load: 0.5, efficiency: 0.9}, {load: 0.5, "
                                  "efficiency: 0.95}]}]\n",
                                  "chain")
                     .problems) == std::vector<std::string>{"the loads of a curve rise"});
  CHECK(messages(read_text<Chain>("converters: [{name: UPS, efficiency: 96}]\n", "chain").problems) ==
        std::vector<std::string>{"'efficiency' must be above 0 and at most 1, not '96'"});
}
