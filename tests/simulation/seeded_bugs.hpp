#pragma once

#include "tests/simulation/run.hpp"

/// Bugs that the checker must find. Each stands between the product and a port,
/// so that the product itself stays as it is.
namespace sonicmatch::tests::simulation {

struct seeded_bug {
  const char* sentence;
  std::function<void(scenario&)> change; ///< brings about what makes it show
  port_wrappers wrappers;
};

/// The producer says that a record is in the log when it is only on its way.
[[nodiscard]] seeded_bug delivery_told_too_early();

/// A recommender commits commands when it gets them, not when it is done with them.
[[nodiscard]] seeded_bug commands_committed_too_early();

/// Decisions pass for those of whoever owns the partition now.
[[nodiscard]] seeded_bug claims_ignored();

/// The checkpoint goes where the last writer says, and so do the rows.
[[nodiscard]] seeded_bug no_conflict_clause();

/// The checkpoint is stored in a transaction of its own, before the rows.
[[nodiscard]] seeded_bug rows_after_the_checkpoint();

/// A dead letter is dropped.
[[nodiscard]] seeded_bug dead_letters_dropped();

/// A projection does not take note of what is erased.
[[nodiscard]] seeded_bug erasures_forgotten();

/// Feedback is said to be durable, and dropped.
[[nodiscard]] seeded_bug feedback_dropped();

/// Each process makes other sessions of Idempotency-Keys.
[[nodiscard]] seeded_bug secrets_that_differ();

/// A request's hash is lost on its way into the log.
[[nodiscard]] seeded_bug request_hashes_lost();

/// What a call of the language model brought is recorded under another call's id.
[[nodiscard]] seeded_bug replies_misfiled();

} // namespace sonicmatch::tests::simulation
