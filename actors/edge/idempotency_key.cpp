#include "actors/edge/idempotency_key.hpp"

#include "events/digest.hpp"
#include "events/record/writer.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace sonicmatch::actors {

namespace {

/// Further apart than this no two edges' clocks are.
constexpr std::chrono::minutes clock_difference_max{1};

using events::sha256_digest;

sha256_digest hmac_sha256(std::string_view secret, std::string_view text) {
  sha256_digest out{};
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), nullptr);
  return out;
}

/// The text that is signed; the owner has a fixed length, so no two keys have the same.
std::string signed_text(const owned_key& key, std::string_view what) {
  std::string out{"sonicmatch/idempotency-key/"};
  out += what;
  out += '/';
  out += key.owner ? to_string(*key.owner) : std::string(36, '-');
  out += '/';
  out += key.key;
  return out;
}

/// UUIDv8 (RFC 9562, 5.8) of the first half of a digest.
events::session_id id_of(const sha256_digest& from) {
  events::session_id out;
  std::copy_n(from.begin(), out.value.bytes.size(), out.value.bytes.begin());
  out.value.bytes[6] = static_cast<std::uint8_t>((out.value.bytes[6] & 0x0fU) | 0x80U);
  out.value.bytes[8] = static_cast<std::uint8_t>((out.value.bytes[8] & 0x3fU) | 0x80U);
  return out;
}

/// Where in a period the key's own begin, so that not all of them change at once.
std::chrono::microseconds phase_of(std::string_view secret, const owned_key& key) {
  auto drawn = hmac_sha256(secret, signed_text(key, "phase"));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i)
    number = number << 8U | drawn[i];
  constexpr auto period = static_cast<std::uint64_t>(std::chrono::microseconds{key_lifetime}.count());
  return std::chrono::microseconds{static_cast<std::int64_t>(number % period)};
}

} // namespace

std::vector<events::session_id> sessions_of_key(std::string_view secret, const owned_key& key,
                                                events::timestamp now) {
  constexpr std::chrono::microseconds period = key_lifetime;
  auto passed = now.time_since_epoch() + phase_of(secret, key);
  auto current = passed / period;
  auto id_in = [&](std::int64_t n) {
    return id_of(hmac_sha256(secret, signed_text(key, std::to_string(n))));
  };
  std::vector out{id_in(current), id_in(current - 1)};
  if (passed % period + clock_difference_max > period)
    out.push_back(id_in(current + 1));
  return out;
}

std::string request_hash_of(const events::session::preferences& wishes, int max_results) {
  return events::hex(events::sha256(std::to_string(max_results) + '\n' + events::record::to_json(wishes)));
}

} // namespace sonicmatch::actors
