#include "workload/run.hpp"

#include "catch.hpp"
#include "read_text.hpp"

using namespace traingrid;

namespace {

using Messages = std::vector<std::string>;

const std::string kRun = R"(
name: A run
cluster: somewhere
site: somewhere
model: {name: A model, hidden_size: 512, num_hidden_layers: 4, num_attention_heads: 8, intermediate_size: 2048,
        vocab_size: 1024, max_position_embeddings: 256, learned_positions: true}
software: {name: S, collectives: nccl, fused_softmax: true, scatter_gather_pipeline: false, overlap_data_parallel: false,
           distributed_optimizer: false, gradient_bytes: 2, optimizer_state_bytes: 12, optimizer_traffic_bytes: 30,
           reserved_memory: 0 B}
tokens: 1e6
batch: 8
recompute: full
precision: fp16
start: 2020-01-01
organisation: Somebody
)";

Messages messages_of(const std::string& more) { return messages(read_text<Run>(kRun + more, "run").problems); }

}  // namespace

TEST_CASE("a run reads without a problem, and what it leaves out has its default") {
  const auto read = read_text<Run>(kRun + "sequence_length: 256\nschedule: 1f1b\n", "run");
  CHECK(read.problems.empty());
  CHECK(read.value.micro_batch == 1);
  CHECK(read.value.parallelism.tensor == 1);
  CHECK_FALSE(read.value.parallelism.data);
  CHECK(read.value.recompute == Recompute::full);
  CHECK(read.value.model.num_key_value_heads == 8);
}

TEST_CASE("a sequence longer than the model's positions is a problem") {
  CHECK(messages_of("sequence_length: 257\nschedule: 1f1b\n") ==
        Messages{"longer than the model's max_position_embeddings"});
}

TEST_CASE("a ramp that never comes to the full batch is a problem") {
  CHECK(messages_of(
            "sequence_length: 256\nschedule: 1f1b\nbatch_ramp: [{tokens: 4e5, batch: 2}, {tokens: 6e5, batch: 4}]") ==
        Messages{"the ramp leaves no tokens for the full batch"});
  CHECK(messages_of("sequence_length: 256\nschedule: 1f1b\nbatch_ramp: [{tokens: 4e5, batch: 2}]").empty());
}

TEST_CASE("a schedule that is not known is answered with those that are") {
  CHECK(messages_of("sequence_length: 256\nschedule: 2f2b\n") ==
        Messages{"unknown schedule '2f2b'; known: 1f1b, interleaved-1f1b, gpipe, gradient-accumulation, "
                 "zero-bubble-h1, zero-bubble-v, dualpipe"});
}

TEST_CASE("keys of precision, recomputation and overlap that would have no effect in this run are problems") {
  const std::string run = "sequence_length: 256\nschedule: 1f1b\n";
  CHECK(messages_of(run + "fp8_recipe: current\n") == Messages{"has an effect with precision: fp8 only"});
  CHECK(messages_of(run + "expert_capacity_factor: 1.25\n") == Messages{"the model has no experts"});
  CHECK(messages_of(run + "parallelism: {tensor_overlap: backward}\n") ==
        Messages{"has an effect with tensor above 1 only"});
  CHECK(messages_of(run + "parallelism: {tensor: 2, tensor_overlap: chunks}\n") ==
        Messages{"chunks need sequence_parallel"});
  CHECK(messages_of(run + "recompute_layers: 2\n").empty());
}

TEST_CASE("keys that would have no effect in this run are problems") {
  const auto with = [](const std::string& more) {
    return messages_of("sequence_length: 256\nschedule: 1f1b\n" + more);
  };
  CHECK(with("parallelism: {shard_group: 2}") == Messages{"has an effect with sharding: parameters only"});
  CHECK(with("parallelism: {sharding: parameters, shard_group: 2}").empty());
  CHECK(with("parallelism: {context_exchange: all-gather}") == Messages{"has an effect with context above 1 only"});
  CHECK(with("parallelism: {context: 2, context_exchange: all-gather}").empty());
  CHECK(with("expert_imbalance: 1.2") == Messages{"the model has no experts"});
  CHECK(with("placement: {seed: 1}") == Messages{"has an effect on random placements only"});
  CHECK(with("placement: {accelerators: [0, 1]}") == Messages{"has an effect with policy: explicit only"});
  CHECK(with("placement: {policy: explicit}") == Messages{"an explicit placement lists `accelerators`"});
  CHECK(with("placement: {policy: explicit, accelerators: [1, 0], accelerators_per_node: 1}") ==
        Messages{"has no effect on an explicit placement, which lists accelerators"});
  CHECK(with("placement: {policy: random, seed: 1, accelerators_per_node: 2}").empty());
}

TEST_CASE("documents are of sequences that one kernel attends to, without an encoder") {
  const auto with = [](const std::string& model, const std::string& software) {
    std::string run = kRun;
    run.insert(run.find("learned_positions"), model);
    run.insert(run.find("fused_softmax"), software);
    run += "sequence_length: 256\nschedule: 1f1b\ndocument_length: 64\n";
    return messages(read_text<Run>(run, "run").problems);
  };
  CHECK(with("", "flash_attention: true, ").empty());
  CHECK(with("", "") == Messages{"has an effect with flash attention only, which leaves out what is masked"});
  CHECK(with("encoder_layers: 2, ", "flash_attention: true, ") ==
        Messages{"documents of a model with an encoder are not modelled"});
}

TEST_CASE("heads that do not divide the model are a problem") {
  const std::string heads =
      "name: M\nhidden_size: 510\nnum_hidden_layers: 1\nnum_attention_heads: 8\n"
      "intermediate_size: 2048\nvocab_size: 1024\nmax_position_embeddings: 256\n";
  CHECK(messages(read_text<Model>(heads, "model").problems) ==
        Messages{"hidden_size must be a multiple of num_attention_heads"});
}

TEST_CASE("sizes of heads that attention has kernels for rise") {
  const std::string software =
      "name: S\ncollectives: nccl\nfused_softmax: true\nscatter_gather_pipeline: false\noverlap_data_parallel: false\n"
      "distributed_optimizer: false\ngradient_bytes: 2\noptimizer_state_bytes: 12\noptimizer_traffic_bytes: 30\n"
      "reserved_memory: 0 B\nattention_head_sizes: ";
  CHECK(messages(read_text<Software>(software + "[32, 64, 128]\n", "software").problems).empty());
  CHECK(messages(read_text<Software>(software + "[64, 32]\n", "software").problems) == Messages{"sizes rise"});
}

TEST_CASE("inputs that are recomputed, or that a part of a layer shares with another, are not offloaded") {
  const auto with = [](const std::string& module, const std::string& repeated) {
    std::string run = kRun;
    run.replace(run.find("recompute: full"), 15, "recompute: selective\nrecompute_modules: [" + repeated + "]");
    run.insert(run.find("learned_positions"), "parallel_residual: true, ");
    run += "sequence_length: 256\nschedule: 1f1b\noffload: {offload_modules: [" + module + "]}\n";
    return messages(read_text<Run>(run, "run").problems);
  };
  CHECK(with("qkv_linear", "core_attn").empty());
  CHECK(with("qkv_linear", "layernorm") ==
        Messages{"qkv_linear reads a norm that is recomputed (layernorm), not kept"});
  CHECK(with("mlp_norm", "core_attn") ==
        Messages{"mlp_norm is attn_norm in a model whose attention and MLP read the same norm"});
}

TEST_CASE("what cannot be offloaded is refused with the reason") {
  const auto refused = [](const std::string& offload, const std::string& reason, const std::string& more = "") {
    const Messages messages = messages_of("sequence_length: 256\n" + (more.empty() ? "schedule: 1f1b\n" : more) +
                                          "offload: {" + offload + "}\n");
    INFO(offload);
    REQUIRE(messages.size() == 1);
    CHECK(messages.front().find(reason) != std::string::npos);
  };
  refused("cpu_offloading_num_layers: 2", "needs recompute: none");
  refused("cpu_offloading_num_layers: 4", "must be below the layers of the model");
  refused("cpu_offloading_num_layers: 2", "needs pipeline: 1", "schedule: 1f1b\nparallelism: {pipeline: 2}\n");
  refused("cpu_offloading_num_layers: 2, offload_modules: [core_attn]", "not both");
  refused("offload_modules: [attn_proj]", "attn_proj needs core_attn");
  refused("offload_modules: [core_attn]", "offload_modules find nothing");
  refused("cpu_checkpointing: true", "for two passes back", "schedule: zero-bubble-h1\nparallelism: {pipeline: 2}\n");
  refused("cpu_checkpointing: true", "no chunk has two", "schedule: 1f1b\nparallelism: {pipeline: 4}\n");
  refused("cpu_checkpointing: true", "recompute_layers is 0", "schedule: 1f1b\nrecompute_layers: 0\n");
  refused("overlap_cpu_optimizer_d2h_h2d: true", "has an effect with optimizer_offload_fraction above 0 only");
  refused("optimizer_offload_fraction: 1.5", "must be between 0 and 1");
  refused("optimizer_offload_fraction: 1", "sharded optimizer states only");
  refused("offload_param: true", "needs `optimizer_offload_fraction: 1`");
  refused("offload_param: true, optimizer_offload_fraction: 1", "offload_param needs sharding: parameters",
          "schedule: 1f1b\nparallelism: {sharding: optimizer}\n");
  CHECK(messages_of("sequence_length: 256\nschedule: 1f1b\noffload: {cpu_checkpointing: true}\n").empty());
}
