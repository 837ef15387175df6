#include "infra/postgres/connection.hpp"

#include "events/error.hpp"

#include <cctype>

namespace sonicmatch::infra::postgres {

namespace {

using events::errc;

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.') {
      out.push_back(static_cast<char>(c));
      continue;
    }
    out.push_back('%');
    out.push_back(digits[c >> 4]);
    out.push_back(digits[c & 15]);
  }
  return out;
}

/// The URL (or libpq's keyword form) with the bounds put after what it holds.
std::string target_of(const settings& values) {
  auto is_url = values.url.starts_with("postgresql://") || values.url.starts_with("postgres://");
  auto out = values.url;
  auto separator = !is_url ? ' ' : values.url.find('?') == std::string::npos ? '?' : '&';
  auto add = [&](std::string_view name, const std::string& value) {
    out += separator + std::string{name} + '=' + (is_url ? percent_encoded(value) : "'" + value + "'");
    separator = is_url ? '&' : ' ';
  };
  add("application_name", values.application_name);
  add("connect_timeout", std::to_string(values.connect_timeout.count()));
  add("keepalives_idle", "5");
  add("keepalives_interval", "2");
  add("keepalives_count", "3");
  add("tcp_user_timeout", std::to_string(values.unacknowledged_timeout.count()));
  return out;
}

std::string text_of(std::string_view attempt, std::string_view cause) {
  while (!cause.empty() && std::isspace(static_cast<unsigned char>(cause.back())) != 0)
    cause.remove_suffix(1);
  return std::string{attempt} + ": " + std::string{cause};
}

bool is_about_values(const std::string& sqlstate) {
  return sqlstate.starts_with("22") || sqlstate.starts_with("23");
}

} // namespace

connection::connection(settings values, std::function<void(pqxx::connection&)> on_open)
  : settings_(std::move(values))
  , on_open_(std::move(on_open)) {}

pqxx::connection& connection::open() {
  if (!open_) {
    auto fresh = std::make_unique<pqxx::connection>(target_of(settings_));
    stay_broken(*fresh);
    pqxx::nontransaction setup{*fresh};
    setup.exec("set statement_timeout = " + std::to_string(settings_.statement_timeout.count())
               + "; set client_encoding = 'UTF8'; set datestyle = 'ISO'; set timezone = 'UTC';"
                 " set client_min_messages = warning");
    setup.commit();
    on_open_(*fresh);
    open_ = std::move(fresh);
  }
  return *open_;
}

caf::error connection::failure_of(std::string_view attempt) noexcept {
  try {
    throw;
  } catch (const pqxx::sql_error& error) {
    if (is_about_values(error.sqlstate()))
      return events::make_error(errc::store_rejected, text_of(attempt, error.what()));
    open_.reset();
    return events::make_error(errc::store_unavailable, text_of(attempt, error.what()));
  } catch (const std::exception& error) {
    open_.reset();
    return events::make_error(errc::store_unavailable, text_of(attempt, error.what()));
  }
}

} // namespace sonicmatch::infra::postgres
