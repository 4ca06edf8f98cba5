// Fields of a measured row by name, taken where they are stated.
#pragma once

#include "study/measured_fields.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

class RecordFields {
 public:
  explicit RecordFields(const Node& record) : record_(record) {}

  std::string text(std::string_view key) const { return text_field(record_, key); }
  /// The same; of a list of words, all of them.
  std::string words(std::string_view key) const {
    std::string all = text(key);
    const Node* node = field(record_, key);
    for (const Node& item : node == nullptr ? std::vector<Node>{} : node->items)
      all += (all.empty() ? "" : ", ") + item.text;
    return all;
  }
  /// 0 if absent.
  int whole(std::string_view key) const { return whole_field(record_, key); }
  std::optional<double> number(std::string_view key) const { return number_field(record_, key); }
  /// Nothing unless the field says true or false.
  std::optional<bool> flag(std::string_view key) const { return flag_field(record_, key); }
  /// Takes the number; false if it is absent.
  template <class T>
  bool take(std::string_view key, T& target) const {
    const int value = whole(key);
    if (value > 0) target = value;
    return value > 0;
  }
  /// The same, whether the target held one before or not.
  template <class T>
  bool settle(std::string_view key, T& target) const {
    return take(key, target) || target > 0;
  }
  const Node& record() const { return record_; }

 private:
  const Node& record_;
};

inline std::string missing_field(std::string_view key) { return fmt::format("missing field: {}", key); }

}  // namespace traingrid
