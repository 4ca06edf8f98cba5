// The order of operations: what waits for what, and programs that contradict themselves.
#include "fold/dag.hpp"

#include "catch.hpp"
#include "fold/tiny_program.hpp"

#include <stdexcept>
#include <string>

using namespace traingrid;

namespace {

using Dates = std::vector<double>;

constexpr Folding kFoldings[]{Folding::none, Folding::equitable, Folding::certified};

/// When the operations of the first ranks end, however the step is folded.
void check_dates(const TinyProgram& tiny, const Cluster& cluster, const std::vector<Dates>& expected) {
  for (const Folding folding : kFoldings) {
    const Evaluation evaluation = tiny.run(cluster, {}, folding);
    for (std::size_t rank = 0; rank < expected.size(); ++rank) {
      const Dates dates = ends_of(evaluation, rank);
      REQUIRE(dates.size() == expected[rank].size());
      for (std::size_t i = 0; i < dates.size(); ++i) {
        CAPTURE(static_cast<int>(folding), rank, i);
        CHECK(dates[i] == Approx(expected[rank][i]).epsilon(1e-9));
      }
    }
  }
}

/// The message of the std::logic_error that the program meets.
std::string complaint(const TinyProgram& tiny) {
  std::string text;
  for (const Folding folding : kFoldings) {
    try {
      tiny.run(tiny_cluster(4), {}, folding);
      text += "nothing; ";
    } catch (const std::logic_error& error) {
      if (text != error.what()) text += error.what();
    }
  }
  return text;
}

}  // namespace

TEST_CASE("operations of a rank follow one another, and a collective begins when its last member is there") {
  TinyProgram tiny(2, {{{0, 1}}});
  tiny.compute(0, 0.5 * second);
  tiny.compute(1, 2.0 * second);
  for (const int rank : {0, 1}) tiny.collective(rank, 0, 10 * gigabyte);
  tiny.compute(0, 0.5 * second);
  check_dates(tiny, tiny_cluster(2), {{0.5, 3, 3.5}, {2, 3}});
}

TEST_CASE("an asynchronous collective holds a rank up only where it waits for it") {
  TinyProgram tiny(2, {{{0, 1}}});
  for (const int rank : {0, 1}) {
    tiny.compute(rank, 1 * second);
    tiny.start_collective(rank, 0, 20 * gigabyte);
    tiny.compute(rank, 1 * second);
    tiny.wait(rank, 0);
    tiny.wait(rank, 0);  // nothing left to wait for
    tiny.compute(rank, 1 * second);
  }
  check_dates(tiny, tiny_cluster(2), {{1, 1, 2, 3, 3, 4}, {1, 1, 2, 3, 3, 4}});
}

TEST_CASE("collectives of a group take place one after the other") {
  TinyProgram tiny(2, {{{0, 1}}});
  for (const int rank : {0, 1}) {
    tiny.start_collective(rank, 0, 20 * gigabyte);
    tiny.collective(rank, 0, 10 * gigabyte);
  }
  check_dates(tiny, tiny_cluster(2), {{0, 3}, {0, 3}});
}

TEST_CASE("a send does not hold its rank up, and messages of a stream travel in order") {
  TinyProgram tiny(2, {{{0, 1}}});
  tiny.send(0, 0, +1, 10 * gigabyte, 1);
  tiny.send(0, 0, +1, 20 * gigabyte, 2);
  tiny.compute(0, 1.5 * second);
  tiny.receive(1, 0, -1, 2);
  tiny.receive(1, 0, -1, 1);
  check_dates(tiny, tiny_cluster(2), {{0, 0, 1.5}, {3, 3}});
}

TEST_CASE("messages go around the end of a group, in both directions") {
  TinyProgram tiny(3, {{{0, 1, 2}}});
  tiny.send(2, 0, +1, 10 * gigabyte);
  tiny.send(0, 0, -1, 20 * gigabyte);
  tiny.receive(0, 0, -1);
  tiny.receive(2, 0, +1);
  check_dates(tiny, tiny_cluster(4), {{0, 1}, {}, {0, 2}});
}

TEST_CASE("latency passes once per step of a ring before its flows, and once before a message") {
  Cluster cluster = tiny_cluster(4);
  cluster.network.link.latency = 0.25 * second;
  TinyProgram tiny(4, {{{0, 1, 2, 3}}});
  for (const int rank : {0, 1, 2, 3}) tiny.collective(rank, 0, 20 * gigabyte);  // 6 steps, 1.5 times the bytes
  tiny.send(0, 0, +1, 10 * gigabyte);
  tiny.receive(1, 0, -1);
  check_dates(tiny, cluster, {{4.5, 4.5}, {4.5, 5.75}, {4.5}, {4.5}});  // 6 · 0.25 + 3, then 0.25 + 1
}

TEST_CASE("an activity counts once per rank or flow that it stands for") {
  TinyProgram tiny(2, {{{0, 1}}});
  for (const int rank : {0, 1}) {
    tiny.compute(rank, 1 * second);
    tiny.collective(rank, 0, 10 * gigabyte);
  }
  tiny.send(0, 0, +1, 10 * gigabyte);
  tiny.receive(1, 0, -1);
  for (const Folding folding : kFoldings) CHECK(tiny.run(tiny_cluster(2), {}, folding).dag.unfolded_activities == 5);
}

TEST_CASE("members of a group that call different collectives contradict each other") {
  TinyProgram sizes(2, {{{0, 1}}}), kinds(2, {{{0, 1}}});
  sizes.collective(0, 0, 10 * gigabyte);
  sizes.collective(1, 0, 20 * gigabyte);
  CHECK(complaint(sizes) == "members of a group of 'ring' call different collectives");
  kinds.collective(0, 0, 10 * gigabyte, Collective::all_gather);
  kinds.collective(1, 0, 10 * gigabyte, Collective::reduce_scatter);
  CHECK(complaint(kinds) == "members of a group of 'ring' call different collectives");
}

TEST_CASE("a collective that a member never calls is an error") {
  TinyProgram tiny(3, {{{0, 1, 2}}});
  tiny.collective(0, 0, 10 * gigabyte);
  tiny.collective(1, 0, 10 * gigabyte);
  CHECK(complaint(tiny) == "a collective of 'ring' is not called by all members");
}

TEST_CASE("a collective outside one's communicator is an error") {
  TinyProgram tiny(3, {{{0, 1}}});
  for (const int rank : {0, 1, 2}) tiny.collective(rank, 0, 10 * gigabyte);
  CHECK(complaint(tiny) == "a collective is called by a rank outside its communicator");
}

TEST_CASE("a message that nobody sends cannot be received, whether no one sends at all or under another tag") {
  TinyProgram silent(2, {{{0, 1}}}), other_tag(2, {{{0, 1}}}), other_way(3, {{{0, 1, 2}}});
  silent.receive(1, 0, -1);
  CHECK(complaint(silent) == "a message is received that nobody sends");
  other_tag.send(0, 0, +1, 10 * gigabyte, 1);
  other_tag.receive(1, 0, -1, 2);
  CHECK(complaint(other_tag) == "a message is received that nobody sends");
  other_way.send(0, 0, +1, 10 * gigabyte);
  other_way.receive(1, 0, +1);
  CHECK(complaint(other_way) == "a message is received that nobody sends");
}

TEST_CASE("two messages under one tag cannot be told apart") {
  TinyProgram tiny(2, {{{0, 1}}});
  tiny.send(0, 0, +1, 10 * gigabyte, 1);
  tiny.send(0, 0, +1, 10 * gigabyte, 1);
  tiny.receive(1, 0, -1, 1);
  CHECK(complaint(tiny) == "two messages are sent under the same tag");
}

TEST_CASE("ranks that wait for each other make no progress, and are told so") {
  TinyProgram messages(2, {{{0, 1}}}), collectives(2, {{{0, 1}}, {{0, 1}}});
  messages.receive(0, 0, +1);
  messages.send(0, 0, +1, 10 * gigabyte);
  messages.receive(1, 0, -1);
  messages.send(1, 0, -1, 10 * gigabyte);
  CHECK(complaint(messages).starts_with("the step makes no progress: "));
  CHECK(complaint(messages).ends_with(
      "; rank 0 is stuck at a receive of 'ring' under tag 0 of block 'block', micro-batch "
      "0; rank 1 is stuck at a receive of 'ring' under tag 0 of block 'block', micro-batch 0"));
  for (const int rank : {0, 1}) {
    collectives.collective(rank, rank, 10 * gigabyte);
    collectives.collective(rank, 1 - rank, 10 * gigabyte);
  }
  CHECK(complaint(collectives).find("rank 1 is stuck at a collective of 'ring'") != std::string::npos);
}
