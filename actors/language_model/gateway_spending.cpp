// How the gateway knows what has been spent today: the read model's sum, and from
// where it was made on, the log.

#include "actors/language_model/gateway.hpp"
#include "events/codec.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors::language_model {

namespace {

constexpr std::chrono::milliseconds tick_interval{1'000};

events::timestamp midnight_before(events::timestamp time) {
  return events::timestamp{std::chrono::floor<std::chrono::days>(time)};
}

} // namespace

void gateway_state::ask_for_spending() {
  auto since = midnight_before(parts_.clock->now());
  parts_.find_spending(since, [me = caf::actor_cast<language_model_gateway>(self_),
                               since](caf::expected<ports::spending_reader::spending> found) {
    caf::anon_send(me, spending_found{since, std::move(found)});
  });
}

void gateway_state::found_spending(const spending_found& report_of) {
  if (spending_is_known_ || !tails_.empty())
    return;
  auto now = parts_.clock->now();
  if (!report_of.found) {
    parts_.logger->warning("the language model's gateway cannot ask what was spent today; trying again",
                           {{"error", events::describe(report_of.found.error())}});
    asks_again_ = true;
    return;
  }
  if (report_of.since != midnight_before(now)) // that was yesterday's
    return ask_for_spending();
  budget_.begin(report_of.found->spent, now);
  follow_spending(report_of.found->progress);
}

// The read model may be behind: what was spent is known once the log has been read from
// where its sum was made to the end.
void gateway_state::caught_up(const spending_caught_up& at) {
  behind_.erase(at.partition);
  if (spending_is_known_ || !behind_.empty())
    return;
  spending_is_known_ = true;
  serve_queue();
}

// Midnight, the breaker's pause and what is not known yet change without a message.
void gateway_state::tick() {
  if (std::exchange(asks_again_, false))
    ask_for_spending();
  serve_queue();
  self_->delayed_send(self_, tick_interval, gateway_tick{});
}

void gateway_state::follow_spending(const std::vector<ports::spending_reader::progress>& from) {
  auto me = caf::actor_cast<language_model_gateway>(self_);
  for (partition_id p; p.value < parts_.settings.partition_count; p = p.next()) {
    behind_.insert(p);
    log_offset next;
    for (const auto& known : from)
      if (known.partition == p)
        next = known.next;
    tails_.push_back(parts_.reader->follow(
      std::string{events::topics::events}, p, next,
      {[me](ports::batch_ptr batch) { caf::anon_send(me, spending_batch{std::move(batch)}); },
       [me](partition_id partition, log_offset) { caf::anon_send(me, spending_caught_up{partition}); },
       [logger = parts_.logger](const caf::error& reason) {
         logger->warning("reading what is spent has trouble", {{"error", events::describe(reason)}});
       }}));
  }
}

void gateway_state::read_spending(const spending_batch& arrived) {
  for (const auto& record : arrived.batch->records) {
    auto type = record.header_value(events::headers::type);
    if (record.value
        && (events::is_of<events::language_model::language_model_call_started>(type)
            || events::is_of<events::language_model::language_model_reply_recorded>(type)
            || events::is_of<events::language_model::language_model_call_failed>(type)))
      take_in(*record.value);
  }
  report();
}

// What cannot be read is for the projections to park.
void gateway_state::take_in(const std::string& value) {
  auto decoded = events::decode_event(value);
  const auto* happened = decoded ? std::get_if<events::language_model::event>(&decoded->body) : nullptr;
  if (happened == nullptr)
    return;
  auto now = parts_.clock->now();
  if (const auto* started = std::get_if<events::language_model::language_model_call_started>(happened))
    budget_.apply(*started, now);
  else if (const auto* replied = std::get_if<events::language_model::language_model_reply_recorded>(happened))
    budget_.apply(*replied, decoded->head.time, now);
  else if (const auto* failed = std::get_if<events::language_model::language_model_call_failed>(happened))
    budget_.apply(*failed, decoded->head.time, now);
}

} // namespace sonicmatch::actors::language_model
