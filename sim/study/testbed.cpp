#include "study/testbed.hpp"

#include "study/measured_fields.hpp"
#include "units/text.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace traingrid {
namespace {

/// "20B" is not in "120B" nor "2" in "3.2", and "H20" is not in "H200".
bool cuts_number(std::string_view text, std::size_t at, std::string_view word) {
  const std::size_t end = at + word.size();
  const bool before = at > 0 && (is_digit(text[at - 1]) || (text[at - 1] == '.' && at > 1 && is_digit(text[at - 2])));
  return (is_digit(word.front()) && before) || (is_digit(word.back()) && end < text.size() && is_digit(text[end]));
}

bool has_word(std::string_view text, std::string_view word) {
  if (word.empty()) return true;
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  for (std::size_t from = 0; from < text.size();) {
    const auto found = std::ranges::search(text.substr(from), word, same);
    if (found.empty()) return false;
    const auto at = static_cast<std::size_t>(found.begin() - text.begin());
    if (!cuts_number(text, at, word)) return true;
    from = at + 1;
  }
  return false;
}

/// The number before the mark, if it is one that is counted.
int whole_number(const std::string& digits) {
  constexpr std::size_t kMostDigits = 6;
  return digits.size() > kMostDigits ? 0 : std::stoi(digits);
}

}  // namespace

bool has_words(std::string_view text, const std::vector<std::string>& words) {
  return std::ranges::all_of(words, [&](const std::string& word) { return has_word(text, word); });
}

void TestedNode::describe(Fields& fields) {
  fields.required("words", words, "Words that the name of the accelerator has.");
  fields.required("accelerators", accelerators, "Accelerators per node.", at_least_one);
  fields.required("nics", nics, "Network adapters per node, unless a measurement says otherwise.", at_least_one);
  fields.reference("scale_up", scale_up, "links", "Link of each accelerator inside the node.");
  fields.reference("network", network, "links", "One NIC port, unless a measurement says otherwise.");
  fields.optional("obstacle", obstacle, "Why it cannot be simulated.");
  fields.optional("full_mesh", full_mesh, "Every pair has a link of its own.");
}

void TestedNetwork::describe(Fields& fields) {
  fields.required("words", words, "Words that the description of the network, or the source of the measurement, has.");
  fields.reference("link", link, "links", "One NIC port.");
}

void TestHarness::describe(Fields& fields) {
  fields.required("words", words, "Words that the source of a measurement has.");
  fields.required("startup", startup, "What the program that measures adds to every collective.", hardware_delay);
}

void Testbed::describe(Fields& fields) {
  fields.required("name", name, "Name of the collection.");
  fields.required("nodes", nodes, "Nodes by accelerator, the more special ones first.");
  fields.required("networks", networks, "Networks by description, the more special ones first.");
  fields.optional("harnesses", harnesses, "Programs that measure and add time of their own.");
}

const TestedNode* Testbed::node(std::string_view accelerator) const {
  const auto found = std::ranges::find_if(nodes, [&](const auto& node) { return has_words(accelerator, node.words); });
  return found == nodes.end() ? nullptr : &*found;
}

Seconds Testbed::startup_of_harness(std::string_view source) const {
  const auto found =
      std::ranges::find_if(harnesses, [&](const auto& harness) { return has_words(source, harness.words); });
  return found == harnesses.end() ? Seconds{} : found->startup;
}

Interconnect parse_interconnect(std::string_view text, const std::vector<TestedNetwork>& networks,
                                std::string_view source) {
  static const std::regex count("([0-9]+) ?x"), rate("([0-9.]+) ?([GT])(b/s|bps|bit/s)"), each("per (GPU|accelerator)");
  const std::string words(text);
  std::smatch match;
  Interconnect connect;
  if (std::regex_search(words, match, count)) connect.nics = whole_number(match[1]);
  if (std::regex_search(words, match, rate))
    connect.rate = parse_number(match[1].str()).value_or(0) * (match[2] == "T" ? 1e12 : 1e9) / 8 * (byte / second);
  connect.each = std::regex_search(words, each);
  const std::string all = words + " " + std::string(source);
  const auto known =
      text.empty() ? networks.end()
                   : std::ranges::find_if(networks, [&](const auto& network) { return has_words(all, network.words); });
  if (known != networks.end()) connect.link = known->link;
  return connect;
}

}  // namespace traingrid
