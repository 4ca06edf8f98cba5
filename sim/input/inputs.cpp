#include "input/inputs.hpp"

#include "input/hugging_face.hpp"
#include "input/sha256.hpp"
#include "input/spelling.hpp"
#include "input/yaml.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace traingrid {
namespace {

namespace fs = std::filesystem;

Node invalid_at(const Mark& mark) { return {.kind = Node::Kind::invalid, .mark = mark}; }

/// A path written in a file starts from that file; shown paths follow, so that they never become absolute.
Place place_of(const std::string& path, const Mark& from) {
  if (!from.file || fs::path(path).is_absolute()) return {path, path};
  const fs::path shown = (fs::path(from.file->path).parent_path() / path).lexically_normal();
  return {from.file->directory / path, shown.string()};
}

/// Lays a mapping over what the file named by one of its keys becomes.
template <class Convert>
void merge_below(Inputs& inputs, Node& node, const Folder& folder, std::string_view key, Convert converted) {
  if (!node.is_mapping()) return;
  const auto found = std::ranges::find(node.entries, key, &Entry::key);
  if (found == node.entries.end()) return;
  const Entry written = std::move(*found);
  node.entries.erase(found);
  if (!written.value.is_scalar()) {
    inputs.problems().add(written.mark, fmt::format("'{}' must be the name of a {}, not {}", key, folder.singular,
                                                    kind_name(written.value)));
    return;
  }
  Node below = converted(inputs.load(folder, written.value.text, written.value.mark));
  if (below.kind == Node::Kind::invalid)
    node = std::move(below);
  else
    node = merged(std::move(below), node);
}

}  // namespace

Document Inputs::open(std::string_view folder, const std::string& name, const Mark& from, Outline outline) {
  const Folder* known = find_folder(folder);
  if (known == nullptr) throw std::logic_error(fmt::format("there is no catalogue folder '{}'", folder));
  return {*this, *known, std::move(outline), load(*known, name, from)};
}

std::optional<Place> Inputs::find(const Folder& folder, const std::string& name, const Mark& from) {
  if (is_path(name)) return place_of(name, from);
  if (auto place = catalogue_.find(folder, name)) return place;
  problems_.add(from, fmt::format("there is no {} named '{}' in the catalogue", folder.singular, name),
                suggestion(name, catalogue_.names(folder), folder.name));
  return std::nullopt;
}

std::shared_ptr<const SourceFile> Inputs::open_place(const Place& place, const Mark& from) {
  const fs::path path = place.path.lexically_normal();
  if (const auto found = texts_.find(path); found != texts_.end()) return found->second;
  auto file = read_source(place.path, place.shown, from, problems_);
  if (file) opened_.push_back({place.shown, sha256(file->bytes)});
  return texts_.emplace(path, std::move(file)).first->second;
}

std::shared_ptr<const SourceFile> Inputs::open_text(const std::string& path, const Mark& from) {
  return open_place(place_of(path, from), from);
}

Mark Inputs::mark_of(std::string_view document, std::string_view path) const {
  const auto read = std::find_if(constants_.rbegin(), constants_.rend(), [&](const ConstantRead& constant) {
    return constant.document == document && constant.path == path;
  });
  return read == constants_.rend() ? Mark{} : read->mark;
}

Node Inputs::parse(const Place& place, const Mark& from) {
  const fs::path path = place.path.lexically_normal();
  if (const auto found = parsed_.find(path); found != parsed_.end()) return found->second;
  Node root = invalid_at(from);
  if (const auto file = open_place(place, from)) {
    root = parse_yaml(file, problems_);
    choose_values(root, calibrated_);
  }
  return parsed_.emplace(path, std::move(root)).first->second;
}

Node Inputs::load(const Folder& folder, const std::string& name, const Mark& from) {
  const auto place = find(folder, name, from);
  if (!place) return invalid_at(from);
  const auto begin = std::ranges::find(chain_, place->shown);
  if (begin != chain_.end()) {
    problems_.add(from,
                  fmt::format("bases go in a circle: {} -> {}", fmt::join(begin, chain_.end(), " -> "), place->shown),
                  "remove one of them");
    return invalid_at(from);
  }
  chain_.push_back(place->shown);
  Node root = parse(*place, from);
  merge_base(root, folder);
  chain_.pop_back();
  return root;
}

void Inputs::merge_base(Node& node, const Folder& folder) {
  merge_below(*this, node, folder, "base", [](Node base) { return base; });
  if (folder.name != "models") return;
  merge_below(*this, node, folder, "import", [this](const Node& config) {
    return config.is_mapping() ? import_hugging_face(config, problems_) : config;
  });
}

}  // namespace traingrid
