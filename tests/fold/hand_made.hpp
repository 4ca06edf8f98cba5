// Templates written down stream by stream: messages of 10 bytes over links of some bytes per second.
#pragma once

#include "fold/fold.hpp"
#include "fold/plain_tuning.hpp"
#include "toy.hpp"

#include <vector>

namespace traingrid {

/// Pairs of ranks; the first of each sends a message to the second, over the links that are listed for it.
class Pairs {
 public:
  Pairs(const std::vector<double>& capacities, const std::vector<std::vector<Hop>>& paths) {
    program_.communicators.resize(1);
    program_.roles = {{"sender", {{0, 0}}}, {"receiver", {{1, 0}}}};
    const Operation send{
        .kind = Operation::Kind::send, .communicator = 0, .bytes = 10 * byte, .direction = 1, .tag = 0};
    const Operation receive{.kind = Operation::Kind::receive, .communicator = 0, .direction = -1};
    program_.blocks = {{"send", {send}}, {"receive", {receive}}};
    for (const double capacity : capacities)
      links_.push_back({static_cast<LinkId>(links_.size()), capacity * byte / second});
    for (const auto& path : paths) add(path);
  }

  Template step() const {
    Template step;
    step.program = &program_;
    step.tuning = plain_tuning(toy_cluster());
    for (const std::int32_t role : program_.role_of_rank) step.ranks.push_back({role, 0, 1});
    step.streams = streams_;
    step.hops = hops_;
    step.links = links_;
    step.dropped.assign(links_.size(), false);
    return step;
  }

 private:
  void add(const std::vector<Hop>& path) {
    const std::int32_t from = program_.ranks(), to = from + 1;
    program_.role_of_rank.insert(program_.role_of_rank.end(), {0, 1});
    program_.communicators.front().add_group({from, to});
    Stream stream{.from = from, .to = to, .direction = 1, .hops = static_cast<std::int16_t>(path.size())};
    stream.first_hop = static_cast<std::uint32_t>(hops_.size());
    streams_.push_back(stream);
    hops_.insert(hops_.end(), path.begin(), path.end());
  }

  Program program_;
  std::vector<Stream> streams_;
  std::vector<Hop> hops_;
  std::vector<SharedLink> links_;
};

inline Seconds no_work(std::int32_t, const RankClass&) { return {}; }

}  // namespace traingrid
