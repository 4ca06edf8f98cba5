// The folded step as activities in order: what the engine executes, and what each rank class was doing when.
#pragma once

#include "fold/quotient.hpp"
#include "units/quantity.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace traingrid {

/// Timers take `seconds`; flows start `seconds` after they may (their latency) and move `bytes` along a stream class;
/// joins only wait.
struct Activity {
  enum class Kind : std::uint8_t { join, timer, flow };
  Kind kind = Kind::join;
  std::int32_t stream = -1;
  Seconds seconds;
  Bytes bytes;
  std::int32_t predecessors = 0;  ///< how many must finish before it may start
};

/// An operation of a rank class: it begins when the one before it ends. Operations that nobody waits for in between
/// share a timer. Of a send whose class has streams of several classes, transfer and delivery are those of one of them.
struct Event {
  std::int32_t block = 0, operation = 0;  ///< in the program
  std::int32_t micro_batch = 0;
  std::int32_t end = -1;         ///< activity whose finish ends the operation; −1 if it ends at once, at the start
  Seconds within{kAtItsFinish};  ///< or so long after that activity began
  std::int32_t transfer = -1;    ///< of a transfer: the activity that starts once all its ends are there, if they wait
  std::int32_t delivery = -1;    ///< of a transfer: the activity whose finish ends it, if that is not the operation's

  static constexpr double kAtItsFinish = -1;
};

/// A date of the folded step: when an activity finished, or so long after it began; −1 is the start of the step.
struct Moment {
  std::int32_t activity = -1;
  Seconds within{Event::kAtItsFinish};
};

/// A collective of the groups of a class: when all members were there, when it was done, and its flows.
struct Encounter {
  Moment start, done;
  struct Part {
    std::int32_t set = 0;
    std::int32_t first_flow = -1;  ///< the flows of GroupClass::streams follow one another; −1: a timer stands for all
    Bytes volume;                  ///< of a flow whose share is one
  };
  std::vector<Part> parts;
};

struct Dag {
  std::vector<Activity> activities;
  std::vector<std::int32_t> successors;  ///< of activity i: from first_successor[i] to first_successor[i + 1]
  std::vector<std::int32_t> first_successor;
  /// By timer or join: the activity that follows at once, if neither has to do with any other; or −1. A chain of them
  /// is one wait, up to the end of its latency if the last is a flow.
  std::vector<std::int32_t> chained;
  std::vector<std::vector<Event>> events;          ///< by rank class
  std::vector<std::vector<Encounter>> encounters;  ///< by group class, in order
  /// By stream class: micro-batch and tag of its messages, in order, and their activities.
  std::vector<std::vector<std::pair<std::int64_t, std::int32_t>>> messages;
  double unfolded_activities = 0;  ///< timers and flows if nothing were folded

  std::span<const std::int32_t> successors_of(std::int32_t activity) const {
    const auto i = static_cast<std::size_t>(activity);
    return {successors.data() + first_successor[i], successors.data() + first_successor[i + 1]};
  }
};

/// Fills in what follows what, from pairs of activities one after the other.
void link(Dag& dag, const std::vector<std::pair<std::int32_t, std::int32_t>>& edges);

/// How long a rank class takes for a work of the program.
using WorkTime = std::function<Seconds(std::int32_t work, const RankClass& rank)>;

/// Expands the operations of every rank class, once each. Throws std::logic_error if members of a group do not call the
/// same collectives, a message is received that nobody sends, or two are sent under the same tag.
Dag expand(const Template& step, const Quotient& quotient, const WorkTime& work_time);

}  // namespace traingrid
