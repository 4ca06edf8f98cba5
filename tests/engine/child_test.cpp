// What comes back from a child process: numbers, messages of exceptions, signals.
#include "engine/child.hpp"

#include "catch.hpp"
#include "input/problems.hpp"

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

TEST_CASE("an input error in a child is an input error of its parent") {
  CHECK_THROWS_AS(in_child([] { throw InputError("a.yaml:1:1: no"); }), InputError);
}

TEST_CASE("children work beside each other, and the first failure in their order is told") {
  SharedDoubles numbers(4, 0);
  in_children(4, [&](int i) { numbers.data()[i] = i + 1; });
  CHECK(numbers.data()[0] + numbers.data()[1] + numbers.data()[2] + numbers.data()[3] == 10);
  CHECK(failure([] {
          in_children(3, [](int i) {
            if (i > 0) throw std::logic_error(std::to_string(i));
          });
        }).ends_with("failed: 1"));
}
