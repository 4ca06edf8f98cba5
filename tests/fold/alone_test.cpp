// How long flows take that have their links to themselves: closed forms, and when two sets of them are alike.
#include "fold/alone.hpp"

#include "catch.hpp"
#include "toy.hpp"

#include <memory>

using namespace traingrid;

namespace {

/// Flows written down with their hops; links of 100 bytes per second out of and into accelerators, 10 of NICs.
class Written {
 public:
  Written() : fabric_(build_fabric(toy_cluster({.nodes = 4, .nodes_per_leaf = 4}))) {}

  LinkId out(Device device) const { return fabric_->scale_up_out(device); }
  LinkId in(Device device) const { return fabric_->scale_up_in(device); }
  LinkId nic_out(Device device) const { return fabric_->nic_out(device); }

  void add(double share, const std::vector<Hop>& hops) {
    flows_.push_back({0, 1, share, static_cast<std::uint32_t>(hops_.size()), static_cast<std::int16_t>(hops.size())});
    hops_.insert(hops_.end(), hops.begin(), hops.end());
  }
  /// Its index; the flows are forgotten.
  std::int32_t find() {
    const std::int32_t id = finder_.find(flows_, hops_, all);
    flows_.clear();
    hops_.clear();
    return id;
  }
  /// Of a gigabyte, in seconds.
  double time() { return 1e9 * byte * all[static_cast<std::size_t>(find())].time / second; }
  void slow_down(LinkId link, double rate) { rate_[link] = rate; }

  std::vector<Alone> all;

 private:
  std::unique_ptr<Fabric> fabric_;
  std::map<LinkId, double> rate_;
  AloneFlows finder_{*fabric_, rate_};
  std::vector<RoutedFlow> flows_;
  std::vector<Hop> hops_;
};

void add_ring(Written& written, Device first, int members, double share = 1) {
  for (int i = 0; i < members; ++i)
    written.add(share, {{written.out(first + i)}, {written.in(first + (i + 1) % members)}});
}

}  // namespace

TEST_CASE("a ring in a node takes its volume over the rate of a link, however many are in it") {
  Written written;
  for (const int members : {2, 3, 4}) {
    add_ring(written, 0, members);
    CHECK(written.time() == Approx(0.01).epsilon(1e-12));
    add_ring(written, 4, members, 0.25);
    CHECK(written.time() == Approx(0.0025).epsilon(1e-12));
  }
}

TEST_CASE("flows that share a link take their sum") {
  Written written;
  for (const Device to : {1, 2, 3}) written.add(1, {{written.out(0)}, {written.in(to)}});
  CHECK(written.time() == Approx(0.03).epsilon(1e-12));
}

TEST_CASE("when a smaller share is done the others go on faster") {
  Written written;  // half the link each, then all of it
  written.add(1, {{written.out(0)}, {written.in(1)}});
  written.add(0.5, {{written.out(0)}, {written.in(2)}});
  CHECK(written.time() == Approx(0.015).epsilon(1e-12));
  // the second is held back at its NIC and is last, whatever the first leaves to it
  written.add(1, {{written.out(0)}, {written.in(1)}});
  written.add(0.5, {{written.out(0)}, {written.nic_out(0)}});
  CHECK(written.time() == Approx(0.05).epsilon(1e-12));
}

TEST_CASE("a flow takes of a link its rate times its weight") {
  Written written;
  written.add(1, {{written.out(0), 3}});
  CHECK(written.time() == Approx(0.03).epsilon(1e-12));
  written.add(1, {{written.out(0), 1, 4}, {written.in(1)}});
  CHECK(written.time() == Approx(0.01).epsilon(1e-12));
  written.add(1, {{written.out(0), 3, 4}});
  CHECK(written.time() == Approx(0.0075).epsilon(1e-12));
}

TEST_CASE("loads say which share of the volume crosses each link") {
  Written written;
  written.add(1, {{written.out(0)}, {written.in(1)}});
  written.add(0.5, {{written.out(0), 3, 4}, {written.in(2)}});
  const Alone& alone = written.all[static_cast<std::size_t>(written.find())];
  REQUIRE(alone.loads.size() == 3);
  CHECK(alone.loads[0].link == written.out(0));
  CHECK(alone.loads[0].share == Approx(1.375));
  CHECK(alone.loads[1].share == Approx(1));
  CHECK(alone.loads[2].share == Approx(0.5));
  CHECK(alone.loads[0].capacity / (byte / second) == 1e11);
}

TEST_CASE("flows of one shape are alike on whatever links, and others are not") {
  Written written;
  const auto ring = [&](Device first, int members, double share) {
    add_ring(written, first, members, share);
    return written.find();
  };
  const std::int32_t four = ring(0, 4, 1);
  CHECK(ring(8, 4, 1) == four);
  CHECK(ring(8, 3, 1) != four);
  CHECK(ring(8, 4, 0.5) != four);
  written.slow_down(written.in(9), 0.5);
  const std::int32_t slow = ring(8, 4, 1);
  CHECK(slow != four);
  CHECK(written.all[static_cast<std::size_t>(slow)].time / written.all[static_cast<std::size_t>(four)].time ==
        Approx(2));
  CHECK(ring(0, 4, 1) == four);
}

TEST_CASE("flows over a link that is down are an error, not an endless wait") {
  Written written;
  written.slow_down(written.out(0), 0);
  written.add(1, {{written.out(0)}, {written.in(1)}});
  CHECK_THROWS_WITH(written.find(), "a path crosses a link that is down");
}
