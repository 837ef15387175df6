#pragma once

#include "actors/ports/http_client.hpp"
#include "events/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/observed.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sonicmatch::tests {

/// What a client has told for the requests of a test.
class asked {
public:
  using outcome = caf::expected<actors::ports::http_response>;

  [[nodiscard]] actors::ports::http_client::done taker() {
    return [this](outcome one) { told_.change([&](auto& all) { all.push_back(std::move(one)); }); };
  }

  /// Waits until so many have been told, and gives the newest.
  outcome await(std::size_t count = 1) {
    REQUIRE(told_.await([&](const auto& all) { return all.size() >= count; }));
    return told_.now().back();
  }

  events::errc await_error(std::size_t count = 1) {
    auto one = await(count);
    return one ? events::errc::none : events::code_of(one.error());
  }

  [[nodiscard]] std::vector<outcome> all() const {
    return told_.now();
  }

private:
  observed<std::vector<outcome>> told_;
};

/// A request with a small body, part of it an opening.
[[nodiscard]] inline actors::ports::http_request request_to(std::string url) {
  actors::ports::http_request out;
  out.url = std::move(url);
  out.headers = {{"content-type", "application/json"}, {"x-api-key", "secret-key"}};
  out.opening = std::make_shared<const std::string>("{\"system\":\"be brief\",");
  out.rest = "\"said\":\"secret-body\"}";
  return out;
}

} // namespace sonicmatch::tests
