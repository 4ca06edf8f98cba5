// Sites of parts of the catalogue, and files that are there on some machines only, for tests of this room.
#pragma once

#include "catalogue.hpp"
#include "facility/site.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace traingrid {

/// A site of these entries of the catalogue, with a grid of 400 g/kWh unless another is given.
inline Site site_of(const std::string& weather, const std::string& plant,
                    const std::string& grid = "{intensity: 400 g/kWh}", const std::string& more = "") {
  const auto file = std::filesystem::temp_directory_path() / ("site-" + std::to_string(::getpid()) + ".yaml");
  std::ofstream(file) << "name: test\nweather: " << weather << "\ncooling: " << plant
                      << "\nelectrical: ac-double-conversion\ngrid: " << grid << "\n"
                      << more;
  Inputs inputs(source_catalogue());
  Document document = inputs.open<Site>("sites", file.string());
  Site site = inputs.read<Site>(document);
  load_hours(site, inputs);
  std::filesystem::remove(file);
  inputs.finish();
  return site;
}

/// A folder of large public data that the sources do not hold; empty, with a warning, where it is not.
inline std::filesystem::path data_folder() {
  const char* variable = std::getenv("TRAINGRID_DATA");
  if (variable != nullptr && std::filesystem::is_directory(variable)) return variable;
  WARN("skipped: TRAINGRID_DATA names no folder with weather/ and carbon/");
  return {};
}

/// A timeline of one power for some time.
inline Timeline flat(Watts power, Seconds duration) {
  return {.segments = {{.duration = duration, .mean = {.accelerators = power}, .peak = power}}};
}

}  // namespace traingrid
