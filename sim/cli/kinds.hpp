// The kinds of descriptions that files hold: one line each.
#pragma once

#include "cli/arguments.hpp"
#include "input/inputs.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

struct Kind {
  std::string_view folder;
  Outline (*outline)();
  void (*read)(Inputs& inputs, std::string_view folder, const std::string& name);  ///< problems stay in the inputs

  std::string_view singular() const { return find_folder(folder)->singular; }
};

/// In the order in which they are listed.
std::span<const Kind> kinds();
/// By its folder or by what one of them is called; null if there is none.
const Kind* find_kind(std::string_view word);
/// "run, cluster, site, …"
std::string kind_names();

/// The options of commands that take descriptions of any kind.
void add_lookup(Arguments& arguments, std::optional<std::string>& as, std::optional<std::string>& directory);

/// A description that somebody names.
struct Target {
  const Kind* kind;
  std::string name;  ///< of the catalogue, or a path
};

/// What a word names: a path, "runs/NAME", or every entry NAME of the catalogue. The kind of a path is the folder it
/// lies in unless `as` says it. Throws InputError if it names nothing.
std::vector<Target> targets_of(const std::string& word, const std::optional<std::string>& as,
                               const Catalogue& catalogue);

}  // namespace traingrid
