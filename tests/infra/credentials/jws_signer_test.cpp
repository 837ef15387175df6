#include "events/error.hpp"
#include "infra/credentials/jws_signer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch_folder.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace sonicmatch;
using infra::credentials::make_jws_signer;
using infra::credentials::signing_keys;
using signer_ptr = std::shared_ptr<const actors::ports::token_signer>;

namespace {

const std::string secret(32, 's');
const std::string claims = R"({"sub":"somebody"})";

signer_ptr signer_of(const signing_keys& keys) {
  auto made = make_jws_signer(keys);
  if (!made)
    FAIL(events::describe(made.error()));
  return std::move(*made);
}

std::string refusal_of(const signing_keys& keys) {
  auto made = make_jws_signer(keys);
  REQUIRE_FALSE(made);
  CHECK(events::code_of(made.error()) == events::errc::bad_configuration);
  return events::detail_of(made.error());
}

void is_refused(const signer_ptr& signer, const std::string& token) {
  CAPTURE(token);
  auto opened = signer->open(token);
  REQUIRE_FALSE(opened);
  CHECK(events::code_of(opened.error()) == events::errc::unauthenticated);
}

std::string base64url(std::string_view text) {
  std::string out(text.size() / 3 * 4 + 5, '\0');
  auto size =
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  out.erase(std::find(out.begin(), out.end(), '='), out.end());
  return out;
}

/// What somebody makes who has (or guesses) a secret, with a header of their own.
std::string forged(const std::string& header, const std::string& payload, const std::string& key) {
  auto signing_input = base64url(header) + "." + base64url(payload);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(signing_input.data()), signing_input.size(), mac.data(), &size);
  return signing_input + "." + base64url({reinterpret_cast<const char*>(mac.data()), size});
}

std::string decoded_header(const std::string& token) {
  auto text = token.substr(0, token.find('.'));
  text.append((4 - text.size() % 4) % 4, 'A');
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  std::string out(text.size(), '\0');
  auto size =
    EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out.substr(0, out.find('}') + 1);
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

/// An Ed25519 key pair in two PEM files.
class key_files {
public:
  key_files() {
    EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    REQUIRE(key != nullptr);
    auto* out = std::fopen(private_path().c_str(), "w");
    PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    out = std::fopen(public_path().c_str(), "w");
    PEM_write_PUBKEY(out, key);
    std::fclose(out);
    EVP_PKEY_free(key);
  }

  [[nodiscard]] std::string private_path() const {
    return (folder_.path() / "private.pem").string();
  }
  [[nodiscard]] std::string public_path() const {
    return (folder_.path() / "public.pem").string();
  }
  [[nodiscard]] std::string public_text() const {
    std::ifstream file{public_path()};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

private:
  tests::scratch_folder folder_;
};

} // namespace

TEST_CASE("what a secret has signed it opens, and nobody else's", "[infra][credentials]") {
  auto signer = signer_of({secret, {}});
  auto token = signer->sign(claims);
  REQUIRE(token);
  CHECK(decoded_header(*token).starts_with(R"({"alg":"HS256","typ":"at+jwt","kid":")"));
  CHECK(signer->open(*token) == claims);
  is_refused(signer_of({std::string(32, 't'), {}}), *token);
}

TEST_CASE("what an Ed25519 key has signed it opens, and nobody else's", "[infra][credentials]") {
  key_files keys;
  auto signer = signer_of({secret, keys.private_path()});
  auto token = signer->sign(claims);
  REQUIRE(token);
  CHECK(decoded_header(*token).starts_with(R"({"alg":"EdDSA","typ":"at+jwt","kid":")"));
  CHECK(signer->open(*token) == claims);
  key_files others;
  is_refused(signer_of({secret, others.private_path()}), *token);
  is_refused(signer_of({secret, {}}), *token);
}

TEST_CASE("tokens of before a rotation hold", "[infra][credentials]") {
  key_files keys;
  auto by_secret = *signer_of({secret, {}})->sign(claims);
  auto by_key = *signer_of({secret, keys.private_path()})->sign(claims);
  auto now = signer_of({std::string(40, 'n'), {}, {"hs256:" + secret, "eddsa:" + keys.public_path()}});
  CHECK(now->open(by_secret) == claims);
  CHECK(now->open(by_key) == claims);
  CHECK(decoded_header(*now->sign(claims)) != decoded_header(by_secret));
  is_refused(signer_of({std::string(40, 'n'), {}}), by_secret);
}

TEST_CASE("a token that says it needs no signature is refused", "[infra][credentials]") {
  auto signer = signer_of({secret, {}});
  auto header = decoded_header(*signer->sign(claims));
  for (const auto* none : {"none", "None", "NONE", "nOnE"}) {
    auto unsigned_header = replaced(header, "HS256", none);
    is_refused(signer, base64url(unsigned_header) + "." + base64url(claims) + ".");
    is_refused(signer, base64url(unsigned_header) + "." + base64url(claims));
    is_refused(signer, forged(unsigned_header, claims, secret));
  }
  is_refused(signer, base64url(header) + "." + base64url(claims) + ".");
}

TEST_CASE("a public key is no secret to sign with", "[infra][credentials]") {
  key_files keys;
  auto signer = signer_of({secret, keys.private_path()});
  auto header = decoded_header(*signer->sign(claims));
  is_refused(signer, forged(replaced(header, "EdDSA", "HS256"), claims, keys.public_text()));
  is_refused(signer, forged(header, claims, keys.public_text()));
  is_refused(signer, forged(header, claims, secret));
}

TEST_CASE("nothing of the header may be another's, even with the right secret", "[infra][credentials]") {
  auto signer = signer_of({secret, {}});
  auto header = decoded_header(*signer->sign(claims));
  CHECK(signer->open(forged(header, claims, secret)) == claims);
  is_refused(signer, forged(replaced(header, "at+jwt", "JWT"), claims, secret));
  is_refused(signer, forged(replaced(header, "HS256", "HS512"), claims, secret));
  is_refused(signer, forged(replaced(header, R"("kid":")", R"("kid":"0)"), claims, secret));
  is_refused(signer, forged(replaced(header, "{", R"({"crit":["exp"],)"), claims, secret));
  is_refused(signer, forged(replaced(header, "{", R"({"zip":"DEF",)"), claims, secret));
  is_refused(signer, forged(replaced(header, "{", R"({"jku":"http://127.0.0.1:1/keys",)"), claims, secret));
  is_refused(signer, forged(R"({"alg":"HS256","typ":"at+jwt"})", claims, secret));
  is_refused(signer, forged("{}", claims, secret));
}

TEST_CASE("a token with anything changed or added is refused", "[infra][credentials]") {
  key_files keys;
  for (const auto& signer : {signer_of({secret, {}}), signer_of({secret, keys.private_path()})}) {
    auto token = *signer->sign(claims);
    for (std::size_t i = 0; i < token.size(); ++i) {
      auto changed = token;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      is_refused(signer, changed);
      is_refused(signer, token.substr(0, i));
    }
    for (const auto* added : {".", "=", "AAAA", " ", "\n", ".AAAA", "{}"})
      is_refused(signer, token + added);
    is_refused(signer, " " + token);
    is_refused(signer, token + std::string(1, '\0'));
    is_refused(signer, std::string(2'000, '.'));
    is_refused(signer, "");
    is_refused(signer, R"({"payload":"e30","protected":"e30","signature":"e30"})");
  }
}

TEST_CASE("a key that cannot be used is named by its setting and file", "[infra][credentials]") {
  key_files keys;
  CHECK(refusal_of({secret, "/nowhere.pem"}) == "JWT_PRIVATE_KEY_FILE: /nowhere.pem cannot be read");
  CHECK(refusal_of({secret, keys.public_path()}).find("holds no private Ed25519 key") != std::string::npos);
  CHECK(refusal_of({secret, {}, {"eddsa:" + keys.private_path()}}).find("holds no public Ed25519 key")
        != std::string::npos);
  CHECK_FALSE(make_jws_signer({{}, {}}));
}
