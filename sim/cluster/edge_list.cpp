// A network as the file lists it, link by link; flows take shortest ways, or those that it prescribes.
#include "cluster/edge_list.hpp"

#include "cluster/direct.hpp"
#include "cluster/graph.hpp"
#include "cluster/topologies.hpp"
#include "units/index.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace traingrid {
namespace {

constexpr std::int64_t kMostWays = 64;  // between two NICs; of more, so many that are evenly spread

/// Whether a name is that of a node or NIC: n and a number, and perhaps a dot and another.
bool is_end(const std::string& name) {
  const auto digits = [&](std::size_t from, std::size_t to) {
    return from < to &&
           std::all_of(name.begin() + static_cast<std::ptrdiff_t>(from), name.begin() + static_cast<std::ptrdiff_t>(to),
                       [](unsigned char c) { return std::isdigit(c) != 0; });
  };
  const std::size_t dot = std::min(name.find('.'), name.size());
  return name.starts_with('n') && digits(1, dot) && (dot == name.size() || digits(dot + 1, name.size()));
}

Graph graph_of(const EdgeListShape& shape) {
  Graph graph;
  for (const EdgeListShape::Edge& edge : shape.edges) {
    const std::int32_t from = graph.vertex(edge.from, is_end(edge.from)), to = graph.vertex(edge.to, is_end(edge.to));
    graph.add_edge(from, to);
    graph.add_edge(to, from);
  }
  return graph;
}

/// Where a NIC is attached: at a vertex of its own, or at that of its node. −1 if there is neither.
std::int32_t vertex_of(const Graph& graph, int nic, int nics_per_node) {
  const std::int32_t own = graph.find(fmt::format("n{}.{}", nic / nics_per_node, nic % nics_per_node));
  return own >= 0 ? own : graph.find(fmt::format("n{}", nic / nics_per_node));
}

std::vector<std::string> stops_of(const EdgeListShape::Route& route) {
  std::vector<std::string> stops{route.from};
  stops.insert(stops.end(), route.via.begin(), route.via.end());
  stops.push_back(route.to);
  return stops;
}

std::string route_obstacle(const Graph& graph, const EdgeListShape::Route& route) {
  const auto stops = stops_of(route);
  std::set<std::string> passed;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    if (graph.find(stops[i]) < 0)
      return fmt::format("the route from {} to {} passes '{}', which no edge names", route.from, route.to, stops[i]);
    if (!passed.insert(stops[i]).second)
      return fmt::format("the route from {} to {} loops: it comes to '{}' twice", route.from, route.to, stops[i]);
    if (i > 0 && graph.edge_between(graph.find(stops[i - 1]), graph.find(stops[i])) < 0) {
      return fmt::format("the route from {} to {} needs an edge from '{}' to '{}'", route.from, route.to, stops[i - 1],
                         stops[i]);
    }
  }
  return "";
}

class EdgeList final : public DirectNetwork {
 public:
  explicit EdgeList(const Cluster& cluster) : DirectNetwork(cluster), graph_(graph_of(cluster.network.edge_list)) {
    const EdgeListShape& shape = cluster.network.edge_list;
    std::vector<Bandwidth> rates;
    for (const EdgeListShape::Edge& edge : shape.edges) {
      rates.insert(rates.end(), 2, edge.bandwidth * cluster.network.link.efficiency);
      delay_.insert(delay_.end(), 2, edge.latency);
    }
    first_ = add_level("edge", rates);
    for (int nic = 0; nic < nics(); ++nic) vertex_.push_back(vertex_of(graph_, nic, nics_per_node()));
    for (const EdgeListShape::Route& route : shape.routes) {
      const auto stops = stops_of(route);
      auto& edges = routes_[{graph_.find(route.from), graph_.find(route.to)}];
      edges.clear();
      for (std::size_t i = 1; i < stops.size(); ++i)
        edges.push_back(graph_.edge_between(graph_.find(stops[i - 1]), graph_.find(stops[i])));
    }
  }

  std::string link_name(LinkId link) const override {
    if (link < first_) return Fabric::link_name(link);
    const Graph::Edge& edge = graph_.edges()[index(link - first_)];
    return fmt::format("edge {} -> {}", graph_.name(edge.from), graph_.name(edge.to));
  }

 private:
  const std::vector<std::int32_t>* route(int from_nic, int to_nic) const {
    const auto found = routes_.find({vertex_[index(from_nic)], vertex_[index(to_nic)]});
    return found == routes_.end() ? nullptr : &found->second;
  }

  int network_ways(int from_nic, int to_nic) const override {
    if (route(from_nic, to_nic) != nullptr) return 1;
    return static_cast<int>(std::min(kMostWays, graph_.ways(vertex_[index(from_nic)], vertex_[index(to_nic)])));
  }

  std::vector<std::int32_t> edges_of(int from_nic, int to_nic, int way) const {
    if (const auto* route = this->route(from_nic, to_nic)) return *route;
    const std::int32_t from = vertex_[index(from_nic)], to = vertex_[index(to_nic)];
    const std::int64_t count = graph_.ways(from, to);
    std::vector<std::int32_t> edges;
    graph_.way(from, to, way * count / std::min(kMostWays, count), edges);
    return edges;
  }

  void network_way(int from_nic, int to_nic, int way, std::vector<Hop>& path) const override {
    for (const std::int32_t edge : edges_of(from_nic, to_nic, way)) path.push_back({first_ + edge});
  }

  int network_hops(int from_nic, int to_nic) const override {
    return std::max(0, static_cast<int>(std::ssize(edges_of(from_nic, to_nic, 0))) - 2);  // less those of the ends
  }

  Seconds network_delay(int from_nic, int to_nic) const override {
    Seconds delay;
    for (const std::int32_t edge : edges_of(from_nic, to_nic, 0)) delay += delay_[index(edge)];
    return delay;
  }

  Vertex switch_of(int nic) const override { return router(vertex_[index(nic)]); }
  LinkEnds network_ends(LinkId link) const override {
    const Graph::Edge& edge = graph_.edges()[index(link - first_)];
    return {router(edge.from), router(edge.to)};
  }

  Graph graph_;
  LinkId first_ = -1;
  std::vector<Seconds> delay_;        // by edge
  std::vector<std::int32_t> vertex_;  // by NIC
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<std::int32_t>> routes_;
};

}  // namespace

void EdgeListShape::Edge::describe(Fields& fields) {
  fields.required("from", from, "A node (n3), a NIC of it (n3.1), or a switch by any other name.");
  fields.required("to", to, "Likewise.");
  fields.check("to", from != to, "an edge from a vertex to itself carries nothing");
  fields.required("bandwidth", bandwidth, "Line rate, in each direction.", hardware_rate);
  fields.optional("latency", latency, "Beyond that of the type of link.", hardware_delay);
}

void EdgeListShape::Route::describe(Fields& fields) {
  fields.required("from", from, "A node or NIC.");
  fields.required("to", to, "Another one.");
  fields.required("via", via, "The switches between, in order.");
}

void edge_list_keys(Network& network, Fields& fields, Keys keys) {
  EdgeListShape& shape = network.edge_list;
  needed_key(fields, keys, "edges", shape.edges, "Links of the network, both directions of each.");
  fields.optional("routes", shape.routes, "Ways that traffic takes, whatever shorter ones there are.");
  if (keys == Keys::listed) return;
  const Graph graph = graph_of(shape);
  for (const EdgeListShape::Route& route : shape.routes) {
    const std::string reason = route_obstacle(graph, route);
    fields.check("routes", reason.empty(), reason);
  }
}

std::string edge_list_obstacle(const Cluster& cluster) {
  const Graph graph = graph_of(cluster.network.edge_list);
  const std::int32_t first = vertex_of(graph, 0, cluster.node.nics);
  for (int nic = 0; nic < nics_of_machine(cluster); ++nic) {
    const int node = nic / cluster.node.nics;
    const std::int32_t vertex = vertex_of(graph, nic, cluster.node.nics);
    if (vertex < 0) return fmt::format("no edge leads to n{}.{}, nor to n{}", node, nic % cluster.node.nics, node);
    if (graph.distance(vertex, first) < 0)
      return fmt::format("the network is in pieces: no way leads from {} to {}", graph.name(vertex), graph.name(first));
  }
  return "";
}

double edge_list_switches(const Cluster& cluster) {
  const Graph graph = graph_of(cluster.network.edge_list);
  int switches = 0;
  for (std::int32_t vertex = 0; vertex < graph.vertices(); ++vertex) switches += is_end(graph.name(vertex)) ? 0 : 1;
  return switches;
}

std::unique_ptr<Fabric> build_edge_list(const Cluster& cluster) { return std::make_unique<EdgeList>(cluster); }

}  // namespace traingrid
