// A run of the catalogue with its cluster, site and accounting, changed by settings as they are typed after --set.
#pragma once

#include "catalogue.hpp"
#include "input/settings.hpp"
#include "study/answer.hpp"

#include <string>
#include <vector>

namespace traingrid {

inline Point catalogue_point(const std::string& name, const std::vector<std::string>& sets = {}) {
  Inputs inputs(source_catalogue());
  const Settings settings(
      sets, {{"run", Outline::of<Run>()}, {"cluster", Outline::of<Cluster>()}, {"site", Outline::of<Site>()}}, inputs);
  const auto read = [&]<class T>(T& value, std::string_view folder, const std::string& entry) {
    Document document = inputs.open<T>(folder, entry);
    settings.apply(document);
    value = inputs.read<T>(document);
  };
  Point point;
  read(point.run, "runs", name);
  read(point.cluster, "clusters", point.run.cluster);
  read(point.site, "sites", point.run.site);
  read(point.accounting, "accounting", "epoch-2024");
  read(point.ownership, "ownership", "own-datacentre");
  inputs.finish();
  return point;
}

}  // namespace traingrid
