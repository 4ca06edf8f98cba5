#include "facility/contract.hpp"

#include <algorithm>

namespace traingrid {

void Profile::describe(Fields& fields) {
  fields.optional("name", name, "what generates, in words");
  fields.required("share", share, "generation over capacity by month and hour: 12 lists of 24", fraction);
  fields.optional("utc_offset", utc_offset, "how far these hours are ahead of UTC");
  fields.check("share", is_typical_days(share), "'share' is 12 lists of 24 shares");
}

void Contract::describe(Fields& fields) {
  fields.required("name", name, "who generates, in words");
  fields.required("power", power, "capacity that is bought", non_negative);
  fields.optional_reference("profile", profile, "profiles",
                            "generation by month and hour; without it, the capacity at all hours");
  fields.required("intensity", intensity, "emissions per energy that it generates", non_negative);
  fields.optional("price", price, "paid for all that it generates, whether the site takes it or not");
}

Hourly<double> Contract::shares() const {
  if (!profile || !is_typical_days(profile->share)) return Hourly<double>(1);
  return {HourAxis{.utc_offset = profile->utc_offset}, year_of(profile->share), profile->name, {}};
}

}  // namespace traingrid
