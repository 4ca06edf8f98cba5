#include "fold/guess.hpp"

#include "fold/distinct.hpp"
#include "fold/makes.hpp"
#include "units/index.hpp"

#include <algorithm>

namespace traingrid {
namespace {

std::vector<std::int32_t> guess_groups(const Template& step, const std::vector<std::int32_t>& class_of_rank) {
  ListMakes numbers;
  std::vector<std::int32_t> classes, members;
  for (const Group& group : step.groups) {
    members.clear();
    for (const std::int32_t member : step.members_of(group)) members.push_back(class_of_rank[index(member)]);
    keep_distinct(members);
    std::vector<std::uint64_t> make = make_of(step, group);
    for (const std::int32_t member : members) make.push_back(bits(member));
    classes.push_back(numbers.number(make));
  }
  return classes;
}

/// `label` (by stream; may be empty) keeps streams apart that are alike otherwise.
std::vector<std::int32_t> guess_streams(const Template& step, const Classes& classes,
                                        const std::vector<std::int32_t>& label) {
  Makes numbers;
  std::vector<std::int32_t> of_stream;
  of_stream.reserve(step.streams.size());
  for (std::size_t s = 0; s < step.streams.size(); ++s) {
    const Stream& stream = step.streams[s];
    const bool message = stream.group < 0;
    const std::int32_t from = message ? classes.rank[index(stream.from)] : classes.group[index(stream.group)];
    const std::int32_t to = message ? classes.rank[index(stream.to)] : 0;
    of_stream.push_back(numbers.number(make_of(stream, from, to, label.empty() ? 0 : label[s])));
  }
  return of_stream;
}

/// The part that a member belongs to, by its variant, if its class failed.
std::int32_t part_of(const Verdict::Parts& failed, std::int32_t id, std::int32_t variant) {
  if (failed.empty()) return 0;
  const auto found = failed.find(id);
  return found == failed.end() ? 0 : found->second[index(variant)];
}

/// Classes that failed stay by themselves, the others go with the first that is like them.
std::vector<std::int32_t> joined(const std::vector<std::int32_t>& alike, const Verdict::Parts& failed) {
  std::vector<std::int32_t> joined(alike.size());
  for (std::size_t id = 0; id < alike.size(); ++id) {
    const bool apart = failed.contains(static_cast<std::int32_t>(id)) || failed.contains(alike[id]);
    joined[id] = apart ? static_cast<std::int32_t>(id) : alike[id];
  }
  return joined;
}

/// Numbers the members of the next classes, and notes which of those were split off.
class Numbers {
 public:
  explicit Numbers(std::vector<std::int32_t>& fresh) : fresh_(fresh) {}
  std::int32_t operator()(const Make& make, bool split_off) {
    const std::int32_t before = makes_.count();
    const std::int32_t id = makes_.number(make);
    if (makes_.count() > before && split_off) fresh_.push_back(id);
    return id;
  }

 private:
  std::vector<std::int32_t>& fresh_;
  Makes makes_;
};

}  // namespace

Classes first_guess(const Template& step) {
  Classes classes;
  Makes ranks;
  for (const Rank& rank : step.ranks)
    classes.rank.push_back(ranks.number({bits(rank.role), bits(rank.slowdown), bits(rank.generation)}));
  classes.group = guess_groups(step, classes.rank);
  classes.stream = guess_streams(step, classes, {});
  return classes;
}

NextGuess next_guess(const Template& step, const Classes& classes, const Rows& rows, const Variants& variants,
                     const Verdict& verdict, const Alike& alike, std::vector<std::int32_t>& label) {
  NextGuess next;
  const auto rank_of = joined(alike.rank, verdict.ranks), group_of = joined(alike.group, verdict.groups);
  Numbers ranks(next.fresh_ranks), groups(next.fresh_groups);
  for (std::size_t r = 0; r < classes.rank.size(); ++r) {
    const std::int32_t part = part_of(verdict.ranks, classes.rank[r], variants.of_rank[r]);
    next.classes.rank.push_back(ranks({bits(rank_of[index(classes.rank[r])]), bits(part)}, part > 0));
  }
  for (std::size_t g = 0; g < classes.group.size(); ++g) {
    const std::int32_t part = part_of(verdict.groups, classes.group[g], variants.of_group[g]);
    next.classes.group.push_back(groups({bits(group_of[index(classes.group[g])]), bits(part)}, part > 0));
  }
  if (label.empty()) label.assign(classes.stream.size(), 0);
  Makes labels;
  std::vector<bool> split(classes.stream.size(), false);
  for (std::size_t s = 0; s < classes.stream.size(); ++s) {
    const std::int32_t id = classes.stream[s];
    const std::int32_t row = part_of(verdict.rows, id, rows.set_of_stream[s]);
    const std::int32_t sender = part_of(verdict.messages, id, variants.of_stream[s]);
    split[s] = row > 0 || sender > 0;
    label[s] = labels.number({bits(label[s]), bits(row), bits(sender)});
  }
  next.classes.stream = guess_streams(step, next.classes, label);
  std::vector<bool> listed(classes.stream.size(), false);
  for (std::size_t s = 0; s < classes.stream.size(); ++s) {
    const std::int32_t id = next.classes.stream[s];
    if (split[s] && !listed[index(id)]) next.fresh_streams.push_back(id);
    if (split[s]) listed[index(id)] = true;
  }
  return next;
}

}  // namespace traingrid
