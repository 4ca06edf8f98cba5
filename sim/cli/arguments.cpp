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
  options_.push_back({std::move(name), std::move(placeholder), std::move(help), store});
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

void Arguments::store(const Word& word) {
  Option& option = *std::ranges::find(options_, word.option, &Option::name);
  if (option.seen && !option.repeatable) refuse(fmt::format("--{} is given twice; keep one of them", option.name));
  option.seen = true;
  option.store(word.value);
}

void Arguments::refuse_option(const std::string& typed) const {
  std::vector<std::string> names{"--help"};
  for (const Option& option : options_) names.push_back("--" + option.name);
  const auto meant = nearest(typed, names);
  refuse(fmt::format("unknown option '{}'{}", typed, meant ? fmt::format("; did you mean '{}'?", *meant) : ""));
}

std::vector<Arguments::Word> Arguments::split(std::span<const std::string> words) const {
  po::options_description known;
  known.add_options()("help,h", "");
  for (const Option& option : options_) {
    if (option.placeholder.empty())
      known.add_options()(option.name.c_str(), "");
    else
      known.add_options()(option.name.c_str(), po::value<std::string>(), "");
  }
  std::vector<Word> split;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    const auto parsed = po::command_line_parser({words.begin(), words.end()}).options(known).style(style).run();
    for (const po::option& option : parsed.options) {
      split.push_back({option.string_key, option.value.empty() ? "" : option.value.front()});
    }
  } catch (const po::unknown_option& error) {
    refuse_option(error.get_option_name());
  } catch (const po::error& error) {
    refuse(error.what());
  }
  return split;
}

bool Arguments::parse(std::span<const std::string> words) {
  const std::vector<Word> split = this->split(words);
  if (std::ranges::find(split, "help", &Word::option) != split.end()) return false;
  for (const Word& word : split) {
    if (!word.option.empty())
      store(word);
    else
      operands_->push_back(word.value);
  }
  if (operands_->size() < least_) refuse(fmt::format("{} is missing", operands_text_));
  if (operands_->size() > most_) refuse(fmt::format("'{}' is one word too many", (*operands_)[most_]));
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
