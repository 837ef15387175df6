#pragma once

#include "events/catalog/events.hpp"
#include "events/envelope.hpp"
#include "events/explanation/commands.hpp"
#include "events/explanation/events.hpp"
#include "events/feedback/events.hpp"
#include "events/language_model/events.hpp"
#include "events/partition/events.hpp"
#include "events/session/commands.hpp"
#include "events/session/events.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>
#include <variant>

/// Between records and bytes. The bytes are CloudEvents in structured JSON mode.
namespace sonicmatch::events {

/// An envelope with what it holds.
template <class Payload>
struct message {
  envelope head;
  Payload body;
};

/// What may stand on sonicmatch.commands.
using log_command = std::variant<session::command, explanation::command, feedback::command>;

/// What may stand on sonicmatch.events.
using log_event = std::variant<session::event, session::fact, explanation::event, feedback::event,
                               language_model::event, partition::event>;

/// The value of a record. `head.type` and `head.dataschema` are set from the
/// payload; the rest is the caller's.
[[nodiscard]] std::string encode(envelope head, const session::command& body);
[[nodiscard]] std::string encode(envelope head, const explanation::command& body);
[[nodiscard]] std::string encode(envelope head, const feedback::command& body);
[[nodiscard]] std::string encode(envelope head, const session::event& body);
[[nodiscard]] std::string encode(envelope head, const session::fact& body);
[[nodiscard]] std::string encode(envelope head, const explanation::event& body);
[[nodiscard]] std::string encode(envelope head, const feedback::event& body);
[[nodiscard]] std::string encode(envelope head, const language_model::event& body);
[[nodiscard]] std::string encode(envelope head, const partition::event& body);
[[nodiscard]] std::string encode(envelope head, const catalog::event& body);

/// The type name of what a variant holds.
[[nodiscard]] std::string_view type_of(const session::command& body) noexcept;
[[nodiscard]] std::string_view type_of(const explanation::command& body) noexcept;
[[nodiscard]] std::string_view type_of(const feedback::command& body) noexcept;
[[nodiscard]] std::string_view type_of(const session::event& body) noexcept;
[[nodiscard]] std::string_view type_of(const session::fact& body) noexcept;
[[nodiscard]] std::string_view type_of(const explanation::event& body) noexcept;
[[nodiscard]] std::string_view type_of(const feedback::event& body) noexcept;
[[nodiscard]] std::string_view type_of(const language_model::event& body) noexcept;
[[nodiscard]] std::string_view type_of(const partition::event& body) noexcept;
[[nodiscard]] std::string_view type_of(const catalog::event& body) noexcept;

/// Whether `type` is that of `Event`, in whatever version.
template <class Event>
[[nodiscard]] constexpr bool is_of(std::string_view type) noexcept {
  constexpr auto current = Event::type_name;
  constexpr auto unversioned = current.substr(0, current.rfind('.') + 1);
  return type.starts_with(unversioned) && type.find('.', unversioned.size()) == std::string_view::npos;
}

/// Reads a record's value; a former version of a type is read as what it would be
/// today. Errors: unreadable_record (not a CloudEvents
/// envelope), unknown_type, invalid_record (its data breaks the declaration);
/// the detail lists pointers. Fields that a later version added are ignored.
[[nodiscard]] caf::expected<message<log_command>> decode_command(std::string_view value);
[[nodiscard]] caf::expected<message<log_event>> decode_event(std::string_view value);
[[nodiscard]] caf::expected<message<catalog::event>> decode_catalog_event(std::string_view value);

} // namespace sonicmatch::events
