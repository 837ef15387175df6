#include "tests/http/running_edge.hpp"

#include "events/error.hpp"
#include "http/problem.hpp"
#include "http/routes/reading.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace sonicmatch::tests {

namespace {

constexpr std::chrono::seconds patience{5};

http::response text(std::string content) {
  http::response made;
  made.content_type = "text/plain";
  made.body = std::move(content);
  return made;
}

http::response stream(http::stream_start start) {
  http::response made;
  made.content_type = "text/event-stream";
  made.stream = std::move(start);
  return made;
}

std::string long_document() {
  std::string out = "[";
  for (int i = 0; i < 1'000; ++i)
    out += R"({"model":")" + std::to_string(i) + R"("},)";
  return out + "null]";
}

} // namespace

void remembered_log::write(actors::ports::severity, std::string_view message,
                           std::initializer_list<actors::ports::log_field> fields) {
  std::string line{message};
  for (const auto& [name, value] : fields) {
    line += ' ';
    line += name;
    line += '=';
    line += value;
  }
  std::lock_guard guard{mutex_};
  lines_.push_back(std::move(line));
  changed_.notify_all();
}

bool remembered_log::comes(std::string_view text) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience, [&] {
    for (const auto& line : lines_)
      if (line.find(text) != std::string::npos)
        return true;
    return false;
  });
}

std::size_t remembered_log::size() {
  std::lock_guard guard{mutex_};
  return lines_.size();
}

void held_responders::hold(http::request asked, http::responder answer) {
  std::lock_guard guard{mutex_};
  held_.emplace_back(std::move(asked), std::move(answer));
  changed_.notify_all();
}

std::optional<std::pair<http::request, http::responder>> held_responders::next() {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, patience, [this] { return !held_.empty(); }))
    return std::nullopt;
  auto first = std::move(held_.front());
  held_.erase(held_.begin());
  return first;
}

void held_streams::hold(http::stream_sink sink) {
  std::lock_guard guard{mutex_};
  held_.push_back(std::move(sink));
  changed_.notify_all();
}

http::stream_sink held_streams::next() {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, patience, [this] { return !held_.empty(); }))
    return nullptr;
  auto first = std::move(held_.front());
  held_.erase(held_.begin());
  return first;
}

http::server_settings running_edge::quick_settings() {
  http::server_settings settings;
  settings.host = "127.0.0.1";
  settings.port = 0;
  settings.io_threads = 1;
  return settings;
}

running_edge::running_edge(http::server_settings settings) {
  auto started = http::server::start(std::move(settings), routes(), log_);
  if (!started)
    throw std::runtime_error{events::describe(started.error())};
  server_ = std::move(*started);
}

http::router running_edge::routes() {
  using http::request;
  http::router table;
  auto get = [&](std::string pattern, http::handler run) {
    http::route added{http::method::get, std::move(pattern), "test", std::move(run)};
    added.produces = {};
    table.add(std::move(added));
  };
  auto shared = std::make_shared<const std::string>("shared body");
  auto large = std::make_shared<const std::string>(4 << 20, 'l');
  get("/hello", [](const request&) { return text("hello"); });
  http::route limited{http::method::get, "/limited", "limited", [](const request&) { return text("one"); }};
  limited.limit_class = "limited";
  table.add(std::move(limited));
  get("/shared", [shared](const request&) { return http::json_response(shared); });
  get("/large", [large](const request&) { return http::json_response(large); });
  get("/items/{id}", [](const request& asked) { return text(std::string{asked.parameter("id")}); });
  get("/items/first", [](const request&) { return text("the first"); });
  get("/query", [](const request& asked) {
    auto query = asked.query();
    if (!query)
      return http::problem_for(query.error(), asked);
    std::string seen;
    for (const auto& [name, value] : query->all())
      seen.append(name).append("=").append(value).append(";");
    return text(std::move(seen));
  });
  get("/identity", [](const request& asked) {
    return text(std::string{asked.request_id()} + ' ' + std::string{asked.traceparent()} + ' '
                + std::string{asked.client_address()});
  });
  get("/throws", [](const request&) -> http::response { throw std::runtime_error{"secret of the inside"}; });
  get("/injects", [](const request&) {
    auto made = text("x");
    made.headers.push_back({"Location", "/a\r\nSet-Cookie: stolen=1"});
    return made;
  });
  get("/page", [](const request&) {
    auto made = text("page");
    made.cache = http::cache_policy::revalidate;
    made.content_security_policy = "default-src 'self'";
    made.headers.push_back({"ETag", "\"1\""});
    return made;
  });
  get("/stream", [this](const request&) {
    return stream([this](http::stream_sink sink) { streams_.hold(std::move(sink)); });
  });
  get("/stream-throws", [](const request&) {
    return stream([](const http::stream_sink& sink) {
      sink->write(std::make_shared<const std::string>("before"));
      throw std::runtime_error{"cannot begin"};
    });
  });
  get("/document", [content = std::make_shared<const std::string>(long_document())](const request& asked) {
    auto made = http::json_response(content, http::cache_policy::revalidate);
    if (http::matches_etag(asked, "\"7\"")) {
      made.status = 304;
      made.body = {};
    }
    made.headers.push_back({"ETag", "\"7\""});
    return made;
  });
  get("/packed", [](const request&) {
    auto made = text("a page");
    made.gzipped = std::make_shared<const std::string>("a page, packed");
    made.headers.push_back({"ETag", "\"1\""});
    return made;
  });
  get("/encoded", [](const request&) {
    auto made = text(std::string(5'000, 'e'));
    made.content_encoding = "br";
    return made;
  });
  get("/drops", [](request, http::responder) {});
  get("/later",
      [this](request asked, http::responder answer) { later_.hold(std::move(asked), std::move(answer)); });
  table.post("/later", "later", [this](request asked, http::responder answer) {
    later_.hold(std::move(asked), std::move(answer));
  });
  table.post("/json", "json",
             [](const request& asked) { return http::json_response(std::string{asked.body()}); });
  http::route echo{http::method::post, "/echo", "echo",
                   [](const request& asked) { return text(std::string{asked.body()}); }};
  echo.consumes = echo.produces = {};
  table.add(std::move(echo));
  return table;
}

std::size_t resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  std::size_t all_pages = 0;
  std::size_t resident_pages = 0;
  statm >> all_pages >> resident_pages;
  return resident_pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace sonicmatch::tests
