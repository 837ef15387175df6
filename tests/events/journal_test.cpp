#include "events/language_model/journal.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::events;
using namespace sonicmatch::events::language_model;

namespace {

const auto opened_by = tests::sample_id<command_id>(4);

call_journal with_calls(int count) {
  call_journal out;
  for (int i = 0; i < count; ++i)
    out.apply(out.next(opened_by, {}, tests::sample_time()));
  return out;
}

fact replied(unsigned n, std::int64_t cost) {
  auto out = tests::sample_reply_recorded();
  out.call = call_id_of(opened_by, n);
  out.cost_micro_usd = cost;
  return out;
}

fact failed(unsigned n, bool may_have_been_billed) {
  auto out = tests::sample_call_failed();
  out.call = call_id_of(opened_by, n);
  out.may_have_been_billed = may_have_been_billed;
  return out;
}

} // namespace

TEST_CASE("a call's id is made of its command and its number", "[events][journal]") {
  CHECK(call_id_of(opened_by, 0) == call_id_of(opened_by, 0));
  CHECK(call_id_of(opened_by, 0) != call_id_of(opened_by, 1));
  CHECK(call_id_of(opened_by, 0) != call_id_of(tests::sample_id<command_id>(5), 0));
}

TEST_CASE("the first outcome of a call counts", "[events][journal]") {
  auto journal = with_calls(1);
  CHECK(journal.apply(replied(0, 500)));
  CHECK_FALSE(journal.apply(failed(0, false)));
  CHECK_FALSE(journal.apply(replied(0, 900)));
  CHECK(journal.summary().cost_micro_usd == 500);
}

TEST_CASE("the outcome of a call that nobody started is none of the journal's", "[events][journal]") {
  auto journal = with_calls(1);
  CHECK_FALSE(journal.apply(replied(7, 500)));
  CHECK(journal == with_calls(1));
}

TEST_CASE("a call that is told of twice was started once", "[events][journal]") {
  auto journal = with_calls(1);
  auto repeat = tests::sample_call_started();
  repeat.call = journal.newest()->id;
  journal.apply(repeat);
  CHECK(journal.calls().size() == 1);
}

TEST_CASE("the summary adds up what was paid, and says when it cannot know", "[events][journal]") {
  auto journal = with_calls(2);
  CHECK_FALSE(journal.summary().cost_is_known); // no outcome: nobody knows
  journal.apply(replied(0, 500));
  journal.apply(failed(1, false));
  CHECK(journal.summary() == calls_summary{2, tests::sample_usage(), 500, true});

  auto lost = with_calls(2);
  lost.apply(failed(0, true));
  lost.apply(replied(1, 700));
  CHECK(lost.summary() == calls_summary{2, tests::sample_usage(), 700, false});

  auto unpriced = with_calls(1);
  auto reply = std::get<language_model_reply_recorded>(replied(0, 0));
  reply.cost_micro_usd.reset();
  unpriced.apply(fact{reply});
  CHECK_FALSE(unpriced.summary().cost_is_known);
}
