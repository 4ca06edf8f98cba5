#include "cluster/price.hpp"

namespace traingrid {

void HardwarePrice::describe(Fields& fields) {
  fields.required("date", date, "day the price was asked");
  fields.required("price", price, "purchase price per accelerator, its share of the server included or not", positive);
  fields.required("includes_server", includes_server, "whether the price holds a share of a whole server");
}

void CloudPrice::describe(Fields& fields) {
  fields.required("date", date, "day the prices were asked");
  fields.required("vendor", vendor, "cloud vendor, spelled as in the accounting");
  fields.optional("on_demand", on_demand, "price per accelerator and hour without commitment", positive);
  fields.optional("one_year", one_year, "price per accelerator and hour for a commitment of one year", positive);
  fields.optional("three_year", three_year, "price per accelerator and hour for a commitment of three years", positive);
  fields.check("vendor", on_demand || one_year || three_year,
               "a cloud price needs at least one of 'on_demand', 'one_year' and 'three_year'");
}

void Economics::describe(Fields& fields) {
  fields.optional("kind", kind, "kind of accelerator, as the accounting tells them apart");
  fields.required("family", family, "row of the accounting's multipliers for server cost and server power");
  fields.required("release", release, "day the accelerator was released");
  fields.required("tdp", tdp, "thermal design power of the chip, as the accounting counts it", positive);
  fields.required("prices", prices, "observed purchase prices, in any order");
  fields.optional("cloud", cloud, "observed rental prices, in any order");
  fields.optional("embodied", embodied,
                  "emissions of making one accelerator; studies differ, an interval says by how much", non_negative);
  fields.optional("manufacturing_water", manufacturing_water, "water consumed in making one accelerator", non_negative);
  fields.check("prices", !prices.empty(), "'prices' needs at least one price");
}

}  // namespace traingrid
