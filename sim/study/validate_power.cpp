#include "study/record.hpp"
#include "study/reference_systems.hpp"
#include "study/validate_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace traingrid {
namespace {

constexpr double kPercent = 100, kMega = 1e-6, kMilli = 1e-3, kMinutesPerHour = 60;
constexpr Watts kKilowatt = 1000 * watt;

const std::vector<Formula>& formulas() {
  static const std::vector<Formula> list{
      {"training_power_draw_mw", {{kMega, {"w_per_gpu", "n_gpus"}}}},
      {"energy_all_nodes_kwh_mean", {{kMilli / kMinutesPerHour, {"node_power_w_mean", "n_nodes", "run_minutes_mean"}}}},
  };
  return list;
}

/// A server as the row measured it: without fans where it is immersed, behind its power supplies where it says DC.
struct Server {
  const Cluster* cluster;
  const Record* record;

  NodeDraw draw() const { return node_draw(*cluster, record->text("cooling").find("immersion") == std::string::npos); }
  bool direct() const { return record->text("measurement").starts_with("DC"); }
  double accelerators() const { return cluster->node.accelerators; }
  Watts training() const { return direct() ? draw().training_direct : draw().training; }
};

std::string accelerator_of(const Record& record) {
  for (const auto* field : {"gpu", "chip", "accelerator"}) {
    if (const std::string name = record.text(field); !name.empty()) return name;
  }
  return "";
}

/// The model that a row is about, or its accelerator's name in brackets: "V100 (GPT-3)".
std::string model_of(const Record& record, const std::string& accelerator) {
  if (const std::string model = record.text("model"); !model.empty()) return model;
  const auto open = accelerator.find('('), close = accelerator.find(')');
  return open < close && close != std::string::npos ? accelerator.substr(open + 1, close - open - 1) : "";
}

/// A mean over a whole run that the catalogue can simulate holds its waiting too, and what stands beside the servers.
std::optional<double> mean_of_run(const Record& record, const RecordContext& context) {
  const std::string accelerator = accelerator_of(record);
  const auto result = context.simulate({model_of(record, accelerator), accelerator});
  if (!result || !result->energy) return std::nullopt;
  return result->energy->it / result->duration->accelerator_time / watt;
}

/// A field that our levels of power answer.
struct PowerField {
  std::string_view field;
  double (*value)(const Server& server);
};
constexpr std::array kPowerFields{
    PowerField{"node_power_w_mean", [](const Server& s) { return s.training() / watt; }},
    PowerField{"node_power_w_per_gpu", [](const Server& s) { return s.training() / watt / s.accelerators(); }},
    PowerField{"system_avg_w_per_chip", [](const Server& s) { return s.training() / watt / s.accelerators(); }},
    PowerField{"node_idle_power_w_range", [](const Server& s) { return s.draw().idle / watt; }},
    PowerField{"idle_server_w_approx", [](const Server& s) { return s.draw().idle / watt; }},
    PowerField{"gpu_power_w_training_over", [](const Server& s) { return s.draw().accelerator / watt; }},
    PowerField{"gpu_training_steady_w_mean", [](const Server& s) { return s.draw().accelerator / watt; }},
    PowerField{"gpu_idle_w", [](const Server& s) { return s.draw().accelerator_idle / watt; }},
    PowerField{"gpu_blocked_but_reported_100pct_util_w",
               [](const Server& s) { return s.draw().accelerator_stalled / watt; }},
    PowerField{"eight_gpu_sum_training_p50_w", [](const Server& s) { return 8 * (s.draw().accelerator / watt); }},
    PowerField{"eight_gpu_sum_idle_w", [](const Server& s) { return 8 * (s.draw().accelerator_idle / watt); }},
    PowerField{"gpu_share_of_server_power_pct_approx",
               [](const Server& s) { return kPercent * s.accelerators() * (s.draw().accelerator / s.training()); }},
    PowerField{"intensive_workload_pct_of_rating",
               [](const Server& s) {
                 return kPercent * (s.training() / kKilowatt) / s.record->number("node_rated_kw").value_or(0);
               }},
};

/// What our levels of power answer of the fields, and what is a product of others.
std::vector<Comparison> compare(const Record& record, const RecordContext& context) {
  std::vector<Comparison> rows;
  const Server server{context.systems.find(accelerator_of(record)), &record};
  const bool modelled = record.text("kind") == "model estimate";
  for (const std::string& field : record.fields()) {
    const auto published = record.middle(field);
    if (!published || *published <= 0) continue;
    const auto* known = std::ranges::find(kPowerFields, field, &PowerField::field);
    if (known != kPowerFields.end() && server.cluster != nullptr && !modelled) {
      const auto of_run = field == "system_avg_w_per_chip" ? mean_of_run(record, context) : std::nullopt;
      rows.push_back(answered(kSimulatedRow, field, *published, of_run.value_or(known->value(server))));
    } else if (const auto answer = first_answer(formulas(), field, record)) {
      rows.push_back(accounted(field, record, *answer));
    }
  }
  return rows;
}

std::string reason_for(const Record& record, const RecordContext& context) {
  const std::string accelerator = accelerator_of(record);
  if (record.number("max_system_power_kw") || record.node("rack_power_kw") != nullptr)
    return "a rating that servers of the catalogue are described by, not a measurement";
  if (accelerator.empty()) return "neither an accelerator nor a server of it is stated";
  if (context.systems.find(accelerator) == nullptr)
    return fmt::format("no server of the catalogue has '{}'", accelerator);
  if (record.number("checkpoint_every_steps")) return "neither the model nor the time of a checkpoint is stated";
  return "no field of the row is the power of a server or an accelerator in a state that is simulated";
}

}  // namespace

std::vector<Comparison> validate_power(const Node& row, const RecordContext& context) {
  const Record record(row);
  std::vector<Comparison> rows = compare(record, context);
  if (const Node* parts = record.node("records"); parts != nullptr) {
    for (const Node& part : parts->items) {
      if (!part.is_mapping()) continue;
      const Record inner(part);
      std::vector<Comparison> more = compare(inner, context);
      if (more.empty()) more.push_back(listed(reason_for(inner, context)));
      for (Comparison& one : more) {
        one.id = "@" + accelerator_of(inner);
        rows.push_back(std::move(one));
      }
    }
  }
  if (rows.empty()) rows.push_back(listed(reason_for(record, context)));
  return rows;
}

}  // namespace traingrid
