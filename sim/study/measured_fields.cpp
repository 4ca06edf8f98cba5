#include "study/measured_fields.hpp"

#include "units/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace traingrid {

std::vector<const Node*> records_of(const Node& file, Problems& problems) {
  const Entry* entry = file.is_mapping() ? file.find("records") : nullptr;
  const Node* records = entry == nullptr ? &file : &entry->value;
  if (!records->is_list()) {
    problems.add(file.mark, "holds no list of 'records'", "write one record of measurements per item");
    return {};
  }
  std::vector<const Node*> list;
  for (const Node& record : records->items) {
    const Entry* id = record.is_mapping() ? record.find("id") : nullptr;
    if (id == nullptr || !id->value.is_scalar())
      problems.add(record.mark, "a record needs an 'id'", "name it");
    else
      list.push_back(&record);
  }
  return list;
}

const Node* field(const Node& record, std::string_view key) {
  const Entry* entry = record.find(key);
  return entry == nullptr || entry->value.kind == Node::Kind::null ? nullptr : &entry->value;
}
std::string text_field(const Node& record, std::string_view key) {
  const Node* node = field(record, key);
  return node != nullptr && node->is_scalar() ? node->text : "";
}
std::vector<double> numbers_of(const Node* node) {
  std::vector<double> list;
  if (node == nullptr) return list;
  if (node->is_scalar()) {
    if (const auto number = parse_number(node->text)) list.push_back(*number);
  }
  for (const Node& item : node->items) {
    const auto number = item.is_scalar() ? parse_number(item.text) : std::nullopt;
    list.push_back(number.value_or(0));
  }
  return list;
}
int whole_field(const Node& record, std::string_view key) {
  const auto list = numbers_of(field(record, key));
  return list.size() == 1 && list[0] >= 1 && list[0] < 1e9 ? static_cast<int>(list[0]) : 0;
}

std::optional<double> number_field(const Node& record, std::string_view key) {
  const std::vector<double> list = numbers_of(field(record, key));
  if (list.size() != 1 || !std::isfinite(list[0]) || list[0] <= 0) return std::nullopt;
  return list[0];
}

std::optional<bool> flag_field(const Node& record, std::string_view key) {
  const std::string text = lower_case(text_field(record, key));
  constexpr std::array kYes{"true", "yes", "on", "1"}, kNo{"false", "no", "off", "0"};
  if (std::ranges::find(kYes, text) != kYes.end()) return true;
  if (std::ranges::find(kNo, text) != kNo.end()) return false;
  return std::nullopt;
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace traingrid
