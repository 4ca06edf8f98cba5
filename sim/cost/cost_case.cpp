#include "cost/cost_case.hpp"

#include <algorithm>
#include <cctype>

namespace traingrid {
namespace {

std::string letters_of(std::string_view words) {
  std::string letters;
  for (const char c : words) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) letters += static_cast<char>(std::tolower(byte));
  }
  return letters;
}

}  // namespace

void CostCase::describe(Fields& fields) {
  fields.required("name", name, "what was trained");
  fields.optional("also", also, "other names of the same");
  fields.reference("hardware", hardware, "hardware", "the accelerators' dates, power and prices");
  fields.optional("start", start, "first day of training");
  fields.required("publication", publication, "day of publication");
  fields.check("publication", !start || publication >= *start, "a run is not published before it starts");
  fields.required("organisation", organisation, "who trained it");
  fields.optional("accelerators", accelerators, "number of accelerators, where it is known", positive);
  fields.check("start", start || accelerators > 0, "without 'accelerators' the start of training is needed");
  fields.optional("competition", competition, "an entry of a competition, no training that means are taken over");
  fields.optional("contributors", contributors, "people named as contributors, for the cost of the development",
                  positive);
  fields.required("accelerator_hours", accelerator_hours, "accelerators times duration", positive);
}

CostedRun CostCase::costed(const EpochAccounting& accounting) const {
  return {.start = start ? *start : assumed_start(publication, accelerator_hours / accelerators, accounting),
          .publication = publication,
          .organisation = organisation,
          .accelerators = accelerators,
          .accelerator_time = accelerator_hours,
          .contributors = contributors,
          .metered = std::nullopt};
}

void CostCases::describe(Fields& fields) {
  fields.required("cases", cases, "trainings known by their hours and dates");
}

bool same_name(std::string_view a, std::string_view b) { return letters_of(a) == letters_of(b); }

const CostCase* find_case(const std::vector<CostCase>& cases, std::string_view name) {
  const auto found = std::ranges::find_if(cases, [&](const CostCase& one) {
    return same_name(one.name, name) ||
           std::ranges::any_of(one.also, [&](const std::string& other) { return same_name(other, name); });
  });
  return found == cases.end() ? nullptr : &*found;
}

}  // namespace traingrid
