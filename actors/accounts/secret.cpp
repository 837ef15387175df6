#include "actors/accounts/secret.hpp"

#include <openssl/crypto.h>

namespace sonicmatch::actors::accounts {

void wipe(std::string& text) noexcept {
  text.resize(text.capacity()); // what a longer text left behind its end, too; never grows
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

} // namespace sonicmatch::actors::accounts
