// The program around the commands: choosing one, and telling the shell how it ended.
#pragma once

#include <span>
#include <string>

namespace traingrid {

/// Runs the command that the words name, prints what it says, and returns the exit code.
int run_program(std::span<const std::string> words);

}  // namespace traingrid
