#pragma once

#include "infra/postgres/pqxx.hpp"
#include "projections/read_model_store.hpp"

#include <array>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

/// The read models' tables: each one's part in a transaction of the store.
namespace sonicmatch::infra::postgres {

/// How rows get into a table.
enum class copy_path : std::uint8_t {
  /// By COPY into the table itself, half the work; a row that is known already is a
  /// unique_violation, and the transaction has to be made again.
  direct,
  /// By COPY into a temporary table, and from there where it is newer.
  staged
};

/// Prepare each table's statements on a new connection.
void prepare_sessions(pqxx::connection& open);
void prepare_matches(pqxx::connection& open);
void prepare_explanations(pqxx::connection& open);
void prepare_feedback(pqxx::connection& open);
void prepare_erased_sessions(pqxx::connection& open);
void prepare_language_model_calls(pqxx::connection& open);
void prepare_headphones(pqxx::connection& open);

void write_rows(pqxx::transaction_base& within, const std::vector<projections::sessions::session_row>& rows,
                copy_path path);
void write_rows(pqxx::transaction_base& within,
                const std::vector<projections::matches::session_matches>& sessions, copy_path path);
/// Always staged: a pending row becomes a complete one, and a pick may be explained again.
void write_rows(pqxx::transaction_base& within,
                const std::vector<projections::explanations::explanation_row>& rows, copy_path path);
void write_rows(pqxx::transaction_base& within, const std::vector<projections::feedback::feedback_row>& rows,
                copy_path path);
void write_rows(pqxx::transaction_base& within,
                const std::vector<projections::language_model_calls::call_row>& rows, copy_path path);
/// Always staged: there are few.
void write_rows(pqxx::transaction_base& within,
                const std::vector<projections::headphones::headphone_row>& rows, copy_path path);

/// The batch's rows but for those of sessions that were erased before; nothing when all of
/// them may be written. A call's row stays, without its session.
[[nodiscard]] std::optional<projections::row_set> without_erased(pqxx::transaction_base& within,
                                                                 const projections::changes& batch);

/// Removes what is there of the sessions that the batch erases, and notes them.
void erase(pqxx::transaction_base& within, const projections::changes& batch);

/// A score as a `real` column takes it: not more digits than it keeps.
[[nodiscard]] std::string real_text(double score);

/// `text` as PostgreSQL can hold it: U+FFFD in place of NUL. Returns `text` itself
/// when it holds none, else `room`, which then holds the replacement.
[[nodiscard]] const std::string& storable(const std::string& text, std::string& room);

/// A field of a row that may be NULL.
class nullable_field {
public:
  template <class Value>
  explicit nullable_field(const std::optional<Value>& value) {
    if (value)
      text_ = text_of(*value);
  }

  /// As copy_stream takes it: null for NULL. Valid as long as this is.
  [[nodiscard]] const char* text() const noexcept {
    return text_ ? text_->c_str() : nullptr;
  }

private:
  template <class Value>
  static std::string text_of(const Value& value) {
    using events::to_string;
    if constexpr (std::same_as<Value, std::string>) {
      std::string room;
      return storable(value, room);
    } else if constexpr (std::same_as<Value, bool>) {
      return value ? "t" : "f";
    } else if constexpr (std::integral<Value>) {
      return std::to_string(value);
    } else {
      return to_string(value);
    }
  }

  std::optional<std::string> text_;
};

/// The columns of projections::answer_columns after those given, and its fields in that order.
[[nodiscard]] std::vector<std::string> with_answer_columns(std::vector<std::string> columns);
[[nodiscard]] std::array<nullable_field, 10> answer_fields(const projections::answer_columns& answer);

/// Bytes of any kind as ASCII: what is none, or does not print, as \xNN.
[[nodiscard]] std::string printable(std::string_view bytes);

/// Collects the elements of an array in PostgreSQL's text form, {1,NULL,"a b"}.
class array_literal {
public:
  void add(std::int64_t value);
  void add(std::string_view text);
  void add_null();
  [[nodiscard]] std::string finish() &&;

private:
  void separate();

  std::string out_ = "{";
};

/// A text[] literal.
[[nodiscard]] std::string array_of(const std::vector<std::string>& texts);

} // namespace sonicmatch::infra::postgres
