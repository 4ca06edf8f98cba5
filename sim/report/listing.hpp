// Plain tables of many rows in all formats: sweeps of sizes, measurements against simulation.
#pragma once

#include "input/inputs.hpp"
#include "report/columns.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// A column: its name in JSON and CSV, and as people read it.
struct ListingColumn {
  std::string key, title;
};

struct Listing {
  std::string key;    ///< in JSON
  std::string title;  ///< for people
  std::vector<ListingColumn> columns;
  std::vector<std::vector<Value>> rows;
};

struct ListingReport {
  std::string schema;  ///< of the JSON: "traingrid.collective/1"
  std::string title;
  std::vector<Listing> listings;  ///< CSV holds the first only
  std::vector<std::string> notes;
  std::string version, command;
  std::vector<OpenedFile> inputs;
};

/// The report in one of the formats of `kWriters`; equal reports give equal bytes.
std::string write_listings(const ListingReport& report, std::string_view format);

}  // namespace traingrid
