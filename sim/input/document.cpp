#include "input/document.hpp"

#include "input/inputs.hpp"

#include <fmt/format.h>

#include <charconv>

namespace traingrid {
namespace {

/// The index a step spells, or one past any list.
std::size_t index_of(const std::string& step) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  return error == std::errc{} && end == step.data() + step.size() ? index : std::string::npos;
}

}  // namespace

Document::Document(Inputs& inputs, const Folder& folder, Outline outline, Node root)
    : inputs_(&inputs), folder_(&folder), outline_(std::move(outline)), root_(std::move(root)) {}

void Document::load_reference(Node& node, const OutlineRow& row) {
  const Folder* folder = find_folder(row.folder);
  if (folder == nullptr) throw std::logic_error(fmt::format("'{}' refers to an unknown folder", row.path()));
  if (node.is_scalar())
    node = inputs_->load(*folder, node.text, node.mark);
  else
    inputs_->merge_base(node, *folder);
}

Node* Document::step_into(Node& node, const std::string& step, const Mark& mark) {
  if (node.is_list()) {
    const std::size_t index = index_of(step);
    if (index < node.items.size()) return &node.items[index];
    inputs_->problems().add(mark, fmt::format("there is no item '{}' here", step),
                            fmt::format("the list has {}, counted from 0", node.items.size()));
    return nullptr;
  }
  if (node.kind == Node::Kind::invalid) return nullptr;
  if (!node.is_mapping()) node = {.kind = Node::Kind::mapping, .mark = mark};
  if (node.find(step) == nullptr) node.entries.push_back({step, mark, {.mark = mark}});
  return &node.find(step)->value;
}

void Document::set(const std::vector<std::string>& steps, Node value) {
  Node* node = &root_;
  std::vector<std::string> here;
  for (const std::string& step : steps) {
    const OutlineRow* row = here.empty() ? nullptr : outline_.find(here);
    if (row != nullptr && !row->folder.empty()) load_reference(*node, *row);
    if (node->is_mapping() && &unwrapped(*node) != node) node = &node->find("value")->value;
    node = step_into(*node, step, value.mark);
    if (node == nullptr) return;
    here.push_back(step);
  }
  *node = std::move(value);
}

void Document::resolve(Node& node, const OutlineRow& row, std::size_t depth) {
  if (depth == row.steps.size()) return load_reference(node, row);
  const std::string& step = row.steps[depth];
  for (Node& item : node.items) {
    if (step == "[]") resolve(item, row, depth + 1);
  }
  for (Entry& entry : node.entries) {
    const bool free_key = step == "<name>" && !is_text_key(entry.key);
    if (entry.key == step || free_key) resolve(entry.value, row, depth + 1);
  }
}

const Node& Document::resolved() {
  for (const OutlineRow& row : outline_.rows()) {
    if (!row.folder.empty()) resolve(root_, row, 0);
  }
  return root_;
}

}  // namespace traingrid
