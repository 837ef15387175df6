#pragma once

#include "actors/accounts/access_tokens.hpp"
#include "actors/accounts/interfaces.hpp"
#include "actors/interfaces.hpp"
#include "http/access.hpp"
#include "infra/wiring/process.hpp"

#include <memory>
#include <vector>

namespace sonicmatch::infra {

/// The accounts of an edge: the desk and its hashers, and who finds out who asks. Used by
/// the main thread.
class account_role {
public:
  /// Reads the keys. Error: bad_configuration, for a key that cannot be used.
  /// `edge` and `store` are those of the process.
  [[nodiscard]] static caf::expected<std::unique_ptr<account_role>>
  start(const process_parts& parts, const actors::edge& edge, const actors::session_store& store);
  ~account_role();

  [[nodiscard]] const actors::accounts::account_desk& desk() const noexcept {
    return desk_;
  }
  [[nodiscard]] const http::caller_finder& find_caller() const noexcept {
    return find_caller_;
  }
  [[nodiscard]] const actors::accounts::session_finder& find_sessions() const noexcept {
    return find_sessions_;
  }

  [[nodiscard]] const actors::accounts::record_collector& records() const noexcept {
    return records_;
  }

private:
  account_role(const process_parts& parts, const actors::edge& edge, const actors::session_store& store,
               std::shared_ptr<const actors::ports::token_signer> signer);

  std::shared_ptr<const actors::accounts::access_tokens> tokens_;
  http::caller_finder find_caller_;
  actors::accounts::session_finder find_sessions_;
  std::vector<actors::accounts::password_hasher> hashers_;
  actors::accounts::account_eraser eraser_;
  actors::accounts::account_desk desk_;
  actors::accounts::record_collector records_;
};

} // namespace sonicmatch::infra
