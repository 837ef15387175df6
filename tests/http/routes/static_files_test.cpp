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

} // namespace

TEST_CASE("a packed page is there as it was, and compressed for who takes that", "[http][static_files]") {
  route_fixture routes;
  auto page = routes.answer({get, "/docs"});
  CHECK(page.status == 200);
  CHECK(page.content_type == "text/html; charset=utf-8");
  CHECK(http::view(page.body).starts_with("<!doctype html>"));
  CHECK(http::view(page.body).ends_with("</html>\n"));
  REQUIRE(page.gzipped);
  CHECK(page.gzipped->starts_with("\x1f\x8b"));
}

TEST_CASE("a page's files are below it, each with its type", "[http][static_files]") {
  route_fixture routes;
  CHECK(routes.answer({get, "/docs/swagger-ui-bundle.js"}).content_type == "text/javascript; charset=utf-8");
  CHECK(routes.answer({get, "/docs/swagger-ui.css"}).content_type == "text/css; charset=utf-8");
  CHECK(routes.answer({get, "/docs/favicon-32x32.png"}).content_type == "image/png");
  CHECK(routes.answer({get, "/redoc/redoc.standalone.js"}).status == 200);
  CHECK_THROWS_AS(routes.ask({get, "/docs/index.html"}), std::logic_error);
}

TEST_CASE("the page for people is at the root, and its files are not", "[http][static_files]") {
  route_fixture routes;
  CHECK(http::view(routes.answer({get, "/"}).body).find("page/page.js") != std::string::npos);
  CHECK(routes.answer({get, "/page/page.js"}).content_type == "text/javascript; charset=utf-8");
  CHECK(routes.answer({get, "/page/icon.svg"}).content_type == "image/svg+xml");
  CHECK_THROWS_AS(routes.ask({get, "/page.js"}), std::logic_error);
}

TEST_CASE("a file has a tag, which saves sending it again in either form", "[http][static_files]") {
  route_fixture routes;
  auto tag = header_of(routes.answer({get, "/docs"}), "ETag");
  REQUIRE(tag);
  for (const auto& known : {*tag, tag->substr(0, tag->size() - 1) + "-gzip\""}) {
    auto again = routes.answer({get, "/docs", {}, {{"If-None-Match", known}}});
    CHECK(again.status == 304);
    CHECK(http::view(again.body).empty());
    CHECK(header_of(again, "ETag") == *tag);
  }
}

TEST_CASE("a page may do what it needs, and its files nothing", "[http][static_files]") {
  route_fixture routes;
  for (auto path : {"/", "/docs", "/redoc"}) {
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
