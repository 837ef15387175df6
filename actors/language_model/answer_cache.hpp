#pragma once

#include "actors/language_model/answer.hpp"
#include "events/ids.hpp"

#include <chrono>
#include <list>
#include <string>
#include <unordered_map>

namespace sonicmatch::actors::language_model {

/// Accepted answers by their question, for a while. Bounded in bytes; the oldest go
/// first. One thread.
class answer_cache {
public:
  struct limits {
    std::chrono::milliseconds age_max{300'000}; ///< 0: nothing is kept
    std::size_t bytes_max = 32u << 20;
  };

  explicit answer_cache(limits bounds)
    : bounds_(bounds) {}

  void put(const std::string& question, answer_ptr answer, events::timestamp now);

  /// The answer to that very question, or nullptr.
  [[nodiscard]] answer_ptr find(const std::string& question, events::timestamp now);

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

private:
  struct entry {
    std::string question;
    answer_ptr answer;
    events::timestamp put_at;
    std::size_t bytes = 0;
  };
  void drop_oldest();

  limits bounds_;
  std::list<entry> newest_first_;
  std::unordered_map<std::string, std::list<entry>::iterator> by_question_;
  std::size_t bytes_ = 0;
};

} // namespace sonicmatch::actors::language_model
