#pragma once

#include "actors/edge/delivery_desk.hpp"
#include "actors/edge/explanation_desk.hpp"
#include "actors/edge/idempotency_key.hpp"
#include "actors/edge/session_cache.hpp"
#include "actors/edge/session_desk.hpp"
#include "actors/edge/session_watchers.hpp"
#include "actors/edge/tails.hpp"
#include "actors/health_board.hpp"
#include "actors/interfaces.hpp"
#include "actors/ownership.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/entropy.hpp"
#include "actors/ports/logger.hpp"
#include "events/codec.hpp"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sonicmatch::actors {

struct edge_settings {
  std::int32_t partition_count = 32;
  /// How long a synchronous request waits for its session before it becomes asynchronous.
  std::chrono::milliseconds sync_timeout{60'000};
  /// How long after the request the session must have ended (the command's deadline).
  std::chrono::milliseconds command_deadline{60'000};
  /// How long a search for an unknown session waits for the tails.
  std::chrono::milliseconds search_timeout{2'000};
  /// Requests and searches waiting at once; more are refused with `overloaded`.
  std::size_t waiting_max = 10'000;
  /// Who watches sessions, and for how long.
  session_watchers::limits watching;
  /// Signs what an Idempotency-Key becomes; the same for all edges, and after a restart.
  std::string secret;
  /// Explanations kept, so that they are not asked for again.
  std::size_t explanation_bytes_max = 8u << 20;
  /// The group whose committed offsets say which commands are events already.
  std::string recommender_group = "sonicmatch.recommenders";
  /// What the envelopes name as their source.
  std::string source = "sonicmatch/edge";
};

/// What an edge works with. All outlive the actor.
struct edge_parts {
  edge_settings settings;
  std::shared_ptr<ports::log_producer> producer;
  std::shared_ptr<ports::log_reader> reader;
  std::shared_ptr<ports::clock> clock;
  std::shared_ptr<ports::entropy> entropy;
  std::shared_ptr<ports::logger> logger;
  std::shared_ptr<session_cache> cache; ///< shared with the HTTP threads, which read it first
  std::shared_ptr<health_board> health;
  session_store store;
  /// For the tail of the commands, which nobody waits for; `reader` if there is none.
  std::shared_ptr<ports::log_reader> issued_reader = nullptr;
};

/// The edge actor: between HTTP requests and the log. One per process; scheduled.
///
/// Told to, it begins by asking the sessions read model how far it is, and tails the log
/// from there, so that what it caches and what PostgreSQL holds is together all
/// there is. Until then it refuses with `log_unavailable`.
///
/// Guarantee: an answer means that the command is durable (all in-sync replicas
/// have it). A failed answer means that it may or may not be.
class edge_state {
public:
  explicit edge_state(edge::pointer self)
    : self_(self) {}

  void begin(edge_parts parts);
  void begin_tailing();
  void start_commands_tails(const committed_found& found);
  void submit(const submit_recommendation& asked);
  void delivered(const command_delivered& report);
  void explain(const submit_explanation& asked);
  void delivered(const explanation_delivered& report);
  void take_feedback(const submit_feedback& asked);
  void erase(const erase_session& asked);
  void delivered(const brief_delivered& report);
  void read(const tail_batch& arrived);
  void reached_end(const tail_reached_end& at);
  void find(const find_session& asked);
  void watch(const watch_session& asked);
  void unwatch(const unwatch_session& gone);
  void end_found(const log_end_found& found);
  void tick();
  void drain(const drain_edge& asked);

private:
  /// A request under an Idempotency-Key, while it is looked for what the key stands for.
  struct keyed_request {
    submit_recommendation asked;
    std::string request_hash;
    std::vector<events::session_id> sessions; ///< that the key may stand for
  };
  using keyed_request_ptr = std::shared_ptr<const keyed_request>;
  /// A session somebody asked for and nobody here knows: it is looked for again
  /// once the tails have read what was in the log when it was asked for.
  struct search {
    events::session_id id;
    answer_session answer;
    events::timestamp give_up_at;
    std::optional<log_offset> events_end;
    std::optional<log_offset> commands_end;
    bool loading = false;
  };

  void load_progress_until_there();
  void start_event_tails(const std::vector<ports::session_reader::progress>& progress);
  void ask_for_committed();
  ports::log_reader::sink sink_of(tailed topic);
  void read_event(const ports::log_record& record);
  void read_command(const ports::log_record& record);

  [[nodiscard]] caf::error refusal() const;
  /// When a request that is taken at `now` is answered at the latest.
  [[nodiscard]] events::timestamp give_up_at(events::timestamp now) const;
  [[nodiscard]] events::envelope new_envelope(const events::uuid& stream, const events::session_id& session,
                                              const std::string& traceparent, events::timestamp now);
  void append(events::envelope head, const events::log_command& command,
              ports::log_producer::delivered on_delivery);
  void open(const events::session_id& id, const submit_recommendation& asked,
            std::optional<std::string> request_hash);
  [[nodiscard]] session_waiter waiter_of(const submit_recommendation& asked, events::timestamp now,
                                         std::optional<std::string> request_hash) const;

  void submit_keyed(const submit_recommendation& asked);
  void look_up(const keyed_request_ptr& request, std::size_t n);
  void serve(const keyed_request& request, session_answer found);
  void open_keyed(const keyed_request& request);

  using explanation_request_ptr = std::shared_ptr<const explanation_request>;
  [[nodiscard]] bool serve(const explanation_request& asked);
  void explain_pick_of(const session_answer& session, const explanation_request_ptr& asked);
  void ask_for_explanation(events::explanation::request_explanation command, const explanation_request& asked,
                           const std::optional<events::user_id>& owner);
  void read_explanation_event(const ports::log_record& record);

  /// The stream that a command is of, and what it comes with.
  struct brief_origin {
    events::uuid stream;
    const session_answer& session;
    const std::string& traceparent;
  };
  void record_feedback_on(const session_answer& session, const submit_feedback& asked);
  void send_brief(const brief_origin& from, const events::log_command& command, delivery_desk::answer told);
  void read_erasure(const ports::log_record& record);
  void forget(const events::session_id& id);

  void search_for(const find_session& asked);

  void find_end(std::uint64_t number, tailed topic, partition_id partition);
  void continue_searches();
  void load_from_store(std::uint64_t number, search& sought);
  void end_search(std::uint64_t number, caf::expected<session_answer> answer);
  [[nodiscard]] caf::expected<session_answer> issued_or(const events::session_id& id,
                                                        caf::error reason) const;
  void expire_searches(events::timestamp now);

  static constexpr std::chrono::milliseconds tick_interval{50};
  void schedule_tick(std::chrono::milliseconds delay);
  void finish_drain_when_idle();

  edge::pointer self_;
  edge_parts parts_;
  log_tails tails_;
  session_desk waiting_;
  std::map<std::uint64_t, search> searches_; ///< by number, so in order of time too
  std::uint64_t search_count_ = 0;
  std::optional<explanation_desk> desk_;     ///< there from begin() on
  std::optional<session_watchers> watchers_; ///< that too
  delivery_desk deliveries_;                 ///< of commands that open nothing
  std::size_t explaining_ = 0;               ///< requests for explanations that are not answered yet
  bool tick_scheduled_ = false;
  bool retry_progress_ = false;
  bool retry_committed_ = false;
  bool tails_started_ = false;
  bool draining_ = false;
  events::timestamp answer_by_ = events::timestamp::max(); ///< when it drains
  std::function<void()> drained_;
};

edge::behavior_type edge_actor(edge::stateful_pointer<edge_state> self, edge_parts parts);

} // namespace sonicmatch::actors
