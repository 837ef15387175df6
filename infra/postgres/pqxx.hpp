#pragma once

#include <pqxx/pqxx>

#include <pqxx/stream_to>
#if PQXX_VERSION_MAJOR < 7
#include <pqxx/tablewriter>
#endif

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

/// What differs between libpqxx 6.4 (Debian 12) and 7 (Debian 13), in one place.
/// Include it in .cpp files only: it is heavy.
namespace sonicmatch::infra::postgres {

/// A connection of libpqxx 6 that broke opens again by itself with the next
/// transaction, without its temporary tables and settings. Ours must not.
inline void stay_broken(pqxx::connection& open) {
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  open.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#else
  (void)open;
#endif
}

/// Appends `text` to a line of COPY's text format (PostgreSQL's manual, COPY).
void write_copied(std::string& line, std::string_view text);

/// COPY into a table, row by row. Fields are text (UTF-8 without NUL), numbers, or
/// pointers to char, of which a null one is NULL. Call complete() at the end.
class copy_stream {
public:
  copy_stream(pqxx::transaction_base& within, const std::string& table,
              const std::vector<std::string>& columns)
#if PQXX_VERSION_MAJOR < 7
    : stream_{within, table, columns.begin(), columns.end()} {}
#else
    : stream_{pqxx::stream_to::raw_table(within, within.conn().quote_name(table),
                                         within.conn().quote_columns(columns))} {
  }
#endif

    template <class... Fields>
    void write(const Fields&... fields) {
#if PQXX_VERSION_MAJOR < 7
    // 6.4 escapes byte by byte into a string for each field, which took three
    // times as long as all the rest of a row.
    line_.clear();
    (add(fields), ...);
    line_.pop_back();
    stream_.write_raw_line(line_);
#else
    stream_.write_values(fields...);
#endif
  }

  void complete() {
    stream_.complete();
  }

private:
#if PQXX_VERSION_MAJOR < 7
  void add(std::string_view text) {
    write_copied(line_, text);
    line_.push_back('\t');
  }
  void add(const std::string& text) {
    add(std::string_view{text});
  }
  void add(const char* text) {
    text ? add(std::string_view{text}) : void(line_ += "\\N\t");
  }
  template <std::integral Number>
  void add(Number value) {
    add(std::string_view{std::to_string(value)});
  }

  std::string line_;
  pqxx::tablewriter stream_;
#else
  pqxx::stream_to stream_;
#endif
};

} // namespace sonicmatch::infra::postgres
