// traingrid: a simulator of AI training in datacenters.
#include "cli/program.hpp"

#include <string>
#include <vector>

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  return traingrid::run_program(words);
}
