// The fields of a measured record: text, numbers, lists of numbers; those that are absent or null are empty.
#pragma once

#include "input/node.hpp"
#include "input/problems.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// The records of a file of measurements, a list or a mapping with `records`. One without id is a problem.
std::vector<const Node*> records_of(const Node& file, Problems& problems);

/// Null if absent or null.
const Node* field(const Node& record, std::string_view key);
/// Empty if absent or no scalar.
std::string text_field(const Node& record, std::string_view key);
/// Of a scalar or a list; what is no number in a list counts as 0.
std::vector<double> numbers_of(const Node* node);
/// One finite number above zero, or nothing.
std::optional<double> number_field(const Node& record, std::string_view key);
/// One number from 1 to 10⁹, cut to a whole one; 0 if there is none.
int whole_field(const Node& record, std::string_view key);
/// "true" or "false", "yes" or "no", or nothing.
std::optional<bool> flag_field(const Node& record, std::string_view key);

bool is_digit(char c);
std::string lower_case(std::string text);

}  // namespace traingrid
