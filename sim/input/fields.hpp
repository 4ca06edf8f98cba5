// How a descriptor declares its fields, once: reading, checking, `--set`, help and the reference page walk the same
// declaration. A descriptor is a struct with `void describe(Fields&)`; nothing in here knows YAML.
#pragma once

#include "units/date.hpp"
#include "units/quantity.hpp"
#include "units/temperature.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace traingrid {

/// The values a number may take, in SI base units; `text` completes the sentence "must be …".
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_excluded = false;
  std::string_view text = "a number";
};
inline constexpr Range any{};
inline constexpr Range positive{.low = 0, .low_excluded = true, .text = "greater than zero"};
inline constexpr Range non_negative{.low = 0, .text = "zero or more"};
inline constexpr Range fraction{.low = 0, .high = 1, .text = "between 0 and 1"};
inline constexpr Range positive_fraction{.low = 0, .high = 1, .low_excluded = true, .text = "above 0 and at most 1"};
inline constexpr Range at_least_one{.low = 1, .text = "at least 1"};

/// What rates and times of hardware can be: beyond, sums of a simulation lose their digits.
inline constexpr Range hardware_rate{.low = 1e3, .high = 1e24, .text = "between 10^3 and 10^24 per second"};
inline constexpr Range hardware_delay{.low = 0, .high = 10, .text = "between 0 and 10 s"};
inline constexpr Range large_count{.low = 1, .high = 1e18, .text = "between 1 and 10^18"};

/// The spellings of an enumeration in the order of its values. Specialise for every enum that a file may hold.
template <class Enum>
struct Spellings;  // static constexpr std::array<std::string_view, N> names{…};

class Fields;

template <class T>
concept Described = requires(T value, Fields& fields) {
  value.describe(fields);
};

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

/// One field as its owner declares it.
struct FieldInfo {
  std::string_view name;
  std::string_view about;  ///< one sentence for help and the reference page
  Range range = any;
  bool required = true;
  std::string_view folder{};  ///< not empty: a name here stands for a file of this catalogue folder
};

/// Walks a descriptor. Every mapping may also hold `source`, `note` and `calibrated_on` (text about the values beside
/// them), and every scalar may be written as `{value: …, source: …}`; descriptors need not declare either.
class Fields {
 public:
  virtual ~Fields() = default;

  template <class T>
  void required(std::string_view name, T& value, std::string_view about, Range range = any) {
    field({name, about, range, true}, value);
  }
  /// The value already there is the default.
  template <class T>
  void optional(std::string_view name, T& value, std::string_view about, Range range = any) {
    field({name, about, range, false}, value);
  }
  template <class T>
  void optional(std::string_view name, std::optional<T>& value, std::string_view about, Range range = any) {
    T present{};
    if (field({name, about, range, false}, present)) value = std::move(present);
  }
  /// A mapping in place, or the name of a file in `folder` ("accelerators", "models", …) that holds it.
  template <Described T>
  void reference(std::string_view name, T& value, std::string_view folder, std::string_view about) {
    field({name, about, any, true, folder}, value);
  }
  /// The same, where it may be left out.
  template <Described T>
  void optional_reference(std::string_view name, std::optional<T>& value, std::string_view folder,
                          std::string_view about) {
    T present{};
    if (field({name, about, any, false, folder}, present)) value = std::move(present);
  }
  /// A rule across fields: unless it `holds`, `message` is a problem of the key `name` of the current mapping.
  virtual void check(std::string_view name, bool holds, const std::string& message) = 0;

  /// Reads, or describes, the descriptor that a whole file holds.
  template <Described T>
  void root(T& value) {
    mapping(value);
  }

 protected:
  /// Moves to the field if it is there (a missing required one is a problem); close() moves back.
  virtual bool open(const FieldInfo& info) = 0;
  virtual void close() = 0;
  /// The current value as a list: how many items, and moving to one of them. The field's range holds for each.
  virtual std::size_t items() = 0;
  virtual void open_item(std::size_t index) = 0;
  /// The current value as a mapping with free keys, and moving to one of them. The field's range holds for each.
  virtual std::vector<std::string> keys() = 0;
  virtual void open_key(const std::string& key) = 0;
  /// The current value as a mapping whose keys are declared between these two; others are problems.
  virtual bool begin_mapping() = 0;
  virtual void end_mapping() = 0;
  /// The current value as a scalar, checked against the range of the field; untouched if there is a problem.
  virtual void quantity(double& si, Dimension dimension) = 0;
  virtual void temperature(Temperature& value) = 0;
  virtual void date(Date& value) = 0;
  virtual void number(double& value) = 0;
  /// `greatest` is the largest value that the field's type holds.
  virtual void integer(std::int64_t& value, std::int64_t greatest) = 0;
  virtual void boolean(bool& value) = 0;
  virtual void text(std::string& value) = 0;
  virtual void choice(std::size_t& index, std::span<const std::string_view> names) = 0;

 private:
  template <class T>
  bool field(const FieldInfo& info, T& target) {
    if (!open(info)) return false;
    value(target);
    close();
    return true;
  }
  template <class T>
  void mapping(T& target) {
    if (!begin_mapping()) return;
    target.describe(*this);
    end_mapping();
  }
  template <Dimension D>
  void value(Quantity<D>& target) {
    quantity(target.si, D);
  }
  void value(Temperature& target) { temperature(target); }
  void value(Date& target) { date(target); }
  void value(double& target) { number(target); }
  void value(bool& target) { boolean(target); }
  void value(std::string& target) { text(target); }
  void value(std::int64_t& target) { integer(target, std::numeric_limits<std::int64_t>::max()); }
  void value(int& target) {
    std::int64_t wide = target;
    integer(wide, std::numeric_limits<int>::max());
    target = static_cast<int>(wide);
  }
  template <class T>
  void value(T& target) {
    if constexpr (std::is_enum_v<T>) {
      auto index = static_cast<std::size_t>(target);
      choice(index, Spellings<T>::names);
      target = static_cast<T>(index);
    } else if constexpr (IsVector<T>::value) {
      target.resize(items());
      for (std::size_t i = 0; i < target.size(); ++i) {
        open_item(i);
        value(target[i]);
        close();
      }
    } else if constexpr (IsMap<T>::value) {
      for (const std::string& key : keys()) {
        open_key(key);
        value(target[key]);
        close();
      }
    } else {
      mapping(target);
    }
  }
};

/// The spelling of an enumerator, for messages and reports.
template <class Enum>
constexpr std::string_view spelling(Enum value) {
  return Spellings<Enum>::names[static_cast<std::size_t>(value)];
}

}  // namespace traingrid
