#pragma once

#include <caf/expected.hpp>

#include <memory>
#include <string>

/// TLS as an option of the server. OpenSSL's headers are in tls_stream.hpp, which only
/// connection code includes.
namespace sonicmatch::http {

/// The certificate and what is agreed on with clients: TLS 1.2 or later, HTTP/1.1. Shared
/// by all I/O threads and immutable.
class tls_context;

/// Reads both files, in PEM. Error: bad_configuration with one line that names the setting
/// whose file can't be read, is no certificate or key, or does not belong to the other.
[[nodiscard]] caf::expected<std::shared_ptr<tls_context>>
read_tls_context(const std::string& certificate_file, const std::string& key_file);

} // namespace sonicmatch::http
