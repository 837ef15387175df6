#include "projections/session_records.hpp"

#include "events/error.hpp"

namespace sonicmatch::projections {

namespace {

using events::errc;
using events::make_error;
using started = events::language_model::language_model_call_started;

template <class... Events>
bool is_of_any(const std::variant<Events...>*, std::string_view type) {
  return (events::is_of<Events>(type) || ...);
}

template <class Variant>
bool is_of_any(std::string_view type) {
  return is_of_any(static_cast<const Variant*>(nullptr), type);
}

bool is_fact(std::string_view type) {
  return is_of_any<events::language_model::fact>(type);
}

bool is_decision(std::string_view type) {
  return is_of_any<events::session::event>(type) || is_of_any<events::explanation::event>(type)
         || is_of_any<events::feedback::event>(type) || events::is_of<started>(type);
}

/// Whether nothing but the claim of the record matters, which is taken in: it is part of
/// the position, and must not depend on who reads. Partition events are always read.
bool passes_over(const actors::ports::log_record& record, events::claim_fence& fence, type_filter wanted) {
  auto type = record.header_value(events::headers::type);
  if (type.empty() || wanted(type) || is_of_any<events::session::fact>(type))
    return false;
  if (is_fact(type))
    return true;
  auto claim = events::parse_offset(record.header_value(events::headers::claim));
  if (!claim || !is_decision(type))
    return false;
  static_cast<void>(fence.admits(claim));
  return true;
}

/// Turns a decoded event into what counts of it: says whether it does, or what is wrong.
class reading {
public:
  reading(effective_event& out, events::claim_fence& fence)
    : out_(out)
    , fence_(fence) {}

  caf::expected<bool> operator()(events::partition::event& happened) {
    if (std::holds_alternative<events::partition::partition_claimed>(happened))
      fence_.claimed(out_.position.offset);
    return false;
  }

  caf::expected<bool> operator()(events::session::event& happened) {
    return decide(session_decision{std::move(happened), {}});
  }

  caf::expected<bool> operator()(events::session::fact&) {
    out_.body = erasure{};
    return true;
  }

  caf::expected<bool> operator()(events::feedback::event& happened) {
    auto& recorded = std::get<events::feedback::feedback_recorded>(happened);
    if (out_.head.subject != to_string(recorded.id))
      return make_error(errc::invalid_record, "/subject must be the id of the feedback");
    return decide(feedback_decision{std::move(recorded)});
  }

  caf::expected<bool> operator()(events::explanation::event& happened) {
    auto id = std::visit([](const auto& each) { return each.id; }, happened);
    if (out_.head.subject != to_string(id))
      return make_error(errc::invalid_record, "/subject must be the id of the explanation");
    return decide(explanation_decision{id, std::move(happened), {}});
  }

  caf::expected<bool> operator()(events::language_model::event& happened) {
    auto stream = events::parse_uuid(out_.head.subject);
    if (!stream)
      return make_error(errc::invalid_record, "/subject must be the id of the call's stream");
    std::optional<events::explanation_id> explanation;
    if (*stream != out_.session.value)
      explanation = events::explanation_id{*stream};
    auto* call = std::get_if<started>(&happened);
    if (call == nullptr) {
      out_.body = call_ended{explanation, fact_of(std::move(happened))};
      return true;
    }
    if (explanation)
      return decide(explanation_decision{*explanation, std::move(*call), {}});
    return decide(session_decision{std::move(*call), {}});
  }

private:
  template <class Decision>
  caf::expected<bool> decide(Decision decision) {
    if (!out_.head.sequence || *out_.head.sequence == 0)
      return make_error(errc::invalid_record, "/sequence a decision must have one, from 1");
    if (!fence_.admits(out_.head.claim_offset()))
      return false;
    if constexpr (requires { decision.version; })
      decision.version = {*out_.head.sequence};
    out_.body = std::move(decision);
    return true;
  }

  static events::language_model::fact fact_of(events::language_model::event happened) {
    using namespace events::language_model;
    if (auto* replied = std::get_if<language_model_reply_recorded>(&happened))
      return std::move(*replied);
    return std::get<language_model_call_failed>(std::move(happened));
  }

  effective_event& out_;
  events::claim_fence& fence_;
};

} // namespace

caf::expected<std::optional<effective_event>>
read_session_record(const actors::ports::log_record& record, events::claim_fence& fence, type_filter wanted) {
  if (!record.value)
    return make_error(errc::invalid_record, "a record of the events topic must have a value");
  auto session = events::session_id::parse(record.key);
  if (session && passes_over(record, fence, wanted))
    return std::optional<effective_event>{};
  auto decoded = events::decode_event(*record.value);
  if (!decoded)
    return decoded.error();
  if (!session && !std::holds_alternative<events::partition::event>(decoded->body))
    return make_error(errc::invalid_record, "the key of a session's event must be its id");
  effective_event out{
    session.value_or(events::session_id{}), std::move(decoded->head), {record.partition, record.offset}, {}};
  auto counts = std::visit(reading{out, fence}, decoded->body);
  if (!counts)
    return counts.error();
  return *counts ? std::optional{std::move(out)} : std::nullopt;
}

} // namespace sonicmatch::projections
