/// The bytes of a connection to requests: the same ones however the bytes are cut into
/// pieces, and none of them beyond a limit.

#include "http/ascii.hpp"
#include "http/request_reader.hpp"
#include "tests/fuzz/promise.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

using namespace sonicmatch;
using progress = http::request_reader::progress;
using tests::promise;

namespace {

/// Small limits are reached by small inputs.
http::server_settings small_settings() {
  http::server_settings settings;
  settings.head_bytes_max = 1'500;
  settings.fields_max = 8;
  settings.target_bytes_max = 200;
  settings.body_bytes_max = 300;
  return settings;
}

/// A request as it was understood.
struct understood {
  progress reached = progress::need_more;
  std::string told; ///< all that a route could see

  bool operator==(const understood&) const = default;
};

void keep_limits(const http::request_reader& reader, const http::server_settings& settings) {
  const auto& data = *reader.data();
  promise(data.fields.size() <= settings.fields_max, "no more fields than the limit");
  promise(data.body.size() <= settings.body_bytes_max, "no larger body than the limit");
  // Room for the head, for what comes with it, and what doubling the buffer leaves over.
  promise(data.input.size() <= 2 * (settings.head_bytes_max + 4096), "no more buffer than the limits need");
}

/// What no complete head may hold, whatever the parser thinks of it.
void keep_promises_of_text(const http::request_reader& reader, const http::server_settings& settings) {
  const auto& data = *reader.data();
  promise(data.target.size() <= settings.target_bytes_max, "no longer target than the limit");
  auto is_control = [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; };
  promise(std::none_of(data.target.begin(), data.target.end(), is_control), "no control in a target");
  promise(std::none_of(data.path.begin(), data.path.end(), is_control), "no control in a path");
  promise(!reader.facts().known_method || data.path == "*" || data.path.starts_with('/'),
          "a path begins with a slash");
  int hosts = 0;
  for (const auto& [name, value] : data.fields) {
    promise(!name.empty() && name.find_first_of(" \t:") == std::string_view::npos, "a field has a name");
    promise(value.find_first_of("\r\n") == std::string_view::npos
              && value.find('\0') == std::string_view::npos,
            "no line ends in a value");
    hosts += http::equals_ignoring_case(name, "Host");
  }
  promise(hosts == 1 || (reader.facts().is_http_1_0 && hosts == 0), "exactly one Host");
}

std::string tell(const http::request_reader& reader) {
  const auto& data = *reader.data();
  const auto& facts = reader.facts();
  std::string told;
  auto add = [&](std::string_view part) {
    told += part;
    told += '\n';
  };
  add(facts.method_name);
  add(data.target);
  add(data.path);
  add(data.query);
  for (const auto& [name, value] : data.fields) {
    add(name);
    add(value);
  }
  add(data.body);
  add(facts.content_type);
  told += facts.keep_alive ? "keep" : "close";
  return told;
}

/// Feeds `bytes` in pieces whose sizes `next_size` gives, and tells what was understood.
template <class Sizes>
std::vector<understood> read_all(std::string_view bytes, Sizes next_size) {
  static const auto settings = small_settings();
  http::request_reader reader{settings};
  std::vector<understood> requests;
  for (;;) {
    reader.begin();
    auto reached = reader.has_input() ? reader.advance() : progress::need_more;
    for (;;) {
      keep_limits(reader, settings);
      if (reached == progress::head_complete) {
        keep_promises_of_text(reader, settings);
        reached = reader.advance();
        continue;
      }
      if (reached != progress::need_more || bytes.empty())
        break;
      auto room = reader.room();
      promise(!room.empty(), "there is room for more");
      auto count = std::min({room.size(), bytes.size(), std::max<std::size_t>(1, next_size())});
      std::memcpy(room.data(), bytes.data(), count);
      bytes.remove_prefix(count);
      reader.received(count);
      reached = reader.advance();
    }
    if (reached != progress::complete) {
      promise(reached != progress::refused || reader.why().status >= 400, "a refusal says why");
      // How much of a request that is refused had been looked at depends on the pieces.
      requests.push_back({reached, {}});
      return requests;
    }
    keep_promises_of_text(reader, settings);
    requests.push_back({reached, tell(reader)});
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1)
    return 0;
  std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  auto whole = read_all(bytes, [] { return std::string_view::npos; });
  auto by_one = read_all(bytes, [] { return std::size_t{1}; });
  promise(whole == by_one, "the same requests byte by byte");
  std::minstd_rand chance{data[0] + 1U};
  auto by_chance = read_all(bytes, [&] { return std::size_t{chance() % 64}; });
  promise(whole == by_chance, "the same requests in pieces of any size");
  return 0;
}
