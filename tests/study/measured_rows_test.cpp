#include "step_rows.hpp"
#include "study/counted_flop.hpp"
#include "study/measured_fields.hpp"
#include "study/row_defaults.hpp"

using namespace traingrid;

TEST_CASE("a default stands where a row says nothing, the first that fits, and the row lists it") {
  const std::vector<RowDefaults> defaults{{{"mine", "A100"}, {}, {{"tp", "4"}}},
                                          {{}, {"mine"}, {{"tp", "8"}, {"pp", "2"}}},
                                          {{"theirs"}, {}, {{"cp", "2"}}}};
  const Node file = parse(
      "records:\n- {id: x, model: mine, source: mine, suite: theirs, gpu: A100, tp: ~}\n"
      "- {id: y, model: mine, source: mine, tp: 1, pp: 1}\n");
  const std::vector<Node>& rows = file.find("records")->value.items;
  const CompletedRow bare = completed(rows[0], defaults), full = completed(rows[1], defaults);
  CHECK(text_field(bare.record, "tp") == "4");
  CHECK(text_field(bare.record, "pp") == "2");
  CHECK(text_field(bare.record, "cp").empty());
  CHECK(bare.assumed == std::vector<std::string>{"tp: 4", "pp: 2"});
  CHECK(text_field(full.record, "tp") == "1");
  CHECK(full.assumed.empty());
}

TEST_CASE("a field that whoever listed the row put in is left to the first default that has it") {
  const std::vector<RowDefaults> defaults{{{"mine"}, {}, {{"vocab", "50257"}}}, {{"mine"}, {}, {{"vocab", "32000"}}}};
  const Node file = parse(
      "records:\n- {id: x, model: mine, vocab: 51200, vocab_assumed: true}\n- {id: y, model: mine, vocab: 51200}\n"
      "- {id: z, model: theirs, vocab: 51200, vocab_assumed: true}\n");
  const std::vector<Node>& rows = file.find("records")->value.items;
  CHECK(text_field(completed(rows[0], defaults).record, "vocab") == "50257");
  CHECK(completed(rows[0], defaults).assumed == std::vector<std::string>{"vocab: 50257"});
  CHECK(text_field(completed(rows[1], defaults).record, "vocab") == "51200");
  CHECK(text_field(completed(rows[2], defaults).record, "vocab") == "51200");
}

TEST_CASE("what was measured cannot be a default") {
  for (const RowDefaults& usual : catalogue_context().resolve.systems.defaults) {
    for (const auto& [key, value] : usual.fields) CHECK_FALSE(is_measured(key));
  }
  for (const auto* key : {"iter_time_s", "mfu_pct", "tokens_per_s", "forward_ms", "days_for_300B_tokens"})
    CHECK(is_measured(key));
}

TEST_CASE("FLOP of a GPT are those of Narayanan et al. 2021, with and without recomputation") {
  const MeasuredStep step = resolve(record("id: x, iter_time_s: 1"));
  const double b = 16, s = 2048, l = 8, h = 2048, v = 51200;
  const CountedFlop flop = counted_flop(step.run, false);
  CHECK(flop.model == Approx(72 * b * s * l * h * h * (1 + s / (6 * h) + v / (12 * l * h))).epsilon(1e-3));
  CHECK(flop.hardware == Approx(96 * b * s * l * h * h * (1 + s / (6 * h) + v / (16 * l * h))).epsilon(1e-3));
  const double attention = flop.model - counted_flop(step.run, true).model;
  CHECK(attention == Approx(72 * b * s * l * h * h * s / (6 * h) / 2));
}

TEST_CASE("a utilisation, rates of arithmetic and a time say the same of a step") {
  const auto rows = validate({"id: a, iter_time_s: 1", "id: b, mfu_pct: 40", "id: c, hw_tflops_per_gpu: 140",
                              "id: d, tflops_per_gpu: 140", "id: e, aggregate_pflops: 1", "id: f, steps_per_s: 1",
                              "id: g, mfu_pct: 40, peak_tflops_per_gpu: 624"});
  const CountedFlop flop = counted_flop(resolve(record("id: x, iter_time_s: 1")).run, false);
  const double time = *rows[0].simulated, accelerators = 8;
  CHECK(*rows[1].simulated == Approx(100 * flop.model / time / accelerators / 312e12));
  CHECK(*rows[2].simulated == Approx(flop.hardware / time / accelerators / 1e12));
  CHECK(*rows[3].simulated == Approx(*rows[2].simulated));  // this release counts recomputation
  CHECK(*rows[4].simulated == Approx(*rows[2].simulated * accelerators / 1e3));
  CHECK(*rows[5].simulated == Approx(1 / time));
  CHECK(*rows[6].simulated == Approx(*rows[1].simulated / 2));
}

TEST_CASE("a layer by itself is compared pass by pass, apart from steps, and takes what one layer adds to a step") {
  const std::string layer =
      "- {id: one, suite: mine, kind: single transformer layer time, model: GPT layer, hidden: 2048, n_heads: 16, "
      "ffn_hidden: 8192, seq_len: 2048, micro_batch_seqs: 2, tp: 2, gpu: A100, precision: fp16, software: "
      "megatron-2021, recompute: none, forward_ms: 2, backward_ms: 4, combined_ms: 6}\n";
  const auto rows = validate(parse("records:\n" + layer));
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].id == "one");
  CHECK(rows[0].quantity == "combined_ms");
  CHECK(rows[1].id == "one@forward_ms");
  CHECK(rows[2].id == "one@backward_ms");
  for (const Comparison& row : rows) CHECK(row.kind == "layer");
  REQUIRE(rows[0].simulated);
  CHECK(*rows[0].simulated == Approx(*rows[1].simulated + *rows[2].simulated));
  const auto step = [](int layers) {
    std::string text = record("id: x, recompute: none, iter_time_s: 1, n_layers: " + std::to_string(layers));
    text.replace(text.find("n_layers: 8, "), 13, "");
    text.replace(text.find("tp: 2, pp: 2"), 12, "tp: 2, pp: 1");
    text.replace(text.find("n_gpus: 8"), 9, "n_gpus: 2");
    text.replace(text.find("global_batch_seqs: 16"), 21, "global_batch_seqs: 2");
    return *validate(parse("records:\n" + text))[0].simulated;
  };
  const double optimizer = 1e3 * (12 * 2048.0 * 2048 / 2 * 30) / (2039e9 * 0.75);  // of its weights, at least
  const double added = 1e3 * (step(3) - step(2));
  CHECK(added > *rows[0].simulated);
  CHECK(added == Approx(*rows[0].simulated + optimizer).epsilon(0.05));
}

TEST_CASE("ablations turn capabilities on one by one, and none of them makes a step slower") {
  std::string text = "records:\n";
  const std::vector<std::string> variants{"baseline Megatron-LM", "+parallel transformer block", "+TP overlap",
                                          "+DP overlap", "+efficient operators"};
  for (const std::string& variant : variants) {
    text += "- {id: \"" + variant +
            "\", suite: mine, source: MegaScale, kind: ablation (cumulative), model: GPT 175B, n_gpus: 64, " +
            "global_batch_seqs: 16, dp: 1, variant: \"" + variant + "\", mfu_pct: 50, software: megatron-2023}\n";
  }
  const auto rows = validate(parse(text));
  REQUIRE(rows.size() == variants.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO(rows[i].id << ": " << rows[i].reason);
    REQUIRE(rows[i].simulated);
    CHECK(rows[i].kind == "ablation");
    if (i > 0) CHECK(*rows[i].simulated >= *rows[i - 1].simulated);
  }
  CHECK(summarise({rows[0], Comparison{.id = "step", .suite = "mine", .quantity = "mfu_pct", .kind = "step"}}, true)
            .size() == 2);
}

TEST_CASE("names of accelerators are those that papers and logs print") {
  const auto [name, entry] = GENERATE(table<std::string, std::string>({
      {"Habana Gaudi2", "gaudi-2"},
      {"Intel(R) Gaudi(R) 2 AI Accelerator", "gaudi-2"},
      {"Intel Gaudi 3", "gaudi-3"},
      {"TPU-trillium", "tpu-v6e"},
      {"TPU-v5p", "tpu-v5p"},
      {"TPU v5e", "tpu-v5e"},
      {"TPU v3", "tpu-v3"},
      {"NVIDIA L40S", "l40s"},
      {"NVIDIA H200-SXM5-141GB", "h200-sxm-141gb"},
      {"H20", "h20-sxm-96gb"},
      {"Hopper", "h100-sxm5-80gb"},
      {"NVIDIA H100-PCIe-80GB", "h100-pcie-80gb"},
      {"NVIDIA A100-PCIe-80GB", "a100-pcie-80gb"},
      {"AMD Instinct MI300X 192GB HBM3", "mi300x"},
      {"AMD MI325X", "mi325x"},
      {"AMD Instinct MI355X 288GB HBM3e", "mi355x"},
      {"AMD Instinct MI250X", "mi250x"},
      {"AWS Trainium2", "trainium-2"},
      {"V100-SXM3-32GB", "v100-sxm2-32gb"},
  }));
  const StepMachine* machine = catalogue_context().resolve.systems.machine(name);
  INFO(name);
  REQUIRE(machine != nullptr);
  CHECK(machine->accelerator.name == catalogue_entry<Accelerator>("accelerators", entry).name);
}

TEST_CASE("a model's name in the catalogue says its sizes, however it is written") {
  const std::string rest = "suite: mine, seq_len: 4096, global_batch_seqs: 8, gpu: TPU v5p, n_gpus: 8, iter_time_s: 1";
  const Model known = catalogue_entry<Model>("models", "llama3.1-8b");
  for (const auto* name : {"llama3.1-8b", "Llama 3.1 8B", "LLAMA3.1_8B"}) {
    const MeasuredStep step = resolve("- {id: x, model: " + std::string(name) + ", software: maxtext, " + rest + "}\n");
    CHECK(step.reason == "");
    CHECK(step.run.model.parameters() == Approx(known.parameters()).epsilon(1e-4));
    CHECK(step.run.parallelism.sharding == Sharding::parameters);
  }
}

TEST_CASE("software of a TPU or a Gaudi is its own, whatever release of another vendor has the same name") {
  const auto software = [](const std::string& gpu) {
    return resolve("- {id: x, suite: mlperf-gpt3, model: GPT-3 175B, seq_len: 2048, global_batch_seqs: 1536, gpu: \"" +
                   gpu +
                   "\", n_gpus: 512, software: mlperf-4.1, precision: bf16, time_to_train_min_median: 10, "
                   "steps_per_run: 100}\n")
        .run.software.name;
  };
  CHECK(software("TPU-v5p") == catalogue_entry<Software>("software", "maxtext").name);
  CHECK(software("Intel Gaudi2") == catalogue_entry<Software>("software", "habana-deepspeed-2023").name);
  CHECK(software("NVIDIA H100-SXM5-80GB") == catalogue_entry<Software>("software", "mlperf-4.1").name);
}

TEST_CASE("several ranks share a sequence where there are more of them, and a batch in round numbers is made whole") {
  std::string row = record("id: x, iter_time_s: 1");
  row.replace(row.find("global_batch_seqs: 16, micro_batch_seqs: 2"), 42, "global_batch_seqs: 1, micro_batch_seqs: 1");
  CHECK(resolve(row).run.parallelism.context == 2);
  row = record("id: x, iter_time_s: 1");
  row.replace(row.find("global_batch_seqs: 16"), 21, "global_batch_seqs: 801");
  CHECK(resolve(row).run.batch == 800);
}

TEST_CASE("what a row says of attention, window and overlap goes before what its software usually has") {
  const MeasuredStep plain = resolve(record("id: x, iter_time_s: 1"));
  const MeasuredStep other =
      resolve(record("id: x, iter_time_s: 1, flash_attention: true, sliding_window: 512, overlap: DP grad-reduce and "
                     "TP comm overlap"));
  CHECK_FALSE(plain.run.software.flash_attention);
  CHECK(other.run.software.flash_attention);
  CHECK(other.run.model.sliding_window == 512);
  CHECK(other.run.software.overlap_data_parallel);
  CHECK(other.run.parallelism.tensor_overlap == TensorOverlap::chunks);
}

TEST_CASE("a row that offloads its optimizer is run so, and one that offloads something unknown is listed") {
  const MeasuredStep step = resolve(record("id: x, iter_time_s: 1, zero_stage: 1, cpu_offload: Adam states on CPU"));
  CHECK(step.reason.empty());
  CHECK(step.run.offload.optimizer_offload_fraction == 1);
  CHECK(step.cluster.node.host);
  const std::string nothing = GENERATE("false", "no", "None");
  CHECK(resolve(record("id: x, iter_time_s: 1, cpu_offload: " + nothing)).reason.empty());
  CHECK(resolve(record("id: x, iter_time_s: 1, cpu_offload: everything")).reason ==
        "what is offloaded ('everything') is not known");
}
