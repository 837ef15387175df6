#include "infra/system/termination.hpp"

#include <csignal>
#include <ctime>

namespace sonicmatch::infra {

namespace {

sigset_t terminating() {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGTERM);
  sigaddset(&out, SIGINT);
  return out;
}

} // namespace

termination_signals::termination_signals() {
  auto signals = terminating();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN); // a peer that has gone is an error of its socket
}

bool termination_signals::arrived() {
  return wait(std::chrono::milliseconds{0});
}

bool termination_signals::wait(std::chrono::milliseconds patience) {
  auto signals = terminating();
  timespec limit{patience.count() / 1000, patience.count() % 1000 * 1'000'000};
  arrived_ = arrived_ || sigtimedwait(&signals, nullptr, &limit) > 0;
  return arrived_;
}

} // namespace sonicmatch::infra
