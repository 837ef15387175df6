#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "http/routes/account_documents.hpp"
#include "http/routes/caller.hpp"
#include "http/routes/reading.hpp"
#include "http/routes/routes.hpp"

#include <atomic>
#include <charconv>

namespace sonicmatch::http {

namespace {

namespace record = events::record;
namespace accounts = actors::accounts;
using actors::ports::session_place;

constexpr std::size_t page_size_default = 20;
constexpr std::size_t page_size_limit = 50;
/// An export is made in memory: so many at once, each of so many bytes at most.
constexpr int exports_max = 4;
constexpr std::size_t export_bytes_max = 32u << 20;
constexpr std::size_t export_page_size = 50;
constexpr std::size_t export_records_max = 5'000; ///< explanations, and feedback

/// A page of a user's sessions.
struct session_page {
  std::vector<record::json_text> items;
  std::optional<std::string> next_cursor;

  static constexpr std::string_view record_name = "session_page";
  static constexpr auto declaration() {
    using record::field;
    using p = session_page;
    return record::fields(
      field("items", &p::items).doc("session documents, newest first"),
      field("next_cursor", &p::next_cursor).doc("for the next page; missing on the last"));
  }
};

/// Everything that is known of a user.
struct export_document {
  events::timestamp exported_at{};
  user_document account;
  std::vector<record::json_text> sessions;
  std::vector<record::json_text> explanations;
  std::vector<actors::ports::given_feedback> feedback;
  bool complete = true;

  static constexpr std::string_view record_name = "user_export";
  static constexpr auto declaration() {
    using record::field;
    using d = export_document;
    return record::fields(
      field("exported_at", &d::exported_at), field("account", &d::account),
      field("sessions", &d::sessions).doc("session documents, newest first"),
      field("explanations", &d::explanations).doc("explanation documents, newest first"),
      field("feedback", &d::feedback).doc("what was done with picks, newest first"),
      field("complete", &d::complete)
        .doc(
          "false when there is more than one document holds; the recommendations' pages have all sessions"));
  }
};

/// "2026-11-22T14:15:39.000000Z_01a203ef-…": opaque to clients.
std::string cursor_of(const session_place& place) {
  return events::to_string(place.created_at) + "_" + to_string(place.id);
}

std::optional<session_place> place_of(std::string_view cursor) {
  auto between = std::min(cursor.find('_'), cursor.size());
  auto time = events::parse_timestamp(cursor.substr(0, between));
  auto id = events::session_id::parse(cursor.substr(std::min(between + 1, cursor.size())));
  return time && id ? std::optional{session_place{*time, *id}} : std::nullopt;
}

struct page_query {
  std::size_t limit = page_size_default;
  std::optional<session_place> after;
};

std::optional<page_query> read_page_query(const query_parameters& given, record::violations& wrong) {
  page_query out;
  for (const auto& [name, value] : given.all()) {
    if (name == "limit") {
      auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), out.limit);
      if (failed != std::errc{} || end != value.data() + value.size() || out.limit == 0
          || out.limit > page_size_limit)
        wrong.push_back({"limit", "out_of_range", "must be a whole number from 1 to 50"});
    } else if (name == "cursor") {
      out.after = place_of(value);
      if (!out.after)
        wrong.push_back({"cursor", "wrong_format", "must be the next_cursor of a page"});
    } else {
      wrong.push_back({std::string{name}, "unknown_field", "is not a parameter of this"});
    }
  }
  return wrong.empty() ? std::optional{out} : std::nullopt;
}

/// Has the account looked up first: an access token may be older than the account's end.
template <class Then>
void with_account(const route_parts& parts, const request& asked, const responder& respond, Then then) {
  auto user = account_of(parts, asked);
  if (!user)
    return respond.fail(user.error());
  auto answer = [asked, respond,
                 then = std::move(then)](const accounts::outcome<actors::ports::account>& found) {
    if (const auto* refused = std::get_if<accounts::refusal>(&found))
      return refuse(*refused, asked, respond);
    then(std::get<actors::ports::account>(found));
  };
  caf::anon_send(parts.accounts, accounts::find_account{*user, parts.clock->now(), std::move(answer)});
}

void list_sessions(const route_parts& parts, const request& asked, const responder& respond) {
  auto given = asked.query();
  if (!given)
    return respond.fail(given.error());
  record::violations wrong;
  auto wanted = read_page_query(*given, wrong);
  if (!wanted)
    return respond(refuse(wrong, asked));
  auto answer = [respond, limit = wanted->limit](accounts::found_sessions found) {
    if (!found)
      return respond.fail(found.error());
    session_page page;
    if (found->size() > limit) { // one more was asked for, to know whether there is another page
      found->resize(limit);
      page.next_cursor = cursor_of({found->back().session.created_at, found->back().id});
    }
    for (auto& each : *found)
      page.items.push_back({std::move(each.session.document)});
    respond(json_response(record::to_json(page)));
  };
  with_account(parts, asked, respond,
               [find = parts.find_sessions, query = *wanted, answer](const actors::ports::account& account) {
                 find(account.id, query.after, query.limit + 1, answer);
               });
}

/// One export under way: asks for page after page, until the end or the bound.
class exporting : public std::enable_shared_from_this<exporting> {
public:
  exporting(const route_parts& parts, responder respond, std::shared_ptr<std::atomic<int>> running)
    : find_(parts.find_sessions)
    , records_(parts.records)
    , respond_(std::move(respond))
    , running_(std::move(running)) {}
  exporting(const exporting&) = delete;
  exporting& operator=(const exporting&) = delete;
  ~exporting() {
    --*running_;
  }

  void begin(const actors::ports::account& account, events::timestamp now) {
    document_.exported_at = now;
    document_.account = document_of(account);
    ask(std::nullopt);
  }

private:
  void ask(const std::optional<session_place>& after) {
    find_(document_.account.id, after, export_page_size,
          [self = shared_from_this()](accounts::found_sessions found) { self->take(std::move(found)); });
  }

  void take(accounts::found_sessions found) {
    if (!found)
      return respond_.fail(found.error());
    for (auto& each : *found) {
      bytes_ += each.session.document.size();
      document_.complete = document_.complete && bytes_ <= export_bytes_max;
      if (document_.complete)
        document_.sessions.push_back({std::move(each.session.document)});
    }
    if (document_.complete && found->size() == export_page_size)
      return ask(session_place{found->back().session.created_at, found->back().id});
    auto take_records = [self = shared_from_this()](caf::expected<actors::ports::personal_records> records) {
      self->end(std::move(records));
    };
    caf::anon_send(records_, accounts::collect_records{document_.account.id, export_records_max + 1,
                                                       std::move(take_records)});
  }

  void end(caf::expected<actors::ports::personal_records> records) {
    if (!records)
      return respond_.fail(records.error());
    for (auto& each : records->explanations) {
      bytes_ += each.size();
      if (bytes_ <= export_bytes_max && document_.explanations.size() < export_records_max)
        document_.explanations.push_back({std::move(each)});
    }
    document_.complete = document_.complete && document_.explanations.size() == records->explanations.size()
                         && records->feedback.size() <= export_records_max;
    document_.feedback = std::move(records->feedback);
    document_.feedback.resize(std::min(document_.feedback.size(), export_records_max));
    auto made = json_response(record::to_json(document_));
    made.headers.push_back({"Content-Disposition", "attachment; filename=\"sonicmatch-export.json\""});
    respond_(std::move(made));
  }

  accounts::session_finder find_;
  accounts::record_collector records_;
  responder respond_;
  std::shared_ptr<std::atomic<int>> running_;
  export_document document_;
  std::size_t bytes_ = 0;
};

void export_user(const route_parts& parts, const std::shared_ptr<std::atomic<int>>& running,
                 const request& asked, const responder& respond) {
  if (++*running > exports_max) {
    --*running;
    return respond.fail(events::make_error(events::errc::overloaded, "too many exports at once"));
  }
  auto work = std::make_shared<exporting>(parts, respond, running);
  with_account(parts, asked, respond, [work, clock = parts.clock](const actors::ports::account& account) {
    work->begin(account, clock->now());
  });
}

operation user_operation(std::string_view summary, std::string_view description, operation_answer answer,
                         std::vector<int> problems) {
  operation out{"accounts", summary, description};
  out.answers = {std::move(answer)};
  out.problems = std::move(problems);
  out.takes_user = true;
  out.needs_user = true;
  return out;
}

operation list_operation() {
  auto out = user_operation(
    "The account's recommendations",
    "Sessions that were made while logged in, newest first, a page at a time. They are read from the read "
    "model, which is some milliseconds behind.",
    {200, "a page of session documents", schema_of<session_page>,
     R"({"items":[],"next_cursor":"2026-11-22T14:15:39.000000Z_01a203ef-01e2-785e-a92d-5b2806dd8eef"})"},
    {400, 401, 422, 429, 503});
  operation_parameter limit{parameter_place::query, "limit", "how many, at most", schema_of<std::int64_t>};
  limit.rule.minimum = 1;
  limit.rule.maximum = page_size_limit;
  limit.example = "20";
  limit.default_value = "20";
  operation_parameter cursor{parameter_place::query, "cursor", "the next_cursor of the page before"};
  cursor.example = R"("2026-11-22T14:15:39.000000Z_01a203ef-01e2-785e-a92d-5b2806dd8eef")";
  out.parameters = {limit, cursor};
  return out;
}

operation export_operation() {
  return user_operation(
    "Everything about the account",
    "The account (without its password's hash), the documents of all its sessions and explanations, and "
    "the feedback that was given, as one JSON document.",
    {200, "the export", schema_of<export_document>,
     R"({"exported_at":"2026-11-23T08:00:00.000000Z","account":{"id":"01a203ef-01e2-785e-a92d-5b2806dd8eef",)"
     R"("email":"ann@example.com","created_at":"2026-11-22T14:15:39.000000Z"},"sessions":[],"explanations":[],"feedback":[],"complete":true})"},
    {401, 429, 503});
}

} // namespace

void add_user_session_routes(router& routes, const route_parts& parts) {
  auto running = std::make_shared<std::atomic<int>>(0);
  routes.get(
    "/api/v1/users/me/recommendations", "list_my_recommendations",
    [parts](const request& asked, const responder& respond) { list_sessions(parts, asked, respond); },
    list_operation());
  routes.get(
    "/api/v1/users/me/export", "export_me",
    [parts, running](const request& asked, const responder& respond) {
      export_user(parts, running, asked, respond);
    },
    export_operation());
}

} // namespace sonicmatch::http
