#include "cluster/router.hpp"

namespace traingrid {

void Router::path(Device from, Device to, double, std::vector<Hop>& path) { fabric_.path(from, to, path); }

void Router::path_to_switch(Device from, bool network, std::vector<Hop>& path) {
  path.clear();
  path.push_back({network ? fabric_.nic_out(from) : fabric_.scale_up_out(from)});
}

void Router::path_from_switch(Device to, bool network, std::vector<Hop>& path) {
  path.clear();
  path.push_back({network ? fabric_.nic_in(to) : fabric_.scale_up_in(to)});
}

}  // namespace traingrid
