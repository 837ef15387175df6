#pragma once

#include "actors/interfaces.hpp"
#include "actors/recent_set.hpp"
#include "events/envelope.hpp"

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace sonicmatch::actors {

/// Sessions lately seen in the tails: a fold of the log, bounded in bytes and age.
///
/// Thread-safe. The edge actor writes; it and the HTTP threads read. An entry is
/// kept as the event's bytes until somebody asks for it, and as its document from
/// then on: most sessions are asked for once or never.
class session_cache {
public:
  struct limits {
    std::size_t bytes_max = 32u << 20;
    std::chrono::seconds age_max{3600};
    std::size_t erased_max = 65'536;
  };

  explicit session_cache(limits bounds);

  /// Notes a session whose command is in the log and of which nothing more is
  /// known. It is kept from `now` on, however long ago it was created.
  void put_issued(const events::session_id& id, const events::stream_origin& origin,
                  events::timestamp created_at, events::timestamp now);

  /// The same for a command that was only read in the log: another edge's, or one
  /// from before this edge began, or a repeat. Its events may be in the read model
  /// only, so find() leaves the session to that; what the read model does not know
  /// either is answered by find_issued().
  /// Of several commands the first one counts, as it does for the recommender.
  void put_issued_elsewhere(const events::session_id& id, const events::stream_origin& origin,
                            events::timestamp created_at, events::timestamp now);

  /// Notes an effective event by its record's bytes. Older versions are ignored.
  void put_event(const events::session_id& id, events::stream_version version, std::string value,
                 const log_position& position, events::timestamp now);

  /// Notes a document, from the read model or just rendered. Older versions are ignored.
  void put_answer(const events::session_id& id, session_answer answer, events::timestamp now);

  /// Forgets a session for good: whatever is put of it later is not kept. So many
  /// erasures are remembered, however old, as `limits` says.
  void put_erased(const events::session_id& id);

  [[nodiscard]] bool is_erased(const events::session_id& id) const;

  /// The session as far as it is known, or nothing. Renders the document the
  /// first time. `now` decides what is too old.
  [[nodiscard]] std::optional<session_answer> find(const events::session_id& id, events::timestamp now);

  /// The pending answer for a session of which at least the command has been noted.
  [[nodiscard]] std::optional<session_answer> find_issued(const events::session_id& id) const;

  [[nodiscard]] std::size_t bytes() const;

private:
  struct entry {
    events::session_id id;
    events::stream_version version;
    events::timestamp put_at;
    events::timestamp created_at; ///< of a session that was only issued
    events::stream_origin origin; ///< of that too
    bool is_doubtful = false;     ///< the read model may know more
    std::string value;            ///< the event's bytes, until rendered
    log_position position;
    session_answer answer; ///< with a document once rendered
  };
  using entries = std::list<entry>;

  static std::size_t size_of(const entry& held) noexcept;
  void put(entry fresh);
  void remove(entries::iterator old);
  void remove_what_is_too_much();

  limits bounds_;
  mutable std::mutex mutex_;
  entries newest_first_;
  std::unordered_map<events::session_id, entries::iterator> by_id_;
  std::size_t bytes_ = 0;
  recent_set<events::session_id> erased_;
};

/// The document of a session after the event in a record of the events topic.
/// Errors: those of events::decode_event; invalid_record for an event that is none of
/// a session's decisions.
[[nodiscard]] caf::expected<session_answer> answer_of(std::string_view value, const log_position& position);

/// erased: the answer for a session that was erased, in the words of one that never was.
[[nodiscard]] caf::error erased_session();

/// The document of a session of which only the command is known.
[[nodiscard]] session_answer pending_answer(const events::session_id& id, const events::stream_origin& origin,
                                            events::timestamp created_at);

} // namespace sonicmatch::actors
