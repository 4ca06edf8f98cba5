#include "campaign/campaign.hpp"
#include "step_rows.hpp"
#include "study/measured_fields.hpp"
#include "study/step_format.hpp"
#include "study/step_memory.hpp"

#include <fmt/format.h>

#include <array>

using namespace traingrid;

namespace {

constexpr std::array kMeasuredFields{"iter_time_s",
                                     "step_time_s_median",
                                     "iter_time_s_derived",
                                     "step_time_s_derived",
                                     "tokens_per_s",
                                     "tokens_per_s_per_gpu",
                                     "days_for_300B_tokens",
                                     "time_to_train_min_median",
                                     "forward_ms",
                                     "backward_ms",
                                     "combined_ms",
                                     "eval_seconds_per_run",
                                     "steps_per_s",
                                     "mfu_pct",
                                     "model_tflops_per_gpu",
                                     "tflops_per_gpu",
                                     "hfu_pct",
                                     "hw_tflops_per_gpu",
                                     "aggregate_pflops",
                                     "estimated_days",
                                     "days_for_tokens"};

Node* find(Node& record, std::string_view key) {
  Entry* entry = record.find(key);
  return entry == nullptr ? nullptr : &entry->value;
}

Node measurements(const std::string& name) {
  Inputs inputs(source_catalogue());
  Node tree = inputs.load(*find_folder("measurements"), name, {});
  inputs.finish();
  return tree;
}

/// Every `stride`-th record.
Node thinned(Node file, std::size_t stride) {
  std::vector<Node>& records = file.find("records")->value.items;
  for (std::size_t i = 0; i * stride < records.size(); ++i) records[i] = records[i * stride];
  records.resize((records.size() + stride - 1) / stride);
  return file;
}

}  // namespace

TEST_CASE("the systems of published steps read without a problem, and each of their numbers has a source") {
  check_catalogue_folder<StepSystems>("systems", 1);
}

TEST_CASE("measured fields multiplied by 1.7 leave what is simulated as it is, to the last bit") {
  const std::string name = GENERATE("steps", "steps-vtrain");
  const Node file = thinned(measurements(name), 47);
  Node scaled = file;
  int changed = 0;
  for (Node& record : scaled.find("records")->value.items) {
    for (const char* key : kMeasuredFields) {
      Node* value = find(record, key);
      if (value == nullptr) continue;
      value->text = fmt::format("{}", 1.7 * std::stod(value->text));
      ++changed;
    }
  }
  REQUIRE(changed > 10);
  const auto before = validate(file), after = validate(scaled);
  REQUIRE(before.size() == after.size());
  int simulated = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    INFO(before[i].id);
    CHECK(before[i].simulated == after[i].simulated);
    simulated += before[i].simulated ? 1 : 0;
  }
  CHECK(simulated > 5);
}

TEST_CASE("a row is resolved from its fields, whatever its name; a time and a throughput say the same") {
  const auto rows = validate({"id: first, iter_time_s: 1.5", "id: sc21-t1-1p7B, tokens_per_s: 20000",
                              "id: third, tokens_per_s_per_gpu: 2500"});
  REQUIRE(rows.size() == 3);
  REQUIRE(rows[0].simulated);
  CHECK(rows[0].quantity == "iter_time_s");
  CHECK(*rows[1].simulated == Approx(16 * 2048 / *rows[0].simulated));
  CHECK(*rows[2].simulated == Approx(*rows[1].simulated / 8));
  CHECK(*rows[0].error() == Approx(100 * (*rows[0].simulated / 1.5 - 1)));
}

TEST_CASE("a row that cannot be simulated says which field is missing, or why, and is not dropped") {
  const auto [fields, reason] = GENERATE(table<std::string, std::string>({
      {"hidden: null", "missing field: hidden"},
      {"gpu: Abacus", "no machine is known for 'Abacus'"},
      {"software: null", "missing field: software"},
      {"tp: 16", "8 accelerators do not hold whole replicas of 32"},
      {"tp: null", "missing field: tp"},
      {"attention: MLA", "sizes of attention 'MLA' are not known"},
      {"precision: decimal", "precision 'decimal' is not known"},
      {"kind: phase", "phase: not a whole step"},
      {"finetuning: prompt", "fine-tuning 'prompt' is not known"},
      {"global_batch_seqs: 15", "batch 15 is not a multiple of data 2 x micro_batch 2"},
  }));
  std::string text = record("id: odd, iter_time_s: 1");
  const std::string key = fields.substr(0, fields.find(':'));
  if (const auto at = text.find(" " + key + ":"); at != std::string::npos) text.erase(at, text.find(',', at) + 1 - at);
  text.insert(text.rfind('}'), ", " + fields);
  const auto rows = validate(parse("records:\n" + text));
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].simulated);
  CHECK(rows[0].reason == reason);
}

TEST_CASE("rows that constants were fitted to are marked, and suites are told apart") {
  StepValidation fitted = catalogue_context();
  fitted.resolve.systems.calibration_rows = {"fitted"};
  fitted.suite = "none, for only the names matter here";
  const Node file = parse("records:\n" + record("id: fitted, iter_time_s: 1") + record("id: other, iter_time_s: 1"));
  Problems none;
  CHECK(validate_steps(file, fitted, none)[0].calibration);
  CHECK_FALSE(validate_steps(file, fitted, none)[1].calibration);
  fitted.calibrated = false;
  CHECK_FALSE(validate_steps(file, fitted, none)[0].calibration);
  StepValidation elsewhere = catalogue_context();
  elsewhere.suite = "theirs";
  Problems problems;
  const auto skipped = validate_steps(parse("records:\n" + record("id: skipped, iter_time_s: 1")), elsewhere, problems);
  CHECK_FALSE(skipped[0].simulated);
}

TEST_CASE("links of a row are those it states: all of a node, each, or one per accelerator") {
  const auto [text, rate, nics] = GENERATE(table<std::string, double, int>({
      {"8x NVLink; 1600 Gb/s RoCE per node", 25e9, 8},
      {"NVLink4 in node; RoCE 400 Gb/s per GPU; 1:7 oversubscription", 50e9, 8},
      {"Omni-Path 4x100 Gb/s per node (Jean Zay)", 12.5e9, 4},
      {"NVLink 160 GB/s usable, 8x CX7 400 Gb/s IB per node", 50e9, 8},
  }));
  const Node file = parse("records:\n" + record("id: x, iter_time_s: 1, interconnect: \"" + text + "\""));
  const MeasuredStep step = measured_step(file.find("records")->value.items[0], catalogue_context().resolve);
  CHECK(step.cluster.network.link.bandwidth / (byte / second) == Approx(rate));
  CHECK(step.cluster.node.nics == nics);
}

TEST_CASE("words of a format: the narrowest of several, its scaling, and what the accelerator has none of") {
  const Accelerator h100 = catalogue_entry<Accelerator>("accelerators", "h100-sxm5-80gb");
  const Accelerator gb200 = catalogue_entry<Accelerator>("accelerators", "gb200");
  const auto precision = [&](const Accelerator& accelerator, const std::string& words) {
    return step_format(words, accelerator, Fp8Recipe::delayed).value().precision;
  };
  CHECK(precision(h100, "amp_bf16") == Precision::bf16);
  CHECK(precision(h100, "bf16/fp16 mixed") == Precision::bf16);
  CHECK(precision(gb200, "nvfp4/fp8") == Precision::nvfp4);
  CHECK(precision(gb200, "FP8-MX / subchannel") == Precision::mxfp8);
  CHECK(precision(h100, "MXFP8") == Precision::fp8);
  CHECK(step_format("MXFP8", h100, Fp8Recipe::delayed)->recipe == Fp8Recipe::block);
  CHECK(step_format("FP8-CS", h100, Fp8Recipe::delayed)->recipe == Fp8Recipe::current);
  CHECK(step_format("fp8", h100, Fp8Recipe::current)->recipe == Fp8Recipe::current);
  CHECK_FALSE(step_format("decimal", h100, Fp8Recipe::delayed));
}

namespace {

std::string deepseek(const std::string& fields) {
  return "- {id: x, suite: mine, seq_len: 4096, global_batch_seqs: 256, micro_batch_seqs: 1, precision: bf16, gpu: "
         "gb200, n_gpus: 64, tp: 1, ep: 16, software: nemo-26.04, iter_time_s: 1, " +
         fields + "}\n";
}

}  // namespace

TEST_CASE("what a row does not say of a model that the catalogue holds is as in the catalogue, in capitals or not") {
  const Model known = catalogue_entry<Model>("models", "deepseek-v3");
  const MeasuredStep step = resolve(deepseek("model: deepseek-v3, pp: 4, virtual_stages: 4"));
  CHECK(step.reason.empty());
  CHECK(step.run.model.parameters() == known.parameters());
  CHECK(step.run.model.num_nextn_predict_layers == 1);
  CHECK(step.cluster.accelerator.name == catalogue_entry<Accelerator>("accelerators", "gb200").name);
  CHECK(resolve(deepseek("model: DeepSeekV3 (w/o MTP), pp: 1")).run.model.num_nextn_predict_layers == 0);
  CHECK(resolve(deepseek("model: DeepSeekV3, pp: 1, n_layers: 8, moe_experts: 64")).run.model.num_experts == 64);
}

TEST_CASE("layers that do not divide are shared out among the chunks, head and multi-token prediction counted") {
  const MeasuredStep step = resolve(deepseek("model: DeepSeek-V3, pp: 4, virtual_stages: 2"));
  CHECK(step.run.parallelism.pipeline_layers == std::vector<int>{8, 8, 8, 8, 8, 8, 8, 5});
  CHECK(resolve(deepseek("model: DeepSeek-V3, pp: 2, schedule: DualPipe")).run.parallelism.virtual_stages == 2);
}

TEST_CASE("who shards all parameters needs no tensor ranks; a batch may be stated in tokens or micro-batches") {
  const std::string model = "model: LLaMA, n_layers: 8, hidden: 2048, n_heads: 16, ffn_hidden: 8192, vocab: 51200, ";
  const std::string rest =
      model + "precision: bf16, gpu: H100, n_gpus: 8, software: nemo-25.02, seq_len: 4096, suite: mine, ";
  CHECK(resolve("- {id: x, iter_time_s: 1, " + rest + "global_batch_seqs: 8, fsdp: FSDP}\n").reason.empty());
  CHECK(resolve("- {id: x, iter_time_s: 1, " + rest + "grad_accum: 4, micro_batch_seqs: 2, tp: 2}\n").run.batch == 32);
  CHECK(resolve("- {id: x, iter_time_s: 1, " + rest + "global_batch_tokens_m: 0.14, tp: 1}\n").run.batch == 32);
}

TEST_CASE(
    "a row that would not fit recomputes the least that makes it fit, and says so; one that states it, or fits, not") {
  const auto llama = [](const std::string& fields) {
    return resolve(
        "- {id: x, iter_time_s: 1, suite: mine, model: LLaMA, n_layers: 32, hidden: 4096, n_heads: 32, "
        "ffn_hidden: 14336, ffn_matrices: 3, vocab: 32000, seq_len: 8192, global_batch_seqs: 64, tp: 1, "
        "precision: bf16, gpu: H100, n_gpus: 8, software: nemo-25.02, " +
        fields + "}\n");
  };
  MeasuredStep step = llama("micro_batch_seqs: 4, fsdp: FSDP");
  REQUIRE(step.run.recompute == Recompute::full);
  CHECK(step.assumed.at(0).find(fmt::format("recomputes {} layers", *step.run.recompute_layers)) == 0);
  CHECK(step_memory(step.run, step.cluster).fits());
  --*step.run.recompute_layers;
  CHECK(!step_memory(step.run, step.cluster).fits());
  CHECK(llama("micro_batch_seqs: 4, fsdp: FSDP, recompute: none").assumed.empty());
  CHECK(llama("micro_batch_seqs: 4, fsdp: FSDP, recompute: none").run.recompute == Recompute::none);
  CHECK(llama("micro_batch_seqs: 1, fsdp: FSDP").assumed.empty());
  CHECK(llama("fsdp: FSDP").run.micro_batch == 1);  // not four, which would be usual
  CHECK(llama("micro_batch_seqs: 4").assumed == std::vector<std::string>{"does not fit by our count"});
}

TEST_CASE("models with experts recompute parts of layers first, as recipes do, those that they have") {
  const MeasuredStep step = resolve(
      "- {id: x, iter_time_s: 1, suite: mine, model: DeepSeek-V3, seq_len: 4096, global_batch_seqs: 2048, "
      "micro_batch_seqs: 1, tp: 1, pp: 4, ep: 64, virtual_stages: 4, precision: bf16, gpu: B200, n_gpus: 256, "
      "software: nemo-25.02}\n");
  REQUIRE(step.run.recompute == Recompute::selective);
  CHECK(step.run.recompute_modules.front() == RecomputeModule::mla_up_proj);
  CHECK(step.assumed.back().find("recomputes mla_up_proj") == 0);
}

TEST_CASE("a recipe gives a row the software and the recomputation that its release has for that model and machine") {
  const std::string fields =
      "id: row, model: GPT OSS 120B, global_batch_seqs: 1280, micro_batch_seqs: 4, tp: 1, pp: 1, ep: 64, seq_len: "
      "4096, n_gpus: 64, iter_time_s: 1, ";
  const auto step = [&](const std::string& rest) {
    return measured_step(parse("records:\n- {" + fields + rest + "}\n").find("records")->value.items.front(),
                         catalogue_context().resolve);
  };
  const auto wide = step("precision: BF16, gpu: GB200 (NVL72), software: nemo-26.02");
  REQUIRE(wide.reason.empty());
  CHECK(wide.run.recompute == Recompute::selective);
  CHECK(wide.run.recompute_modules == std::vector{RecomputeModule::layernorm, RecomputeModule::moe_act});
  CHECK(wide.run.software.expert_dispatch == ExpertDispatch::copies);
  const auto graphs = step("precision: MXFP8, gpu: GB200 (NVL72), software: nemo-26.06");
  CHECK(graphs.run.recompute == Recompute::none);
  CHECK(graphs.run.software.cuda_graphs);
  CHECK(graphs.run.software.expert_overlap);
  CHECK(step("precision: BF16, gpu: GB200 (NVL72), software: nemo-26.02, recompute: full").run.recompute ==
        Recompute::full);
}

TEST_CASE(
    "experts are shared out over tensor ranks where the recipes of the release do so, unless a row says otherwise") {
  const auto ranks = [](const std::string& rest) {
    const Node file = parse(
        "records:\n- {id: row, model: Qwen3_30B, moe_experts: 128, moe_topk: 8, moe_ffn_hidden: 768, n_layers: 48, "
        "hidden: 2048, n_heads: 32, vocab: 151936, seq_len: 4096, global_batch_seqs: 64, tp: 2, pp: 1, ep: 4, "
        "precision: BF16, gpu: H100-SXM5-80GB, n_gpus: 16, iter_time_s: 1, " +
        rest + "}\n");
    const MeasuredStep step = measured_step(file.find("records")->value.items.front(), catalogue_context().resolve);
    REQUIRE(step.reason.empty());
    return step.run.parallelism.expert_tensor;
  };
  CHECK(ranks("software: nemo-25.02") == 2);
  CHECK(ranks("software: nemo-25.02, etp: 1") == 1);
  CHECK(ranks("software: nemo-26.04") == 1);
}

TEST_CASE("fine-tuning of all weights is a step as any other; adapters are those of the release, unless stated") {
  const auto tuned = [](const std::string& fields) {
    return resolve(record("id: x, iter_time_s: 1, " + fields)).run.lora;
  };
  CHECK_FALSE(tuned("finetuning: sft"));
  CHECK(tuned("finetuning: lora")->targets == std::vector{AdapterTarget::linear_qkv});
  CHECK(tuned("finetuning: LoRA, lora_rank: 64")->rank == 64);
  std::string mlperf = record("id: x, iter_time_s: 1");
  mlperf.replace(mlperf.find("megatron-2021"), 13, "mlperf-5.1");
  mlperf.replace(mlperf.find("model: GPT"), 10, "model: Llama 2 70B LoRA fine-tune");
  CHECK(resolve(mlperf).run.lora->rank == 16);
}

TEST_CASE("what software says of memory alone changes no date of a step") {
  const std::string row =
      "- {id: x, model: Qwen3 30B-A3B, n_layers: 4, moe_experts: 8, seq_len: 4096, global_batch_seqs: 16, "
      "micro_batch_seqs: 1, tp: 1, pp: 2, ep: 4, precision: MXFP8, gpu: GB200, n_gpus: 8, iter_time_s: 1, software: "
      "SW}\n";
  const auto time_of = [&](const std::string& release, bool stripped) {
    std::string text = row;
    text.replace(text.find("SW"), 2, release);
    MeasuredStep step = resolve(text);
    REQUIRE(step.reason == "");
    if (stripped) step.run.software = without_memory(step.run.software);
    const Tuning tuning = tuning_of(step.cluster, catalogue_context().libraries.at("nccl"));
    return step_time(step.run, step.cluster, tuning).time;
  };
  const auto* release = GENERATE("nemo-24.11.1", "nemo-25.02", "nemo-25.05", "nemo-26.08");
  CHECK(without_memory(resolve(record("id: x, iter_time_s: 1")).run.software).reserved_memory == Bytes{});
  CHECK(time_of(release, true) == time_of(release, false));
}
