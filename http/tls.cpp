#include "http/tls.hpp"

#include "events/error.hpp"
#include "http/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

#include <string_view>

namespace sonicmatch::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// As ALPN has it on the wire: each name behind its length.
constexpr std::string_view http_1_1 = "\x08http/1.1";

/// For TLS 1.2; those of 1.3 are all good. Forward secrecy and authenticated encryption.
constexpr auto ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// Agrees on HTTP/1.1. A client that insists on something else is refused, rather than
/// answered in what it does not understand (RFC 7301, 3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_length,
                    const unsigned char* offered, unsigned offered_length, void*) {
  unsigned char* found = nullptr;
  auto outcome =
    SSL_select_next_proto(&found, chosen_length, reinterpret_cast<const unsigned char*>(http_1_1.data()),
                          static_cast<unsigned>(http_1_1.size()), offered, offered_length);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void set_terms(asio::ssl::context& openssl) {
  auto* native = openssl.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(native, ciphers);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
                                | SSL_OP_PRIORITIZE_CHACHA | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS); // idle connections hold less
  // Clients keep their sessions in tickets; a cache here would only grow.
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
}

caf::error wrong(std::string detail) {
  return events::make_error(events::errc::bad_configuration, std::move(detail));
}

bool is_mismatch(const error_code& error) {
  auto reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  return reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH;
}

} // namespace

caf::expected<std::shared_ptr<tls_context>> read_tls_context(const std::string& certificate_file,
                                                             const std::string& key_file) {
  auto made = std::make_shared<tls_context>();
  auto& openssl = made->openssl;
  set_terms(openssl);
  error_code error;
  openssl.use_certificate_chain_file(certificate_file, error);
  if (error)
    return wrong("TLS_CERTIFICATE_FILE cannot be used: " + certificate_file + ": " + error.message());
  // Without this OpenSSL asks the terminal for the passphrase, and waits.
  openssl.set_password_callback(
    [](std::size_t, asio::ssl::context::password_purpose) { return std::string{}; }, error);
  openssl.use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (error && is_mismatch(error))
    return wrong("TLS_KEY_FILE is not the key of TLS_CERTIFICATE_FILE: " + key_file);
  if (error)
    return wrong("TLS_KEY_FILE cannot be used: " + key_file + ": " + error.message());
  return made;
}

} // namespace sonicmatch::http
