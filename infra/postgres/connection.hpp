#pragma once

#include "infra/postgres/pqxx.hpp"
#include "infra/postgres/settings.hpp"

#include <caf/error.hpp>

#include <functional>
#include <memory>
#include <string_view>

namespace sonicmatch::infra::postgres {

/// A connection that is opened when it is needed, and again after it broke.
///
/// Owned and used by one thread. The only place where libpqxx's exceptions are
/// caught: each becomes one caf::error that keeps the cause.
class connection {
public:
  /// `on_open` prepares each new connection: statements, temporary tables.
  connection(settings values, std::function<void(pqxx::connection&)> on_open);

  /// Runs `work` on the open connection. Errors: store_rejected when PostgreSQL
  /// refused a value (SQLSTATE classes 22 and 23); store_unavailable for all else,
  /// such as no connection, a timeout, a server that shuts down, or a schema that is
  /// not there (yet). After store_unavailable, `work` may have been done or not.
  template <class Work>
  [[nodiscard]] caf::error run(std::string_view attempt, Work&& work) {
    try {
      work(open());
      return caf::none;
    } catch (...) {
      return failure_of(attempt);
    }
  }

  /// The same for what may be done twice: a connection that turns out to be broken
  /// is opened again, once, before it is an error.
  template <class Work>
  [[nodiscard]] caf::error run_again(std::string_view attempt, Work&& work) {
    auto was_open = is_open();
    auto error = run(attempt, work);
    return error && was_open && !is_open() ? run(attempt, work) : error;
  }

private:
  [[nodiscard]] pqxx::connection& open();
  [[nodiscard]] bool is_open() const noexcept {
    return open_ != nullptr;
  }
  /// Translates the exception being handled.
  [[nodiscard]] caf::error failure_of(std::string_view attempt) noexcept;

  settings settings_;
  std::function<void(pqxx::connection&)> on_open_;
  std::unique_ptr<pqxx::connection> open_;
};

} // namespace sonicmatch::infra::postgres
