// What a command reads: the catalogue, every file opened with its fingerprint, and all problems of all of them.
#pragma once

#include "input/catalogue.hpp"
#include "input/document.hpp"
#include "input/problems.hpp"
#include "input/reader.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

struct OpenedFile {
  std::string path;    ///< relative to the catalogue, or as typed
  std::string sha256;  ///< of the bytes read
};

class Inputs {
 public:
  /// Of values that state both, the calibrated ones are read, or the others.
  explicit Inputs(Catalogue catalogue, bool calibrated = true)
      : catalogue_(std::move(catalogue)), calibrated_(calibrated) {}

  /// Opens a description by its name in the folder, or by its path. Problems are kept for finish().
  template <Described T>
  Document open(std::string_view folder, const std::string& name, const Mark& from = {}) {
    return open(folder, name, from, Outline::of<T>());
  }

  /// Reads a description with everything it refers to. What has a problem keeps its default. Values of a draw are not
  /// recorded: constants() are those of the files.
  template <Described T>
  T read(Document& document, std::optional<Draw> draw = {}) {
    T value{};
    Reader reader(document.resolved(), std::string(document.kind()), problems_, draw);
    reader.root(value);
    constants_.insert(constants_.end(), reader.constants().begin(), reader.constants().end());
    return value;
  }

  /// Throws InputError with all problems of all files, if there are any.
  void finish() const { problems_.finish(); }

  Problems& problems() { return problems_; }
  const Catalogue& catalogue() const { return catalogue_; }
  /// In the order of opening, each once.
  const std::vector<OpenedFile>& opened() const { return opened_; }
  const std::vector<ConstantRead>& constants() const { return constants_; }

  /// The text of a file that a description names at `from`, with its fingerprint kept; null if it has a problem.
  std::shared_ptr<const SourceFile> open_text(const std::string& path, const Mark& from);
  /// Where a value that was read stands, by its document and path; the latest if there are several.
  Mark mark_of(std::string_view document, std::string_view path) const;

  /// The tree of a file with its bases merged, named at `from`; of kind `invalid` if it has a problem.
  Node load(const Folder& folder, const std::string& name, const Mark& from);
  /// Replaces the key `base` of a mapping by what it stands for.
  void merge_base(Node& node, const Folder& folder);

 private:
  Document open(std::string_view folder, const std::string& name, const Mark& from, Outline outline);
  std::optional<Place> find(const Folder& folder, const std::string& name, const Mark& from);
  std::shared_ptr<const SourceFile> open_place(const Place& place, const Mark& from);
  Node parse(const Place& place, const Mark& from);

  Catalogue catalogue_;
  bool calibrated_;
  Problems problems_;
  std::map<std::filesystem::path, std::shared_ptr<const SourceFile>> texts_;  ///< files are read once
  std::map<std::filesystem::path, Node> parsed_;                              ///< and parsed once
  std::vector<std::string> chain_;  ///< files being loaded, each the base of the one before
  std::vector<OpenedFile> opened_;
  std::vector<ConstantRead> constants_;
};

}  // namespace traingrid
