#pragma once

#include "tests/support/llm_stub/chance.hpp"
#include "tests/support/llm_stub/ledger.hpp"
#include "tests/support/llm_stub/prompt_cache.hpp"
#include "tests/support/llm_stub/question.hpp"
#include "tests/support/llm_stub/reply.hpp"
#include "tests/support/llm_stub/settings.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sonicmatch::tests::llm_stub {

/// What will be answered, and when. It is decided when the request has been read.
struct plan {
  llm_stub::call call;
  question asked;
  std::string outside;           ///< for outside_constraints
  std::optional<rendered> ready; ///< an error; otherwise the answer is made when it is due
  std::chrono::nanoseconds wait{};
  std::chrono::milliseconds drip{};
};

/// The language model's provider, without its sockets. One thread.
class provider {
public:
  explicit provider(settings values);

  /// Decides on a request; `key` is what came in x-api-key or as a bearer token. Each
  /// plan is to be finished once.
  [[nodiscard]] plan accept(wire_format format, std::string_view key, std::string body);

  /// The response that was planned; its usage goes into the plan's call.
  [[nodiscard]] rendered respond(plan& due);

  /// Enters how it ended, with the status that was sent, into the ledger.
  void finish(plan done, int status, ending how);

  /// As assign(); a new seed starts the draws again.
  [[nodiscard]] std::optional<std::string> change(const assignments& wanted);

  /// Zeroes the accounts, forgets the prefixes that were cached, and starts the draws
  /// at the seed again. The settings stay.
  void reset();

  [[nodiscard]] const settings& values() const noexcept {
    return values_;
  }
  [[nodiscard]] const ledger& accounts() const noexcept {
    return accounts_;
  }
  /// The body of the last request that a model was sent, to the byte.
  [[nodiscard]] const std::string& last_request() const noexcept {
    return last_request_;
  }

private:
  [[nodiscard]] fault next_fault(const question& asked);
  [[nodiscard]] bool is_strict_breach(const question& asked) const;
  [[nodiscard]] rendered drawn_error(const plan& due) const;

  settings values_;
  chance chance_;
  question_reader reader_;
  prompt_cache cache_;
  ledger accounts_;
  std::string last_request_;
};

} // namespace sonicmatch::tests::llm_stub
