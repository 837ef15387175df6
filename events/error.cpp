#include "events/error.hpp"

#include <caf/atom.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <array>
#include <iterator>

namespace sonicmatch::events {

namespace {

struct traits {
  errc code;
  std::string_view name;
  bool may_retry;
};

constexpr std::array table{
  traits{errc::none, "none", false},
  traits{errc::unreadable_record, "unreadable_record", false},
  traits{errc::invalid_record, "invalid_record", false},
  traits{errc::unknown_type, "unknown_type", false},
  traits{errc::log_unavailable, "log_unavailable", true},
  traits{errc::log_full, "log_full", true},
  traits{errc::log_rejected, "log_rejected", false},
  traits{errc::topic_mismatch, "topic_mismatch", false},
  traits{errc::store_unavailable, "store_unavailable", true},
  traits{errc::store_rejected, "store_rejected", false},
  traits{errc::checkpoint_conflict, "checkpoint_conflict", false},
  traits{errc::migration_failed, "migration_failed", false},
  traits{errc::not_found, "not_found", false},
  traits{errc::deadline_exceeded, "deadline_exceeded", true},
  traits{errc::overloaded, "overloaded", true},
  traits{errc::shutting_down, "shutting_down", true},
  traits{errc::bad_configuration, "bad_configuration", false},
  traits{errc::bad_catalog, "bad_catalog", false},
  traits{errc::peer_unreachable, "peer_unreachable", true},
  traits{errc::connection_lost, "connection_lost", true},
  traits{errc::response_too_large, "response_too_large", false},
  traits{errc::cancelled, "cancelled", false},
  traits{errc::not_complete, "not_complete", false},
  traits{errc::not_a_match, "not_a_match", false},
  traits{errc::unauthenticated, "unauthenticated", false},
  traits{errc::already_exists, "already_exists", false},
  traits{errc::key_reused, "key_reused", false},
  traits{errc::over_the_rate, "over_the_rate", true},
  traits{errc::erased, "erased", false},
};

constexpr bool table_follows_enum() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].code) != i)
      return false;
  return table.back().code == errc::erased;
}
static_assert(table_follows_enum(), "one row per errc, in the order of the enum");

const traits& of(errc code) noexcept {
  return table[static_cast<std::size_t>(code)];
}

// CAF 0.17 tells the categories of errors apart by an atom of at most 10 characters.
constexpr auto category = caf::atom("sonicmatch");

} // namespace

std::string_view to_string(errc code) noexcept {
  return of(code).name;
}

bool retriable(errc code) noexcept {
  return of(code).may_retry;
}

caf::error make_error(errc code, std::string detail) {
  return {static_cast<std::uint8_t>(code), category, caf::make_message(std::move(detail))};
}

caf::error make_error(errc code) {
  return make_error(code, std::string{});
}

errc code_of(const caf::error& error) noexcept {
  // CAF 0.17 reads a category out of an error that holds one, and out of nothing else.
  if (!error || error.category() != category || error.code() >= table.size())
    return errc::none;
  return static_cast<errc>(error.code());
}

std::string detail_of(const caf::error& error) {
  if (!error)
    return {};
  if (error.category() == category && error.context().match_elements<std::string>())
    return error.context().get_as<std::string>(0);
  return caf::deep_to_string(error);
}

std::string describe(const caf::error& error) {
  if (!error)
    return "none";
  auto detail = detail_of(error);
  auto code = code_of(error);
  if (code == errc::none)
    return detail;
  return detail.empty() ? std::string{to_string(code)} : std::string{to_string(code)} + ": " + detail;
}

} // namespace sonicmatch::events
