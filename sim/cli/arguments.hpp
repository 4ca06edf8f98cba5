// The words after a command: which options and operands it takes, and its help. The only user of Boost.Program_options.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace traingrid {

class Arguments {
 public:
  /// `operands` as the usage line shows them: "RUN", "FILE…".
  Arguments(std::string command, std::string operands, std::string summary);

  void flag(std::string name, std::string help, bool& target);
  void value(std::string name, std::string placeholder, std::string help, std::string& target);
  void value(std::string name, std::string placeholder, std::string help, std::optional<std::string>& target);
  /// A whole number from `least` on.
  void value(std::string name, std::string placeholder, std::string help, std::optional<int>& target, int least);
  /// May be given many times.
  void list(std::string name, std::string placeholder, std::string help, std::vector<std::string>& target);
  void operands(std::vector<std::string>& target, std::size_t least, std::size_t most);

  /// Fills the targets, those of the operands too, which must be known; false if help is asked for. Throws InputError
  /// with the next step.
  bool parse(std::span<const std::string> words);
  std::string help() const;

 private:
  struct Option {
    std::string name, placeholder, help;
    std::function<void(const std::string&)> store;
    bool repeatable = false;
    bool seen = false;
  };
  /// An option with its value, or an operand.
  struct Word {
    std::string option, value;
  };
  [[noreturn]] void refuse(const std::string& reason) const;
  [[noreturn]] void refuse_option(const std::string& typed) const;
  std::vector<Word> split(std::span<const std::string> words) const;
  void store(const Word& word);

  std::string command_, operands_text_, summary_;
  std::vector<Option> options_;
  std::vector<std::string>* operands_ = nullptr;
  std::size_t least_ = 0, most_ = 0;
};

}  // namespace traingrid
