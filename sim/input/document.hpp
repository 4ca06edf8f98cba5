// One description with everything it refers to: bases merged, names replaced by what they stand for, keys overridden.
#pragma once

#include "input/catalogue.hpp"
#include "input/node.hpp"
#include "input/outline.hpp"

#include <string>
#include <vector>

namespace traingrid {

class Inputs;

class Document {
 public:
  /// Opened by Inputs::open.
  Document(Inputs& inputs, const Folder& folder, Outline outline, Node root);

  /// "run", "cluster", "site", …
  std::string_view kind() const { return folder_->singular; }
  const Outline& outline() const { return outline_; }

  /// Puts a value at a path that the outline knows. A reference on the way is loaded, and its copy changed.
  void set(const std::vector<std::string>& steps, Node value);

  /// Loads all references that are still names; the tree to read.
  const Node& resolved();

 private:
  Node* step_into(Node& node, const std::string& step, const Mark& mark);
  void resolve(Node& node, const OutlineRow& row, std::size_t depth);
  void load_reference(Node& node, const OutlineRow& row);

  Inputs* inputs_;
  const Folder* folder_;
  Outline outline_;
  Node root_;
};

}  // namespace traingrid
