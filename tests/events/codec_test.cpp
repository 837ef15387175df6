#include "events/codec.hpp"
#include "events/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::events;

namespace {

session::request_recommendation sample_request() {
  return {tests::sample_preferences(), 5, tests::sample_time(std::chrono::seconds{60})};
}

std::string request_bytes() {
  return encode(tests::sample_envelope(), session::command{sample_request()});
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

/// The envelope as it was given, with what the codec fills in.
envelope head_of(std::string_view type) {
  auto out = tests::sample_envelope();
  out.type = type;
  out.dataschema = schema_urn(type);
  return out;
}

template <class Decoded>
errc code_in(const caf::expected<Decoded>& decoded) {
  return decoded ? errc::none : code_of(decoded.error());
}

template <class Variant, class Decode>
void check_round_trip(const Variant& body, Decode decode) {
  CAPTURE(type_of(body));
  auto decoded = decode(encode(tests::sample_envelope(), body));
  REQUIRE(decoded);
  CHECK(decoded->head == head_of(type_of(body)));
  if constexpr (std::is_same_v<std::decay_t<decltype(decoded->body)>, Variant>)
    CHECK(decoded->body == body);
  else
    CHECK(std::get<Variant>(decoded->body) == body);
}

} // namespace

TEST_CASE("every command and event is decoded as it was encoded", "[events][codec]") {
  check_round_trip(session::command{sample_request()}, decode_command);
  check_round_trip(session::event{tests::sample_requested()}, decode_event);
  check_round_trip(session::event{tests::sample_completed()}, decode_event);
  check_round_trip(session::event{tests::sample_failed()}, decode_event);
  check_round_trip(partition::event{partition::partition_claimed{"host-1"}}, decode_event);
  check_round_trip(partition::event{partition::partition_handed_off{"host-1", {}}}, decode_event);
  check_round_trip(catalog::event{catalog::headphone_listed{tests::sample_headphone()}},
                   decode_catalog_event);
  check_round_trip(catalog::event{catalog::headphone_revised{tests::sample_headphone()}},
                   decode_catalog_event);
  check_round_trip(catalog::event{catalog::headphone_retired{"sennheiser-hd-560s"}}, decode_catalog_event);
}

TEST_CASE("the codec names the type and the schema itself", "[events][codec]") {
  auto head = tests::sample_envelope();
  head.type = "something.else";
  head.dataschema = "something:else";
  auto decoded = decode_command(encode(head, session::command{sample_request()}));
  REQUIRE(decoded);
  CHECK(decoded->head.type == "sonicmatch.request_recommendation.v1");
  CHECK(decoded->head.dataschema == "urn:sonicmatch:schema:request_recommendation.v1");
}

TEST_CASE("an envelope needs no more than CloudEvents asks for", "[events][codec]") {
  auto head = tests::sample_envelope();
  head.sequence.reset();
  head.causationid.reset();
  head.traceparent.reset();
  head.claim.reset();
  auto bytes = encode(head, session::command{sample_request()});
  CHECK(bytes.find("sequence") == std::string::npos);
  auto decoded = decode_command(bytes);
  REQUIRE(decoded);
  CHECK_FALSE(decoded->head.sequence);
  CHECK_FALSE(decoded->head.claim_offset());
}

TEST_CASE("a claim is an offset or it is none", "[events][codec]") {
  auto head = tests::sample_envelope();
  CHECK(head.claim_offset() == log_offset{1'234'567'890'123});
  head.claim = "soon";
  CHECK_FALSE(head.claim_offset());
}

TEST_CASE("bytes that are no envelope are an unreadable record", "[events][codec]") {
  auto bytes = request_bytes();
  for (const auto& broken :
       {std::string{}, std::string{"garbage"}, std::string{"{}"}, std::string{"[1,2]"}, std::string{"null"},
        bytes.substr(0, bytes.size() - 1), bytes + "x", replaced(bytes, "\"id\":\"", "\"id\":\"x"),
        replaced(bytes, "\"data\":", "\"date\":"), replaced(bytes, "\"subject\"", "\"object\""),
        replaced(bytes, "\"sequence\":1", "\"sequence\":-1"), replaced(bytes, "rock", "\xff")}) {
    CAPTURE(broken);
    CHECK(code_in(decode_command(broken)) == errc::unreadable_record);
    CHECK(code_in(decode_event(broken)) == errc::unreadable_record);
    CHECK(code_in(decode_catalog_event(broken)) == errc::unreadable_record);
  }
}

TEST_CASE("a type that this topic does not have is unknown, and named", "[events][codec]") {
  auto later = replaced(request_bytes(), "request_recommendation.v1", "request_recommendation.v9");
  auto decoded = decode_command(later);
  REQUIRE(code_in(decoded) == errc::unknown_type);
  CHECK(detail_of(decoded.error()) == "sonicmatch.request_recommendation.v9");
  CHECK(code_in(decode_event(request_bytes())) == errc::unknown_type);
  CHECK(code_in(decode_catalog_event(request_bytes())) == errc::unknown_type);
  auto happened = encode(tests::sample_envelope(), session::event{tests::sample_requested()});
  CHECK(code_in(decode_command(happened)) == errc::unknown_type);
}

TEST_CASE("data that breaks its declaration is an invalid record, with pointers", "[events][codec]") {
  auto bytes = replaced(request_bytes(), "\"max_results\":5", "\"max_results\":500");
  auto decoded = decode_command(replaced(bytes, "\"bass\":0.6", "\"bass\":6"));
  REQUIRE(code_in(decoded) == errc::invalid_record);
  auto detail = detail_of(decoded.error());
  CHECK(detail.find("/max_results") != std::string::npos);
  CHECK(detail.find("/preferences/sound_preferences/bass") != std::string::npos);
  CHECK(code_in(decode_command(replaced(request_bytes(), "\"data\":{", "\"data\":5,\"old\":{")))
        == errc::invalid_record);
}

TEST_CASE("fields that a later version added are ignored", "[events][codec]") {
  auto later = replaced(request_bytes(), "\"data\":{", "\"newattribute\":\"x\",\"data\":{\"new_field\":[1],");
  later = replaced(later, "\"wireless\":false", "\"wireless\":false,\"colour\":\"red\"");
  auto decoded = decode_command(later);
  REQUIRE(decoded);
  CHECK(std::get<session::command>(decoded->body) == session::command{sample_request()});
}

TEST_CASE("only a request does not end its session", "[events][codec]") {
  CHECK_FALSE(session::is_terminal(tests::sample_requested()));
  CHECK(session::is_terminal(tests::sample_completed()));
  CHECK(session::is_terminal(tests::sample_failed()));
}
