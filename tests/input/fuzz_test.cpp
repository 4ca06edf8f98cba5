#include "catch.hpp"
#include "workshop.hpp"

#include <random>

namespace traingrid {

TEST_CASE("no mutilated file does more than fail to be read") {
  const Workshop workshop;
  const std::string good = std::string(kMachine) +
                           "efficiency: {value: 0.9, source: 'a \"paper\"'}\ncolour: blue # sky\nbuilt: 2019-10-01\n"
                           "tiles: &t\n  - {m: 128, n: 256}\n  - m: 64\n    n: 64\nspares: ~\nnote: |\n  a\n  b\n";
  constexpr std::string_view bytes = "[]{}&*!|>'\"%@`#:?-,.~ \t\n\r0129eE<aé\xff\0=";
  std::mt19937 random(2024);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = good;
    for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
      const std::size_t at = below(text.size()), length = 1 + below(3);
      switch (below(4)) {
        case 0:
          text[at] = bytes[below(bytes.size())];
          break;
        case 1:
          text.insert(at, 1, bytes[below(bytes.size())]);
          break;
        case 2:
          text.erase(at, length);
          break;
        default:
          text.insert(at, text.substr(below(text.size()), 4 * length));
          break;
      }
    }
    workshop.write_machine(text);
    Inputs inputs = workshop.inputs();
    Document document = inputs.open<Machine>("clusters", "m");
    inputs.read<Machine>(document);
    try {
      inputs.finish();
    } catch (const InputError& error) {
      CHECK(std::string_view(error.what()).size() > 20);
      ++refused;
    }
  }
  CHECK(refused > 750);
}

}  // namespace traingrid
