#include "study/model_names.hpp"

#include "study/measured_fields.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <regex>

namespace traingrid {
namespace {

/// Small letters, digits and the points of numbers, a hyphen between numbers, without what stands in brackets.
std::string squeezed(std::string_view name) {
  std::string kept;
  for (std::size_t i = 0; i < name.size() && name[i] != '('; ++i) {
    const char c = name[i];
    const bool after_digit = i > 0 && is_digit(name[i - 1]),
               before_digit = i + 1 < name.size() && is_digit(name[i + 1]);
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || (c == '.' && after_digit && before_digit))
      kept += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!kept.empty() && is_digit(kept.back()) && before_digit)
      kept += '-';
  }
  return kept;
}

/// Whether what stands behind the model's name says no more of it than that it was published, or its size.
bool says_nothing_else(std::string rest, const Model& model) {
  static const std::regex size("-?([0-9.]+)([bt])(a[0-9.]+b)?"),
      publication("hf|base|instruct|chat|pretrain(ing)?|v[0-9.]+");
  rest = std::regex_replace(rest, publication, "");
  std::smatch match;
  if (!std::regex_match(rest, match, size)) return rest.empty();
  constexpr double kRounding = 0.1;
  const double stated = std::strtod(match[1].str().c_str(), nullptr) * (match[2] == "t" ? 1e12 : 1e9);
  return std::abs(model.parameters() - stated) < kRounding * stated;
}

/// "a22b", the parameters that a token passes.
bool is_active_size(const std::string& rest) {
  static const std::regex active("a[0-9.]+b");
  return std::regex_match(rest, active);
}

bool means(const std::string& name, const std::string& known, const Model& model) {
  if (name.starts_with(known)) {
    const bool cuts_number = is_digit(known.back()) && name.size() > known.size() &&
                             (is_digit(name[known.size()]) || name[known.size()] == '.');
    if (!cuts_number && says_nothing_else(name.substr(known.size()), model)) return true;
  }
  return known.starts_with(name) && is_active_size(known.substr(name.size()));
}

}  // namespace

const Model* find_model(const std::map<std::string, Model>& catalogue, std::string_view name) {
  const std::string wanted = squeezed(name);
  const Model* found = nullptr;
  for (const auto& [known, model] : catalogue) {
    if (squeezed(known) == wanted) return &model;
    if (wanted.empty() || !means(wanted, squeezed(known), model)) continue;
    if (found != nullptr) return nullptr;
    found = &model;
  }
  return found;
}

}  // namespace traingrid
