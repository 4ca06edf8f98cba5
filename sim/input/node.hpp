// The tree of a YAML text as this project needs it: keys in their order, a place for everything, the source of each
// value.
#pragma once

#include "input/source.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Keys that every mapping may hold beside its own: text about the values, not values.
inline constexpr std::array<std::string_view, 3> kTextKeys{"source", "note", "calibrated_on"};
bool is_text_key(std::string_view key);

/// Where values come from, as the nearest mapping around them says.
struct Provenance {
  std::string source;
  std::string calibrated_on;  ///< what the values were fitted to; empty for those that were not
};

struct Entry;

struct Node {
  enum class Kind { null, scalar, list, mapping, invalid };  ///< invalid: a problem was already reported

  Kind kind = Kind::null;
  std::string text{};          ///< of a scalar; of a null, as it is written
  std::vector<Entry> entries;  ///< of a mapping, in the order of the file
  std::vector<Node> items;     ///< of a list
  Mark mark{};
  std::shared_ptr<const Provenance> provenance{};
  std::uint64_t identity = 0;  ///< of an interval, see stamp_intervals

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_mapping() const { return kind == Kind::mapping; }
  const Entry* find(std::string_view key) const;
  Entry* find(std::string_view key);
};

struct Entry {
  std::string key;
  Mark mark;  ///< of the key
  Node value;
};

/// "a list", "nothing", …, for messages.
std::string_view kind_name(const Node& node);

/// Decides values written as `{value: X, calibrated: Y, …}`: Y with what it was fitted to, or X without.
void choose_values(Node& root, bool calibrated);

/// The value itself, for one written as `{value: X, source: S}`.
const Node& unwrapped(const Node& node);

/// Lays `over` on `base`: mappings key by key, anything else replaced; a null takes the key away.
Node merged(Node base, const Node& over);

/// Gives every value the source stated nearest to it. Texts that are neither text nor a list of texts are problems.
void stamp_sources(Node& root, Problems& problems);

}  // namespace traingrid
