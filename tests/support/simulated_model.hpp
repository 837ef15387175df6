#pragma once

#include "actors/ports/http_client.hpp"
#include "tests/support/simulated_world.hpp"

#include <map>
#include <memory>
#include <optional>

namespace sonicmatch::tests {

namespace ports = actors::ports;

/// A language model that all processes of a world ask, in Anthropic's format. Chance
/// decides how it is today. It notes what it was asked and what it has billed.
struct simulated_model {
  /// Of each call, the rates of what goes wrong; together at most 1.
  double overloaded = 0;
  double unreachable = 0;
  double lost_reply = 0; ///< billed, and the connection ends before the reply
  double nonsense = 0;   ///< a reply that is no JSON
  double refusal = 0;
  double too_few = 0;
  double outsiders = 0; ///< names headphones that are no candidates
  bool is_down = false;
  std::chrono::milliseconds latency_min{5};
  std::chrono::milliseconds latency_max{4'000};

  /// What one life of a process has asked for.
  struct asked {
    std::size_t calls = 0;
    std::size_t billed = 0; ///< replies that the process was told of
  };
  std::map<std::shared_ptr<const simulated_host>, asked> by_host;
  std::size_t billed = 0;

  /// Answers well from now on.
  void heal() {
    overloaded = unreachable = lost_reply = nonsense = refusal = too_few = outsiders = 0;
    is_down = false;
  }
};

/// A process's way to the model. One thread.
class simulated_model_client final : public ports::http_client,
                                     public std::enable_shared_from_this<simulated_model_client> {
public:
  simulated_model_client(simulated_world& world, simulated_model& model,
                         std::shared_ptr<simulated_host> host);

  ticket post(ports::http_request request, done on_done) override;
  void cancel(ticket which) override;

private:
  enum class fate : std::uint8_t {
    reply,
    overloaded,
    unreachable,
    lost_reply,
    nonsense,
    refusal,
    too_few,
    outsiders
  };

  [[nodiscard]] fate draw_fate();
  void answer(ticket which, fate outcome, const std::string& question);
  void tell(ticket which, caf::expected<ports::http_response> response);

  simulated_world& world_;
  simulated_model& model_;
  std::shared_ptr<simulated_host> host_;
  std::map<ticket, done> under_way_;
  ticket last_ = 0;
};

} // namespace sonicmatch::tests
