#include "engine/platform_import.hpp"

#include "cluster/cluster.hpp"
#include "engine/child.hpp"
#include "engine/simgrid_compat.hpp"
#include "input/inputs.hpp"
#include "units/index.hpp"

#include <fmt/format.h>
#include <fmt/os.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace traingrid {
namespace {

namespace sg4 = simgrid::s4u;

constexpr std::size_t kMostHosts = 4096;  // of which all pairs are asked for their route

/// A file without a name that parent and child share.
class Scratch {
 public:
  Scratch() : file_(std::tmpfile()) {
    if (file_ == nullptr) throw std::runtime_error("cannot make a temporary file");
  }
  ~Scratch() { std::fclose(file_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::FILE* file() { return file_; }
  std::string text() {
    std::string text;
    std::rewind(file_);
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) text += static_cast<char>(c);
    return text;
  }

 private:
  std::FILE* file_;
};

/// Numbers in names count by value.
bool comes_before(const std::string& a, const std::string& b) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto end_a = std::find_if_not(a.begin() + static_cast<std::ptrdiff_t>(i), a.end(), is_digit) - a.begin();
      const auto end_b = std::find_if_not(b.begin() + static_cast<std::ptrdiff_t>(j), b.end(), is_digit) - b.begin();
      const std::string number_a = a.substr(i, static_cast<std::size_t>(end_a) - i);
      const std::string number_b = b.substr(j, static_cast<std::size_t>(end_b) - j);
      if (number_a.size() != number_b.size()) return number_a.size() < number_b.size();
      if (number_a != number_b) return number_a < number_b;
      i = static_cast<std::size_t>(end_a);
      j = static_cast<std::size_t>(end_b);
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

void check_sharing(const sg4::Link& link) {
  const auto policy = link.get_sharing_policy();
  if (policy == sg4::Link::SharingPolicy::SHARED || policy == sg4::Link::SharingPolicy::SPLITDUPLEX) return;
  throw std::runtime_error(
      fmt::format("link '{}' does not share its bandwidth between flows (FATPIPE, WIFI or non-linear), "
                  "which no fabric does",
                  link.get_name()));
}

std::string no_route(const std::string& from, const std::string& to) {
  return fmt::format("no route leads from {} to {}", from, to);
}

/// In the child: hosts, routes as numbers of links, then the links. `asking` holds the pair whose route is asked for,
/// in case SimGrid ends there.
void write_platform(const std::string& file, std::FILE* out, double* asking) {
  std::string program = "traingrid", quiet = "--log=root.thres:critical";
  char* arguments[] = {program.data(), quiet.data(), nullptr};
  int count = 2;
  sg4::Engine engine(&count, arguments);
  engine.load_platform(file);
  std::vector<sg4::Host*> hosts = engine.get_all_hosts();
  if (hosts.size() < 2 || hosts.size() > kMostHosts) {
    throw std::runtime_error(fmt::format("it has {} hosts; a fabric has 2 to {}", hosts.size(), kMostHosts));
  }
  std::ranges::sort(hosts, comes_before, [](const sg4::Host* host) { return host->get_name(); });
  fmt::print(out, "{}\n", hosts.size());
  for (const sg4::Host* host : hosts) fmt::print(out, "{}\n", host->get_name());
  std::fflush(out);
  std::map<const sg4::Link*, std::size_t> numbers;
  std::vector<const sg4::Link*> links;
  for (std::size_t pair = 0; pair < hosts.size() * hosts.size(); ++pair) {
    const sg4::Host *from = hosts[pair / hosts.size()], *to = hosts[pair % hosts.size()];
    *asking = static_cast<double>(pair);
    std::vector<sg4::Link*> route;
    double latency = 0;
    if (from != to) from->route_to(to, route, &latency);
    if (from != to && route.empty()) throw std::runtime_error(no_route(from->get_name(), to->get_name()));
    fmt::print(out, "{}", route.size());
    for (const sg4::Link* link : route) {
      const auto [entry, is_new] = numbers.emplace(link, links.size());
      if (is_new) check_sharing(*links.emplace_back(link));
      fmt::print(out, " {}", entry->second);
    }
    fmt::print(out, "\n");
  }
  fmt::print(out, "{}\n", links.size());
  for (const sg4::Link* link : links)
    fmt::print(out, "{}\n{} {}\n", link->get_name(), link->get_bandwidth(), link->get_latency());
  std::fflush(out);
}

std::size_t read_number(std::istream& in) {
  std::size_t value = 0;
  in >> value;
  return value;
}

std::string read_line(std::istream& in) {
  std::string value;
  std::getline(in >> std::ws, value);
  return value;
}

std::vector<std::string> read_hosts(std::istream& in) {
  std::vector<std::string> hosts(read_number(in));
  for (std::string& host : hosts) host = read_line(in);
  return hosts;
}

ImportedPlatform read_platform(const std::string& text) {
  std::istringstream in(text);
  ImportedPlatform platform{.hosts = read_hosts(in), .offsets = {0}};
  for (std::size_t pair = 0; pair < platform.hosts.size() * platform.hosts.size(); ++pair) {
    for (std::size_t left = read_number(in); left > 0; --left)
      platform.route_links.push_back(static_cast<std::int32_t>(read_number(in)));
    platform.offsets.push_back(static_cast<std::int32_t>(platform.route_links.size()));
  }
  platform.links.resize(read_number(in));
  for (ImportedPlatform::Link& link : platform.links) {
    link.name = read_line(in);
    in >> link.bandwidth.si >> link.latency.si;
  }
  return platform;
}

/// Why the child was killed: the pair it asked the route of, or what SimGrid said before.
std::string last_words(const std::string& answer, const std::string& said, double asking) {
  if (asking >= 0) {
    std::istringstream in(answer);
    const auto hosts = read_hosts(in);
    const auto pair = static_cast<std::size_t>(asking);
    return no_route(hosts[pair / hosts.size()], hosts[pair % hosts.size()]);
  }
  std::istringstream in(said);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    const std::size_t message = line.rfind("] ");
    return line.starts_with('[') && message != std::string::npos ? line.substr(message + 2) : line;
  }
  return "it gives no reason";
}

}  // namespace

ImportedPlatform import_platform(const std::filesystem::path& file) {
  if (!std::ifstream(file)) throw std::runtime_error("it cannot be read");
  Scratch answer, said;
  SharedDoubles asking(1, -1);
  try {
    in_child([&] {
      dup2(fileno(said.file()), STDERR_FILENO);  // SimGrid explains itself there before it aborts
      for (const int deadly : {SIGABRT, SIGSEGV}) std::signal(deadly, SIG_DFL);
      write_platform(file.string(), answer.file(), asking.data());
    });
  } catch (const std::runtime_error& error) {
    constexpr std::string_view prefix = "the simulation process failed: ";
    std::string reason = error.what();
    if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
    const bool killed = reason.starts_with("killed by");
    throw std::runtime_error(killed ? last_words(answer.text(), said.text(), *asking.data()) : reason);
  }
  return read_platform(answer.text());
}

void import_network(Inputs& inputs, Cluster& cluster) {
  ImportedShape& shape = cluster.network.imported;
  if (is_imported(cluster.network) || shape.file.empty()) return;
  const auto& constants = inputs.constants();
  const auto written = std::ranges::find_if(constants.rbegin(), constants.rend(), [](const ConstantRead& constant) {
    return constant.document == "cluster" && constant.path == "network.file";
  });
  const Mark mark = written == constants.rend() ? Mark{} : written->mark;
  const std::filesystem::path directory = mark.file ? mark.file->directory : std::filesystem::path{};
  try {
    shape.platform = std::make_shared<const ImportedPlatform>(import_platform(directory / shape.file));
  } catch (const std::runtime_error& error) {
    return inputs.problems().add(mark, fmt::format("SimGrid cannot load '{}': {}", shape.file, error.what()));
  }
  for (const std::string& obstacle : {network_obstacle(cluster), degraded_obstacle(cluster)}) {
    if (!obstacle.empty()) inputs.problems().add(mark, obstacle);
  }
}

}  // namespace traingrid
