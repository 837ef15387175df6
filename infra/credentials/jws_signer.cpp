#include "infra/credentials/jws_signer.hpp"

#include "events/digest.hpp"
#include "events/error.hpp"

#include <openssl/crypto.h>
#include <rhonabwy.h>

#include <array>
#include <fstream>
#include <iterator>
#include <mutex>

namespace sonicmatch::infra::credentials {

namespace {

using events::errc;

struct jwk_deleter {
  void operator()(jwk_t* key) const noexcept {
    r_jwk_free(key);
  }
};
struct jws_deleter {
  void operator()(jws_t* token) const noexcept {
    r_jws_free(token);
  }
};
struct text_deleter {
  void operator()(char* text) const noexcept {
    r_free(text);
  }
};
using jwk_ptr = std::unique_ptr<jwk_t, jwk_deleter>;
using jws_ptr = std::unique_ptr<jws_t, jws_deleter>;
using text_ptr = std::unique_ptr<char, text_deleter>;

jwk_ptr new_jwk() {
  jwk_t* made = nullptr;
  r_jwk_init(&made);
  return jwk_ptr{made};
}

jws_ptr new_jws() {
  jws_t* made = nullptr;
  r_jws_init(&made);
  return jws_ptr{made};
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

caf::error refused() {
  return events::make_error(errc::unauthenticated, "The access token is not one of ours.");
}

/// A key with the header that all its tokens have.
struct signing_key {
  jwa_alg algorithm = R_JWA_ALG_NONE;
  std::string id;
  jwk_ptr private_key; ///< null: it verifies only
  jwk_ptr public_key;  ///< null: the private one is symmetric
  std::string header;  ///< base64url, with the dot behind it

  [[nodiscard]] std::string sign(std::string_view payload) const {
    auto token = new_jws();
    if (!token || r_jws_set_alg(token.get(), algorithm) != RHN_OK
        || r_jws_set_header_str_value(token.get(), "typ", "at+jwt") != RHN_OK
        || r_jws_set_header_str_value(token.get(), "kid", id.c_str()) != RHN_OK
        || r_jws_set_payload(token.get(), bytes(payload), payload.size()) != RHN_OK)
      return {};
    text_ptr out{r_jws_serialize(token.get(), private_key.get(), R_FLAG_IGNORE_REMOTE)};
    return out ? std::string{out.get()} : std::string{};
  }
};

/// The header as this version of the library writes it, by having it sign something.
std::string header_of(const signing_key& key) {
  auto sample = key.sign("{}");
  return sample.substr(0, sample.find('.') + 1);
}

/// An id that says nothing of the key: the beginning of a SHA-256, in hexadecimal.
std::string id_of(std::string_view kind, std::string_view key) {
  auto digest = events::sha256("sonicmatch key id " + std::string{kind} + " " + std::string{key});
  return events::hex(std::span{digest}.first(8));
}

caf::expected<signing_key> symmetric_key(const std::string& secret) {
  signing_key out{R_JWA_ALG_HS256, id_of("hs256", secret), new_jwk(), nullptr, {}};
  if (secret.empty() || !out.private_key
      || r_jwk_import_from_symmetric_key(out.private_key.get(), bytes(secret), secret.size()) != RHN_OK)
    return events::make_error(errc::bad_configuration, "a secret for tokens cannot be used");
  out.header = header_of(out);
  return out;
}

/// The key of a PEM file; `type` says which kind it has to be.
caf::expected<jwk_ptr> read_pem(const std::string& setting, const std::string& path, int type, int key_type) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || text.empty())
    return events::make_error(errc::bad_configuration, setting + ": " + path + " cannot be read");
  auto out = new_jwk();
  auto good = out
              && r_jwk_import_from_pem_der(out.get(), type, R_FORMAT_PEM, bytes(text), text.size()) == RHN_OK
              && (r_jwk_key_type(out.get(), nullptr, R_FLAG_IGNORE_REMOTE) & (R_KEY_TYPE_EDDSA | key_type))
                   == (R_KEY_TYPE_EDDSA | key_type);
  const auto* curve = good ? r_jwk_get_property_str(out.get(), "crv") : nullptr;
  OPENSSL_cleanse(text.data(), text.size());
  if (curve == nullptr || std::string_view{curve} != "Ed25519")
    return events::make_error(errc::bad_configuration,
                              setting + ": " + path + " holds no "
                                + (key_type == R_KEY_TYPE_PRIVATE ? "private" : "public")
                                + " Ed25519 key in PEM format");
  return out;
}

/// By the public part, so that the same key has the same id on either side.
std::string id_of_public(const jwk_ptr& key) {
  const auto* x = r_jwk_get_property_str(key.get(), "x");
  return id_of("eddsa", x ? x : "");
}

caf::expected<signing_key> private_key(const std::string& path) {
  auto read = read_pem("JWT_PRIVATE_KEY_FILE", path, R_X509_TYPE_PRIVKEY, R_KEY_TYPE_PRIVATE);
  if (!read)
    return std::move(read.error());
  signing_key out{R_JWA_ALG_EDDSA, {}, std::move(*read), new_jwk(), {}};
  if (r_jwk_extract_pubkey(out.private_key.get(), out.public_key.get(), R_FLAG_IGNORE_REMOTE) != RHN_OK)
    return events::make_error(errc::bad_configuration, "JWT_PRIVATE_KEY_FILE: the key has no public part");
  out.id = id_of_public(out.public_key);
  out.header = header_of(out);
  return out;
}

/// A key that verifies. Its header is made with a key of the moment, of the same kind.
caf::expected<signing_key> public_key(const std::string& path) {
  auto read = read_pem("JWT_FORMER_KEYS", path, R_X509_TYPE_PUBKEY, R_KEY_TYPE_PUBLIC);
  if (!read)
    return std::move(read.error());
  auto id = id_of_public(*read);
  signing_key passing{R_JWA_ALG_EDDSA, id, new_jwk(), new_jwk(), {}};
  if (r_jwk_generate_key_pair(passing.private_key.get(), passing.public_key.get(), R_KEY_TYPE_EDDSA, 256,
                              nullptr)
      != RHN_OK)
    return events::make_error(errc::bad_configuration, "JWT_FORMER_KEYS: Ed25519 is not to be had");
  return signing_key{R_JWA_ALG_EDDSA, id, nullptr, std::move(*read), header_of(passing)};
}

/// Whether the token ends with 64 bytes in the one way that base64url has for them: the
/// library reads over what does not belong there.
bool ends_with_ed25519_signature(std::string_view token) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr std::string_view last = "AQgw"; // of its six bits the lower four are nobody's
  auto signature = token.substr(token.rfind('.') + 1);
  return signature.size() == 86 && signature.find_first_not_of(alphabet) == std::string_view::npos
         && last.find(signature.back()) != std::string_view::npos;
}

/// Whether the library opens it, and its payload. The header is one of ours by now.
std::optional<std::string> payload_of(jws_t* token, std::string_view text) {
  if (r_jws_advanced_compact_parsen(token, text.data(), text.size(), R_PARSE_NONE, R_FLAG_IGNORE_REMOTE)
      != RHN_OK)
    return std::nullopt;
  std::size_t size = 0;
  const auto* payload = r_jws_get_payload(token, &size);
  if (payload == nullptr || size == 0)
    return std::nullopt;
  return std::string{reinterpret_cast<const char*>(payload), size};
}

class jws_signer final : public actors::ports::token_signer {
public:
  explicit jws_signer(std::vector<signing_key> keys)
    : keys_(std::move(keys)) {}

  [[nodiscard]] caf::expected<std::string> sign(std::string_view claims) const override {
    auto token = keys_.front().sign(claims);
    if (token.empty())
      return events::make_error(errc::bad_configuration, "a token could not be signed");
    return token;
  }

  [[nodiscard]] caf::expected<std::string> open(std::string_view token) const override {
    for (const auto& key : keys_)
      if (token.starts_with(key.header))
        return open_with(key, token);
    return refused();
  }

private:
  static caf::expected<std::string> open_with(const signing_key& key, std::string_view text) {
    auto token = new_jws();
    auto payload = token ? payload_of(token.get(), text) : std::nullopt;
    if (!payload)
      return refused();
    if (key.algorithm == R_JWA_ALG_HS256) {
      // The one token that the key makes of this payload, compared as a whole.
      auto expected = key.sign(*payload);
      if (expected.size() != text.size() || CRYPTO_memcmp(expected.data(), text.data(), text.size()) != 0)
        return refused();
    } else if (!ends_with_ed25519_signature(text)
               || r_jws_verify_signature(token.get(), key.public_key.get(), R_FLAG_IGNORE_REMOTE) != RHN_OK) {
      return refused();
    }
    return std::move(*payload);
  }

  std::vector<signing_key> keys_; ///< the first signs
};

caf::expected<signing_key> former_key(const std::string& text) {
  auto rest = text.substr(std::min(text.find(':'), text.size() - 1) + 1);
  return text.starts_with("hs256:") ? symmetric_key(rest) : public_key(rest);
}

} // namespace

caf::expected<std::shared_ptr<const actors::ports::token_signer>> make_jws_signer(const signing_keys& keys) {
  static std::once_flag once;
  std::call_once(once, [] { r_global_init(); });
  std::vector<signing_key> made;
  auto current =
    keys.private_key_file.empty() ? symmetric_key(keys.secret) : private_key(keys.private_key_file);
  if (!current)
    return std::move(current.error());
  made.push_back(std::move(*current));
  for (const auto& each : keys.former) {
    auto former = former_key(each);
    if (!former)
      return std::move(former.error());
    made.push_back(std::move(*former));
  }
  return std::shared_ptr<const actors::ports::token_signer>{std::make_shared<jws_signer>(std::move(made))};
}

} // namespace sonicmatch::infra::credentials
