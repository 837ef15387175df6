#pragma once

#include <caf/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sonicmatch::events {

/// Everything that can go wrong, once. The name table in error.cpp is tied to
/// this list by a static_assert; whether an error may be retried is a property
/// of it (`retriable`).
enum class errc : std::uint8_t {
  none,
  unreadable_record,   ///< bytes that are not the JSON, or not the envelope, they should be
  invalid_record,      ///< readable, but a field breaks its declaration
  unknown_type,        ///< an envelope whose type this version does not know
  log_unavailable,     ///< Kafka did not take or give a record in time
  log_full,            ///< the producer's own queue is full
  log_rejected,        ///< Kafka refused a record for good (too large, not authorised)
  topic_mismatch,      ///< a topic's settings are not what the system was built on
  store_unavailable,   ///< PostgreSQL could not be reached, or went away
  store_rejected,      ///< PostgreSQL refused a statement
  checkpoint_conflict, ///< another process owns this projection's partition now
  migration_failed,    ///< a migration could not be applied, or was changed after it was
  not_found,           ///< no such session or headphone
  deadline_exceeded,   ///< not done in the time that was given
  overloaded,          ///< a bound was reached; try again later
  shutting_down,       ///< the process drains
  bad_configuration,   ///< a setting is missing or makes no sense
  bad_catalog,         ///< a catalog file with a record that cannot be loaded
  peer_unreachable,    ///< another server could not be connected to; nothing was sent
  connection_lost,     ///< another server went away before its whole answer had come
  response_too_large,  ///< another server's answer is more than is read
  cancelled,           ///< ended early because nobody wants it any more
  not_complete,        ///< asked of a session that has no picks, or not yet
  not_a_match,         ///< a headphone that is not among its session's picks
  unauthenticated,     ///< without valid credentials
  already_exists,      ///< something of that name is there
  key_reused,          ///< an Idempotency-Key that was used for another request
  over_the_rate,       ///< more requests than a client may make in that time
  erased,              ///< a session that was there and is forgotten: to whoever asks, not there
};

/// The error's stable name, for logs and metrics.
[[nodiscard]] std::string_view to_string(errc code) noexcept;

/// Whether the same action may work later without anybody changing anything.
[[nodiscard]] bool retriable(errc code) noexcept;

/// A caf::error of `code`; `detail` says what was attempted and what came back.
[[nodiscard]] caf::error make_error(errc code, std::string detail);
[[nodiscard]] caf::error make_error(errc code);

/// The code inside an error made by make_error; errc::none for other errors.
[[nodiscard]] errc code_of(const caf::error& error) noexcept;

/// The detail given to make_error, or CAF's own rendering for other errors; empty for no error.
[[nodiscard]] std::string detail_of(const caf::error& error);

/// One line for a log: "store_unavailable: connection refused".
[[nodiscard]] std::string describe(const caf::error& error);

} // namespace sonicmatch::events
