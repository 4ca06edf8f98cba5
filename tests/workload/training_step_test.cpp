#include "workload/training_step.hpp"

#include "catch.hpp"
#include "each_operation.hpp"
#include "toy.hpp"

#include <map>
#include <set>
#include <tuple>

using namespace traingrid;

namespace {

Program program_of(const Run& run, int micro_batches) {
  return training_step(run, toy_layout(run, toy_cluster({.nodes = 4})), micro_batches);
}

struct Sum {
  int count = 0;
  Bytes bytes;
};

/// Collectives of a term, over one rank of every role.
Sum collectives(const Program& program, Term term, Collective kind) {
  Sum sum;
  for (std::size_t role = 0; role < program.roles.size(); ++role) {
    each_operation(program, role, [&](const Operation& op, int) {
      if (op.kind != Operation::Kind::collective || op.term != term || op.collective != kind) return;
      ++sum.count;
      sum.bytes += op.bytes;
    });
  }
  return sum;
}

/// Messages by who receives them, from which side, in which micro-batch, under which tag, with their bytes.
using Messages = std::multiset<std::tuple<int, int, int, int, double>>;

Messages messages(const Program& program, Operation::Kind kind) {
  Messages list;
  const auto stages = static_cast<int>(program.roles.size());
  for (int stage = 0; stage < stages; ++stage) {
    each_operation(program, static_cast<std::size_t>(stage), [&](const Operation& op, int micro_batch) {
      if (op.kind != kind) return;
      const bool sends = kind == Operation::Kind::send;
      const int receiver = sends ? (stage + op.direction + stages) % stages : stage;
      list.insert({receiver, sends ? -op.direction : op.direction, micro_batch, op.tag, op.bytes / byte});
    });
  }
  return list;
}

constexpr double s = 256, h = 512, V = 1024, L = 8;
const ToyModel kModel{.layers = 8};

/// Layouts of a pipeline, one with model chunks.
std::vector<ToyRun> pipelines() {
  return {
      {.parallelism = {.tensor = 2, .pipeline = 4}, .schedule = "1f1b", .model = kModel},
      {.parallelism = {.tensor = 2, .pipeline = 4}, .schedule = "gpipe", .model = kModel},
      {.parallelism = {.tensor = 2, .pipeline = 4, .virtual_stages = 2},
       .schedule = "interleaved-1f1b",
       .model = kModel},
      {.parallelism = {.tensor = 2, .pipeline = 2, .virtual_stages = 4},
       .schedule = "interleaved-1f1b",
       .model = kModel},
      {.parallelism = {.tensor = 2, .pipeline = 4}, .schedule = "zero-bubble-h1", .model = kModel},
      {.parallelism = {.tensor = 2, .pipeline = 2, .virtual_stages = 2}, .schedule = "zero-bubble-v", .model = kModel},
      {.parallelism = {.tensor = 2, .pipeline = 2, .virtual_stages = 2}, .schedule = "dualpipe", .model = kModel}};
}

}  // namespace

// Narayanan et al. 2021 (SC21), equation 3 and its appendix count matrix multiplications only, attention in full, and
// no recomputation of the head: exactly what is counted here, so the two agree to rounding.
TEST_CASE(
    "a step with full recomputation executes 96 B s L h^2 (1 + s/6h + V/16Lh) FLOP, of which the model's are 72") {
  const auto parallelism = GENERATE(values<Parallelism>({{},
                                                         {.tensor = 8},
                                                         {.tensor = 2, .pipeline = 4},
                                                         {.pipeline = 2, .data = 3},
                                                         {.tensor = 2, .sequence_parallel = true}}));
  const Run run =
      toy_run({.parallelism = parallelism, .micro_batch = 2, .recompute = Recompute::full, .model = kModel});
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  const double B = layout.data * run.micro_batch * 4;
  const StepWork work = step_work(training_step(run, layout, 4));
  const double executed = 96 * B * s * L * h * h * (1 + s / (6 * h) + V / (16 * L * h));
  const double model = 72 * B * s * L * h * h * (1 + s / (6 * h) + V / (12 * L * h));
  CHECK((work.model + work.recomputed) / flop == Approx(executed).epsilon(1e-12));
  CHECK(work.model / flop == Approx(model).epsilon(1e-12));
}

TEST_CASE("recomputation repeats nothing, the core of attention, or all layers forward") {
  const auto recomputed = [](Recompute recompute) {
    const StepWork work = step_work(program_of(toy_run({.recompute = recompute, .model = kModel}), 4));
    return work.recomputed / (4 * 16 * flop);  // 4 sequences on each of 16 replicas
  };
  CHECK(recomputed(Recompute::none) == 0);
  CHECK(recomputed(Recompute::selective) == Approx(L * 4 * s * s * h));
  CHECK(recomputed(Recompute::full) == Approx(L * 24 * s * h * h * (1 + s / (6 * h))));
}

TEST_CASE("the tensor ranks add up b s h activations four times a layer and micro-batch, six with full recomputation") {
  const int micro_batches = 4;
  for (ToyRun toy : pipelines()) {
    toy.micro_batch = 2;
    const int beside_layers = 2;  // the embedding forward, the gradient of the head backward
    for (const auto& [recompute, per_layer] : {std::pair{Recompute::none, 4}, std::pair{Recompute::full, 6}}) {
      toy.recompute = recompute;
      const Sum sum = collectives(program_of(toy_run(toy), micro_batches), Term::tensor, Collective::all_reduce);
      CHECK(sum.count == micro_batches * (8 * per_layer + beside_layers));
      CHECK(sum.bytes / (sum.count * byte) == Approx(2 * s * h * 2));
    }
  }
}

TEST_CASE("sequence parallelism makes of every sum a reduce-scatter and an all-gather of the same bytes") {
  ToyRun toy = pipelines().front();
  const Sum whole = collectives(program_of(toy_run(toy), 4), Term::tensor, Collective::all_reduce);
  toy.parallelism.sequence_parallel = true;
  const Program program = program_of(toy_run(toy), 4);
  for (const Collective kind : {Collective::reduce_scatter, Collective::all_gather}) {
    CHECK(collectives(program, Term::tensor, kind).count == whole.count);
    CHECK(collectives(program, Term::tensor, kind).bytes == whole.bytes);
  }
  CHECK(collectives(program, Term::tensor, Collective::all_reduce).count == 0);
}

TEST_CASE("every message that is sent is expected, tag by tag and with its bytes") {
  for (const ToyRun& toy : pipelines()) {
    const Program program = program_of(toy_run(toy), 4);
    const Messages sent = messages(program, Operation::Kind::send);
    const bool turns = find_schedule(toy.schedule)->v_shaped;  // in the middle, on one stage
    const int boundaries = toy.parallelism.pipeline * toy.parallelism.virtual_stages - (turns ? 2 : 1);
    CHECK(sent == messages(program, Operation::Kind::receive));
    CHECK(sent.size() == static_cast<std::size_t>(4 * 2 * boundaries));
    CHECK(std::set(sent.begin(), sent.end()).size() == sent.size());  // no two share a tag
    for (const auto& message : sent) {
      CHECK(std::get<3>(message) < program.tags);
      CHECK(std::get<4>(message) == s * h * 2);
    }
  }
}

TEST_CASE("scatter/gather sends a share per tensor rank and gathers it at the receiver") {
  Run run = toy_run(pipelines().front());
  run.software.scatter_gather_pipeline = true;
  const Program program = program_of(run, 4);
  const Messages received = messages(program, Operation::Kind::receive);
  for (const auto& message : received) CHECK(std::get<4>(message) == s * h * 2 / 2);
  const Sum gathered = collectives(program, Term::pipeline, Collective::all_gather);
  CHECK(gathered.count == static_cast<int>(received.size()));
  CHECK(gathered.bytes / (gathered.count * byte) == Approx(s * h * 2));
}

TEST_CASE("gradients of every weight are summed once a step over the replicas, tied embeddings over the ends too") {
  const Run run = toy_run(pipelines().front());
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  double held = 0;
  for (int stage = 0; stage < layout.pipeline; ++stage) held += chunk_parameters(run.model, layout, stage);
  const Sum sum = collectives(training_step(run, layout, 4), Term::data, Collective::all_reduce);
  CHECK(sum.count == layout.pipeline + 2);
  CHECK(sum.bytes / byte == Approx(2 * (held + 2 * V * h / layout.tensor)));
}

TEST_CASE("overlapped gradients are summed layer by layer in the last backward passes, and waited for") {
  Run run = toy_run(pipelines()[2]);
  const Program plain = program_of(run, 4);
  run.software.overlap_data_parallel = true;
  const Program overlapped = program_of(run, 4);
  int asynchronous = 0, waits = 0;
  for (std::size_t role = 0; role < overlapped.roles.size(); ++role) {
    each_operation(overlapped, role, [&](const Operation& op, int) {
      asynchronous += op.asynchronous ? 1 : 0;
      waits += op.kind == Operation::Kind::wait ? 1 : 0;
    });
  }
  CHECK(asynchronous == 8 + 2);  // layers, and the embedding at either end
  CHECK(waits == 4);
  CHECK(collectives(overlapped, Term::data, Collective::all_reduce).bytes /
            collectives(plain, Term::data, Collective::all_reduce).bytes ==
        Approx(1));
}

TEST_CASE("a distributed optimizer scatters gradients and gathers weights") {
  Run run = toy_run({.parallelism = {.tensor = 2}, .model = kModel});
  run.software.distributed_optimizer = true;
  run.software.gradient_bytes = 4;
  const Program program = program_of(run, 4);
  const double parameters = chunk_parameters(run.model, toy_layout(run, toy_cluster({.nodes = 4})), 0);
  CHECK(collectives(program, Term::data, Collective::reduce_scatter).bytes / byte == Approx(4 * parameters));
  CHECK(collectives(program, Term::data, Collective::all_gather).bytes / byte == Approx(2 * parameters));
  CHECK(collectives(program, Term::data, Collective::all_reduce).count == 0);
}

TEST_CASE("an optimizer step updates a replica's share of parameters, and passes over all gradients of its rank") {
  Run run = toy_run({.parallelism = {.tensor = 2}, .model = kModel});
  run.software.distributed_optimizer = true;
  run.software.gradient_bytes = 4;
  const auto moved = [&] {
    Bytes sum;
    const Program program = program_of(run, 4);
    each_operation(program, 0, [&](const Operation& op, int) {
      if (op.kind != Operation::Kind::compute || op.term != Term::optimizer) return;
      for (const Operator& kernel : program.works[static_cast<std::size_t>(op.work)]) sum += kernel.bytes;
    });
    return sum;
  };
  const Bytes without = moved();
  run.software.gradient_passes = 3;
  const double parameters = chunk_parameters(run.model, toy_layout(run, toy_cluster({.nodes = 4})), 0);
  CHECK((moved() - without) / byte == Approx(3 * 4 * parameters));
}

TEST_CASE("updated parameters are gathered once a step, chunk by chunk, ahead of the first forward pass over them") {
  const auto toy = GENERATE(ToyRun{.parallelism = {.tensor = 2}, .model = kModel},
                            ToyRun{.parallelism = {.tensor = 2, .pipeline = 2, .virtual_stages = 2},
                                   .schedule = "interleaved-1f1b",
                                   .model = kModel});
  Run run = toy_run(toy);
  run.software.distributed_optimizer = run.software.overlap_data_parallel = true;
  const Sum blocking = collectives(program_of(run, 4), Term::data, Collective::all_gather);
  run.software.overlap_parameter_gather = true;
  const Program ahead = program_of(run, 4);
  const Sum by_layer = collectives(ahead, Term::data, Collective::all_gather);
  CHECK(by_layer.bytes / blocking.bytes == Approx(1));
  run.software.bucket_parameters_per_rank = 1e9;  // more than a chunk has
  const Sum by_bucket = collectives(program_of(run, 4), Term::data, Collective::all_gather);
  CHECK(by_bucket.bytes / blocking.bytes == Approx(1));
  CHECK(by_bucket.count < by_layer.count);
  for (std::size_t role = 0; role < ahead.roles.size(); ++role) {
    each_operation(ahead, role, [&](const Operation& op, int micro_batch) {
      if (op.kind != Operation::Kind::collective || op.collective != Collective::all_gather || op.term != Term::data)
        return;
      CHECK(op.asynchronous);
      CHECK(micro_batch == 0);
    });
  }
}

TEST_CASE("every rank is in one group of its tensor, pipeline and data communicators, with its own kind") {
  const Run run = toy_run(pipelines().front());
  const Layout layout = toy_layout(run, toy_cluster({.nodes = 4}));
  const Program program = training_step(run, layout, 4);
  const std::map<std::string, int> sizes{
      {"tensor", layout.tensor}, {"pipeline", layout.pipeline}, {"data", layout.data}};
  for (const Communicator& communicator : program.communicators) {
    if (communicator.name == "embedding") continue;
    INFO(communicator.name);
    CHECK(communicator.members.size() == static_cast<std::size_t>(layout.ranks()));
    CHECK(std::set(communicator.members.begin(), communicator.members.end()).size() == communicator.members.size());
    CHECK(communicator.groups() * sizes.at(communicator.name) == layout.ranks());
    std::set<std::int32_t> stages_of_first_group;
    for (int i = 0; i < communicator.offsets[1]; ++i) {
      const auto rank = static_cast<std::size_t>(communicator.members[static_cast<std::size_t>(i)]);
      stages_of_first_group.insert(program.role_of_rank[rank]);
    }
    CHECK(stages_of_first_group.size() == (communicator.name == "pipeline" ? 4U : 1U));
  }
}

TEST_CASE("groups of one exchange nothing") {
  const Program program = program_of(toy_run({.parallelism = {.data = 1}}), 4);
  for (const Block& block : program.blocks) {
    for (const Operation& op : block.operations) CHECK(op.kind == Operation::Kind::compute);
  }
}

TEST_CASE("a backward pass in two parts computes and exchanges what the whole one does") {
  ToyRun toy = pipelines().front();
  for (const bool overlapped : {false, true}) {
    Run whole = toy_run(toy);
    whole.software.overlap_data_parallel = overlapped;
    Run split = whole;
    split.schedule = "zero-bubble-h1";
    const Program one = program_of(whole, 4), two = program_of(split, 4);
    CHECK(step_work(one).model == step_work(two).model);
    for (const Term term : {Term::tensor, Term::data}) {
      CHECK(collectives(one, term, Collective::all_reduce).count ==
            collectives(two, term, Collective::all_reduce).count);
      CHECK(collectives(one, term, Collective::all_reduce).bytes ==
            collectives(two, term, Collective::all_reduce).bytes);
    }
  }
}

TEST_CASE("overlapped with the backward pass, sums of gradients are asynchronous and keep their bytes") {
  Run run = toy_run({.parallelism = {.tensor = 2}, .model = kModel});
  const Sum plain = collectives(program_of(run, 1), Term::tensor, Collective::all_reduce);
  run.parallelism.tensor_overlap = TensorOverlap::backward;
  const Program program = program_of(run, 1);
  int asynchronous = 0, waits = 0;
  each_operation(program, 0, [&](const Operation& op, int) {
    asynchronous += op.asynchronous ? 1 : 0;
    waits += op.kind == Operation::Kind::wait && op.term == Term::tensor ? 1 : 0;
  });
  CHECK(asynchronous == 2 * L + 1);  // and that of the head
  CHECK(waits == asynchronous);
  CHECK(collectives(program, Term::tensor, Collective::all_reduce).bytes == plain.bytes);
}

TEST_CASE("in chunks all but one of every exchange go beside a multiplication") {
  Run run = toy_run({.parallelism = {.tensor = 2, .sequence_parallel = true}, .model = kModel});
  const Program plain = program_of(run, 1);
  run.parallelism.tensor_overlap = TensorOverlap::chunks;
  const Program program = program_of(run, 1);
  for (const Collective kind : {Collective::reduce_scatter, Collective::all_gather}) {
    CHECK(collectives(program, Term::tensor, kind).bytes == collectives(plain, Term::tensor, kind).bytes);
  }
  Bytes beside, exposed;
  each_operation(program, 0, [&](const Operation& op, int) {
    if (op.kind == Operation::Kind::collective && op.term == Term::tensor)
      (op.asynchronous ? beside : exposed) += op.bytes;
  });
  const double one = s * h * 2;  // of 2 L + 1 sums forward and back, those of gradients go beside gradients of weights
  CHECK(exposed / byte == Approx(one + (2 * L + 2 * (2 * L + 1)) * one / 4));
  CHECK(step_work(program).model == step_work(plain).model);
}

TEST_CASE("layers with attention and MLP side by side add up once for both") {
  Run run = toy_run({.parallelism = {.tensor = 2}, .model = kModel});
  run.model.parallel_residual = true;
  const Sum sum = collectives(program_of(run, 1), Term::tensor, Collective::all_reduce);
  CHECK(sum.count == 2 * L + 2);
}

TEST_CASE("an encoder sees all of its input, a decoder its own tokens and the encoder's output") {
  Run run = toy_run({.model = kModel});
  run.model.encoder_layers = 6;
  run.model.learned_positions = false;
  run.decoder_sequence_length = 64;
  run.software.flash_attention = true;
  const double d = 64;
  const auto layer = [](double tokens, double seen) { return 24 * tokens * h * h + 4 * tokens * seen * h; };
  const double encoder = layer(s, s), decoder = layer(d, d / 2);
  const double cross = 4 * d * h * h + 4 * s * h * h + 4 * d * s * h;  // query and output; key and value; core
  const double forward = 6 * encoder + 2 * (decoder + cross) + 2 * d * h * V;
  const double attention = 6 * 4 * s * s * h + 2 * (4 * d * d / 2 * h + 4 * d * s * h);
  const double expected = 3 * forward + attention / 2;  // flash attention computes scores once more on the way back
  CHECK(step_work(program_of(run, 1)).model / (16 * flop) == Approx(expected));
  run.parallelism.pipeline = 2;
  CHECK(resolve_layout(run, toy_cluster({.nodes = 4})).reason.starts_with("a model with an encoder needs pipeline"));
}
