// The catalogue of the source tree, read for tests: an entry by its name, and the numbers of it that lack a source.
#pragma once

#include "catch.hpp"
#include "input/inputs.hpp"

#include <cctype>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

inline Catalogue source_catalogue() { return Catalogue({std::filesystem::path(CATALOGUE)}); }

/// Throws InputError with all problems of the entry and of what it refers to.
template <Described T>
T catalogue_entry(std::string_view folder, const std::string& name) {
  Inputs inputs(source_catalogue());
  Document document = inputs.open<T>(folder, name);
  T entry = inputs.read<T>(document);
  inputs.finish();
  return entry;
}

inline std::vector<std::string> catalogue_names(std::string_view folder) {
  return source_catalogue().names(*find_folder(folder));
}

/// Every scalar that begins with a digit (a number, a quantity, a date) and has no source around it, with its place.
template <Described T>
std::vector<std::string> unsourced_numbers(std::string_view folder, const std::string& name) {
  Inputs inputs(source_catalogue());
  Document document = inputs.open<T>(folder, name);
  inputs.read<T>(document);
  inputs.finish();
  std::vector<std::string> unsourced;
  for (const ConstantRead& constant : inputs.constants()) {
    const bool is_number =
        !constant.text.empty() && std::isdigit(static_cast<unsigned char>(constant.text.front())) != 0;
    if (is_number && constant.source.empty()) unsourced.push_back(constant.place + " " + constant.path);
  }
  return unsourced;
}

/// Every entry of a folder reads without a problem, and none of its numbers lacks a source.
template <Described T>
void check_catalogue_folder(std::string_view folder, std::size_t at_least) {
  const std::vector<std::string> names = catalogue_names(folder);
  CHECK(names.size() >= at_least);
  for (const std::string& name : names) {
    INFO(folder << "/" << name);
    CHECK_NOTHROW(catalogue_entry<T>(folder, name));
    CHECK(unsourced_numbers<T>(folder, name) == std::vector<std::string>{});
  }
}

}  // namespace traingrid
