#include "actors/dead_letters.hpp"

#include "events/envelope.hpp"
#include "events/error.hpp"

#include <string>

namespace sonicmatch::actors {

namespace {

// Drawn once; changing it changes every dead letter's id.
constexpr events::uuid dead_letter_namespace{
  {0x1f, 0x93, 0x5e, 0x0d, 0x42, 0xc7, 0x4b, 0x68, 0xa5, 0x0c, 0x77, 0x2b, 0xe9, 0x14, 0x8d, 0x36}};

/// A header is for people to read; the bytes themselves say the rest.
constexpr std::size_t error_size_max = 1'000;

} // namespace

ports::new_record dead_letter_of(const ports::log_record& poison, std::string_view topic,
                                 const caf::error& reason, std::string_view group, unsigned attempts) {
  events::log_position origin{poison.partition, poison.offset};
  ports::new_record out;
  out.topic = events::topics::dead_letters;
  out.partition = events::partition_of(poison.key, dead_letter_partition_count);
  out.key = poison.key;
  out.value = poison.value.value_or(std::string{});
  out.headers = {
    {"id", to_string(events::uuid_v5(dead_letter_namespace, std::string{topic} + ":" + to_string(origin)))},
    {"origin-topic", std::string{topic}},
    {"origin-partition", to_string(origin.partition)},
    {"origin-offset", to_string(origin.offset)},
    {"group", std::string{group}},
    {"error", events::describe(reason).substr(0, error_size_max)},
    {"attempts", std::to_string(attempts)},
  };
  if (!poison.value)
    out.headers.emplace_back("origin-tombstone", "true");
  for (const auto& [name, value] : poison.headers)
    out.headers.emplace_back("origin-header-" + name, value);
  return out;
}

} // namespace sonicmatch::actors
