#pragma once

#include "http/message.hpp"

#include <caf/error.hpp>

#include <memory>

namespace sonicmatch::http {

/// The place one asynchronous answer is waited for, shared by the responders that
/// point at it. An implementation's destructor answers 500 if nobody did.
class pending_answer {
public:
  virtual ~pending_answer() = default;

  /// Takes the answer; any thread. Only the first call of either counts.
  virtual void deliver(response answer) = 0;

  /// Answers with the problem of `error`, and logs what the client is not told.
  virtual void fail(const caf::error& error) = 0;
};

/// Answers one asynchronous request: once, from any thread, at any later time.
///
/// Copies share the one answer, so that a responder can travel in a message or a
/// std::function; the first answer counts and further ones are dropped. Dropping
/// every copy unanswered sends 500 and logs it. Harmless when the client, the
/// connection or the whole server is gone by then.
class responder {
public:
  explicit responder(std::shared_ptr<pending_answer> place) noexcept
    : place_{std::move(place)} {}

  /// Sends `answer`.
  void operator()(response answer) const {
    place_->deliver(std::move(answer));
  }

  /// Sends the problem document of `error`, as problem_for() maps it.
  void fail(const caf::error& error) const {
    place_->fail(error);
  }

private:
  std::shared_ptr<pending_answer> place_;
};

} // namespace sonicmatch::http
