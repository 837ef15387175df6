#include "tests/simulation/fold.hpp"

#include <simdjson.h>

#include <charconv>

namespace sonicmatch::tests::simulation {

namespace {

constexpr std::string_view events_topic = "sonicmatch.events";

bool is_uuid(std::string_view text) {
  if (text.size() != 36)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !std::isxdigit(static_cast<unsigned char>(text[i])))
      return false;
  }
  return true;
}

std::optional<std::int64_t> as_number(std::string_view text) {
  std::int64_t out = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return out;
}

std::string short_type(std::string type) {
  constexpr std::string_view before = "sonicmatch.";
  auto version = type.rfind(".v");
  if (type.starts_with(before) && version != std::string::npos)
    type = type.substr(before.size(), version - before.size());
  return type;
}

/// Folds one partition, record by record.
class folding {
public:
  explicit folding(partition_id partition)
    : partition_(partition) {}

  void take(const ports::log_record& record) {
    auto head = record.value ? fields_of(*record.value) : std::nullopt;
    auto data = head && head->contains("data") ? fields_of(head->at("data")) : std::nullopt;
    auto type = head ? short_type(text_of(*head, "type")) : std::string{};
    if (!data)
      return park(record);
    if (type == "partition_claimed") {
      claimed(record.offset.value);
      out_.claims[record.offset.value] = text_of(*head, "source");
    } else if (type == "language_model_reply_recorded" || type == "language_model_call_failed") {
      auto call = text_of(*data, "call_id");
      auto source = text_of(*head, "source");
      out_.outcomes.emplace(
        call, call_outcome{{partition_, record.offset}, type, source, std::move(*head), std::move(*data)});
    } else if (type == "session_erased") {
      auto& session = out_.sessions[record.key];
      if (!session.erased_at)
        session.erased_at = record.offset;
    } else if (type == "feedback_recorded" || type.starts_with("recommendation_")
               || type.starts_with("explanation_") || type == "language_model_call_started") {
      take_decision(record, type, std::move(*head), std::move(*data));
    } else if (type != "partition_handed_off") {
      park(record);
    }
  }

  folded_partition finish() && {
    return std::move(out_);
  }

private:
  void claimed(std::int64_t offset) {
    out_.newest_claim = std::max(out_.newest_claim.value_or(offset), offset);
  }

  void park(const ports::log_record& record) {
    if (!is_uuid(record.key))
      return;
    auto& session = out_.sessions[record.key];
    if (!session.parked_from)
      session.parked_from = record.offset;
  }

  void take_decision(const ports::log_record& record, const std::string& type, json_fields head,
                     json_fields data) {
    auto claim = as_number(text_of(head, "claim"));
    if (!claim || (out_.newest_claim && *claim < *out_.newest_claim))
      return; // void: written by who owned the partition before
    claimed(*claim);
    effective_event event;
    event.position = {partition_, record.offset};
    event.logged_at = record.time;
    event.version = number_of(head, "sequence");
    event.claim = *claim;
    event.type = type;
    event.source = text_of(head, "source");
    event.head = std::move(head);
    event.data = std::move(data);
    check(record, event);
    auto& session = out_.sessions[record.key];
    auto stream = text_of(event.head, "subject");
    auto& streams = type == "feedback_recorded" ? session.feedback : session.explanations;
    auto& events = stream == record.key ? session.events : streams[stream];
    events.push_back(std::move(event));
  }

  void check(const ports::log_record& record, const effective_event& event) {
    auto where = to_string(event.position);
    auto owner = out_.claims.find(event.claim);
    if (owner == out_.claims.end())
      out_.faults.push_back(where + " is effective under a claim that nobody made");
    else if (owner->second != event.source)
      out_.faults.push_back(where + " is effective under the claim of " + owner->second
                            + " but was written by " + event.source);
    auto subject = text_of(event.head, "subject");
    if (text_of(event.head, "partitionkey") != record.key)
      out_.faults.push_back(where + " is of another session than its key");
    if (record.header_value("stream") != (subject == record.key ? "" : subject))
      out_.faults.push_back(where + " has a header that names another stream");
    if (record.header_value("claim") != std::to_string(event.claim)
        || record.header_value("sequence") != std::to_string(event.version)
        || record.header_value("type") != text_of(event.head, "type")
        || record.header_value("user") != text_of(event.head, "userid")
        || record.header_value("requesthash") != text_of(event.head, "requesthash"))
      out_.faults.push_back(where + " has headers that say something else than its envelope");
  }

  partition_id partition_;
  folded_partition out_;
};

} // namespace

std::optional<json_fields> fields_of(std::string_view json) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (json.empty() || parser.parse(simdjson::padded_string{json}).get(object) != simdjson::SUCCESS)
    return std::nullopt;
  json_fields out;
  for (auto [name, value] : object)
    out[std::string{name}] = simdjson::minify(value);
  return out;
}

std::string text_of(const json_fields& object, const std::string& name) {
  auto found = object.find(name);
  if (found == object.end() || found->second.size() < 2 || found->second.front() != '"')
    return {};
  return found->second.substr(1, found->second.size() - 2);
}

std::int64_t number_of(const json_fields& object, const std::string& name) {
  auto found = object.find(name);
  return found == object.end() ? 0 : as_number(found->second).value_or(0);
}

std::pair<std::string, std::string> origin_in(const json_fields& head) {
  return {text_of(head, "userid"), text_of(head, "requesthash")};
}

folded_partition fold_events(const simulated_log& log, partition_id partition) {
  folding out{partition};
  for (const auto& record : log.records(std::string{events_topic}, partition))
    out.take(record);
  return std::move(out).finish();
}

json_fields document_after(const effective_event& event, const std::string& session) {
  json_fields out;
  auto quoted = [](const std::string& text) { return "\"" + text + "\""; };
  auto copy = [&](const std::string& name) {
    if (auto found = event.data.find(name); found != event.data.end())
      out[name] = found->second;
  };
  out["session_id"] = quoted(session);
  out["version"] = std::to_string(event.version);
  out["position"] = quoted(std::to_string(event.position.partition.value) + ":"
                           + std::to_string(event.position.offset.value));
  if (event.type == "language_model_call_started") {
    out["status"] = quoted("processing");
    out["created_at"] = event.data.at("requested_at");
    return out;
  }
  if (!event.is_terminal()) {
    out["status"] = quoted("pending");
    out["created_at"] = event.head.at("time");
    return out;
  }
  out["created_at"] = event.data.at("requested_at");
  out["completed_at"] = event.head.at("time");
  copy("processing_time_ms");
  if (event.type == "recommendation_failed") {
    out["status"] = quoted("error");
    out["error"] = "{\"code\":" + event.data.at("code") + ",\"detail\":" + event.data.at("detail") + "}";
    return out;
  }
  out["status"] = quoted("complete");
  for (const auto* name :
       {"matches", "engine", "degraded", "degraded_reason", "preferences", "catalog_version"})
    copy(name);
  for (const auto* name : {"relaxations", "notes"}) // left out when there is nothing to say
    if (event.data.contains(name) && event.data.at(name) != "[]")
      copy(name);
  return out;
}

} // namespace sonicmatch::tests::simulation
