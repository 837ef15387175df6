#pragma once

#include "events/digest.hpp"
#include "events/ids.hpp"

#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace sonicmatch::actors::accounts {

/// Whose a token is and how long it holds.
struct verified_token {
  events::user_id user;
  events::timestamp expires_at{};
};

/// Access tokens whose signature has been found good, by their SHA-256: an Ed25519
/// signature takes 80 us to verify, which each request of a page would pay anew. Bounded,
/// the one that was verified first is forgotten first. Thread-safe.
class verified_tokens {
public:
  using digest = events::sha256_digest;

  explicit verified_tokens(std::size_t count_max)
    : count_max_(count_max) {}

  [[nodiscard]] static digest digest_of(std::string_view token);

  [[nodiscard]] std::optional<verified_token> find(const digest& token) const;
  void put(const digest& token, verified_token found);

private:
  struct hash {
    std::size_t operator()(const digest& bytes) const noexcept {
      std::size_t out = 0;
      std::memcpy(&out, bytes.data(), sizeof out);
      return out;
    }
  };

  std::size_t count_max_;
  mutable std::mutex mutex_;
  std::unordered_map<digest, verified_token, hash> known_;
  std::deque<digest> oldest_first_;
};

} // namespace sonicmatch::actors::accounts
