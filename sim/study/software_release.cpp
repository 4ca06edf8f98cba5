#include "study/software_release.hpp"

#include "study/measured_fields.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

namespace traingrid {
namespace {

constexpr int kCentury = 2000;

/// A program and its release; `variant` is what stands behind the number.
struct Release {
  std::string program, variant;
  std::vector<int> version;
};

/// In small letters, words joined by hyphens.
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name)
    text += c == ' ' || c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// "nemo-26.06.01": years of four digits and of two are the same.
Release release_of(std::string_view name) {
  const std::string text = plain(name);
  const std::size_t digits = static_cast<std::size_t>(std::ranges::find_if(text, is_digit) - text.begin());
  Release release{text.substr(0, digits), "", {}};
  while (!release.program.empty() && (release.program.back() == '-' || release.program.back() == 'v'))
    release.program.pop_back();
  std::size_t at = digits;
  while (at < text.size() && is_digit(text[at])) {
    constexpr int kMost = 1'000'000;
    int number = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) number = std::min(10 * number + (text[at] - '0'), kMost);
    release.version.push_back(number >= kCentury && release.version.empty() ? number - kCentury : number);
    if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) ++at;
  }
  release.variant = text.substr(at);
  return release;
}

}  // namespace

bool is_release(std::string_view name, std::string_view known) { return plain(name) == plain(known); }

std::string nearest_release(std::string_view name, const std::vector<std::string>& known) {
  for (const std::string& candidate : known)
    if (is_release(name, candidate)) return candidate;
  const Release wanted = release_of(name);
  std::vector<std::pair<std::vector<int>, std::string>> releases;  // of the program, the oldest first
  for (const std::string& candidate : known) {
    Release release = release_of(candidate);
    if (release.program == wanted.program && release.variant.empty())
      releases.emplace_back(std::move(release.version), candidate);
  }
  if (releases.empty()) return "";
  std::ranges::sort(releases);
  const auto newer = std::ranges::find_if(
      releases, [&](const auto& release) { return !wanted.version.empty() && release.first > wanted.version; });
  return newer == releases.begin() ? newer->second : std::prev(newer)->second;
}

}  // namespace traingrid
