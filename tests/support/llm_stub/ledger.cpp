#include "tests/support/llm_stub/ledger.hpp"

#include "tests/support/llm_stub/json_text.hpp"

#include <algorithm>
#include <charconv>

namespace sonicmatch::tests::llm_stub {

namespace {

constexpr std::size_t hashes_max = 1'000'000;
constexpr std::size_t recent_max = 10'000;

/// As hexadecimal text: a JSON number of 64 bits loses its last digits in many readers.
std::string hexadecimal(std::uint64_t value) {
  std::array<char, 16> digits{};
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return {digits.data(), end};
}

void append_usage(object_writer& out, const usage& used) {
  out.number("input_tokens", used.input_tokens);
  out.number("cache_creation_input_tokens", used.cache_creation_input_tokens);
  out.number("cache_read_input_tokens", used.cache_read_input_tokens);
  out.number("output_tokens", used.output_tokens);
  out.number("reasoning_tokens", used.reasoning_tokens);
}

void append_call(std::string& out, const call& one) {
  object_writer writer{out};
  writer.number("n", static_cast<std::int64_t>(one.serial));
  writer.text("question", one.question == 0 ? std::string{} : hexadecimal(one.question));
  writer.boolean("repair", one.is_repair);
  writer.text("fault", name_of(one.how));
  writer.number("status", one.status);
  writer.text("ending", name_of(one.ended));
  writer.text("model", one.model);
  object_writer tokens{writer.value_of("usage")};
  append_usage(tokens, one.used);
  tokens.close();
  writer.boolean("billed", one.is_billed);
  writer.close();
}

} // namespace

std::string_view name_of(ending how) noexcept {
  constexpr std::array<std::string_view, 3> names{"answered", "dropped", "abandoned"};
  return names[static_cast<std::size_t>(how)];
}

bool hash_memory::remember(std::uint64_t hash) {
  if (known_.size() < hashes_max)
    return !known_.insert(hash).second;
  return known_.contains(hash);
}

void hash_memory::clear() {
  known_ = {};
}

call ledger::open() {
  ++counts_.requests;
  ++open_;
  counts_.open_max = std::max(counts_.open_max, open_);
  call begun;
  begun.serial = ++serial_;
  begun.accounts = accounts_;
  return begun;
}

void ledger::count_question(call& of, std::uint64_t question, bool is_repair) {
  of.question = question;
  of.is_repair = is_repair;
  counts_.repairs += is_repair ? 1 : 0;
  ++(asked_.remember(question) ? counts_.repeated_questions : counts_.distinct_questions);
}

void ledger::count_bad_key() {
  ++counts_.bad_keys;
}

void ledger::count_invalid() {
  ++counts_.invalid_requests;
}

void ledger::count_fault(fault how) {
  ++counts_.faults[static_cast<std::size_t>(how)];
}

void ledger::close(call done) {
  --open_;
  if (done.accounts != accounts_)
    return;
  switch (done.ended) {
  case ending::answered:
    ++counts_.answered;
    break;
  case ending::dropped:
    ++counts_.dropped;
    break;
  case ending::abandoned:
    ++counts_.abandoned;
    break;
  }
  done.is_billed = done.ended == ending::answered && done.status == 200;
  if (done.is_billed) {
    ++counts_.billed_calls;
    counts_.billed += done.used;
    counts_.billed_again += billed_.remember(done.question) ? 1 : 0;
  }
  if (recent_.size() < recent_max) {
    recent_.push_back(std::move(done));
  } else {
    recent_[oldest_] = std::move(done);
    oldest_ = (oldest_ + 1) % recent_max;
  }
}

void ledger::reset() {
  counts_ = {};
  counts_.open_max = open_;
  ++accounts_;
  asked_.clear();
  billed_.clear();
  recent_.clear();
  oldest_ = 0;
}

std::string ledger::stats_json() const {
  std::string out;
  object_writer whole{out};
  whole.number("requests", counts_.requests);
  whole.number("open", open_);
  whole.number("open_max", counts_.open_max);
  whole.number("answered", counts_.answered);
  whole.number("dropped", counts_.dropped);
  whole.number("abandoned", counts_.abandoned);
  whole.number("bad_keys", counts_.bad_keys);
  whole.number("invalid_requests", counts_.invalid_requests);
  whole.number("repairs", counts_.repairs);
  whole.number("distinct_questions", counts_.distinct_questions);
  whole.number("repeated_questions", counts_.repeated_questions);
  whole.number("billed_calls", counts_.billed_calls);
  whole.number("billed_again", counts_.billed_again);
  append_usage(whole, counts_.billed);
  object_writer faults{whole.value_of("faults")};
  for (std::size_t i = 0; i < fault_count; ++i)
    faults.number(fault_names[i], counts_.faults[i]);
  faults.close();
  whole.close();
  return out;
}

std::string ledger::calls_json(std::size_t last) const {
  std::string out;
  object_writer whole{out};
  whole.value_of("calls") += '[';
  auto count = std::min(last, recent_.size());
  for (auto i = recent_.size() - count; i < recent_.size(); ++i) {
    if (i > recent_.size() - count)
      out += ',';
    append_call(out, recent_[(oldest_ + i) % recent_.size()]);
  }
  out += ']';
  whole.close();
  return out;
}

} // namespace sonicmatch::tests::llm_stub
