#include "http/routes/static_files.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

#include <stdexcept>

using namespace sonicmatch;
using tests::asking;
using tests::header_of;
using tests::route_fixture;

namespace {

constexpr auto get = http::method::get;

asking packed(std::string path, std::string tag = {}) {
  asking out{get, std::move(path), {}, {{"Accept-Encoding", "br, gzip"}}};
  if (!tag.empty())
    out.fields.emplace_back("If-None-Match", tag);
  return out;
}

} // namespace

TEST_CASE("a packed page is sent as it was, or compressed to who takes that", "[http][static_files]") {
  route_fixture routes;
  auto plain = routes.answer({get, "/docs"});
  CHECK(plain.status == 200);
  CHECK(plain.content_type == "text/html; charset=utf-8");
  CHECK(http::view(plain.body).starts_with("<!doctype html>"));
  CHECK(http::view(plain.body).ends_with("</html>\n"));
  CHECK_FALSE(header_of(plain, "Content-Encoding"));
  auto small = routes.answer(packed("/docs"));
  CHECK(header_of(small, "Content-Encoding") == "gzip");
  CHECK(http::view(small.body).starts_with("\x1f\x8b"));
  for (const auto& made : {plain, small})
    CHECK(header_of(made, "Vary") == "Accept-Encoding");
}

TEST_CASE("a page's files are below it, each with its type", "[http][static_files]") {
  route_fixture routes;
  CHECK(routes.answer({get, "/docs/swagger-ui-bundle.js"}).content_type == "text/javascript; charset=utf-8");
  CHECK(routes.answer({get, "/docs/swagger-ui.css"}).content_type == "text/css; charset=utf-8");
  CHECK(routes.answer({get, "/docs/favicon-32x32.png"}).content_type == "image/png");
  CHECK(routes.answer({get, "/redoc/redoc.standalone.js"}).status == 200);
  CHECK_THROWS_AS(routes.ask({get, "/docs/index.html"}), std::logic_error);
}

TEST_CASE("each form of a file has a tag of its own, which saves sending it again", "[http][static_files]") {
  route_fixture routes;
  auto plain = header_of(routes.answer({get, "/docs"}), "ETag");
  auto small = header_of(routes.answer(packed("/docs")), "ETag");
  REQUIRE((plain && small));
  CHECK(*plain != *small);
  auto again = routes.answer(packed("/docs", *small));
  CHECK(again.status == 304);
  CHECK(http::view(again.body).empty());
  CHECK(header_of(again, "ETag") == *small);
  CHECK(routes.answer(packed("/docs", *plain)).status == 200);
}

TEST_CASE("a page may do what it needs, and its files nothing", "[http][static_files]") {
  route_fixture routes;
  for (auto path : {"/docs", "/redoc"}) {
    auto policy = std::string{routes.answer({get, path}).content_security_policy};
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'; "));
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  }
  CHECK(routes.answer({get, "/docs/docs.js"}).content_security_policy
        == "default-src 'none'; frame-ancestors 'none'");
}

TEST_CASE("pages hold no script of their own and name nothing that is elsewhere", "[http][static_files]") {
  route_fixture routes;
  for (auto path : {"/docs", "/redoc"}) {
    auto text = std::string{http::view(routes.answer({get, path}).body)};
    CHECK(text.find("<script>") == std::string::npos);
    CHECK(text.find("<style>") == std::string::npos);
    CHECK(text.find("//") == std::string::npos);
  }
}

TEST_CASE("a site that cannot be shown is a mistake of the program", "[http][static_files]") {
  http::router routes;
  CHECK_THROWS_AS(http::add_static_files(routes, {"/x", "show_x", "index.html", "", {}}),
                  std::invalid_argument);
  std::array<http::packed_file, 1> broken{{{"index.html", "no gzip", 5, "00"}}};
  CHECK_THROWS_AS(http::add_static_files(routes, {"/x", "show_x", "index.html", "", broken}),
                  std::invalid_argument);
  std::array<http::packed_file, 1> strange{{{"index.xyz", "", 0, "00"}}};
  CHECK_THROWS_AS(http::add_static_files(routes, {"/x", "show_x", "index.xyz", "", strange}),
                  std::invalid_argument);
}
