#include "workload/step_communicators.hpp"

#include "units/index.hpp"

#include <string>
#include <utility>

namespace traingrid {
namespace {

/// `count` groups of `size` ranks; rank_of(group, member) says which.
template <class RankOf>
Communicator communicator(std::string name, Term term, int count, int size, RankOf rank_of) {
  Communicator made{std::move(name), term, {}, {}};
  made.members.reserve(index(count) * index(size));
  made.offsets.reserve(index(count) + 1);
  for (int group = 0; group < count; ++group) {
    made.offsets.push_back(group * size);
    for (int member = 0; member < size; ++member) made.members.push_back(rank_of(group, member));
  }
  if (count > 0) made.offsets.push_back(count * size);
  return made;
}

class CommunicatorBuilder {
 public:
  CommunicatorBuilder(Program& program, const Layout& layout) : program_(program), l_(layout) { at_.fill(-1); }

  CommIndex build(const Run& run) {
    const Model& model = run.model;
    add_dense(model.tie_word_embeddings && !l_.ends_meet());
    if (l_.context > 1) add_context();
    if (model.num_experts > 0) add_experts();
    if (l_.sharding == Sharding::parameters) add_shards();
    if (run.offload.any()) add_host();
    return at_;
  }

 private:
  template <class RankOf>
  void add(Comm comm, std::string name, Term term, int count, int size, RankOf rank_of) {
    at_[static_cast<std::size_t>(comm)] = static_cast<int>(program_.communicators.size());
    program_.communicators.push_back(communicator(std::move(name), term, count, size, rank_of));
  }

  /// Rank `member` of a stage's group `group` of ranks with equal weights: replica by replica, in parts of `size`.
  auto equal_weights(int size) const {
    return [this, size](int group, int member) {
      const int parts = l_.replicas() / size;
      const int i = group % parts * size + member;
      return l_.rank(group / parts / l_.tensor, i / l_.context, i % l_.context, group / parts % l_.tensor);
    };
  }

  void add_dense(bool tied) {
    const int stage_ranks = l_.stage_ranks();
    add(Comm::tensor, "tensor", Term::tensor, l_.ranks() / l_.tensor, l_.tensor,
        [this](int group, int member) { return group * l_.tensor + member; });
    add(Comm::pipeline, "pipeline", Term::pipeline, stage_ranks, l_.pipeline,
        [stage_ranks](int group, int stage) { return stage * stage_ranks + group; });
    const int summed = l_.sharding == Sharding::parameters ? l_.shard_group : l_.replicas();
    add(Comm::data, "data", Term::data, l_.ranks() / summed, summed, equal_weights(summed));
    add(Comm::embedding, "embedding", Term::data, tied ? stage_ranks : 0, 2,
        [this, stage_ranks](int group, int end) { return end * (l_.pipeline - 1) * stage_ranks + group; });
  }

  void add_context() {
    add(Comm::context, "context", Term::context, l_.ranks() / l_.context, l_.context, [this](int group, int member) {
      return group / l_.tensor * l_.tensor * l_.context + member * l_.tensor + group % l_.tensor;
    });
  }

  void add_experts() {
    const int et = l_.expert_tensor, e = l_.expert, copies = l_.expert_replicas();
    add(Comm::expert, "expert", Term::expert, l_.ranks() / e, e, [this, et, copies](int group, int member) {
      return l_.expert_rank(group / et / copies, group / et % copies, member, group % et);
    });
    if (l_.expert_nodes > 1) add_expert_nodes();
    if (et > 1) {
      add(Comm::expert_tensor, "expert tensor", Term::expert, l_.ranks() / et, et,
          [et](int group, int member) { return group * et + member; });
    }
    if (l_.sharding == Sharding::parameters) return;  // experts are sharded like all other weights
    add(Comm::expert_data, "expert data", Term::data, l_.ranks() / copies, copies,
        [this, et, e](int group, int replica) {
          return l_.expert_rank(group / (et * e), replica, group / et % e, group % et);
        });
  }

  void add_expert_nodes() {
    const int nodes = l_.expert_nodes, local = l_.expert / nodes, et = l_.expert_tensor;
    const auto rank_of = [this, et](int group, int expert) {  // `group`: of ranks that share out a layer's experts
      const int copies = l_.expert_replicas();
      return l_.expert_rank(group / et / copies, group / et % copies, expert, group % et);
    };
    add(Comm::expert_node, "expert node", Term::expert, l_.ranks() / local, local,
        [rank_of, nodes, local](int group, int member) {
          return rank_of(group / nodes, group % nodes * local + member);
        });
    add(Comm::expert_rail, "expert rail", Term::expert, l_.ranks() / nodes, nodes,
        [rank_of, local](int group, int node) { return rank_of(group / local, node * local + group % local); });
  }

  void add_shards() {
    const int size = l_.shard_group, replicas = l_.replicas() / size;
    add(Comm::shard, "shard", Term::data, l_.ranks() / size, size, equal_weights(size));
    if (replicas == 1) return;
    const auto member_of = equal_weights(size);
    add(Comm::replicas, "replicas", Term::data, l_.ranks() / replicas, replicas,
        [member_of, size, replicas](int group, int replica) {
          return member_of(group / size * replicas + replica, group % size);
        });
  }

  void add_host() {
    const auto itself = [](int group, int) { return group; };
    add(Comm::to_host, "to host", Term::offload, l_.ranks(), 1, itself);
    add(Comm::from_host, "from host", Term::offload, l_.ranks(), 1, itself);
    add(Comm::on_host, "on host", Term::optimizer, l_.ranks(), 1, itself);
  }

  Program& program_;
  const Layout& l_;
  CommIndex at_{};
};

}  // namespace

CommIndex add_communicators(Program& program, const Layout& layout, const Run& run) {
  return CommunicatorBuilder(program, layout).build(run);
}

}  // namespace traingrid
