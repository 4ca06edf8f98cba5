// Quantities that change with the hour: of typical years, of dated files, or not at all.
#pragma once

#include "input/source.hpp"
#include "units/instant.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace traingrid {

/// Which hour of a series a moment falls into.
struct HourAxis {
  bool typical = true;        ///< the hours of a year of 365 days without a date, from 1 January, local standard time
  Seconds utc_offset;         ///< of a typical year: how far local standard time is ahead of UTC
  Instant start{};            ///< of a dated series: when its first hour begins
  std::size_t count = 8'760;  ///< hours
  bool wraps = false;         ///< a dated series stands for the same days of other years

  std::optional<std::size_t> index(Instant instant) const;
  /// When the hour after the one that the moment is in begins.
  Instant next(Instant instant) const;
};

namespace detail {
/// Says which hours the file has and which is missing. Throws InputError.
[[noreturn]] void not_covered(const HourAxis& axis, const std::string& what, const Mark& from, Instant instant);
}  // namespace detail

/// A quantity at every moment.
template <class T>
class Hourly {
 public:
  Hourly() = default;
  /// The same at all times.
  explicit Hourly(T value) : constant_(std::move(value)) {}
  /// `what` is how messages call the series, `from` where it is named.
  Hourly(HourAxis axis, std::vector<T> values, std::string what, Mark from)
      : series_(std::make_shared<const Series>(Series{axis, std::move(values), std::move(what), std::move(from)})) {}

  bool is_steady() const { return !series_; }
  /// Throws InputError if the series does not reach that far.
  const T& at(Instant instant) const {
    if (!series_) return constant_;
    const auto index = series_->axis.index(instant);
    if (!index) detail::not_covered(series_->axis, series_->what, series_->from, instant);
    return series_->values[*index];
  }
  /// When it may change next; `end` if not before.
  Instant next(Instant instant, Instant end) const {
    return series_ ? std::min(end, series_->axis.next(instant)) : end;
  }
  /// Every value times the factor.
  Hourly scaled(double factor) const {
    if (!series_) return Hourly(factor * constant_);
    Series series = *series_;
    for (T& value : series.values) value = factor * value;
    return Hourly(series.axis, std::move(series.values), std::move(series.what), std::move(series.from));
  }
  /// All values, one of a steady quantity.
  std::vector<T> values() const { return series_ ? series_->values : std::vector<T>{constant_}; }

 private:
  struct Series {
    HourAxis axis;
    std::vector<T> values;
    std::string what;
    Mark from;
  };

  T constant_{};
  std::shared_ptr<const Series> series_;
};

}  // namespace traingrid
