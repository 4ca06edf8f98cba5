#include "input/catalogue.hpp"

#include "input/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace traingrid {
namespace {

namespace fs = std::filesystem;

bool exists_as_directory(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

fs::path required_directory(const std::string& path, std::string_view asked_by) {
  if (!exists_as_directory(path)) throw InputError(fmt::format("{}: '{}' is not a directory", asked_by, path));
  return path;
}

fs::path share_of_installation() {
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  return executable.parent_path().parent_path() / "share" / "traingrid";
}

}  // namespace

const Folder* find_folder(std::string_view name) {
  const auto* found = std::ranges::find(kFolders, name, &Folder::name);
  return found == kFolders.end() ? nullptr : found;
}

Catalogue Catalogue::standard(const std::optional<std::string>& asked_for) {
  std::vector<fs::path> roots;
  if (asked_for) roots.push_back(required_directory(*asked_for, "--catalogue"));
  const char* variable = std::getenv("TRAINGRID_CATALOGUE");
  if (variable != nullptr && *variable != '\0') roots.push_back(required_directory(variable, "TRAINGRID_CATALOGUE"));
  for (const fs::path& root : {fs::path("."), share_of_installation(), fs::path(TRAINGRID_SOURCE_TREE)}) {
    if (exists_as_directory(root / "platforms") || exists_as_directory(root / "workloads")) roots.push_back(root);
  }
  return Catalogue(std::move(roots));
}

std::optional<Place> Catalogue::find(const Folder& folder, std::string_view name) const {
  const fs::path shown = fs::path(folder.parent) / folder.name / fmt::format("{}.yaml", name);
  for (const fs::path& root : roots_) {
    std::error_code error;
    if (fs::exists(root / shown, error)) return Place{root / shown, shown.string(), root};
  }
  return std::nullopt;
}

std::vector<std::string> Catalogue::names(const Folder& folder) const {
  std::set<std::string> names;
  for (const fs::path& root : roots_) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(root / folder.parent / folder.name, error)) {
      if (entry.path().extension() == ".yaml") names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

bool is_path(std::string_view text) {
  return text.find('/') != std::string_view::npos || text.ends_with(".yaml") || text.ends_with(".json");
}

}  // namespace traingrid
