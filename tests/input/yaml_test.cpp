#include "input/yaml.hpp"
#include "catch.hpp"
#include "input/problems.hpp"

namespace traingrid {
namespace {

struct Parsed {
  Node root;
  std::string message;
};

Parsed parse(const std::string& bytes) {
  Problems problems;
  const auto file = std::make_shared<const SourceFile>(SourceFile{"a.yaml", bytes});
  Node root = parse_yaml(file, problems);
  return {std::move(root), problems.text()};
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("keys keep their order and every value its place") {
  const Parsed parsed = parse("b: 1\na:\n  - x\n  - {c: 'd e'}\n");
  REQUIRE(parsed.message == "");
  REQUIRE(parsed.root.entries.size() == 2);
  CHECK(parsed.root.entries[0].key == "b");
  const Node& list = parsed.root.find("a")->value;
  REQUIRE(list.items.size() == 2);
  const Entry* c = list.items[1].find("c");
  CHECK(c->value.text == "d e");
  CHECK(c->value.mark.line == 4);
  CHECK(c->value.mark.column == 9);
}

TEST_CASE("an alias is a copy of what it refers to") {
  const Parsed parsed = parse("a: &x {k: 1}\nb: *x\n");
  CHECK(parsed.message == "");
  CHECK(parsed.root.find("b")->value.find("k")->value.text == "1");
}

TEST_CASE("what YAML allows and people regret is refused with its place and the next step") {
  struct Case {
    std::string bytes, message;
  };
  const auto wrong = GENERATE(values<Case>({
      {"a: 1\na: 2\n", "a.yaml:2:1: 'a' appears twice, first on line 1; keep one of them\n  a: 2\n  ^"},
      {"a: &x {b: 1}\nc:\n  <<: *x\n",
       "a.yaml:3:3: merge keys '<<' are not supported; use 'base: NAME' or write the values out\n    <<: *x\n    ^"},
      {"a: !!binary aGk=\n",
       "a.yaml:1:4: the tag '!!binary' is not supported; write the plain value\n  a: !!binary aGk=\n     ^"},
      {"a: !mine {b: 1}\n",
       "a.yaml:1:4: the tag '!mine' is not supported; write the plain value\n  a: !mine {b: 1}\n     ^"},
      {"a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document begins here; keep one description per file\n  ---\n  ^"},
      {"? [a, b]\n: 1\n",
       "a.yaml:1:3: a key must be a plain word; write it as 'key: value', and close all brackets\n  ? [a, b]\n    ^"},
      {": 1\n", "a.yaml:1:1: a key must be a plain word; write it as 'key: value', and close all brackets\n  : 1\n  ^"},
      {"a: &x [*x]\n",
       "a.yaml:1:8: this alias stands inside the value it refers to; write the value out\n  a: &x [*x]\n         ^"},
      {"a: b: c\n",
       "a.yaml:1:5: not valid YAML: illegal map value; check indentation, quotes and brackets\n  a: b: c\n      ^"},
      {"a: [1, 2\n",
       "a.yaml:1:4: not valid YAML: end of sequence flow not found; check indentation, quotes and brackets\n  a: [1, "
       "2\n     ^"},
      {"# nothing\n", "a.yaml:1:1: holds no keys; write the keys of the description into it\n  # nothing\n  ^"},
      {"---\n", "a.yaml:1:1: holds no keys; write the keys of the description into it\n  ---\n  ^"},
  }));
  CHECK(parse(wrong.bytes).message == wrong.message);
}

TEST_CASE("several traps in one file are reported together") {
  const std::string message = parse("a: 1\na: 2\nb: !!str 3\n").message;
  CHECK(message.find("a.yaml:2:1") != std::string::npos);
  CHECK(message.find("a.yaml:3:4") != std::string::npos);
}

TEST_CASE("deep nesting is refused before it costs anything") {
  const auto [opening, closing] =
      GENERATE(table<std::string, std::string>({{"[", "]"}, {"{a: ", "}"}, {"- ", ""}, {"[a: ", "]"}}));
  const std::string text = repeated(opening, 100'000) + "x" + repeated(closing, 100'000);
  const std::string message = parse(text).message;
  CHECK(message.find(": nested deeper than 64 levels; no description needs that; are brackets closed?\n") !=
        std::string::npos);
}

TEST_CASE("thousands of brackets that are never closed are refused") {
  const std::string opening = GENERATE("[", "{a: ", "[a: ", "{");
  CHECK(parse(repeated(opening, 100'000)).message.find("brackets") != std::string::npos);
}

TEST_CASE("aliases cannot build a tree that is too large or too deep") {
  std::string wide = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n", deep = "a0: &a0 [x]\n";
  for (int i = 1; i < 80; ++i) {
    const std::string name = "a" + std::to_string(i), last = "*a" + std::to_string(i - 1);
    wide += name + ": &" + name + " [" + last + repeated(", " + last, 9) + "]\n";
    deep += name + ": &" + name + " [" + last + "]\n";
  }
  CHECK(parse(wide).message.find("holds more than 100000 values; aliases count as copies") != std::string::npos);
  CHECK(parse(deep).message.find("nested deeper than 64 levels") != std::string::npos);
}

TEST_CASE("of a value that states both, the calibrated one is taken with what it was fitted to, or the other without") {
  const std::string text =
      "source: file\ngemm: {value: 0.8, calibrated: 0.7, source: table, calibrated_on: rows}\nplain: {value: 1, "
      "calibrated_on: x}\n";
  Node fitted = parse(text).root, plain = fitted;
  choose_values(fitted, true);
  choose_values(plain, false);
  CHECK(unwrapped(fitted.find("gemm")->value).text == "0.7");
  CHECK(unwrapped(fitted.find("gemm")->value).provenance->calibrated_on == "rows");
  CHECK(unwrapped(plain.find("gemm")->value).text == "0.8");
  CHECK(unwrapped(plain.find("gemm")->value).provenance->source == "table");
  CHECK(unwrapped(plain.find("gemm")->value).provenance->calibrated_on.empty());
  CHECK(unwrapped(plain.find("plain")->value).provenance->calibrated_on == "x");
}

}  // namespace traingrid
