#include "cost/cost.hpp"
#include "study/record.hpp"
#include "study/validate_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

constexpr double kTera = 1e12, kSecondsPerHour = 3600, kMinutesPerHour = 60, kPercent = 100;

const std::vector<Formula>& formulas() {
  constexpr double hours_of_work = 1 / (kTera * kSecondsPerHour);
  static const std::vector<Formula> list{
      {"cost_usd", {{1, {"gpu_hours", "usd_per_gpu_hour"}}}},
      {"cost_usd", {{1, {"hours_to_93_top5", "usd_per_hour"}}}},
      {"cost_usd", {{hours_of_work, {"flop", "usd_per_v100_hour"}, {"v100_tflops_assumed"}}}},
      {"gpu_hours", {{1 / kMinutesPerHour, {"gpus", "minutes"}}}},
      {"v100_gpu_years", {{hours_of_work / (year / hour), {"flop"}, {"v100_tflops_assumed"}}}},
  };
  return list;
}

/// A field that Epoch AI's model of a case answers, in the dollars of that month.
struct CaseField {
  std::string_view field, month;
  std::optional<Dollars> (*amount)(const CostResult& cost);
};
constexpr std::string_view kModelCosts = "2024-12-01";  ///< of its model_costs.csv
constexpr std::string_view kPaper = "2023-12-01";       ///< of the paper and its database
constexpr std::string_view kPaperDate = "2024-05-31";   ///< Cottier et al. 2024, arXiv 2405.21015
std::optional<Dollars> cloud_of(const CostResult& cost) { return cost.cloud; }
std::optional<Dollars> total_of(const CostResult& cost) { return cost.epoch->total; }
std::optional<Dollars> upfront_of(const CostResult& cost) {
  return cost.epoch->upfront > Dollars{} ? std::optional{cost.epoch->upfront} : std::nullopt;
}
constexpr std::array kCaseFields{
    CaseField{"cloud_cost_usd", kModelCosts, cloud_of},
    CaseField{"hardware_acquisition_usd", kModelCosts, upfront_of},
    CaseField{"amortized_hw_energy_usd", kModelCosts, total_of},
    CaseField{"published_cost_2023usd", kPaper, total_of},
    CaseField{"cost_usd_2023", kPaper, total_of},
    CaseField{"acquisition_cost_usd", kPaper, upfront_of},
    CaseField{"cloud_estimate_usd", kPaper, cloud_of},
    CaseField{"amortized_estimate_usd_alt", kPaper, total_of},
};

std::optional<double> amount_of(const CostCase& one, const CaseField& field, const EpochAccounting& accounting) {
  const CostedRun run = one.costed(accounting);
  const auto nominal = field.amount(cost_of({one.hardware, run, accounting, nullptr}));
  const auto month = parse_date(field.month);
  const auto adjusted = nominal ? index_adjusted(*nominal, run.dated(), *month, accounting.price_index) : std::nullopt;
  return adjusted ? std::optional{*adjusted / dollar} : std::nullopt;
}

std::string unknown_case(std::string_view model) {
  return fmt::format("hardware, hours and dates of '{}' are not known", model);
}

/// What renting the case's hardware costs, or why that is not known.
Comparison rent_of(const std::string& model, double published, const RecordContext& context) {
  const CostCase* one = find_case(context.cases, model);
  if (one == nullptr) return listed(unknown_case(model));
  const auto amount = amount_of(*one, {"cost_usd", kPaper, cloud_of}, context.accounting);
  return amount ? answered(kSimulatedRow, "cost_usd", published, *amount)
                : listed(fmt::format("no rent of its day is known for the hardware of '{}'", model));
}

/// Rents by name of the model, as the AI Index lists them. A list of other things, such as years, has no known name.
void add_rents(const Node& list, const RecordContext& context, std::vector<Comparison>& rows) {
  const Record names(list);
  std::vector<Comparison> rents;
  for (const std::string& model : names.fields()) {
    const auto published = names.number(model);
    if (!published) continue;
    rents.push_back(rent_of(model, *published, context));
    rents.back().id = "@" + model;
  }
  if (std::ranges::any_of(rents, [](const Comparison& one) { return one.kind == kSimulatedRow; }))
    rows.insert(rows.end(), rents.begin(), rents.end());
}

/// Mean shares of the parts over the cases that the paper could hold, as its authors' code takes them.
struct Shares {
  double chips = 0, servers = 0, network = 0, energy = 0;
};
Shares mean_shares(const RecordContext& context) {
  Shares sum;
  double count = 0;
  for (const CostCase& one : context.cases) {
    if (one.competition || one.publication > *parse_date(kPaperDate)) continue;
    ++count;
    const EpochCost cost = epoch_cost(one.hardware, one.costed(context.accounting), context.accounting);
    const double server = context.accounting.multipliers_of(one.hardware.family).server_cost;
    const double hardware = cost.hardware / cost.total;
    sum.chips += hardware / server;
    sum.servers += hardware * (1 - 1 / server);
    sum.network += cost.interconnect / cost.total;
    sum.energy += cost.energy / cost.total;
  }
  const double scale = count > 0 ? kPercent / count : 0;
  return {scale * sum.chips, scale * sum.servers, scale * sum.network, scale * sum.energy};
}

void add_shares(const Node& shares, const RecordContext& context, std::vector<Comparison>& rows) {
  const Shares mean = mean_shares(context);
  const Record published(shares);
  for (const auto& [field, value] :
       {std::pair{"ai_chips", mean.chips}, std::pair{"server_components", mean.servers},
        std::pair{"cluster_interconnect", mean.network}, std::pair{"energy", mean.energy}}) {
    const auto share = published.number(field);
    if (!share) continue;
    rows.push_back(answered(kSimulatedRow, "share_pct", *share, value));
    rows.back().id = fmt::format("@{}", field);
  }
}

std::string reason_for(const Record& record, const RecordContext& context) {
  const std::string model = record.text("model");
  if (record.number("updated_cost_usd"))
    return "counted by a later method of Epoch AI, whose inputs are not published with it";
  if (!model.empty() && find_case(context.cases, model) == nullptr) return unknown_case(model);
  if (std::string missing = missing_fields(formulas(), record); !missing.empty()) return missing;
  return "a price, a rate or a share of several trainings: no field is a product of the others";
}

}  // namespace

std::vector<Comparison> validate_case(const Node& row, const RecordContext& context) {
  const Record record(row);
  const CostCase* one = find_case(context.cases, record.text("model"));
  // The rules and the database of the catalogue are those that made these columns; figures in texts are older.
  const bool current = record.number("updated_cost_usd").has_value();
  std::vector<Comparison> rows;
  for (const std::string& field : record.fields()) {
    const auto published = record.number(field);
    if (!published || *published <= 0) continue;
    const auto* known = std::ranges::find(kCaseFields, field, &CaseField::field);
    if (one != nullptr && known != kCaseFields.end()) {
      const auto answer = amount_of(*one, *known, context.accounting);
      const bool accounting = current && known->month == kModelCosts;
      if (answer)
        rows.push_back(accounting ? accounted(field, record, {.value = *answer})
                                  : answered(kSimulatedRow, field, *published, *answer));
    } else if (const auto product = first_answer(formulas(), field, record)) {
      rows.push_back(accounted(field, record, *product));
    }
  }
  return rows;
}

std::vector<Comparison> validate_cost(const Node& row, const RecordContext& context) {
  const Record record(row);
  std::vector<Comparison> rows = validate_case(row, context);
  if (const Node* rents = record.node("cost_usd"); rents != nullptr && rents->is_mapping())
    add_rents(*rents, context, rows);
  if (const Node* shares = record.node("share_pct"); shares != nullptr && shares->is_mapping())
    add_shares(*shares, context, rows);
  if (rows.empty()) rows.push_back(listed(reason_for(record, context)));
  return rows;
}

}  // namespace traingrid
