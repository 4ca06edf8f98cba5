// All keys of a described struct, without reading anything: for `--set`, help and the reference page.
#pragma once

#include "input/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// "a.0.b" or "a[0].b" as its steps: "a", "0", "b".
std::vector<std::string> split_path(std::string_view path);

struct OutlineRow {
  std::vector<std::string> steps;  ///< "[]" stands for any index, "<name>" for any key
  std::string about;
  std::string type;  ///< "number", "TB/s, GB/s, …", "one of none, selective, full", "mapping", …
  Range range = any;
  bool required = true;
  std::string folder{};  ///< catalogue folder that a name here refers to

  std::string path() const;  ///< "efficiency.tiles[].m"
};

class Outline : public Fields {
 public:
  template <Described T>
  static Outline of() {
    Outline outline;
    T value{};
    outline.root(value);
    return outline;
  }

  /// In the order of declaration, a mapping before its keys.
  const std::vector<OutlineRow>& rows() const { return rows_; }
  /// The row of a concrete path such as {"efficiency", "tiles", "0", "m"}.
  const OutlineRow* find(const std::vector<std::string>& steps) const;
  std::vector<std::string> paths() const;

  void check(std::string_view, bool, const std::string&) override {}

 protected:
  bool open(const FieldInfo& info) override;
  void close() override { here_.pop_back(); }
  std::size_t items() override;
  void open_item(std::size_t index) override;
  std::vector<std::string> keys() override;
  void open_key(const std::string& key) override { here_.push_back(key); }
  bool begin_mapping() override;
  void end_mapping() override {}
  void quantity(double& si, Dimension dimension) override;
  void temperature(Temperature& value) override;
  void date(Date& value) override;
  void number(double& value) override;
  void integer(std::int64_t& value, std::int64_t greatest) override;
  void boolean(bool& value) override;
  void text(std::string& value) override;
  void choice(std::size_t& index, std::span<const std::string_view> names) override;

 private:
  void type(std::string text);

  std::vector<std::string> here_;
  std::vector<OutlineRow> rows_;
};

}  // namespace traingrid
