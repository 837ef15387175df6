#pragma once

#include "infra/postgres/settings.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Plain SQL files, up and down, applied in order, each in a transaction of its
/// own with its record in the table schema_migrations, one process at a time
/// (advisory lock). Everything here blocks.
namespace sonicmatch::infra::postgres {

struct migration {
  std::string name; ///< "0001_checkpoints"
  std::string_view up;
  std::string_view down;
};

enum class migration_state : std::uint8_t {
  applied,
  pending,
  changed, ///< applied, and its file is another one since
  unknown  ///< applied by a program that knows more migrations than this one
};

struct migration_record {
  std::string name;
  migration_state state = migration_state::pending;
  std::string checksum;   ///< SHA-256 of the up file, hex; of what was applied, if it was
  std::string applied_at; ///< RFC 3339, empty while pending
};

/// The migrations in this program, in order of name.
[[nodiscard]] const std::vector<migration>& migrations();

/// Applies what is pending; the names of what was applied. Errors:
/// store_unavailable; migration_failed naming the file that failed, or that was
/// changed since it was applied, or that this program does not know.
[[nodiscard]] caf::expected<std::vector<std::string>>
migrate_up(const settings& where, std::span<const migration> all = migrations());

/// Takes the newest applied migration back; its name, or an empty text when none
/// is applied. Errors as migrate_up's.
[[nodiscard]] caf::expected<std::string> migrate_down(const settings& where,
                                                      std::span<const migration> all = migrations());

/// What is applied and what is pending, in order of name. Changes nothing.
[[nodiscard]] caf::expected<std::vector<migration_record>>
migration_history(const settings& where, std::span<const migration> all = migrations());

} // namespace sonicmatch::infra::postgres
