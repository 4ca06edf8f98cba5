// Whether a coarse folding is right, found out by running it: every flow of every class must be held back by a link of
// its own, and whatever the members of a class wait for must come at the same date for all of them.
#pragma once

#include "fold/dag.hpp"
#include "fold/quotient.hpp"
#include "fold/rows.hpp"
#include "fold/trace.hpp"
#include "fold/variants.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace traingrid {

/// Classes that failed, and the part that each kind of their members goes to: by kind of row, 0 if a link holds it back
/// and 1 if none does; by variant, 0 if its dates are those of the first, then numbered as they appear.
struct Verdict {
  using Parts = std::map<std::int32_t, std::vector<std::int32_t>>;  // by class
  Parts rows;                     ///< of streams: those held back by a link, and those held back by none
  Parts ranks, groups, messages;  ///< those that are reached by what they wait for at other dates
  bool finished = false;          ///< every activity came to an end
  Trace trace;                    ///< what the run gave

  bool certified() const { return finished && rows.empty() && ranks.empty() && groups.empty() && messages.empty(); }
};

/// Whether dates worked out along different ways are one.
bool same_date(Seconds a, Seconds b);

/// Why a certificate is enough. The rates of a quotient are within all capacities by its construction, and an
/// allocation is the max-min fair one if and only if every flow has a bottleneck, a full link on which no other is
/// faster (Bertsekas and Gallager, "Data Networks", 2nd edition 1992, section 6.5.2). If that holds for all members at
/// every date, and whatever starts an activity of any member comes at the date that it comes at for the representative,
/// then, event by event, the unfolded step takes the same course.
Verdict certify(const Template& step, const Quotient& quotient, const Dag& dag, const Rows& rows,
                const Variants& variants);

/// The same of a course of events that was worked out elsewhere. It is `finished` if it is one that the folded step
/// takes: everything starts when what it waits for has ended, timers last as long as they should, and flows move their
/// bytes at max-min fair rates, each to 1e-10 s.
Verdict certify_course(const Template& step, const Quotient& quotient, const Dag& dag, const Trace& course);

}  // namespace traingrid
