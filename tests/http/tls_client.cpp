#include "tests/http/tls_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace sonicmatch::tests {

made_certificate::made_certificate()
  : folder_{(std::filesystem::temp_directory_path() / "sonicmatch-tls.XXXXXX").string()} {
  if (::mkdtemp(folder_.data()) == nullptr)
    throw std::runtime_error{"cannot make a directory for a certificate"};
  auto command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
                 "-subj /CN=localhost -keyout '"
                 + key_file() + "' -out '" + certificate_file() + "' 2>/dev/null";
  if (std::system(command.c_str()) != 0)
    throw std::runtime_error{"openssl could not make a certificate"};
}

made_certificate::~made_certificate() {
  std::error_code ignored; // it is below the system's temporary directory
  std::filesystem::remove_all(folder_, ignored);
}

std::string made_certificate::write(const std::string& name, std::string_view text) const {
  auto path = folder_ + '/' + name;
  std::ofstream{path} << text;
  return path;
}

tls_client::tls_client(std::uint16_t port, const terms& wanted)
  : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
  , context_{SSL_CTX_new(TLS_client_method())}
  , tls_{SSL_new(context_.get())} {
  timeval patience{5, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error{"cannot connect"};
  SSL_set_cipher_list(tls_.get(), "ALL:@SECLEVEL=0"); // so that old versions can be offered at all
  SSL_set_min_proto_version(tls_.get(), TLS1_VERSION);
  SSL_set_max_proto_version(tls_.get(), wanted.version_max);
  if (!wanted.protocols.empty())
    SSL_set_alpn_protos(tls_.get(), reinterpret_cast<const unsigned char*>(wanted.protocols.data()),
                        static_cast<unsigned>(wanted.protocols.size()));
  SSL_set_fd(tls_.get(), socket_);
  is_connected_ = SSL_connect(tls_.get()) == 1;
}

tls_client::~tls_client() {
  ::close(socket_);
}

std::string tls_client::protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(tls_.get(), &chosen, &length);
  return {reinterpret_cast<const char*>(chosen), length};
}

bool tls_client::send(std::string_view bytes) {
  return SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
         == static_cast<int>(bytes.size());
}

bool tls_client::read_some(std::string& out) {
  std::array<char, 16 * 1024> buffer;
  auto got = SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()));
  if (got <= 0)
    return false;
  out.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

std::string tls_client::read_until(std::string_view text) {
  std::string all;
  while (all.find(text) == std::string::npos && read_some(all))
    ;
  return all;
}

std::string tls_client::read_rest() {
  std::string all;
  while (read_some(all))
    ;
  return all;
}

} // namespace sonicmatch::tests
