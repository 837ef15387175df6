#pragma once

#include "infra/postgres/settings.hpp"
#include "projections/read_model_store.hpp"
#include "tests/support/simulated_store.hpp"

#include <memory>
#include <string>

namespace sonicmatch::tests {

/// A schema of its own in the PostgreSQL of SONICMATCH_TEST_POSTGRES, which must be
/// set; dropped at the end.
class postgres_schema {
public:
  postgres_schema();
  ~postgres_schema();
  postgres_schema(const postgres_schema&) = delete;
  postgres_schema& operator=(const postgres_schema&) = delete;

  /// Connections that see only this schema.
  [[nodiscard]] infra::postgres::settings settings() const;
  [[nodiscard]] const std::string& name() const noexcept {
    return name_;
  }

  /// Runs SQL in it; the first column of the first row, or an empty text.
  std::string run(const std::string& sql) const;

private:
  std::string name_;
};

/// The real store, and the readers of its tables, over a migrated schema: for tests/contract.
class postgres_store_fixture {
public:
  postgres_store_fixture();

  projections::read_model_store& store() {
    return *store_;
  }
  projections::read_model_store& another() {
    return *another_;
  }
  actors::ports::session_reader& sessions() {
    return *sessions_;
  }
  actors::ports::spending_reader& spending() {
    return *spending_;
  }
  [[nodiscard]] simulated_tables tables() const;

  postgres_schema schema;

private:
  std::unique_ptr<projections::read_model_store> store_;
  std::unique_ptr<projections::read_model_store> another_;
  std::unique_ptr<actors::ports::session_reader> sessions_;
  std::unique_ptr<actors::ports::spending_reader> spending_;
};

} // namespace sonicmatch::tests
