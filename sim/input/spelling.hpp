// "did you mean": which of the known words somebody probably meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace traingrid {

/// Edits that turn one word into the other: insert, delete, replace, or swap two neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The closest of the known words if a slip of the fingers explains the difference.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> known);

/// The next step for a word that is not known: "did you mean 'nodes'?", or else the list "known keys: a, b, c".
std::string suggestion(std::string_view word, std::span<const std::string> known, std::string_view what);

}  // namespace traingrid
