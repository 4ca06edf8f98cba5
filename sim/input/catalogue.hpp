// The catalogue: descriptions that are called by name, in folders of platforms/ and workloads/.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// A folder of the catalogue, what one entry of it is called, and where it lies.
struct Folder {
  std::string_view name, singular, parent;
};
inline constexpr std::array kFolders{
    Folder{"accelerators", "accelerator", "platforms"},
    Folder{"clusters", "cluster", "platforms"},
    Folder{"sites", "site", "platforms"},
    Folder{"climates", "climate", "platforms"},
    Folder{"plants", "plant", "platforms"},
    Folder{"chains", "chain", "platforms"},
    Folder{"grids", "grid", "platforms"},
    Folder{"profiles", "profile", "platforms"},
    Folder{"fuels", "fuels", "platforms"},
    Folder{"links", "link", "platforms"},
    Folder{"hosts", "host", "platforms"},
    Folder{"accounting", "accounting", "platforms"},
    Folder{"ownership", "ownership", "platforms/accounting"},
    Folder{"trends", "trend", "platforms/accounting"},
    Folder{"hardware", "hardware", "platforms/accounting"},
    Folder{"cases", "cases", "platforms/accounting"},
    Folder{"references", "references", "platforms/accounting"},
    Folder{"collectives", "library", "platforms"},
    Folder{"testbeds", "testbed", "platforms"},
    Folder{"systems", "systems", "platforms"},
    Folder{"measurements", "measurements", "platforms"},
    Folder{"nearness", "nearness", "platforms/measurements"},
    Folder{"models", "model", "workloads"},
    Folder{"runs", "run", "workloads"},
    Folder{"software", "software", "workloads"},
};
/// Null if there is no such folder.
const Folder* find_folder(std::string_view name);

/// A file of the catalogue.
struct Place {
  std::filesystem::path path;
  std::string shown;             ///< "platforms/accelerators/v100.yaml", wherever the catalogue lies
  std::filesystem::path root{};  ///< the catalogue it was found in
};

class Catalogue {
 public:
  /// Searched in this order; the first that has a name wins.
  explicit Catalogue(std::vector<std::filesystem::path> roots) : roots_(std::move(roots)) {}

  /// The directory asked for on the command line, $TRAINGRID_CATALOGUE, the current directory, share/traingrid of the
  /// installation, and the source tree this was built from. Throws InputError if one of the first two is no directory.
  static Catalogue standard(const std::optional<std::string>& asked_for);

  std::optional<Place> find(const Folder& folder, std::string_view name) const;
  /// All names of a folder, sorted.
  std::vector<std::string> names(const Folder& folder) const;

 private:
  std::vector<std::filesystem::path> roots_;
};

/// Whether a text names a file rather than an entry of the catalogue: it has a '/' or ends in ".yaml".
bool is_path(std::string_view text);

}  // namespace traingrid
