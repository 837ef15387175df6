#include "http/trusted_proxies.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch::http;

namespace {

ip_address address(std::string_view text) {
  return ip_address::parse(text).value();
}

std::vector<ip_network> networks(std::initializer_list<std::string_view> texts) {
  std::vector<ip_network> read;
  for (auto text : texts)
    read.push_back(ip_network::parse(text).value());
  return read;
}

/// The client behind `peer` when X-Forwarded-For came in these fields, and 10.0.0.0/8 and
/// 2001:db8:1::/48 are trusted.
std::string client(std::string_view peer, std::initializer_list<std::string_view> fields) {
  std::vector<request_field> sent{{"Host", "x"}};
  for (auto value : fields)
    sent.push_back({"x-forwarded-FOR", value});
  return to_string(client_behind(address(peer), sent, networks({"10.0.0.0/8", "2001:db8:1::/48"})));
}

} // namespace

TEST_CASE("an address is read and written in both families", "[http]") {
  CHECK(to_string(address("192.0.2.1")) == "192.0.2.1");
  CHECK(to_string(address("2001:DB8:0:0::1")) == "2001:db8::1");
  CHECK(to_string(address("::ffff:192.0.2.1")) == "192.0.2.1");
  CHECK(address("::ffff:192.0.2.1") == address("192.0.2.1"));
  CHECK(address("fe80::1%eth0") == address("fe80::1"));
  CHECK(address("192.0.2.1").is_v4());
  CHECK_FALSE(address("::1").is_v4());
}

TEST_CASE("what is no address is not read as one", "[http]") {
  using namespace std::string_view_literals;
  for (auto text : {""sv, "unknown"sv, "192.0.2"sv, "192.0.2.256"sv, "192.0.2.1 "sv, "192.0.2.01"sv, "1"sv,
                    "0x7f.0.0.1"sv, "::g"sv, "1::2::3"sv, "192.0.2.1%eth0"sv, "192.0.2.1\0"sv,
                    "11111111111111111111111111111111111111111111111111111111111:"sv})
    CHECK_FALSE(ip_address::parse(text));
}

TEST_CASE("an IPv4 address counts alone, and an IPv6 address with its /64", "[http]") {
  CHECK(network_of(address("192.0.2.1")) == network_of(address("::ffff:192.0.2.1")));
  CHECK(network_of(address("192.0.2.1")) != network_of(address("192.0.2.2")));
  CHECK(network_of(address("2001:db8:1:2::1")) == network_of(address("2001:db8:1:2:ffff::9")));
  CHECK(network_of(address("2001:db8:1:2::1")) != network_of(address("2001:db8:1:3::1")));
}

TEST_CASE("a network contains what shares its prefix", "[http]") {
  auto contains = [](std::string_view network, std::string_view other) {
    return ip_network::parse(network).value().contains(address(other));
  };
  CHECK(contains("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  CHECK(contains("172.16.0.0/12", "172.31.255.255"));
  CHECK_FALSE(contains("172.16.0.0/12", "172.32.0.0"));
  CHECK(contains("192.0.2.1", "192.0.2.1"));
  CHECK_FALSE(contains("192.0.2.1", "192.0.2.2"));
  CHECK(contains("192.0.2.1/32", "::ffff:192.0.2.1"));
  CHECK(contains("0.0.0.0/0", "203.0.113.9"));
  CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  CHECK(contains("::/0", "2001:db8::1"));
  CHECK(contains("2001:db8:1::/48", "2001:db8:1:ffff::1"));
  CHECK_FALSE(contains("2001:db8:1::/48", "2001:db8:2::1"));
  CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST_CASE("what is no network is not read as one", "[http]") {
  for (auto text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8 ", "10.0.0.0/8/8",
                    "10.0.0.0/0x8", "::/129", "10.0.0.1/8", "2001:db8::1/64", "fe80::1%eth0", "proxy",
                    "10.0.0.0/ 8", "10.0.0.0/+8", "10.0.0.0/4294967304"})
    CHECK_FALSE(ip_network::parse(text));
}

TEST_CASE("the client is the peer when the peer is no trusted proxy", "[http]") {
  CHECK(client("203.0.113.9", {"198.51.100.7"}) == "203.0.113.9");
  CHECK(client("203.0.113.9", {}) == "203.0.113.9");
}

TEST_CASE("the client is the right-most address that is no trusted proxy", "[http]") {
  CHECK(client("10.0.0.1", {"198.51.100.7"}) == "198.51.100.7");
  CHECK(client("::ffff:10.0.0.1", {"198.51.100.7"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"1.2.3.4, 198.51.100.7"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"1.2.3.4, 198.51.100.7, 10.0.0.3,10.0.0.2"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"1.2.3.4,2001:db8:5::1, 2001:db8:1::1"}) == "2001:db8:5::1");
  CHECK(client("2001:db8:1::9", {"198.51.100.7"}) == "198.51.100.7");
}

TEST_CASE("all fields of X-Forwarded-For are one list", "[http]") {
  CHECK(client("10.0.0.1", {"1.2.3.4", "198.51.100.7"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"1.2.3.4, 198.51.100.7", "10.0.0.3", "10.0.0.2"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"198.51.100.7", ""}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"198.51.100.7, ,", " , 10.0.0.2"}) == "198.51.100.7");
}

TEST_CASE("without an untrusted address the client is the proxy farthest away", "[http]") {
  CHECK(client("10.0.0.1", {}) == "10.0.0.1");
  CHECK(client("10.0.0.1", {""}) == "10.0.0.1");
  CHECK(client("10.0.0.1", {"10.0.0.3, 10.0.0.2"}) == "10.0.0.3");
}

TEST_CASE("what is no address ends the walk, and the last good address counts", "[http]") {
  CHECK(client("10.0.0.1", {"unknown"}) == "10.0.0.1");
  CHECK(client("10.0.0.1", {"198.51.100.7, unknown, 10.0.0.2"}) == "10.0.0.2");
  CHECK(client("10.0.0.1", {"198.51.100.7, _hidden"}) == "10.0.0.1");
  CHECK(client("10.0.0.1", {"198.51.100.7", "198.51.100.8;", "10.0.0.2"}) == "10.0.0.2");
  CHECK(client("10.0.0.1", {"198.51.100.7, \"10.0.0.2\""}) == "10.0.0.1");
}

TEST_CASE("an address may carry a port", "[http]") {
  CHECK(client("10.0.0.1", {"198.51.100.7:4711"}) == "198.51.100.7");
  CHECK(client("10.0.0.1", {"[2001:db8:5::1]:443, 10.0.0.2:80"}) == "2001:db8:5::1");
  CHECK(client("10.0.0.1", {"[2001:db8:5::1]"}) == "2001:db8:5::1");
  for (auto wrong : {"198.51.100.7:", "198.51.100.7:x", "198.51.100.7:123456", "[198.51.100.7]:80",
                     "[2001:db8:5::1", "[2001:db8:5::1]443", "[2001:db8:5::1]:", "[]"})
    CHECK(client("10.0.0.1", {wrong}) == "10.0.0.1");
}
