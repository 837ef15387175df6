#pragma once

#include "tests/simulation/run.hpp"

namespace sonicmatch::tests::simulation {

/// What must hold after every run, whatever happened in it; one sentence for each
/// thing that does not:
/// 1. each command in the log has exactly one effective terminal event, by its
///    deadline and 30 s; whatever an edge confirmed is in the log;
/// 2. the read models are the fold of the events, all of them;
/// 3. versions are contiguous from 1, under the claim of who wrote them;
/// 4. answers are the documents of the events, and whatever was confirmed is found;
/// 5. each call of the language model by a life without trouble is recorded, once, and its
///    session counts it; a reply that was paid for is not asked for again;
/// 6. each feedback that was accepted is recorded once, in the log and in its read model;
///    of an erased session nothing is left anywhere, and nobody is told of it;
/// 7. each record that cannot be read is in the dead letters, and nothing else is.
[[nodiscard]] std::vector<std::string> violations_of(const aftermath& left);

} // namespace sonicmatch::tests::simulation
