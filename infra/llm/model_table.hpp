#pragma once

#include "actors/language_model/model_card.hpp"
#include "events/ids.hpp"

#include <caf/expected.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What is known of language models, from a table in TOML. Its fields are explained at
/// the head of models.toml. Pure, but for load_model_table, which reads a file.
namespace sonicmatch::infra::llm {

using actors::language_model::model_card;
using actors::language_model::provider_name;

/// The text of models.toml as it was when the program was built.
[[nodiscard]] std::string_view built_in_model_table();

/// Reads a table, in its order; `name` is the file's name for errors. Errors:
/// bad_configuration, with every mistake on a line of its own, naming file, line and
/// field; TOML that cannot be read has one mistake, the first.
[[nodiscard]] caf::expected<std::vector<model_card>> read_model_table(std::string_view toml,
                                                                      std::string_view name);

/// Reads the table in a file, or the built-in one when `path` is empty. Errors:
/// bad_configuration, as read_model_table's, or because the file cannot be read.
[[nodiscard]] caf::expected<std::vector<model_card>> load_model_table(const std::string& path);

/// What the table says of the model, which `id` may name with a date behind (-YYYYMMDD,
/// -YYYY-MM-DD) or -latest; the card has the id that was asked for. One that is not in
/// the table has a card that claims nothing: not known, no prices, and no temperature
/// or forced tool is sent to it.
[[nodiscard]] model_card find_model(std::span<const model_card> table, provider_name provider,
                                    std::string_view id);

/// What whoever runs the program should know of its model at `now`, as sentences for
/// the log: costs that are unknown or unverified, and a retirement that is at most 60
/// days ahead or may have happened.
[[nodiscard]] std::vector<std::string> warnings_about(const model_card& model, events::timestamp now);

} // namespace sonicmatch::infra::llm
