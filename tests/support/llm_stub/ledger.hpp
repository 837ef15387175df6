#pragma once

#include "tests/support/llm_stub/fault.hpp"
#include "tests/support/llm_stub/prompt_cache.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sonicmatch::tests::llm_stub {

/// How a request ended.
enum class ending : std::uint8_t {
  answered, ///< the response was written whole, whatever its status
  dropped,  ///< the stub closed the connection on purpose
  abandoned ///< the client was gone before the response was written whole
};

[[nodiscard]] std::string_view name_of(ending how) noexcept;

/// One request from its reading to its end.
struct call {
  std::uint64_t serial = 0;   ///< from 1, never used again
  std::uint64_t accounts = 0; ///< which reset of the ledger it began after
  std::uint64_t question = 0; ///< its hash; 0: it could not be read, or had a bad key
  fault how = fault::none;
  bool is_repair = false;
  int status = 0; ///< 0: none was sent
  usage used;
  std::string model;
  ending ended = ending::answered;
  bool is_billed = false; ///< answered with status 200
};

/// A set of hashes that stops growing at a million: later ones count as new.
class hash_memory {
public:
  /// Remembers one. Returns whether it was known.
  bool remember(std::uint64_t hash);
  void clear();

private:
  boost::unordered_flat_set<std::uint64_t> known_;
};

/// What was asked and what a provider would put on its bill. At any time
/// requests = open + answered + dropped + abandoned, apart from those that a reset met
/// under way, which only count as open.
class ledger {
public:
  /// Begins the call of a request that has been read.
  [[nodiscard]] call open();
  /// Counts what it asks.
  void count_question(call& of, std::uint64_t question, bool is_repair);
  void count_bad_key();
  void count_invalid();
  /// Counts a fault that was drawn.
  void count_fault(fault how);
  /// Ends a call; `done` has its status, usage and ending.
  void close(call done);

  /// Zeroes all counts and forgets all questions.
  void reset();

  [[nodiscard]] std::string stats_json() const;
  /// The last calls that ended, the oldest of them first: {"calls": [...]}.
  [[nodiscard]] std::string calls_json(std::size_t last) const;

private:
  struct counts {
    std::int64_t requests = 0;
    std::int64_t open_max = 0;
    std::int64_t answered = 0;
    std::int64_t dropped = 0;
    std::int64_t abandoned = 0;
    std::int64_t bad_keys = 0;
    std::int64_t invalid_requests = 0;
    std::int64_t repairs = 0;
    std::int64_t distinct_questions = 0;
    std::int64_t repeated_questions = 0;
    std::int64_t billed_calls = 0;
    std::int64_t billed_again = 0;
    usage billed;
    std::array<std::int64_t, fault_count> faults{};
  };

  counts counts_;
  std::int64_t open_ = 0; ///< survives a reset
  std::uint64_t serial_ = 0;
  std::uint64_t accounts_ = 0;
  hash_memory asked_;
  hash_memory billed_;
  std::vector<call> recent_; ///< a ring once it is full
  std::size_t oldest_ = 0;
};

} // namespace sonicmatch::tests::llm_stub
