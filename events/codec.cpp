#include "events/codec.hpp"

#include "events/error.hpp"
#include "events/record/reader.hpp"
#include "events/record/writer.hpp"
#include "events/session/former_events.hpp"

namespace sonicmatch::events {

namespace {

template <class Variant>
std::string_view type_name_of(const Variant& body) noexcept {
  return std::visit([](const auto& each) { return std::decay_t<decltype(each)>::type_name; }, body);
}

template <class Variant>
std::string encode_any(envelope& head, const Variant& body) {
  head.type = type_name_of(body);
  head.dataschema = schema_urn(head.type);
  std::string out;
  out.reserve(1024);
  record::write(out, head);
  out.pop_back(); // the envelope's closing brace: data is its last member
  out += ",\"data\":";
  std::visit([&](const auto& each) { record::write(out, each); }, body);
  out.push_back('}');
  return out;
}

std::string list(const record::violations& wrong) {
  std::string out;
  for (const auto& each : wrong)
    out += (out.empty() ? "" : "; ") + (each.pointer.empty() ? std::string{"/"} : each.pointer) + " "
           + each.detail;
  return out;
}

/// Reads `data` as the alternative of Variant whose type_name is `type`.
/// Returns whether there is such an alternative.
template <class Variant, class Out, std::size_t I = 0>
bool read_alternative(std::string_view type, simdjson::dom::element data, record::violations& wrong,
                      std::optional<Out>& out) {
  if constexpr (I == std::variant_size_v<Variant>)
    return false;
  else {
    using alternative = std::variant_alternative_t<I, Variant>;
    if (alternative::type_name != type)
      return read_alternative<Variant, Out, I + 1>(type, data, wrong, out);
    if (auto body = record::read<alternative>(data, wrong, record::unknown_fields::ignore))
      out.emplace(Variant{std::move(*body)});
    return true;
  }
}

/// The same for versions that are no longer written.
template <class Former, class Out, std::size_t I = 0>
bool read_former(std::string_view type, simdjson::dom::element data, record::violations& wrong,
                 std::optional<Out>& out) {
  if constexpr (I == std::variant_size_v<Former>)
    return false;
  else {
    using alternative = std::variant_alternative_t<I, Former>;
    if (alternative::type_name != type)
      return read_former<Former, Out, I + 1>(type, data, wrong, out);
    if (auto body = record::read<alternative>(data, wrong, record::unknown_fields::ignore))
      out.emplace(upcast(std::move(*body)));
    return true;
  }
}

using no_former_versions = std::variant<>;
using former_log_events = std::variant<session::recommendation_completed_v1,
                                       session::recommendation_failed_v1, partition::partition_handed_off_v1>;

template <class Out, class Former, class... Variants>
caf::expected<message<Out>> decode_any(std::string_view value) {
  record::violations wrong;
  auto root = record::parse(value, wrong);
  if (!root)
    return make_error(errc::unreadable_record, list(wrong));
  auto head = record::read<envelope>(*root, wrong, record::unknown_fields::ignore);
  if (!head)
    return make_error(errc::unreadable_record, list(wrong));
  simdjson::dom::element data;
  if ((*root)["data"].get(data) != simdjson::SUCCESS)
    return make_error(errc::unreadable_record, "/data is missing");
  std::optional<Out> body;
  if (!(read_alternative<Variants>(head->type, data, wrong, body) || ...)
      && !read_former<Former>(head->type, data, wrong, body))
    return make_error(errc::unknown_type, head->type);
  if (!body)
    return make_error(errc::invalid_record, head->type + ": " + list(wrong));
  return message<Out>{std::move(*head), std::move(*body)};
}

} // namespace

std::string_view type_of(const session::command& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const explanation::command& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const feedback::command& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const session::event& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const session::fact& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const explanation::event& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const feedback::event& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const language_model::event& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const partition::event& body) noexcept {
  return type_name_of(body);
}
std::string_view type_of(const catalog::event& body) noexcept {
  return type_name_of(body);
}

std::string encode(envelope head, const session::command& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const explanation::command& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const feedback::command& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const session::event& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const session::fact& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const explanation::event& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const feedback::event& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const language_model::event& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const partition::event& body) {
  return encode_any(head, body);
}
std::string encode(envelope head, const catalog::event& body) {
  return encode_any(head, body);
}

caf::expected<message<log_command>> decode_command(std::string_view value) {
  return decode_any<log_command, no_former_versions, session::command, explanation::command,
                    feedback::command>(value);
}

caf::expected<message<log_event>> decode_event(std::string_view value) {
  return decode_any<log_event, former_log_events, session::event, session::fact, explanation::event,
                    feedback::event, language_model::event, partition::event>(value);
}

caf::expected<message<catalog::event>> decode_catalog_event(std::string_view value) {
  return decode_any<catalog::event, no_former_versions, catalog::event>(value);
}

} // namespace sonicmatch::events
