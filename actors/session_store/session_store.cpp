#include "actors/session_store/session_store.hpp"

namespace sonicmatch::actors {

session_store::behavior_type session_store_actor(session_store::pointer,
                                                 std::shared_ptr<ports::session_reader> reader) {
  return {
    [reader](const load_session& asked) { return session_loaded{reader->find(asked.id)}; },
    [reader](const load_explanation& asked) {
      return explanation_loaded{reader->find_explanation(asked.session, asked.headphone)};
    },
    [reader](const load_sessions_of& asked) {
      return sessions_loaded{reader->find_sessions_of(asked.user, asked.after, asked.count_max)};
    },
    [reader](const load_progress&) { return progress_loaded{reader->find_progress()}; },
    [reader](const ping_store&) { return store_pinged{reader->ping()}; },
  };
}

} // namespace sonicmatch::actors
