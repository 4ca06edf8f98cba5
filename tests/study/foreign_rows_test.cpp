// Rows as nobody here has seen them: other releases, spellings, sizes and files than those of the catalogue.
#include "step_rows.hpp"
#include "study/measured_fields.hpp"
#include "study/model_names.hpp"
#include "study/software_release.hpp"
#include "study/step_format.hpp"
#include "study/testbed.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

MeasuredStep with(const std::string& fields) { return resolve(record("id: x, iter_time_s: 1, " + fields)); }

/// The usual record with one field said otherwise.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = record("id: x, iter_time_s: 1");
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a release without a file is the newest of its program that is not newer") {
  const std::vector<std::string> known{"nemo-24.07", "nemo-25.05", "nemo-25.05-unfused", "nemo-26.08",
                                       "mlperf-3.0", "mlperf-5.1", "megatron-2021",      "maxtext"};
  const auto [name, release] = GENERATE(table<std::string, std::string>({{"nemo-25.05", "nemo-25.05"},
                                                                         {"NeMo 25.05", "nemo-25.05"},
                                                                         {"nemo-25.12", "nemo-25.05"},
                                                                         {"nemo-26.08.01", "nemo-26.08"},
                                                                         {"nemo-27.02", "nemo-26.08"},
                                                                         {"nemo-23.01", "nemo-24.07"},
                                                                         {"nemo", "nemo-26.08"},
                                                                         {"mlperf-v6.0", "mlperf-5.1"},
                                                                         {"megatron-2024", "megatron-2021"},
                                                                         {"maxtext-2025", "maxtext"},
                                                                         {"torchtitan", ""}}));
  CHECK(nearest_release(name, known) == release);
}

TEST_CASE("a row says which release stood in for its own, and nothing where it is but spelled otherwise") {
  const auto of = [](const std::string& software) { return resolve(changed("software: megatron-2021", software)); };
  CHECK(of("software: Megatron 2021").assumed == of("software: megatron-2021").assumed);
  const MeasuredStep newer = of("software: nemo-26.09"), unknown = of("software: torchtitan");
  CHECK(newer.run.software.name == catalogue_entry<Software>("software", "nemo-26.08").name);
  CHECK(newer.assumed.front() == "software: nemo-26.08");
  CHECK(unknown.assumed.front() == "software: nemo-25.05");
}

TEST_CASE("ids, suites and measured fields change no simulated step") {
  const std::string row =
      "- {id: ID, suite: SUITE, source: Narayanan et al. 2021, model: GPT-3 175B, n_gpus: 1024, tokens_billion: 300, "
      "global_batch_seqs: 1536, estimated_days: DAYS, software: megatron-2021}\n";
  const auto step = [&](std::string text, const char* id, const char* suite, const char* days) {
    for (const auto& [word, value] : {std::pair{"ID", id}, std::pair{"SUITE", suite}, std::pair{"DAYS", days}})
      text.replace(text.find(word), std::string_view(word).size(), value);
    const MeasuredStep resolved = resolve(text);
    CHECK(resolved.reason == "");
    return resolved.run;
  };
  CHECK(step(row, "a", "megatron-sc21", "34") == step(row, "b", "c", "57.8"));
}

TEST_CASE("a word with a number does not stand for another number") {
  CHECK(has_words("GPT OSS 120B", {"GPT", "120B"}));
  CHECK_FALSE(has_words("GPT OSS 120B", {"20B"}));
  CHECK_FALSE(has_words("Llama 3.2 70B", {"Llama", "2", "70B"}));
  CHECK_FALSE(has_words("NVIDIA H200", {"H20"}));
  CHECK(has_words("Intel Gaudi2", {"Gaudi", "2"}));
  CHECK(has_words("nemo-25.05.x", {"nemo-25.05"}));
}

TEST_CASE("rows of every accelerator of a series have what submissions with it leave out") {
  const std::string card = GENERATE("MI300X", "MI325X", "MI355X");
  const MeasuredStep step =
      resolve("- {id: x, iter_time_s: 1, model: Llama 2 70B LoRA, software: mlperf-5.0, gpu: " + card +
              ", n_gpus: 8, seq_len: 8192, global_batch_seqs: 8}\n");
  CHECK(std::ranges::find(step.assumed, "tp: 1") != step.assumed.end());
}

TEST_CASE("models are known by name and size however they are printed, or not at all") {
  const auto& models = catalogue_context().resolve.models;
  const auto [name, entry] = GENERATE(table<std::string, std::string>({{"Llama-2-70b-hf", "llama2-70b"},
                                                                       {"LLAMA3.1_405B", "llama3.1-405b"},
                                                                       {"GPT-3 13B", "gpt3-13b"},
                                                                       {"GPT-3 1.3B", "gpt3-1.3b"},
                                                                       {"Grok-1 314B", "grok-1"},
                                                                       {"Qwen3 235B", "qwen3-235b-a22b"},
                                                                       {"GPT-OSS 120B (tokendrop)", "gpt-oss-120b"},
                                                                       {"Mixtral-8x7B-v0.1", "mixtral-8x7b"}}));
  INFO(name);
  CHECK(find_model(models, name) == &models.at(entry));
  for (const auto* other : {"Grok-1 70B", "GPT-3", "Llama 3.2 1B", "GPT OSS", "", "Qwen3"}) {
    INFO(other);
    CHECK(find_model(models, other) == nullptr);
  }
}

TEST_CASE("number formats are those that recipes print") {
  const auto on = [](const char* accelerator, const char* words) {
    return step_format(words, catalogue_entry<Accelerator>("accelerators", accelerator), Fp8Recipe::delayed);
  };
  for (const auto* words : {"FP8-MX", "FP8_MX", "mxfp8", "MX-FP8", "fp8 (mx)"}) {
    INFO(words);
    CHECK(on("gb200", words)->precision == Precision::mxfp8);
    CHECK(on("h100-sxm5-80gb", words)->recipe == Fp8Recipe::block);
  }
  CHECK(on("gb200", "fp8 current scaling")->recipe == Fp8Recipe::current);
  CHECK(on("gb200", "FP8_CS")->recipe == Fp8Recipe::current);
  CHECK(on("gb200", "nvfp4/fp8")->precision == Precision::nvfp4);
  CHECK(on("gb200", "bfloat16")->precision == Precision::bf16);
  CHECK(on("gb200", "float16 mixed")->precision == Precision::fp16);
  CHECK_FALSE(on("gb200", "mixed"));
}

TEST_CASE("what a machine does not compute in is the row's reason, not its end") {
  CHECK(resolve(changed("gpu: A100-SXM4-80GB", "gpu: V100")).reason.empty());
  std::string row = changed("precision: fp16 mixed", "mfu_pct: 40, precision: bf16");
  row.replace(row.find("A100-SXM4-80GB"), 14, "V100");
  CHECK(resolve(row).reason.find("does not compute in bf16") != std::string::npos);
}

TEST_CASE("a machine of an older or other make is not taken for one that is known") {
  const StepSystems& systems = catalogue_context().resolve.systems;
  for (const auto* name : {"AWS Trainium1", "Trn1", "L40", "MI250", "Gaudi"}) {
    INFO(name);
    CHECK(systems.machine(name) == nullptr);
  }
  for (const auto* name : {"MI300A", "H100 NVL"}) {
    INFO(name);
    CHECK_FALSE(systems.machine(name)->node.obstacle.empty());
  }
  for (const auto* name : {"A100 40 GB", "A100-SXM4-40G"}) {
    INFO(name);
    CHECK(systems.machine(name)->accelerator.memory.capacity == 40 * gib);
  }
  CHECK(systems.machine("A100-PCIE-40GB")->accelerator.name == "NVIDIA A100-PCIe-40GB");
}

TEST_CASE("recomputation is what the words or the modules say, and unknown words are no habit") {
  CHECK(with("recompute: Full (uniform)").run.recompute == Recompute::full);
  CHECK(with("recompute: true").run.recompute == Recompute::full);
  CHECK(with("recompute: yes").run.recompute == Recompute::full);
  CHECK(with("recompute: off").run.recompute == Recompute::none);
  CHECK(with("recompute: none (8k)").run.recompute == Recompute::none);
  const MeasuredStep modules = with("recompute: [mla_up_proj, moe_act]");
  CHECK(modules.run.recompute == Recompute::selective);
  CHECK(modules.run.recompute_modules ==
        std::vector<RecomputeModule>{RecomputeModule::mla_up_proj, RecomputeModule::moe_act});
  CHECK(with("recompute: \"moe_act, moe\"").run.recompute_modules ==
        std::vector<RecomputeModule>{RecomputeModule::moe_act, RecomputeModule::moe});
  CHECK(with("recompute: sometimes").reason == "recomputation 'sometimes' is not known");
}

TEST_CASE("words for no sharding shard nothing") {
  CHECK_FALSE(with("fsdp: NO_SHARD").run.parallelism.sharding);
  CHECK_FALSE(with("fsdp: false").run.parallelism.sharding);
  CHECK(with("fsdp: HYBRID_SHARD").run.parallelism.sharding == Sharding::parameters);
  CHECK(with("zero_stage: ZeRO-2").run.parallelism.sharding == Sharding::gradients);
}

TEST_CASE("layouts that cannot be are refused with their numbers, however large these are") {
  CHECK(resolve(changed("tp: 2, pp: 2", "tp: 100000, pp: 100000")).reason ==
        "8 accelerators do not hold whole replicas of 10000000000");
  CHECK(with("virtual_stages: 999999999").reason == "pp 2 x virtual_stages 999999999 are more chunks than 8 layers");
  CHECK(with("interconnect: 99999999999999999999x 1 Gb/s").reason == "");
}

TEST_CASE("a file of rows may be a list alone") {
  const Node file = parse(record("id: x, iter_time_s: 1"));
  Problems problems;
  CHECK(records_of(file, problems).size() == 1);
  CHECK(problems.empty());
}

TEST_CASE("batches and model chunks that a row leaves open, or states in round numbers, are listed as assumed") {
  const auto all = [](const std::string& row) {
    const MeasuredStep step = resolve(row);
    return step.assumed.empty() ? "" : step.assumed.front() + (step.assumed.size() > 1 ? "; " + step.assumed[1] : "");
  };
  CHECK(all(record("id: x, iter_time_s: 1, virtual_stages: 2")).empty());
  CHECK(all(changed("global_batch_seqs: 16", "virtual_stages: 2, global_batch_seqs: 801")) == "global_batch_seqs: 800");
  CHECK(all(changed("micro_batch_seqs: 2, ", "")) == "micro_batch_seqs: 1; virtual_stages: 1");
}

TEST_CASE("rates of networks are read in the units that papers print, of a link or of a node") {
  const auto bandwidth = [](const char* text) {
    return with(std::string("interconnect: \"") + text + "\"").cluster.node.nics *
           with(std::string("interconnect: \"") + text + "\"").cluster.network.link.bandwidth;
  };
  const Bandwidth node = 3200e9 / 8 * (byte / second);
  for (const auto* text :
       {"8x400 Gb/s NDR", "NVLink4; 3.2 Tb/s RoCE per node", "400 Gbps per GPU", "3200 Gbit/s", "8 x 400 Gbps"}) {
    INFO(text);
    CHECK(bandwidth(text) / node == Approx(1));
  }
}

TEST_CASE("ranks that are not the accelerators of the row are refused") {
  CHECK(with("dp: 4").reason == "dp 4 x 4 accelerators of a replica are not 8");
  CHECK(with("dp: 1").reason == "dp 1 x 4 accelerators of a replica are not 8");
}

TEST_CASE("every recipe that names software names a release that there is") {
  const StepContext& context = catalogue_context().resolve;
  REQUIRE(!context.systems.recipes.empty());
  for (const StepRecipe& recipe : context.systems.recipes) {
    const std::string& first = recipe.words.front();  // models and accelerators are written with capitals
    if (first.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos) continue;
    INFO(first);
    CHECK(std::ranges::any_of(context.software, [&](const auto& known) { return has_words(known.first, {first}); }));
  }
}
