#pragma once

#include "events/record/schema.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What OpenAPI says of an operation, beside what its route says already. Written where
/// the route is added, from the declarations that also read requests and write answers.
namespace sonicmatch::http {

/// Makes the schema of a declared type, in the document's components.
using schema_maker = std::string (*)(events::record::schema_writer&, const events::record::rules&);

template <class T>
[[nodiscard]] std::string schema_of(events::record::schema_writer& writer,
                                    const events::record::rules& rule) {
  return writer.schema<T>(rule);
}

enum class parameter_place : std::uint8_t { path, query, header };

struct operation_parameter {
  parameter_place place = parameter_place::query;
  std::string_view name;
  std::string_view description;
  schema_maker schema = schema_of<std::string>;
  events::record::rules rule{}; ///< bounds
  std::string_view example{};   ///< JSON text
  std::string default_value{};  ///< JSON text; what holds when it is absent
  bool is_required = false;     ///< a path's parameter always is
};

struct operation_body {
  schema_maker schema = nullptr;
  std::string_view example{}; ///< JSON text, which a test posts
  /// Another form that is accepted too; null: none.
  schema_maker or_schema = nullptr;
};

/// Where an answer leads: to the operation whose parameters or body its own body holds.
struct operation_link {
  std::string_view operation_id;
  std::string_view parameter;  ///< of that operation; empty: its body
  std::string_view expression; ///< "$response.body#/session_id"; for a body JSON text with such
};

struct operation_answer {
  int status = 200;
  std::string_view description;
  schema_maker schema = nullptr;           ///< null: no body, or one that is no JSON
  std::string_view example{};              ///< JSON text
  std::vector<std::string_view> headers{}; ///< of its own, beside those that every answer has
  std::vector<operation_link> links{};
};

/// All but the problems are answers of their own; `problems` lists the statuses of the errors.
struct operation {
  std::string_view tag;     ///< "recommendations", "catalog", "accounts", "health"
  std::string_view summary; ///< a few words, without a full stop
  std::string_view description;
  std::vector<operation_parameter> parameters{};
  std::optional<operation_body> body{};
  std::vector<operation_answer> answers{};
  std::vector<int> problems{};
  bool takes_user = false;  ///< an account's token is looked at
  bool needs_user = false;  ///< and must be there
  bool is_internal = false; ///< not in the document
};

} // namespace sonicmatch::http
