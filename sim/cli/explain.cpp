#include "cli/commands.hpp"
#include "cli/idle.hpp"
#include "cli/load_nearest.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "report/explanation.hpp"

namespace traingrid {

Outcome explain_command(std::span<const std::string> words) {
  Outcome outcome;
  const RunOptions options = parse_explain_options(words, outcome.out);
  if (!outcome.out.empty()) return outcome;

  Inputs inputs(Catalogue::standard(options.catalogue));
  const Point point = read_point(options, inputs);
  Result result = simulate_point(point).result;
  sign(result, "explain", options, inputs);
  add_nearest(result, point, inputs.catalogue());
  outcome.talk = idle_settings(options, result);
  outcome.code = result.feasible ? kOk : kInfeasible;
  deliver(write_explanation(result, result.feasible ? doublings(point) : std::vector<Doubling>{},
                            result.feasible ? switches(point) : std::vector<TurnedCapability>{}),
          options, outcome);
  return outcome;
}

}  // namespace traingrid
