#include "events/digest.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch::events;

TEST_CASE("a SHA-256 is that of the standard's examples", "[events][digest]") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("bytes in hexadecimal have two digits each", "[events][digest]") {
  const std::array<std::uint8_t, 3> bytes{0x00, 0x0f, 0xa0};
  CHECK(hex(bytes) == "000fa0");
  CHECK(hex({}).empty());
}
