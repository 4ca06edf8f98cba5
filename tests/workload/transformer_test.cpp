#include "workload/transformer.hpp"

#include "catch.hpp"
#include "toy.hpp"
#include "workload/experts.hpp"

#include <algorithm>

using namespace traingrid;

namespace {

Operators joined(std::initializer_list<Operators> parts) {
  Operators list;
  for (const Operators& part : parts) list.insert(list.end(), part.begin(), part.end());
  return list;
}

Operators attention_core(const RankShape& shape) { return attention_core_forward(shape, shape.sequence); }
Operators attention_forward(const RankShape& shape) {
  return joined({attention_norm_forward(shape), attention_input_forward(shape), attention_core(shape),
                 attention_output_forward(shape)});
}
Operators attention_backward(const RankShape& shape) {
  return joined({attention_output_backward(shape), attention_core_backward(shape, shape.sequence),
                 attention_input_backward(shape)});
}
Operators mlp_forward(const RankShape& shape) {
  return joined({mlp_norm_forward(shape), mlp_forward(shape, shape.model->intermediate_size)});
}
Operators mlp_backward(const RankShape& shape) { return mlp_backward(shape, shape.model->intermediate_size); }

Operators layer_forward(const RankShape& shape) {
  return joined({attention_forward(shape), mlp_forward(shape), residual_forward(shape)});
}

Operators layer_backward(const RankShape& shape) { return joined({attention_backward(shape), mlp_backward(shape)}); }

Flop work_of(const Operators& list) {
  Flop sum;
  for (const Operator& kernel : list) sum += kernel.work();
  return sum;
}

/// Of all kernels of that name.
Bytes bytes_of(const Operators& list, std::string_view name) {
  Bytes sum;
  for (const Operator& kernel : list) sum += kernel.name == name ? kernel.bytes : Bytes{};
  return sum;
}

constexpr double b = 2, s = 256, h = 512, a = 8;

}  // namespace

TEST_CASE("a layer forward takes 24 b s h^2 (1 + s/6h) FLOP, shared evenly by the tensor ranks") {
  const int t = GENERATE(1, 2, 8);
  const Run run = toy_run({.micro_batch = 2});
  CHECK(work_of(layer_forward({run, t, 1})) / flop == Approx(24 * b * s * h * h * (1 + s / (6 * h)) / t));
}

TEST_CASE("the way back takes twice the FLOP of the way forward, in the head too") {
  const Run run = toy_run({.micro_batch = 2});
  const RankShape shape(run, 2, 1);
  CHECK(work_of(layer_backward(shape)) / work_of(layer_forward(shape)) == Approx(2));
  CHECK(work_of(head_backward(shape)) / work_of(head_forward(shape)) == Approx(2));
  CHECK(work_of(head_forward(shape)) / flop == Approx(2 * b * s * h * 1024 / 2));
}

TEST_CASE("a gated MLP has three matrices") {
  Run run = toy_run();
  const Flop plain = work_of(mlp_forward({run, 2, 1}));
  run.model.gated_mlp = true;
  CHECK(work_of(mlp_forward({run, 2, 1})) / plain == Approx(1.5));
  CHECK(work_of(mlp_backward({run, 2, 1})) / plain == Approx(3));
}

TEST_CASE("grouped key/value heads narrow the projection, not attention itself") {
  Run run = toy_run();
  const Operators whole = attention_forward({run, 1, 1});
  run.model.num_key_value_heads = 2;
  const Operators grouped = attention_forward({run, 1, 1});
  CHECK((work_of(whole) - work_of(grouped)) / flop == Approx(2 * s * h * (2 * 6 * 64)));
  CHECK(bytes_of(whole, "attention scores") == bytes_of(grouped, "attention scores"));
}

TEST_CASE("the core of attention is quadratic in the sequence and what selective recomputation repeats") {
  const Run run = toy_run({.micro_batch = 2});
  CHECK(work_of(attention_core({run, 1, 1})) / flop == Approx(4 * b * s * s * h));
}

TEST_CASE("norms, dropout and residuals are sharded by sequence parallelism only") {
  Run run = toy_run();
  const RankShape whole(run, 4, 1);
  run.parallelism.sequence_parallel = true;
  const RankShape sharded(run, 4, 1);
  CHECK(bytes_of(residual_forward(whole), "bias, dropout, residual") / byte == Approx(3.5 * s * h * 2));
  CHECK(bytes_of(residual_forward(whole), "bias, dropout, residual") /
            bytes_of(residual_forward(sharded), "bias, dropout, residual") ==
        Approx(4));
  CHECK(bytes_of(mlp_forward(whole), "activation") == bytes_of(mlp_forward(sharded), "activation"));
  CHECK(work_of(layer_forward(whole)) == work_of(layer_forward(sharded)));
}

TEST_CASE("scale and mask apart from softmax pass over the scores four more times, and read what is masked") {
  const bool causal = GENERATE(false, true);
  Run run = toy_run();
  run.model.causal = causal;
  const auto softmax = [&] { return bytes_of(attention_core({run, 1, 1}), "softmax and dropout"); };
  const Bytes fused = softmax();
  CHECK(fused / byte == Approx((causal ? 4 : 4.5) * a * s * s * 2));  // read, write, dropout with its mask
  run.software.fused_softmax = false;
  CHECK((softmax() - fused) / byte == Approx((causal ? 4.5 : 4) * a * s * s * 2));
}

TEST_CASE("a model without dropout and biases moves none of their bytes") {
  Run run = toy_run();
  run.model.dropout = run.model.bias = false;
  const RankShape shape(run, 2, 1);
  CHECK(bytes_of(attention_backward(shape), "bias gradient") == Bytes{});
  CHECK(bytes_of(mlp_backward(shape), "bias gradient") == Bytes{});
  CHECK(bytes_of(residual_backward(shape), "dropout") == Bytes{});
  CHECK(bytes_of(residual_forward(shape), "bias, dropout, residual") / byte == Approx(3 * s * h * 2));
}

TEST_CASE(
    "latent attention multiplies what is compressed, then what is spread out again, heads shared by tensor ranks") {
  const int t = GENERATE(1, 2);
  Run run = toy_run();
  run.model.q_lora_rank = 192;
  run.model.kv_lora_rank = 64;
  run.model.qk_nope_head_dim = 32;
  run.model.qk_rope_head_dim = 16;
  run.model.v_head_dim = 24;
  run.software.flash_attention = true;
  const RankShape shape(run, t, 1);
  const double compressed = h * (192 + 64 + 16), spread = (192 * a * 48 + 64 * a * (32 + 24)) / t;
  CHECK(work_of(attention_input_forward(shape)) / flop == Approx(2 * s * (compressed + spread)));
  CHECK(work_of(attention_input_backward(shape)) / flop == Approx(4 * s * (compressed + spread)));
  CHECK(work_of(attention_output_forward(shape)) / flop == Approx(2 * s * a * 24 * h / t));
  CHECK(work_of(attention_core(shape)) / flop == Approx(2 * s * s / 2 * a * (48 + 24) / t));
  CHECK(work_of(attention_core_backward(shape, shape.sequence)) / flop ==
        Approx(2 * s * s / 2 * a * (3 * 48 + 2 * 24) / t));
}

TEST_CASE(
    "a window of w tokens lets a query see w - w^2/2s of them on average, and all of a sequence no longer than it") {
  Run run = toy_run();
  run.software.flash_attention = true;
  RankShape shape(run, 1, 1);
  const Flop whole = work_of(attention_core(shape));
  shape.window = 64;
  CHECK(work_of(attention_core(shape)) / whole == Approx((64 - 64 * 64 / (2 * s)) / (s / 2)));
  shape.window = 256;
  CHECK(work_of(attention_core(shape)) == whole);
}

TEST_CASE("documents packed into a sequence attend to nothing beside them") {
  Run run = toy_run();
  run.software.flash_attention = true;
  const Flop whole = work_of(attention_core({run, 1, 1}));
  run.document_length = 64;
  CHECK(work_of(attention_core({run, 1, 1})) / whole == Approx(64 / s));
  run.document_length = 256;
  CHECK(work_of(attention_core({run, 1, 1})) == whole);
}

TEST_CASE("a window inside documents is cut by their beginnings alone") {
  Run run = toy_run();
  run.software.flash_attention = true;
  RankShape shape(run, 1, 1);
  const Flop whole = work_of(attention_core(shape));
  shape.document = 128;
  shape.window = 32;
  CHECK(work_of(attention_core(shape)) / whole == Approx((32 - 32 * 32 / (2 * 128.0)) / (s / 2)));
  shape.window = 128;
  CHECK(work_of(attention_core(shape)) / whole == Approx(128 / s));
}

TEST_CASE("no mask cuts through keys of other ranks, nor through those of a model that sees all of its sequence") {
  Run run = toy_run();
  run.software.flash_attention = true;
  RankShape shape(run, 1, 2);
  CHECK_FALSE(attention_core(shape).front().unmasked);
  shape.apart = true;
  CHECK(attention_core(shape).front().unmasked);
  run.model.causal = false;
  CHECK(attention_core({run, 1, 1}).front().unmasked);
}

TEST_CASE(
    "around a ring of two, keys take 2.5 passes forward and 8.25 backward, queries and what they give 6.75 and 5.75") {
  const Run run = toy_run();
  const RankShape shape(run, 1, 2);
  const Bytes queries = shape.wide(512), keys = 2 * queries;
  const auto total = [](const Operators& list) { return list[0].bytes + list[1].bytes; };
  CHECK(total(ring_forward(shape)) / byte == Approx((2.5 * keys + 6.75 * queries) / byte));
  CHECK(total(ring_backward(shape)) / byte == Approx((8.25 * keys + 5.75 * queries) / byte));
}

TEST_CASE("squared ReLU is as many passes between the matrices of experts") {
  Run run = toy_run();
  run.model.num_experts = 4;
  run.model.num_experts_per_tok = 2;
  run.model.moe_intermediate_size = 256;
  const Bytes fused = bytes_of(experts_forward({run, 1, 1}), "experts activation");
  const Bytes fused_back = bytes_of(experts_backward({run, 1, 1}), "experts activation");
  run.model.squared_relu = true;
  CHECK(bytes_of(experts_forward({run, 1, 1}), "experts activation") / fused == Approx(2));
  CHECK(bytes_of(experts_backward({run, 1, 1}), "experts activation") / fused_back == Approx(10.0 / 3));
}

TEST_CASE("squared ReLU is two functions, whose kernels move ten passes back where a fused one moves three") {
  Run run = toy_run();
  const Bytes fused = bytes_of(mlp_forward({run, 1, 1}), "activation");
  const Bytes fused_back = bytes_of(mlp_backward({run, 1, 1}), "activation");
  run.model.squared_relu = true;
  CHECK(bytes_of(mlp_forward({run, 1, 1}), "activation") / fused == Approx(2));
  CHECK(bytes_of(mlp_backward({run, 1, 1}), "activation") / fused_back == Approx(10.0 / 3));
}

TEST_CASE("cross entropy moves 52 bytes of a logit in kernels apart, 20 in fp16, 28 compiled, 10 in place") {
  const auto [kind, bytes] = GENERATE(table<CrossEntropy, double>({{CrossEntropy::separate, 52},
                                                                   {CrossEntropy::narrow, 20},
                                                                   {CrossEntropy::compiled, 28},
                                                                   {CrossEntropy::in_place, 10}}));
  Run run = toy_run();
  run.software.cross_entropy = kind;
  const RankShape shape(run, 1, 1);
  const Operators all = joined({head_forward(shape), head_backward(shape)});
  CHECK(bytes_of(all, "cross entropy") / byte == Approx(bytes * s * static_cast<double>(run.model.vocab_size)));
}

TEST_CASE("software that copies for attention moves values forward, queries of groups too, and all gradients back") {
  const int groups = GENERATE(8, 2);
  Run run = toy_run();
  run.model.num_key_value_heads = groups;
  const auto copied = [&] {
    const Operators forward = attention_input_forward({run, 1, 1}), backward = attention_input_backward({run, 1, 1});
    return bytes_of(forward, "copy queries, values") + bytes_of(backward, "copy gradients");
  };
  run.software.attention_copies = true;
  CHECK(copied() == Bytes{});  // nothing is rotated
  run.model.rotary = true;
  const double values = groups * h / a, queries = groups == 8 ? 0 : h;
  CHECK(copied() / byte == Approx(2 * 2 * s * (values + queries + h + 2 * values)));
}
