#include "input/yaml.hpp"

#include "input/interval.hpp"
#include "input/problems.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>

namespace traingrid {
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostValues = 100'000;

/// Ends parsing after a problem that leaves nothing to go on with.
struct Stop {};

std::size_t size_of(const Node& node) {
  std::size_t size = 1;
  for (const Entry& entry : node.entries) size += size_of(entry.value);
  for (const Node& item : node.items) size += size_of(item);
  return size;
}

std::size_t depth_of(const Node& node) {
  std::size_t depth = 0;
  for (const Entry& entry : node.entries) depth = std::max(depth, depth_of(entry.value));
  for (const Node& item : node.items) depth = std::max(depth, depth_of(item));
  return depth + 1;
}

/// The spelling of an explicit null at this place of the text; empty where nothing is written.
std::string null_spelling(std::string_view text) {
  for (const std::string_view spelling : {"null", "Null", "NULL", "~"}) {
    if (text.starts_with(spelling)) return std::string(spelling);
  }
  return "";
}

/// Whether a bracket stands here.
bool starts_flow(const Mark& mark) {
  const std::string_view line = line_of(mark);
  return mark.column <= line.size() && (line[mark.column - 1] == '[' || line[mark.column - 1] == '{');
}

/// Builds the tree from yaml-cpp's events, so that nothing of the text is lost on the way.
class Builder : public YAML::EventHandler {
 public:
  Builder(const std::shared_ptr<const SourceFile>& file, std::size_t offset, Problems& problems)
      : file_(file), offset_(offset), problems_(problems) {}

  /// What the library says about the text, moved from the end of the text to the bracket that is not closed.
  void explain(const YAML::Exception& error) {
    Mark mark = place(error.mark);
    if (error.msg.ends_with("flow not found")) {
      const auto bracket =
          std::find_if(open_.rbegin(), open_.rend(), [](const Open& open) { return starts_flow(open.node.mark); });
      if (bracket != open_.rend()) mark = bracket->node.mark;
    }
    problems_.add(mark, fmt::format("not valid YAML: {}", error.msg), "check indentation, quotes and brackets");
  }
  Node take_root() { return std::move(root_); }
  int documents() const { return documents_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) stop(place(mark), "a second document begins here", "keep one description per file");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::string_view bytes = file_->bytes;
    const std::string spelling =
        null_spelling(bytes.substr(std::min(bytes.size(), offset_ + static_cast<std::size_t>(mark.pos))));
    const bool below_key = spelling.empty() && !open_.empty() && open_.back().key;
    add({.text = spelling, .mark = below_key ? open_.back().key->mark : place(mark)}, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      stop(place(mark), "this alias stands inside the value it refers to", "write the value out");
    if (open_.size() + depth_of(found->second) > kDeepest) too_deep(place(mark));
    count(size_of(found->second) - 1, place(mark));
    add(found->second, YAML::NullAnchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    add({.kind = Node::Kind::scalar, .text = value, .mark = place(mark)}, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    begin(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    begin(mark, tag, anchor, Node::Kind::mapping);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Key {
    std::string text;
    Mark mark;
    bool refused;  ///< its value is read and dropped
  };
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    std::optional<Key> key{};
    std::map<std::string, std::size_t> lines{};  ///< of the keys so far
  };

  Mark place(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 1, 1};
    const bool first_line = mark.line == 0;
    return {file_, static_cast<std::size_t>(mark.line) + 1,
            static_cast<std::size_t>(mark.column) + 1 + (first_line ? offset_ : 0)};
  }
  [[noreturn]] void stop(const Mark& mark, std::string message, std::string hint) {
    problems_.add(mark, std::move(message), std::move(hint));
    throw Stop{};
  }
  [[noreturn]] void too_deep(const Mark& mark) {
    stop(mark, fmt::format("nested deeper than {} levels", kDeepest),
         "no description needs that; are brackets closed?");
  }
  void count(std::size_t more, const Mark& mark) {
    values_ += more;
    if (values_ > kMostValues)
      stop(mark, fmt::format("holds more than {} values", kMostValues), "aliases count as copies");
  }
  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    constexpr std::string_view standard = "tag:yaml.org,2002:";
    const std::string shown = tag.starts_with(standard) ? "!!" + tag.substr(standard.size()) : tag;
    problems_.add(place(mark), fmt::format("the tag '{}' is not supported", shown), "write the plain value");
  }
  void begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    check_tag(mark, tag);
    if (open_.size() >= kDeepest) too_deep(place(mark));
    if (at_key()) refuse_key(place(mark));
    open_.push_back({{.kind = kind, .mark = place(mark)}, anchor});
  }
  void end() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    add(std::move(closed.node), closed.anchor);
  }
  bool at_key() const { return !open_.empty() && open_.back().node.is_mapping() && !open_.back().key; }
  [[noreturn]] void refuse_key(const Mark& mark) {
    stop(mark, "a key must be a plain word", "write it as 'key: value', and close all brackets");
  }

  void add(Node node, YAML::anchor_t anchor) {
    count(1, node.mark);
    if (anchor != YAML::NullAnchor) {
      count(size_of(node), node.mark);
      anchors_.insert_or_assign(anchor, node);
    }
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.is_list()) {
      open_.back().node.items.push_back(std::move(node));
    } else if (at_key()) {
      add_key(node);
    } else {
      Key& key = *open_.back().key;
      if (!key.refused) open_.back().node.entries.push_back({std::move(key.text), key.mark, std::move(node)});
      open_.back().key.reset();
    }
  }
  void add_key(const Node& node) {
    if (!node.is_scalar()) refuse_key(node.mark);
    const auto [first, added] = open_.back().lines.emplace(node.text, node.mark.line);
    const bool merge = node.text == "<<";
    if (merge) {
      problems_.add(node.mark, "merge keys '<<' are not supported", "use 'base: NAME' or write the values out");
    } else if (!added) {
      problems_.add(node.mark, fmt::format("'{}' appears twice, first on line {}", node.text, first->second),
                    "keep one of them");
    }
    open_.back().key = Key{node.text, node.mark, merge || !added};
  }

  std::shared_ptr<const SourceFile> file_;
  std::size_t offset_;
  Problems& problems_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  Node root_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

/// As much of a path as tells descriptions apart, wherever the catalogue lies and however it is named.
std::string folder_and_name(const std::string& path) {
  const std::filesystem::path file(path);
  return (file.parent_path().filename() / file.filename()).string();
}

}  // namespace

Node parse_yaml(const std::shared_ptr<const SourceFile>& file, Problems& problems, std::size_t offset) {
  std::istringstream text(file->bytes.substr(offset));
  Builder builder(file, offset, problems);
  Node invalid{.kind = Node::Kind::invalid, .mark = {file, 1, offset + 1}};
  try {
    YAML::Parser parser(text);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return invalid;
  } catch (const YAML::Exception& error) {
    builder.explain(error);
    return invalid;
  }
  Node root = builder.take_root();
  if (root.kind == Node::Kind::null && root.text.empty()) {
    problems.add(invalid.mark, "holds no keys", "write the keys of the description into it");
    return invalid;
  }
  stamp_sources(root, problems);
  stamp_intervals(root, folder_and_name(file->path));
  return root;
}

}  // namespace traingrid
