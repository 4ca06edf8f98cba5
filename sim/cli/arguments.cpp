#include "cli/arguments.hpp"

#include "input/problems.hpp"
#include "input/spelling.hpp"
#include "units/text.hpp"

#include <fmt/format.h>
#include <boost/program_options.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace traingrid {

namespace po = boost::program_options;

Arguments::Arguments(std::string command, std::string operands, std::string summary)
    : command_(std::move(command)), operands_text_(std::move(operands)), summary_(std::move(summary)) {}

void Arguments::flag(std::string name, std::string help, bool& target) {
  options_.push_back({std::move(name), "", std::move(help), [&target](const std::string&) { target = true; }, true});
}

void Arguments::value(std::string name, std::string placeholder, std::string help, std::string& target) {
  options_.push_back({std::move(name), std::move(placeholder), std::move(help),
                      [&target](const std::string& text) { target = text; }});
}

void Arguments::value(std::string name, std::string placeholder, std::string help, std::optional<std::string>& target) {
  options_.push_back({std::move(name), std::move(placeholder), std::move(help),
                      [&target](const std::string& text) { target = text; }});
}

void Arguments::value(std::string name, std::string placeholder, std::string help, std::optional<int>& target,
                      int least) {
  const auto store = [this, name, least, &target](const std::string& text) {
    const auto number = parse_number(text);
    const bool whole = number && std::floor(*number) == *number;
    if (!whole || *number < least || *number > std::numeric_limits<int>::max()) {
      refuse(fmt::format("--{} must be a whole number of at least {}, not '{}'", name, least, text));
    }
    target = static_cast<int>(*number);
  };
  options_.push_back({name, std::move(placeholder), std::move(help), store});
}

void Arguments::list(std::string name, std::string placeholder, std::string help, std::vector<std::string>& target) {
  options_.push_back({std::move(name), std::move(placeholder), std::move(help),
                      [&target](const std::string& text) { target.push_back(text); }, true});
}

void Arguments::operands(std::vector<std::string>& target, std::size_t least, std::size_t most) {
  operands_ = &target;
  least_ = least;
  most_ = most;
}

void Arguments::refuse(const std::string& reason) const {
  throw InputError(fmt::format("traingrid {0}: {1}\n`traingrid {0} --help` shows what it accepts", command_, reason));
}

void Arguments::store(const std::string& name, const std::vector<std::string>& values) {
  Option& option = *std::ranges::find(options_, name, &Option::name);
  if (option.seen && !option.repeatable) refuse(fmt::format("--{} is given twice; keep one of them", name));
  option.seen = true;
  option.store(values.empty() ? "" : values.front());
}

bool Arguments::parse(std::span<const std::string> words) {
  po::options_description known;
  known.add_options()("help,h", "");
  std::vector<std::string> names{"--help"};
  for (const Option& option : options_) {
    if (option.placeholder.empty())
      known.add_options()(option.name.c_str(), "");
    else
      known.add_options()(option.name.c_str(), po::value<std::string>(), "");
    names.push_back("--" + option.name);
  }
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    const auto parsed = po::command_line_parser({words.begin(), words.end()}).options(known).style(style).run();
    const auto asks_for_help = [](const po::option& option) { return option.string_key == "help"; };
    if (std::ranges::any_of(parsed.options, asks_for_help)) return false;
    for (const po::option& option : parsed.options) {
      if (!option.string_key.empty())
        store(option.string_key, option.value);
      else if (operands_ != nullptr)
        operands_->push_back(option.value.front());
      else
        refuse(fmt::format("'{}' is one word too many", option.value.front()));
    }
  } catch (const po::unknown_option& error) {
    const auto meant = nearest(error.get_option_name(), names);
    refuse(fmt::format("unknown option '{}'{}", error.get_option_name(),
                       meant ? fmt::format("; did you mean '{}'?", *meant) : ""));
  } catch (const po::error& error) {
    refuse(error.what());
  }
  if (operands_ != nullptr && operands_->size() < least_) refuse(fmt::format("{} is missing", operands_text_));
  if (operands_ != nullptr && operands_->size() > most_)
    refuse(fmt::format("'{}' is one word too many", (*operands_)[most_]));
  return true;
}

std::string Arguments::help() const {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const Option& option : options_) {
    lines.emplace_back(fmt::format("--{}{}{}", option.name, option.placeholder.empty() ? "" : " ", option.placeholder),
                       option.help);
  }
  lines.emplace_back("--help", "this text");
  std::size_t width = 0;
  for (const auto& line : lines) width = std::max(width, line.first.size());
  std::string text = fmt::format("usage: traingrid {} {}{}[options]\n\n{}\n\n", command_, operands_text_,
                                 operands_text_.empty() ? "" : " ", summary_);
  for (const auto& [option, help] : lines) text += fmt::format("  {:<{}}  {}\n", option, width, help);
  return text;
}

}  // namespace traingrid
