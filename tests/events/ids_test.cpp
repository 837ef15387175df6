#include "events/envelope.hpp"
#include "events/ids.hpp"
#include "tests/support/catch.hpp"

#include <limits>
#include <random>
#include <set>

using namespace sonicmatch::events;

namespace {

uuid parsed(std::string_view text) {
  auto id = parse_uuid(text);
  REQUIRE(id);
  return *id;
}

/// The partition among as many as there can be: murmur2 itself, made positive.
std::int32_t positive_hash(std::string_view key) {
  return partition_of(key, std::numeric_limits<std::int32_t>::max()).value;
}

timestamp parsed_time(std::string_view text) {
  auto time = parse_timestamp(text);
  REQUIRE(time);
  return *time;
}

} // namespace

TEST_CASE("a v5 uuid is that of RFC 9562, appendix A.4", "[events][ids]") {
  auto dns = parsed("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  CHECK(to_string(uuid_v5(dns, "www.example.com")) == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST_CASE("a v7 uuid is that of RFC 9562, appendix A.6", "[events][ids]") {
  auto time = parsed_time("2022-02-22T19:22:22Z");
  CHECK(to_string(uuid_v7(time, {0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f}))
        == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST_CASE("a v7 uuid keeps all 74 random bits, and its version and variant", "[events][ids]") {
  std::array<std::uint8_t, 10> none{};
  std::array<std::uint8_t, 10> all;
  all.fill(0xff);
  auto lowest = uuid_v7(timestamp{}, none);
  auto highest = uuid_v7(timestamp{}, all);
  int differing_bits = 0;
  for (std::size_t i = 0; i < 16; ++i)
    differing_bits += __builtin_popcount(lowest.bytes[i] ^ highest.bytes[i]);
  CHECK(differing_bits == 74);
  CHECK(to_string(lowest) == "00000000-0000-7000-8000-000000000000");
}

TEST_CASE("v7 uuids sort by their time", "[events][ids]") {
  std::array<std::uint8_t, 10> high;
  high.fill(0xff);
  auto time = parsed_time("2026-11-22T14:15:39.001Z");
  CHECK(uuid_v7(time, high) < uuid_v7(time + std::chrono::milliseconds{1}, {}));
}

TEST_CASE("a uuid's text reads back, in either case, and is written in lower case", "[events][ids]") {
  constexpr std::string_view text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
  CHECK(to_string(parsed(text)) == text);
  CHECK(parsed("017F22E2-79B0-7CC3-98C4-DC0C0C07398F") == parsed(text));
}

TEST_CASE("nothing but the canonical form is a uuid", "[events][ids]") {
  for (auto text : {"", "017f22e279b07cc398c4dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
                    "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
                    "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2-79b07-cc3-98c4-dc0c0c07398f",
                    "017f22e2 79b0 7cc3 98c4 dc0c0c07398f", " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
                    "+17f22e2-79b0-7cc3-98c4-dc0c0c07398f"})
    CHECK_FALSE(parse_uuid(text));
}

TEST_CASE("the same decision has the same event id, and any other has another", "[events][ids]") {
  command_id command{parsed("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")};
  command_id other{parsed("017f22e2-79b0-7cc3-98c4-dc0c0c073990")};
  CHECK(event_id_of(command, "a.v1", 0) == event_id_of(command, "a.v1"));
  std::set<event_id> different{event_id_of(command, "a.v1"), event_id_of(command, "a.v2"),
                               event_id_of(command, "a.v1", 1), event_id_of(other, "a.v1")};
  CHECK(different.size() == 4);
}

TEST_CASE("ids that are in the log already never change", "[events][ids]") {
  // Taken from the first release: another value here would double every record.
  command_id command{parsed("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")};
  CHECK(to_string(event_id_of(command, "sonicmatch.recommendation_requested.v1"))
        == "678df6c9-3bca-5637-9865-39b91cb9fd80");
  CHECK(to_string(headphone_id_of("sennheiser-hd-560s")) == "ab7dcf4b-6e82-55d0-8f1f-372d5176581e");
}

TEST_CASE("partitions are those of Kafka's Java client", "[events][ids]") {
  // Kafka's UtilsTest.testMurmur2.
  const std::pair<std::string_view, std::int32_t> known[] = {
    {"21", -973932308},
    {"foobar", -790332482},
    {"a-little-bit-long-string", -985981536},
    {"a-little-bit-longer-string", -1486304829},
    {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971},
    {"abc", 479470107},
  };
  for (auto [key, hash] : known) {
    CHECK(positive_hash(key) == (hash & 0x7fffffff));
    CHECK(partition_of(key, 32).value == (hash & 0x7fffffff) % 32);
  }
}

TEST_CASE("bytes over 127 count as 128 to 255, as Java's masked bytes do", "[events][ids]") {
  // From an implementation of its own, which gives Kafka's values above.
  CHECK(positive_hash("\xff") == 1836015963);
  CHECK(positive_hash("caf\xc3\xa9") == 789476274);
  CHECK(positive_hash("\x80\x81\x82\x83\xfe\xff\x90") == 1196063450);
}

TEST_CASE("every key has a partition, however many there are", "[events][ids]") {
  std::mt19937_64 random{7};
  for (std::int32_t count : {1, 2, 7, 32, 1000})
    for (int i = 0; i < 200; ++i) {
      std::string key(random() % 50, '\0');
      for (auto& c : key)
        c = static_cast<char>(random());
      auto partition = partition_of(key, count);
      REQUIRE(partition.value >= 0);
      REQUIRE(partition.value < count);
    }
}

TEST_CASE("a time is written in UTC with microseconds", "[events][ids]") {
  auto time = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}} + std::chrono::hours{14}
              + std::chrono::microseconds{7};
  CHECK(to_string(time) == "2026-11-22T14:00:00.000007Z");
  CHECK(to_string(timestamp{} - std::chrono::microseconds{1}) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("a time reads back from what was written", "[events][ids]") {
  std::mt19937_64 random{11};
  // From the year 0 to the end of 9999, in microseconds.
  std::uniform_int_distribution<std::int64_t> any{-62'167'219'200'000'000, 253'402'300'799'999'999};
  for (int i = 0; i < 5'000; ++i) {
    timestamp time{std::chrono::microseconds{any(random)}};
    REQUIRE(parse_timestamp(to_string(time)) == time);
  }
}

TEST_CASE("a time may have 0 to 6 digits of a second's fraction", "[events][ids]") {
  auto second = parsed_time("2026-11-22T14:15:39Z");
  CHECK(parsed_time("2026-11-22T14:15:39.5Z") == second + std::chrono::milliseconds{500});
  CHECK(parsed_time("2026-11-22T14:15:39.05Z") == second + std::chrono::milliseconds{50});
  CHECK(parsed_time("2026-11-22T14:15:39.000001Z") == second + std::chrono::microseconds{1});
  CHECK(parsed_time("2024-02-29T23:59:59.999999Z") + std::chrono::microseconds{1}
        == parsed_time("2024-03-01T00:00:00Z"));
}

TEST_CASE("what is no time in UTC is refused", "[events][ids]") {
  for (auto text : {"",
                    "2026-11-22",
                    "2026-11-22T14:15:39",
                    "2026-11-22T14:15:39+01:00",
                    "2026-11-22t14:15:39Z",
                    "2026-11-22T14:15:39z",
                    "2026-11-22T14:15:39.Z",
                    "2026-11-22T14:15:39.1234567Z",
                    "2026-11-22T14:15:39,5Z",
                    "2026-11-22T14:15:39.-1Z",
                    "2026-13-22T14:15:39Z",
                    "2026-02-29T14:15:39Z",
                    "2026-00-22T14:15:39Z",
                    "2026-11-00T14:15:39Z",
                    "2026-11-22T24:15:39Z",
                    "2026-11-22T14:60:39Z",
                    "2026-11-22T14:15:61Z",
                    "26-11-22T14:15:39.000Z",
                    "+026-11-22T14:15:39Z",
                    "2026-11-22T14:15: 9Z",
                    "2026-11-22T14:15:39Z ",
                    " 2026-11-22T14:15:39Z",
                    "2026-11-22T14:15:39.5 Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_timestamp(text));
  }
}

TEST_CASE("an offset's text is a decimal number and nothing else", "[events][ids]") {
  CHECK(parse_offset("0") == log_offset{0});
  CHECK(parse_offset("9223372036854775807") == log_offset{std::numeric_limits<std::int64_t>::max()});
  for (auto text : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "one"})
    CHECK_FALSE(parse_offset(text));
}

TEST_CASE("a position is written as partition and offset", "[events][ids]") {
  CHECK(to_string(log_position{{31}, {1'234'567'890'123}}) == "31:1234567890123");
}

TEST_CASE("a schema's name is its type's, without the project", "[events][ids]") {
  CHECK(schema_urn("sonicmatch.recommendation_requested.v1")
        == "urn:sonicmatch:schema:recommendation_requested.v1");
  CHECK(schema_urn("other.v1") == "urn:sonicmatch:schema:other.v1");
}
