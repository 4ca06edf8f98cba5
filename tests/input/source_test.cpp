#include "catch.hpp"
#include "input/sha256.hpp"
#include "workshop.hpp"

#include <sys/stat.h>

namespace traingrid {
namespace {

/// The message for a file of the catalogue that holds these bytes.
std::string complaint(const std::string& bytes) {
  const Workshop workshop;
  workshop.write_machine(bytes);
  return workshop.read().message;
}

}  // namespace

TEST_CASE("an empty file is refused") {
  CHECK(complaint("") == "platforms/clusters/m.yaml: is empty; write the keys of the description into it");
}

TEST_CASE("a file that is not text is refused at the first byte that shows it") {
  CHECK(complaint("name: M\xff\n") ==
        "platforms/clusters/m.yaml:1:8: byte 0xff is not UTF-8; save the file as UTF-8 text\n  name: M?\n         ^");
  CHECK(complaint("a: 1\nb: \xc3\xa9\xc0\xaf\n") ==
        "platforms/clusters/m.yaml:2:5: byte 0xc0 is not UTF-8; save the file as UTF-8 text\n  b: é??\n      ^");
  CHECK(complaint(std::string("name: a\0b\n", 10)) ==
        "platforms/clusters/m.yaml:1:8: control character 0x00; remove it; is this a text file?\n  name: a?b\n         "
        "^");
}

TEST_CASE("a file of 50 MB is refused without being read") {
  const Workshop workshop;
  workshop.write_machine("");
  std::filesystem::resize_file(workshop.root() / "platforms/clusters/m.yaml", 50'000'000);
  CHECK(
      workshop.read().message ==
      "platforms/clusters/m.yaml: is 47 MiB large, more than the 4 MiB a description may have; is it the right file?");
}

TEST_CASE("a device that never ends is refused") {
  const Workshop workshop;
  CHECK(workshop.read({}, "/dev/zero").message ==
        "/dev/zero: holds more than the 4 MiB a description may have; is it the right file?");
}

TEST_CASE("a directory is refused") {
  const Workshop workshop;
  std::filesystem::create_directories(workshop.root() / "d.yaml");
  const std::string path = (workshop.root() / "d.yaml").string();
  CHECK(workshop.read({}, path).message == path + ": is a directory; name a file in it");
}

TEST_CASE("a missing file is reported as it was typed") {
  const Workshop workshop;
  CHECK(workshop.read({}, "./nowhere.yaml").message == "./nowhere.yaml: there is no such file; check the path");
}

TEST_CASE("a file that may not be read is refused") {
  if (::geteuid() == 0) return;  // root may read everything
  const Workshop workshop;
  workshop.write_machine(kMachine);
  ::chmod((workshop.root() / "platforms/clusters/m.yaml").c_str(), 0);
  CHECK(workshop.read().message == "platforms/clusters/m.yaml: cannot be read: Permission denied");
}

TEST_CASE("a byte order mark and Windows line ends are no problem") {
  CHECK(complaint("\xEF\xBB\xBFname: M\r\naccelerator: v100\r\nnodes: 4\r\npower: 1 W\r\n") == "");
}

TEST_CASE("SHA-256 is that of FIPS 180-4") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace traingrid
