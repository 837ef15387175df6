#include "infra/credentials/argon2_hashing.hpp"

#include "events/error.hpp"

#include <argon2.h>
#include <sys/random.h>

#include <array>

namespace sonicmatch::infra::credentials {

namespace {

using events::errc;

constexpr std::size_t salt_bytes = 16;
constexpr std::uint32_t tag_bytes = 32;

caf::error failure_of(int code) {
  auto reason = code == ARGON2_MEMORY_ALLOCATION_ERROR || code == ARGON2_THREAD_FAIL ? errc::overloaded
                                                                                     : errc::invalid_record;
  return events::make_error(reason, std::string{"Argon2: "} + argon2_error_message(code));
}

class argon2_hashing final : public actors::ports::password_hashing {
public:
  explicit argon2_hashing(argon2_parameters parameters)
    : parameters_(parameters)
    , prefix_("$argon2id$v=" + std::to_string(ARGON2_VERSION_NUMBER)
              + "$m=" + std::to_string(parameters.memory_kib) + ",t=" + std::to_string(parameters.passes)
              + ",p=" + std::to_string(parameters.lanes) + "$") {}

  caf::expected<std::string> hash(std::string_view password) override {
    std::array<std::uint8_t, salt_bytes> salt;
    if (getrandom(salt.data(), salt.size(), 0) != static_cast<ssize_t>(salt.size()))
      return events::make_error(errc::overloaded, "the kernel's random generator failed");
    std::string encoded(argon2_encodedlen(parameters_.passes, parameters_.memory_kib, parameters_.lanes,
                                          salt_bytes, tag_bytes, Argon2_id),
                        '\0');
    auto code = argon2id_hash_encoded(parameters_.passes, parameters_.memory_kib, parameters_.lanes,
                                      password.data(), password.size(), salt.data(), salt.size(), tag_bytes,
                                      encoded.data(), encoded.size());
    if (code != ARGON2_OK)
      return failure_of(code);
    encoded.resize(encoded.find('\0'));
    return encoded;
  }

  caf::expected<bool> verify(std::string_view password, const std::string& hash) override {
    auto code = argon2id_verify(hash.c_str(), password.data(), password.size());
    if (code == ARGON2_OK || code == ARGON2_VERIFY_MISMATCH)
      return code == ARGON2_OK;
    return failure_of(code);
  }

  [[nodiscard]] bool is_outdated(std::string_view hash) const override {
    return !hash.starts_with(prefix_);
  }

private:
  argon2_parameters parameters_;
  std::string prefix_;
};

} // namespace

std::shared_ptr<actors::ports::password_hashing> make_argon2_hashing(argon2_parameters parameters) {
  return std::make_shared<argon2_hashing>(parameters);
}

} // namespace sonicmatch::infra::credentials
