#include "units/instant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace traingrid {
namespace {

/// Two digits at the front, which are taken off; nothing unless they are below the limit.
std::optional<int> take_two_digits(std::string_view& text, int limit) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
  const int value = 10 * (text[0] - '0') + (text[1] - '0');
  text.remove_prefix(2);
  return value < limit ? std::optional{value} : std::nullopt;
}

/// ":30" taken off the front; zero where there is none.
std::optional<int> take_sixtieths(std::string_view& text) {
  if (!text.starts_with(':')) return 0;
  text.remove_prefix(1);
  return take_two_digits(text, 60);
}

/// "Z", "+05:30", "-0400" or nothing, as the time ahead of UTC.
std::optional<Seconds> zone(std::string_view text, Seconds without) {
  if (text.empty()) return without;
  if (text == "Z") return Seconds{};
  const double sign = text.front() == '-' ? -1 : 1;
  if (text.front() != '+' && text.front() != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_two_digits(text, 24);
  if (!hours) return std::nullopt;
  if (text.starts_with(':')) text.remove_prefix(1);
  const auto minutes = text.empty() ? std::optional{0} : take_two_digits(text, 60);
  if (!minutes || !text.empty()) return std::nullopt;
  return sign * (*hours * hour + *minutes * minute);
}

}  // namespace

Date date_of(Instant instant) {
  return Date{} + std::chrono::days{static_cast<int>(std::floor(instant.since_epoch / day))};
}

int day_of_common_year(Date date) {
  constexpr int kLeapDay = 59;  // 29 February, counted from 0
  const std::chrono::year_month_day ymd{date.days};
  const auto first = std::chrono::sys_days{ymd.year() / std::chrono::January / 1};
  const auto count = static_cast<int>((date.days - first).count());
  return ymd.year().is_leap() && count >= kLeapDay ? count - 1 : count;
}

std::optional<Instant> parse_instant(std::string_view text, Seconds offset) {
  constexpr std::size_t kDate = 10;
  const auto date = parse_date(text.substr(0, std::min(kDate, text.size())));
  if (!date || text.size() < kDate + 1 || (text[kDate] != ' ' && text[kDate] != 'T')) return std::nullopt;
  text.remove_prefix(kDate + 1);
  const auto hours = take_two_digits(text, 24);
  if (!hours) return std::nullopt;
  const auto minutes = take_sixtieths(text);
  const auto seconds = minutes ? take_sixtieths(text) : std::nullopt;
  if (!seconds) return std::nullopt;
  if (text.starts_with(".000")) text.remove_prefix(4);
  const auto ahead = zone(text, offset);
  if (!ahead) return std::nullopt;
  return midnight(*date) + (*hours * hour + *minutes * minute + *seconds * second - *ahead);
}

std::string to_text(Instant instant) {
  const Date date = date_of(instant);
  const auto minutes = static_cast<int>(std::floor((instant - midnight(date)) / minute));
  return fmt::format("{}T{:02}:{:02}Z", to_text(date), minutes / 60, minutes % 60);
}

}  // namespace traingrid
