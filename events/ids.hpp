#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sonicmatch::events {

/// A point in time as the log knows it: UTC, microseconds.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// 128 bits of RFC 9562.
struct uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const uuid&) const = default;
};

/// Lower-case canonical form, 36 characters.
[[nodiscard]] std::string to_string(const uuid& id);

/// Reads the canonical form (either case); nothing else is accepted.
[[nodiscard]] std::optional<uuid> parse_uuid(std::string_view text) noexcept;

/// UUIDv5 (RFC 9562, 5.5): SHA-1 over namespace and name. The same inputs give
/// the same id, which is what makes a decision made twice one event.
[[nodiscard]] uuid uuid_v5(const uuid& name_space, std::string_view name);

/// UUIDv7 (RFC 9562, 5.7): milliseconds of `now`, then 74 bits of `random`.
[[nodiscard]] uuid uuid_v7(timestamp now, const std::array<std::uint8_t, 10>& random) noexcept;

/// A uuid that cannot be mistaken for another kind of uuid.
template <class Tag>
struct uuid_id {
  uuid value;

  auto operator<=>(const uuid_id&) const = default;

  [[nodiscard]] static std::optional<uuid_id> parse(std::string_view text) noexcept {
    if (auto parsed = parse_uuid(text))
      return uuid_id{*parsed};
    return std::nullopt;
  }
};

template <class Tag>
[[nodiscard]] std::string to_string(const uuid_id<Tag>& id) {
  return to_string(id.value);
}

using session_id = uuid_id<struct session_tag>;
using command_id = uuid_id<struct command_tag>;
using event_id = uuid_id<struct event_tag>;
using headphone_id = uuid_id<struct headphone_tag>;
/// A person with an account. The log knows nothing else of them.
using user_id = uuid_id<struct user_tag>;
using correlation_id = uuid_id<struct correlation_tag>;
/// A stream of events: a session's, with the session's id, or an explanation's, with its.
using stream_id = uuid_id<struct stream_tag>;

/// The id of the n-th event of `type` that `command` leads to (n counts from 0).
[[nodiscard]] event_id event_id_of(const command_id& command, std::string_view type, unsigned n = 0);

/// A headphone's id is made from its slug, so the same file gives the same ids everywhere.
[[nodiscard]] headphone_id headphone_id_of(std::string_view slug);

/// A number that cannot be mistaken for another kind of number.
template <class Tag, class Rep>
struct strong_number {
  Rep value{};

  auto operator<=>(const strong_number&) const = default;

  [[nodiscard]] constexpr strong_number next() const noexcept {
    return {static_cast<Rep>(value + 1)};
  }
};

template <class Tag, class Rep>
[[nodiscard]] std::string to_string(strong_number<Tag, Rep> number) {
  return std::to_string(number.value);
}

/// A partition of a Kafka topic, from 0.
using partition_id = strong_number<struct partition_tag, std::int32_t>;
/// A record's place in its partition, from 0.
using log_offset = strong_number<struct offset_tag, std::int64_t>;
/// An event's place in its stream, from 1; 0 is the empty stream.
using stream_version = strong_number<struct version_tag, std::uint32_t>;
/// US dollars times 1,000,000.
using micro_dollars = strong_number<struct micro_dollars_tag, std::int64_t>;

/// A record's place in a topic.
struct log_position {
  partition_id partition;
  log_offset offset;

  auto operator<=>(const log_position&) const = default;
};

/// "partition:offset", as session documents carry it.
[[nodiscard]] std::string to_string(const log_position& position);

/// The partition Kafka's Java clients choose for `key`: murmur2, positive, modulo.
/// Source: org.apache.kafka.clients.producer.internals.BuiltInPartitioner.
[[nodiscard]] partition_id partition_of(std::string_view key, std::int32_t partition_count) noexcept;

/// RFC 3339 in UTC with microseconds, "2026-11-22T14:15:39.000000Z".
[[nodiscard]] std::string to_string(timestamp time);

/// Reads RFC 3339 in UTC ("Z"), with 0 to 6 digits of a second's fraction.
[[nodiscard]] std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;

} // namespace sonicmatch::events

template <>
struct std::hash<sonicmatch::events::uuid> {
  std::size_t operator()(const sonicmatch::events::uuid& id) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
  }
};

template <class Tag>
struct std::hash<sonicmatch::events::uuid_id<Tag>> {
  std::size_t operator()(const sonicmatch::events::uuid_id<Tag>& id) const noexcept {
    return std::hash<sonicmatch::events::uuid>{}(id.value);
  }
};

template <class Tag, class Rep>
struct std::hash<sonicmatch::events::strong_number<Tag, Rep>> {
  std::size_t operator()(sonicmatch::events::strong_number<Tag, Rep> number) const noexcept {
    return std::hash<Rep>{}(number.value);
  }
};
