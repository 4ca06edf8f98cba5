// SimGrid 3.32 (Debian 12) and 4.x (Debian 13) behind the same few names.
#pragma once

// clang-format off
#include <simgrid/s4u.hpp>  // first: the other headers lean on it
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/version.h>
// clang-format on

#include <string>
#include <utility>

namespace traingrid::simgrid_compat {

namespace sg4 = simgrid::s4u;

#if SIMGRID_VERSION < 33400
inline constexpr const char* kRatePrecision = "maxmin/precision:1e-9";
inline constexpr const char* kTimePrecision = "surf/precision:1e-11";
inline sg4::NetZone* make_zone(sg4::Engine&) { return sg4::create_empty_zone("fabric"); }
inline sg4::Link* make_link(sg4::NetZone* zone, const std::string& name, double rate) {
  return zone->create_link(name, rate);
}
inline sg4::Host* make_host(sg4::NetZone* zone, const std::string& name) { return zone->create_host(name, 1.0); }
template <class Callback>
void on_flow_completion(Callback callback) {
  sg4::Activity::on_completion_cb([callback](const sg4::Activity& activity) { callback(activity); });
}
#else
inline constexpr const char* kRatePrecision = "precision/work-amount:1e-9";
inline constexpr const char* kTimePrecision = "precision/timing:1e-11";
inline sg4::NetZone* make_zone(sg4::Engine& engine) { return engine.get_netzone_root()->add_netzone_empty("fabric"); }
inline sg4::Link* make_link(sg4::NetZone* zone, const std::string& name, double rate) {
  return zone->add_link(name, rate);
}
inline sg4::Host* make_host(sg4::NetZone* zone, const std::string& name) { return zone->add_host(name, 1.0); }
template <class Callback>
void on_flow_completion(Callback callback) {
  sg4::Comm::on_completion_cb([callback](const sg4::Comm& comm) { callback(comm); });
}
#endif

}  // namespace traingrid::simgrid_compat
