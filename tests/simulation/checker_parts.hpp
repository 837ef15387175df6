#pragma once

#include "tests/simulation/fold.hpp"
#include "tests/simulation/run.hpp"

/// The parts of the checker. Each appends a sentence for each violation.
namespace sonicmatch::tests::simulation {

/// The tables, and how far they say they are.
void check_read_models(const aftermath& left, const std::vector<folded_partition>& truth,
                       std::vector<std::string>& violations);

/// The calls of the language model: each that was made is recorded, none that was paid
/// for is paid for again, none is counted wrong, and nobody gets what was not theirs to get.
void check_calls(const aftermath& left, const std::vector<folded_partition>& truth,
                 std::vector<std::string>& violations);

/// Under an Idempotency-Key there is one session, for whoever asks for the same.
void check_keys(const aftermath& left, const std::vector<folded_partition>& truth,
                std::vector<std::string>& violations);

/// Feedback is recorded once; what is erased stays so, everywhere.
void check_brief_commands(const aftermath& left, const std::vector<folded_partition>& truth,
                          std::vector<std::string>& violations);

void check_dead_letters(const aftermath& left, const std::vector<folded_partition>& truth,
                        std::vector<std::string>& violations);

} // namespace sonicmatch::tests::simulation
