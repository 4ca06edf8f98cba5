// What the ranks of a step do: lists of operators and transfers in order. Nothing below this room knows transformers.
#pragma once

#include "cluster/operator.hpp"
#include "units/quantity.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

/// Which part of the step an operation belongs to: the terms of the breakdown.
enum class Term { compute, recompute, tensor, context, expert, pipeline, data, optimizer, offload, other };
template <>
struct Spellings<Term> {
  static constexpr std::array<std::string_view, 10> names{"compute",  "recompute", "tensor",    "context", "expert",
                                                          "pipeline", "data",      "optimizer", "offload", "other"};
};

/// What members of a group do together: exchange data; or, the last three, each copy its part to its host or from
/// there, or have its host work on it.
enum class Collective {
  all_reduce,
  reduce_scatter,
  all_gather,
  broadcast,
  all_to_all,
  copy_to_host,
  copy_from_host,
  update_on_host
};
template <>
struct Spellings<Collective> {
  static constexpr std::array<std::string_view, 8> names{"all-reduce",     "reduce-scatter", "all-gather",
                                                         "broadcast",      "all-to-all",     "copy-to-host",
                                                         "copy-from-host", "update-on-host"};
};
constexpr bool is_with_host(Collective kind) { return kind >= Collective::copy_to_host; }
/// Those that ranks exchange data by, which users name.
constexpr std::span<const std::string_view> exchange_names() {
  return std::span(Spellings<Collective>::names).first(static_cast<std::size_t>(Collective::copy_to_host));
}

/// Ranks that exchange data, in groups; a rank is in at most one group of a communicator.
struct Communicator {
  std::string name;
  Term term = Term::other;
  std::vector<std::int32_t> members;  ///< group after group
  std::vector<std::int32_t> offsets;  ///< where each group begins, and the end

  int groups() const { return static_cast<int>(offsets.size()) - 1; }
  void add_group(const std::vector<std::int32_t>& ranks);
};

/// One thing a rank does. Operations of a rank happen in order; transfers marked asynchronous, and sends, do not hold
/// it up.
struct Operation {
  enum class Kind {
    compute,     ///< the operators of `work`
    collective,  ///< with all members of its group; `bytes` as nccl-tests counts them
    send,        ///< `bytes` to the member `direction` places on (around the end), under `tag`
    receive,     ///< waits for what the member `direction` places on sent under `tag`
    wait         ///< until the asynchronous collectives started so far on the communicator are done
  };
  Kind kind = Kind::compute;
  Term term = Term::compute;
  int work = -1;
  int communicator = -1;
  Collective collective = Collective::all_reduce;
  Bytes bytes;
  bool asynchronous = false;
  int direction = 0;
  int tag = 0;
};

/// A sequence of operations that is launched once per micro-batch, or once.
struct Block {
  std::string name;
  std::vector<Operation> operations;
};

struct Launch {
  int block = 0;
  int micro_batch = 0;  ///< makes the tags of this launch its own
};

/// What every rank of a kind does in a step.
struct Role {
  std::string name;
  std::vector<Launch> launches;
};

struct Program {
  std::vector<std::vector<Operator>> works;
  std::vector<Communicator> communicators;
  std::vector<Block> blocks;
  std::vector<Role> roles;
  std::vector<std::int32_t> role_of_rank;
  int tags = 1;  ///< tags per micro-batch

  int ranks() const { return static_cast<int>(role_of_rank.size()); }
  /// Index of this work, added if it is new.
  int work(std::vector<Operator> operators);
};

/// A program and the accelerators its ranks run on.
struct PlacedProgram {
  const Program* program = nullptr;
  std::vector<std::int32_t> device_of_rank;
};

/// The text that `show RUN --program` prints.
std::string dump(const Program& program);

}  // namespace traingrid
