// What comes back from a child process: numbers, messages of exceptions, signals.
#include "engine/child.hpp"

#include "catch.hpp"

#include <csignal>
#include <stdexcept>
#include <string>

using namespace traingrid;

namespace {

std::string failure(const std::function<void()>& work) {
  try {
    in_child(work);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("numbers that a child writes are seen by its parent, and nothing else is") {
  SharedDoubles numbers(3, 7.5);
  int own = 1;
  in_child([&] {
    numbers.data()[1] = 2.25;
    own = 2;
  });
  CHECK(numbers.data()[0] == 7.5);
  CHECK(numbers.data()[1] == 2.25);
  CHECK(numbers.data()[2] == 7.5);
  CHECK(own == 1);
}

TEST_CASE("no numbers at all can be shared too") {
  SharedDoubles none(0, 0);
  CHECK(failure([] {}) == "none");
}

TEST_CASE("an exception in a child ends it with its message, however long") {
  CHECK(failure([] { throw std::out_of_range("no such link"); }) == "the simulation process failed: no such link");
  const std::string lengthy(10'000, 'x');
  CHECK(failure([&] { throw std::logic_error(lengthy); }) == "the simulation process failed: " + lengthy);
}

TEST_CASE("a child that is killed says by which signal") {
  CHECK(failure([] { std::raise(SIGKILL); }) == "the simulation process failed: killed by signal 9");
}
