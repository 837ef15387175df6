#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sonicmatch::tests {

/// A directory with a certificate for localhost and its key, made for this test by
/// OpenSSL's own tool; removed with the object.
class made_certificate {
public:
  made_certificate();
  ~made_certificate();

  made_certificate(const made_certificate&) = delete;
  made_certificate& operator=(const made_certificate&) = delete;

  [[nodiscard]] std::string certificate_file() const {
    return folder_ + "/certificate.pem";
  }
  [[nodiscard]] std::string key_file() const {
    return folder_ + "/key.pem";
  }
  /// A file of the folder that holds `text`.
  [[nodiscard]] std::string write(const std::string& name, std::string_view text) const;

private:
  std::string folder_;
};

/// Speaks TLS to a server on 127.0.0.1, without checking who it is. Blocking; every wait
/// ends after a few seconds.
class tls_client {
public:
  struct terms {
    int version_max = TLS1_3_VERSION;
    std::string protocols = "\x08http/1.1"; ///< of ALPN, as on the wire; empty: none
  };

  tls_client(std::uint16_t port, const terms& wanted);
  explicit tls_client(std::uint16_t port)
    : tls_client{port, terms{}} {}
  ~tls_client();

  tls_client(const tls_client&) = delete;
  tls_client& operator=(const tls_client&) = delete;

  /// Whether the handshake has succeeded.
  [[nodiscard]] bool is_connected() const {
    return is_connected_;
  }
  [[nodiscard]] std::string version() const {
    return SSL_get_version(tls_.get());
  }
  /// What ALPN has agreed on.
  [[nodiscard]] std::string protocol() const;

  bool send(std::string_view bytes);

  /// Says that nothing more will be sent.
  void finish_sending() {
    SSL_shutdown(tls_.get());
  }

  /// Reads until what came holds `text`, and returns it all; less when it never does.
  [[nodiscard]] std::string read_until(std::string_view text);

  /// Reads to the end.
  [[nodiscard]] std::string read_rest();

  /// Whether the server has said that nothing more will come, rather than just closed.
  [[nodiscard]] bool is_told_of_the_end() const {
    return (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }

private:
  struct free_openssl {
    void operator()(SSL_CTX* context) const {
      SSL_CTX_free(context);
    }
    void operator()(SSL* tls) const {
      SSL_free(tls);
    }
  };

  [[nodiscard]] bool read_some(std::string& out);

  int socket_ = -1;
  std::unique_ptr<SSL_CTX, free_openssl> context_;
  std::unique_ptr<SSL, free_openssl> tls_;
  bool is_connected_ = false;
};

} // namespace sonicmatch::tests
