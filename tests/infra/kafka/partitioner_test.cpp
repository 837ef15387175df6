#include "events/ids.hpp"
#include "tests/support/catch.hpp"

#include <librdkafka/rdkafka.h>

#include <string>

TEST_CASE("partition_of chooses as librdkafka's murmur2 partitioner does") {
  std::uint32_t noise = 7;
  for (std::size_t length = 0; length < 70; ++length) {
    std::string key;
    for (std::size_t i = 0; i < length; ++i)
      key.push_back(static_cast<char>((noise = noise * 1'664'525 + 1'013'904'223) >> 24));
    for (auto partitions : {1, 2, 3, 32, 1'000}) {
      auto theirs =
        rd_kafka_msg_partitioner_murmur2(nullptr, key.data(), key.size(), partitions, nullptr, nullptr);
      REQUIRE(sonicmatch::events::partition_of(key, partitions).value == theirs);
    }
  }
}
