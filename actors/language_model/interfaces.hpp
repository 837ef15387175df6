#pragma once

#include "actors/interfaces.hpp"
#include "actors/ports/http_client.hpp"
#include "actors/ports/spending_reader.hpp"

/// The protocol of the language model's gateway, which all calls of a process go
/// through. What it answers an owner is in the owner's protocol (actors/interfaces.hpp).
namespace sonicmatch::actors {

/// May this call be made? Answered by call_admitted, perhaps after a while.
struct ask_admission {
  partition_owner owner;
  std::uint64_t generation = 0;
  events::stream_id stream;
  partition_id partition; ///< partitions take turns
  events::call_id call;
  /// Names the question, so that it is asked once at a time; empty for a call that
  /// goes on with what this asker has begun.
  std::string question;
  events::micro_dollars cost_max;
  events::timestamp give_up_at; ///< an admission is of no use after this
};
/// Makes a call that was admitted. Answered by call_ended.
struct make_call {
  partition_owner owner;
  events::stream_id stream;
  events::call_id call;
  ports::http_request request;
};
/// The asker is done with its question: whoever waits for the same is told.
struct settle_question {
  events::stream_id stream;
  std::string question;
  language_model::answer_ptr answer; ///< kept for a while; null when there is none to share
  std::string reason;                ///< why there is none
};
/// The asker wants nothing more: not its place in the queue, not the call it was
/// admitted for, nor to be the one who asks for others. Calls under way go on.
struct withdraw {
  partition_owner owner;
  std::uint64_t generation = 0; ///< of the owner's life in which it asked; what it asked in another stays
  events::stream_id stream;
};
/// Ends the calls under way; each is told as a failure, `cancelled`.
struct cancel_calls {};
/// The transport is done with a call: the server's response, whatever its status, or the
/// http_client port's error. Told once for each call; the gateway sends it to itself, since
/// the port calls back on a thread of its own.
struct http_answered {
  events::call_id call;
  caf::expected<ports::http_response> response;
};
/// Call events read in the log, this process's and others'.
struct spending_batch {
  ports::batch_ptr batch;
};
/// The read model's sum has come, or it cannot be asked (store_unavailable). The gateway
/// sends it to itself, since the question is asked on another thread.
/// A tail of call events has been at its partition's end.
struct spending_caught_up {
  partition_id partition;
};
struct spending_found {
  events::timestamp since; ///< midnight of the day that was asked for
  caf::expected<ports::spending_reader::spending> found;
};
struct gateway_tick {};

using language_model_gateway = caf::typed_actor<
  // Admits, queues or refuses a call, or answers with what is known already.
  caf::reacts_to<ask_admission>,
  // Sends an admitted call.
  caf::reacts_to<make_call>,
  // Remembers an answer and passes it on.
  caf::reacts_to<settle_question>,
  // Forgets an asker.
  caf::reacts_to<withdraw>,
  // Cuts off all calls, before the process ends.
  caf::reacts_to<cancel_calls>,
  // The transport's report.
  caf::reacts_to<http_answered>,
  // Keeps count of the day's spending over all processes.
  caf::reacts_to<spending_batch>, caf::reacts_to<spending_caught_up>,
  // What had been spent before this process began to read.
  caf::reacts_to<spending_found>,
  // Deadlines, the breaker's pause, health.
  caf::reacts_to<gateway_tick>>;

} // namespace sonicmatch::actors

#define SONICMATCH_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sonicmatch::actors::name)
SONICMATCH_LOCAL_MESSAGE(ask_admission)
SONICMATCH_LOCAL_MESSAGE(make_call)
SONICMATCH_LOCAL_MESSAGE(settle_question)
SONICMATCH_LOCAL_MESSAGE(withdraw)
SONICMATCH_LOCAL_MESSAGE(cancel_calls)
SONICMATCH_LOCAL_MESSAGE(http_answered)
SONICMATCH_LOCAL_MESSAGE(spending_batch)
SONICMATCH_LOCAL_MESSAGE(spending_caught_up)
SONICMATCH_LOCAL_MESSAGE(spending_found)
SONICMATCH_LOCAL_MESSAGE(gateway_tick)
#undef SONICMATCH_LOCAL_MESSAGE
