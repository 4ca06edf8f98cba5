#include "study/validate_records.hpp"

#include "catalogue.hpp"
#include "input/yaml.hpp"
#include "step_rows.hpp"
#include "study/record.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

RecordContext context_of_catalogue() {
  return {.cases = catalogue_entry<CostCases>("cases", "epoch").cases,
          .accounting = catalogue_entry<EpochAccounting>("accounting", "epoch-2024"),
          .systems = catalogue_entry<ReferenceSystems>("references", "published"),
          .simulate = [](const RunQuery&) { return std::optional<Result>{}; },
          .steps = catalogue_context()};
}

std::vector<Comparison> validate(RowValidation compare, const std::string& fields) {
  static const RecordContext context = context_of_catalogue();
  Problems problems;
  const Node tree = parse_yaml(
      std::make_shared<SourceFile>(SourceFile{"rows.yaml", "records:\n- {id: mine, " + fields + "}\n"}), problems);
  const auto rows = validate_records(tree, compare, context, problems);
  problems.finish();
  return rows;
}

const Comparison& row_of(const std::vector<Comparison>& rows, const std::string& quantity) {
  const auto found = std::ranges::find(rows, quantity, &Comparison::quantity);
  REQUIRE(found != rows.end());
  return *found;
}

double answer(RowValidation compare, const std::string& quantity, const std::string& fields) {
  return row_of(validate(compare, fields), quantity).simulated.value();
}

}  // namespace

TEST_CASE("every set of references reads without a problem, and each of its numbers has a source") {
  check_catalogue_folder<ReferenceSystems>("references", 1);
}

TEST_CASE("an energy is work over rate, hours or days times power and overhead, whichever the row states") {
  const std::string power = "avg_system_power_w_per_chip: 330, pue: 1.1, energy_mwh: 1287.000, ";
  CHECK(answer(validate_energy, "energy_mwh",
               power + "training_flop: 3.14e23, achieved_tflops_per_chip: 24.6, n_chips: 10000, wall_days: 14.8") ==
        Approx(1287.06).epsilon(1e-5));
  CHECK(answer(validate_energy, "energy_mwh", power + "accel_hours: 1000000") == Approx(363));
  CHECK(answer(validate_energy, "energy_mwh", power + "n_chips: 1000, wall_days: 10") == Approx(87.12));
}

TEST_CASE("a field has several names, a rating follows from the accelerator's, and hours do as well as days") {
  CHECK(answer(validate_energy, "mwh", "n_gpus: 512, days: 20.4, avg_power_w: 342, pue: 1.1, mwh: 94.40000000") ==
        Approx(512 * 20.4 * 24 * 342 * 1.1e-6));
  CHECK(answer(validate_energy, "energy_mwh",
               "accelerator: H100-SXM5, gpus: 8, hours: 100, pue: 1.2, energy_mwh: 1.000") ==
        Approx(8 * 100 * 700 * 1.2e-6));
  CHECK(answer(validate_energy, "tco2e", "energy_mwh: 100, grid_kgco2e_per_kwh: 0.4, tco2e: 40") == Approx(40));
  const auto rows = validate(validate_energy, "xlm: {n_chips: 512, days: 20.4, avg_power_w: 342, pue: 1.1, mwh: 94.4}");
  CHECK(rows.at(0).id == "mine@xlm");
}

TEST_CASE("figures known from memory, intensities in notes and parts of an energy answer as well") {
  CHECK(answer(validate_energy, "tco2e_recalled",
               "gpu_energy_mwh_raw: 104, pue: 1.1, tco2e_recalled: 70, grid_recalled: 0.61") == 70);
  CHECK(answer(validate_energy, "tco2e", "energy_mwh_total: 66.24, tco2e: 31.77, grid_note: Illinois 0.4796 t/MWh") ==
        Approx(31.77));
  CHECK(answer(validate_energy, "energy_mwh", "energy_mwh: 1163.1, breakdown_mwh: {176B: 433.2, rest: 729.9}") ==
        Approx(1163.1));
}

TEST_CASE("a run whose step cannot be simulated says what its row lacks, whichever name its accelerators have") {
  const std::string row =
      "model: Mine, n_layers: 2, hidden: 512, n_heads: 8, ffn_hidden: 2048, seq_len: 512, global_batch_seqs: 64, "
      "tokens_billion: 1, accelerator: A100-SXM4-40GB, accel_hours: 10, ";
  CHECK(validate(validate_energy, row + "n_chips: 8").at(0).reason ==
        "no step of it is simulated: missing field: vocab");
  const auto simulated = validate(validate_energy, row + "vocab: 1024, n_gpus: 8");
  CHECK(row_of(simulated, "accel_hours").kind == "simulated");
}

TEST_CASE("energies come in units of any size, on either side of a formula") {
  CHECK(answer(validate_energy, "energy_kwh", "n_chips: 8, hours: 10, tdp_w: 400, pue: 1.0, energy_kwh: 32.0") ==
        Approx(32));
  CHECK(answer(validate_water, "water_l", "energy_kwh: 1000, wue_l_per_kwh: 0.5, water_l: 500") == Approx(500));
}

TEST_CASE(
    "amounts that are none, below zero, or a PUE below 1 are listed with what is wrong, and the rest is answered") {
  const auto rows = validate(
      validate_energy, "accel_hours: many, part: {energy_mwh: -3}, pue: 0.9, grid_note: text, wall_days: 2, hours: 48");
  REQUIRE(rows.size() == 4);
  CHECK(row_of(rows, "hours").simulated.value() == 48);
  CHECK(rows[1].id == "mine@accel_hours");
  CHECK(rows[1].reason == "'accel_hours' must be a number, not 'many'");
  CHECK(rows[2].reason == "'energy_mwh' must not be below zero");
  CHECK(rows[3].reason == "'pue' is energy of the building over that of its IT, at least 1");
}

TEST_CASE("a list of rents answers the models it knows and lists the others, and a list of years is none") {
  const auto rows = validate(validate_cost, "cost_usd: {GPT-4: 78352034, A model of nobody: 1}");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].kind == "simulated");
  CHECK(rows[1].id == "mine@A model of nobody");
  CHECK(rows[1].reason == "hardware, hours and dates of 'A model of nobody' are not known");
  CHECK(validate(validate_cost, "cost_usd: {'2020': 4600000, '2022': 450000}").size() == 1);
}

TEST_CASE("servers of other boards than the catalogue's clusters have answer for their accelerators") {
  CHECK(answer(validate_power, "gpu_idle_w", "gpu: B200-SXM-180GB, gpu_idle_w: 100") ==
        catalogue_entry<Accelerator>("accelerators", "b200").power.idle / watt);
  CHECK(validate(validate_power, "gpu: GB200, gpu_idle_w: 100").at(0).kind == "listed");
}

TEST_CASE("a row that is nearly a product says which field it lacks") {
  const auto rows = validate(validate_energy, "accel_hours: 1000, location_based_tco2e: 3, accelerator: H100-SXM5");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].reason ==
        "'location_based_tco2e' follows from its other fields only with 'implied_kgco2e_per_kwh_at_tdp'");
}

TEST_CASE("an error that the rounding of what was published explains is not beyond it") {
  CHECK(rounding_of("7.5") == Approx(0.05 / 7.5));
  CHECK(rounding_of("7.50") == Approx(0.005 / 7.5));
  CHECK(rounding_of("36") == Approx(0.5 / 36));
  CHECK(rounding_of("3.14e+23") == Approx(0.005 / 3.14));
  CHECK(printed_as(0.0772, "0.077") == Approx(0.077));
  CHECK(printed_as(1287.06, "1287") == 1287);
  const std::string row = "accel_hours: 1000, tdp_w: 400, pue: 1.10, energy_mwh: ";
  const Comparison exact = row_of(validate(validate_energy, row + "0.4"), "energy_mwh");
  CHECK(exact.simulated.value() == Approx(0.4));
  CHECK(exact.comment.empty());
  const Comparison off = row_of(validate(validate_energy, row + "0.5"), "energy_mwh");
  CHECK(off.beyond_rounding());
  CHECK(off.comment == "beyond what the digits of the row's figures leave open, 11 %");
}

TEST_CASE("digits of all figures that an answer follows from leave it open, those of counts and ratings do not") {
  const std::string row = "n_chips: 8, hours: 10.0, tdp_w: 400, energy_mwh: 0.0400, pue: ";
  const Comparison two = row_of(validate(validate_energy, row + "1.2"), "energy_mwh");
  CHECK(two.rounding.value() == Approx(100 * (0.00005 / 0.04 + 0.05 / 10 + 0.05 / 1.2)));
  CHECK(row_of(validate(validate_energy, row + "1.200"), "energy_mwh").rounding.value() < two.rounding.value() - 4);
  CHECK(row_of(validate(validate_energy, row + "1.24"), "energy_mwh").comment.starts_with("within"));
}

TEST_CASE("water follows from any energy and any factor of the site, by volume of any name") {
  CHECK(answer(validate_water, "onsite_water_l", "energy_mwh: 10, wue_l_per_kwh: 0.5, onsite_water_l: 5000") ==
        Approx(5000));
  CHECK(answer(validate_water, "water_m3",
               "energy_gwh: 1, pue: 1.2, onsite_wue_l_per_kwh: 0.5, offsite_ewif_l_per_kwh: 3, water_m3: 4100") ==
        Approx(500 + 3600));
  CHECK(answer(
            validate_water, "water_million_l",
            "energy_gwh: 310, onsite_wue_l_per_kwh: 1.8, gas_generation_gal_per_mwh: 158, water_million_l: 750.0000") ==
        Approx(310 * 1.8 + 310 * 158 * 3.785411784e-3));
}

TEST_CASE("emissions follow the energy that was computed, not the one that was measured") {
  const std::string row = "accel_hours: 1000, tdp_w: 400, pue: 1.2, grid_kgco2e_per_kwh: 0.5, tco2e: 0.24, ";
  CHECK(answer(validate_energy, "tco2e", row + "energy_mwh: 0.48") == Approx(0.24));
  CHECK(answer(validate_energy, "tco2e", row + "energy_mwh: 48000") == Approx(0.24));
}

TEST_CASE("an energy of GPT-3 holds the overhead of the building, one of BLOOM does not") {
  const std::string row =
      "energy_mwh: 1000, pue: 1.1, grid_kgco2e_per_kwh: 0.4, tco2e: 400.00000, tco2e_with_pue: 440, ";
  CHECK(answer(validate_energy, "tco2e_with_pue", row + "model: GPT-3 175B") == Approx(400));
  CHECK(answer(validate_energy, "tco2e", row + "model: GPT-3 175B") == Approx(400 / 1.1));
  CHECK(answer(validate_energy, "tco2e_with_pue", row + "model: BLOOM 176B") == Approx(440));
}

TEST_CASE("water is energy times its factors, on site per IT energy, off site per energy of the facility") {
  const std::string row =
      "server_energy_mwh_assumed: 1287, pue: 1.17, onsite_wue_l_per_kwh_it: 0.55, "
      "offsite_ewif_l_per_kwh: 3.142, training_water_onsite_million_l: 1.0000, "
      "training_water_total_million_l: 1.0000, per_request_onsite_ml: 1.0, per_request_offsite_ml: 1.000";
  CHECK(answer(validate_water, "training_water_onsite_million_l", row) == Approx(0.708).epsilon(1e-3));
  CHECK(answer(validate_water, "training_water_total_million_l", row) == Approx(5.439).epsilon(1e-4));
  CHECK(answer(validate_water, "per_request_onsite_ml", row) == Approx(2.2));
  CHECK(answer(validate_water, "per_request_offsite_ml", row) == Approx(14.705).epsilon(1e-4));
}

TEST_CASE("a cost of Epoch AI's table is accounting, the same in a text is a figure of our own") {
  const std::string case_of_gpt4 = "model: gpt 4, amortized_hw_energy_usd: 40695706";
  const auto table = validate(validate_cost, case_of_gpt4 + ", updated_cost_usd: 1");
  CHECK(row_of(table, "amortized_hw_energy_usd").kind == "accounting");
  CHECK(row_of(table, "amortized_hw_energy_usd").error().value() == Approx(0).margin(1e-4));
  CHECK(row_of(validate(validate_cost, case_of_gpt4), "amortized_hw_energy_usd").kind == "simulated");
}

TEST_CASE("hours times a price are a cost") {
  CHECK(answer(validate_cost, "cost_usd", "gpu_hours: 2788000, usd_per_gpu_hour: 2, cost_usd: 5576000") == 5576000);
  CHECK(answer(validate_cost, "cost_usd", "hours_to_93_top5: 91, usd_per_hour: 7.2, cost_usd: 655.2") == Approx(655.2));
  CHECK(answer(validate_cost, "cost_usd",
               "flop: 3.14e23, v100_tflops_assumed: 28, usd_per_v100_hour: 1.5, cost_usd: 4600000") ==
        Approx(4.67e6).epsilon(1e-3));
}

TEST_CASE("a server at work draws its accelerators and hosts, without fans if it is immersed") {
  const std::string row = "gpu: H100-SXM5-80GB, node_power_w_mean: 7000, ";
  const double air = answer(validate_power, "node_power_w_mean", row + "cooling: air");
  const double immersed = answer(validate_power, "node_power_w_mean", row + "cooling: 'immersion (no fans)'");
  const double direct =
      answer(validate_power, "node_power_w_mean", row + "cooling: immersion, measurement: DC node power");
  CHECK(air > immersed);
  CHECK(immersed > direct);
  CHECK(answer(validate_power, "node_power_w_mean", "gpu: A100-SXM4-80GB, node_power_w_mean: 1") < air);
}

TEST_CASE("the mean power of a run that is known is that of the run, whatever draws at work") {
  RecordContext context = context_of_catalogue();
  context.simulate = [](const RunQuery& query) {
    Result result;
    if (query.model != "GPT-3") return std::optional<Result>{};
    result.duration = DurationResult{.accelerator_time = 10 * hour};
    result.energy = EnergyResult{.it = 3 * kilowatt_hour};
    return std::optional{result};
  };
  Problems problems;
  const Node tree =
      parse_yaml(std::make_shared<SourceFile>(SourceFile{
                     "r.yaml",
                     "records:\n- {id: a, chip: V100 (GPT-3), system_avg_w_per_chip: 330}\n- {id: b, chip: V100 (XLM), "
                     "system_avg_w_per_chip: 330}\n"}),
                 problems);
  const auto rows = validate_records(tree, validate_power, context, problems);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].simulated.value() == Approx(300));
  CHECK(rows[1].simulated.value() > 300);
}

TEST_CASE("what a row leaves out of a step is that of its model, the more special one first") {
  const ReferenceSystems systems = catalogue_entry<ReferenceSystems>("references", "published");
  CHECK(systems.design_of("Pythia 6.9B").defaults.at("tp") == "2");
  CHECK(systems.design_of("Pythia 6.9B").most_micro_batch == 8);
  CHECK(systems.design_of("Pythia 410M").defaults.at("tp") == "1");
  CHECK(systems.design_of("Pythia 410M").most_micro_batch == 32);
  CHECK(systems.design_of("something else").most_micro_batch == 16);
}

TEST_CASE("shares of parts are means over trainings that were published with the paper") {
  const std::string shares = "share_pct: {ai_chips: 44, energy: 9}";
  const auto mean_of = [&](const std::string& part) {
    for (const Comparison& row : validate(validate_cost, shares)) {
      if (row.id == "mine@" + part) return row.simulated.value();
    }
    return 0.0;
  };
  CHECK(mean_of("ai_chips") == Approx(44).epsilon(0.05));
  CHECK(mean_of("energy") == Approx(7.05).epsilon(0.01));
}

TEST_CASE("no measured field changes what is simulated, nor does the name of the row") {
  const auto simulated = [](RowValidation compare, const std::string& fields) {
    std::vector<double> values;
    for (const Comparison& row : validate(compare, fields)) {
      if (row.kind == "simulated") values.push_back(row.simulated.value());
    }
    return values;
  };
  const auto once =
      simulated(validate_power, "gpu: H100, cooling: air, node_power_w_mean: 7000, node_power_w_per_gpu: 875");
  CHECK(once.size() == 2);
  CHECK(once ==
        simulated(validate_power, "gpu: H100, cooling: air, node_power_w_mean: 11900, node_power_w_per_gpu: 1487.5"));
  const auto cost = simulated(validate_cost, "model: GPT-4, amortized_hw_energy_usd: 4e7, acquisition_cost_usd: 8e8");
  CHECK(cost.size() == 2);
  CHECK(cost == simulated(validate_cost, "model: GPT-4, amortized_hw_energy_usd: 6.8e7, acquisition_cost_usd: 1.36e9"));
}

TEST_CASE("a row without an answer is listed with its reason") {
  const auto reason = [](RowValidation compare, const std::string& fields) {
    const auto rows = validate(compare, fields);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].kind == "listed");
    CHECK_FALSE(rows[0].simulated);
    return rows[0].reason;
  };
  CHECK(reason(validate_energy, "model: X, energy_mwh: 3") ==
        "'energy_mwh' follows from its other fields only with 'gpu_energy_mwh_raw', 'pue'");
  CHECK(reason(validate_energy, "model: X, accelerator: Y, n_chips: 3") ==
        "no run of the catalogue trains 'X' on 'Y', and nothing in the row is a product of the rest");
  CHECK(reason(validate_water, "water_m3: 3") ==
        "'water_m3' follows from its other fields only with 'server_energy_mwh_assumed', 'onsite_wue_l_per_kwh_it'");
  CHECK(reason(validate_cost, "model: X, cost_usd: 3") == "hardware, hours and dates of 'X' are not known");
  CHECK(reason(validate_power, "gpu: Abacus, node_power_w_mean: 3") == "no server of the catalogue has 'Abacus'");
}

TEST_CASE("accounting and simulated answers are summed up apart") {
  const auto rows = validate(validate_power,
                             "gpu: H100, node_power_w_mean: 7000, n_nodes: 1, run_minutes_mean: 60, "
                             "energy_all_nodes_kwh_mean: 7");
  REQUIRE(rows.size() == 2);
  for (const SuiteSummary& suite : summarise(rows)) CHECK(suite.rows == 1);
  CHECK(row_of(rows, "energy_all_nodes_kwh_mean").kind == "accounting");
  CHECK(row_of(rows, "energy_all_nodes_kwh_mean").error().value() == Approx(0).margin(1e-9));
}

TEST_CASE("a formula needs all its fields, and the first that has them answers") {
  Problems problems;
  const Node tree =
      parse_yaml(std::make_shared<SourceFile>(SourceFile{"r.yaml", "{a: 2, b: 3, c: [1, 3]}\n"}), problems);
  const Record record(tree);
  const std::vector<Formula> formulas{{"x", {{1, {"missing"}}}}, {"x", {{10, {"a"}, {"b"}}, {1, {"b"}}}}};
  CHECK(first_answer(formulas, "x", record)->value == Approx(10 * 2.0 / 3 + 3));
  CHECK_FALSE(first_answer(formulas, "y", record));
  CHECK(record.middle("c").value() == Approx(2));
}
