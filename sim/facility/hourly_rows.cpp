#include "facility/hourly_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace traingrid {
namespace {

constexpr std::size_t kLongestGap = 3;

void refuse_order(const HourlyRow& row, const HourlyRow& before, Problems& problems) {
  const double hours = (row.time - before.time) / hour;
  if (hours == 0) {
    problems.add(row.mark, fmt::format("{} comes twice, first on line {}", to_text(row.time), before.mark.line),
                 "keep one of the rows; if a clock was set back there, give times in UTC or standard time");
  } else if (hours < 0) {
    problems.add(row.mark,
                 fmt::format("{} comes after {} of line {}", to_text(row.time), to_text(before.time), before.mark.line),
                 "sort the rows by time");
  } else {
    problems.add(row.mark,
                 fmt::format("{} is not a whole number of hours after line {}", to_text(row.time), before.mark.line),
                 "give hourly values");
  }
}

/// Where clocks are set forward an hour is missing: on a Sunday of spring, north or south of the equator.
bool may_be_clock_set_forward(const HourlyRow& row, const HourlyRow& before) {
  const std::chrono::sys_days missing = date_of(before.time + hour).days;
  const auto month = std::chrono::year_month_day{missing}.month();
  return row.time - before.time == 2 * hour && std::chrono::weekday{missing} == std::chrono::Sunday &&
         (month == std::chrono::March || month == std::chrono::September || month == std::chrono::October);
}

/// At most once a year: a file with more such gaps has them for other reasons.
std::vector<std::string> notes_on_clocks(const std::vector<HourlyRow>& rows, const std::string& file) {
  std::vector<std::string> notes;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!may_be_clock_set_forward(rows[i], rows[i - 1])) continue;
    notes.push_back(
        fmt::format("{}:{}: {} is missing, and filled in; if a clock was set forward there, later hours are "
                    "an hour late: give times in UTC or standard time",
                    file, rows[i].mark.line, to_text(rows[i - 1].time + hour)));
  }
  const double years = std::ceil((rows.back().time - rows.front().time) / year);
  return static_cast<double>(notes.size()) <= years ? notes : std::vector<std::string>{};
}

/// The rows in their hours; null where an hour is missing. Problems where rows are out of order.
std::vector<const HourlyRow*> in_hours(const std::vector<HourlyRow>& rows, Problems& problems) {
  constexpr double kMostHours = 100 * 8'784;
  std::vector<const HourlyRow*> slots{&rows.front()};
  const HourlyRow* before = &rows.front();
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double hours = (rows[i].time - before->time) / hour;
    if (hours < 1 || hours != std::floor(hours) || hours > kMostHours) {
      refuse_order(rows[i], *before, problems);
      if (hours <= 0) continue;
    }
    if (hours - 1 <= static_cast<double>(kLongestGap)) {
      slots.resize(slots.size() + static_cast<std::size_t>(std::max(0.0, std::ceil(hours) - 1)));
    } else if (hours == std::floor(hours)) {
      problems.add(rows[i].mark,
                   fmt::format("{:.0f} hours are missing between line {} ({}) and this row", hours - 1,
                               before->mark.line, to_text(before->time)),
                   fmt::format("up to {} are filled in; complete the file", kLongestGap));
    }
    slots.push_back(&rows[i]);
    before = &rows[i];
  }
  return slots;
}

/// Counts what is filled in, of one file.
struct Filling {
  std::size_t hours = 0, longest = 0;
};

/// Fills one column between the values that are there.
void fill(std::vector<std::vector<double>>& table, const std::vector<const HourlyRow*>& slots, std::size_t column,
          std::vector<bool>& filled, Filling& filling, Problems& problems) {
  const auto value = [&](std::size_t i) {
    return slots[i] == nullptr ? std::optional<double>{} : slots[i]->values[column];
  };
  const std::size_t count = slots.size();
  for (std::size_t i = 0; i < count;) {
    if (const auto known = value(i)) {
      table[i++][column] = *known;
      continue;
    }
    std::size_t end = i;
    while (end < count && !value(end)) ++end;
    const std::size_t length = end - i;
    if (length > kLongestGap) {
      const auto known = std::find_if(slots.begin() + static_cast<std::ptrdiff_t>(i), slots.end(),
                                      [](const HourlyRow* row) { return row != nullptr; });
      const Mark mark = known == slots.end() ? slots.front()->mark : (*known)->mark;
      problems.add(mark, fmt::format("{} hours in a row lack a value from here on", length),
                   fmt::format("up to {} are filled in; complete the file", kLongestGap));
    }
    const double before = i > 0 ? table[i - 1][column] : end < count ? *value(end) : 0;
    const double after = end < count ? *value(end) : before;
    for (std::size_t k = i; k < end; ++k) {
      const double share = static_cast<double>(k - i + 1) / static_cast<double>(length + 1);
      table[k][column] = before + share * (after - before);
      if (!filled[k]) ++filling.hours;
      filled[k] = true;
    }
    filling.longest = std::max(filling.longest, length);
    i = end;
  }
}

}  // namespace

RegularHours regular_hours(const std::vector<HourlyRow>& rows, const std::string& file, Problems& problems) {
  RegularHours hours;
  if (rows.empty()) return hours;
  const std::size_t problems_before = problems.size();
  const auto slots = in_hours(rows, problems);
  const std::size_t columns = rows.front().values.size();
  hours.start = rows.front().time;
  hours.rows.assign(slots.size(), std::vector<double>(columns));
  Filling filling;
  std::vector<bool> filled(slots.size());
  for (std::size_t column = 0; column < columns; ++column) fill(hours.rows, slots, column, filled, filling, problems);
  if (filling.hours > 0 && problems.size() == problems_before) {
    hours.notes = notes_on_clocks(rows, file);
    hours.notes.push_back(fmt::format("{}: {} missing hours were filled in with straight lines, at most {} in a row",
                                      file, filling.hours, filling.longest));
  }
  return hours;
}

}  // namespace traingrid
