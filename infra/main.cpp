#include "events/error.hpp"
#include "infra/system/core_dumps.hpp"
#include "infra/verbs/verbs.hpp"

#include <algorithm>
#include <iostream>

namespace {

constexpr auto usage = R"(usage: sonicmatch VERB [--SETTING VALUE ...]

  serve                       run the roles of this process (--roles edge,recommender,projector)
  migrate up|down|history     bring the database's schema up to date, take a step back, or list the steps
  seed [--append] [FILE]      load the catalog (default: seeds/headphones.json)
  config                      print the effective configuration
  --version                   print the version

Settings come from defaults, .env, the environment and flags, in rising order;
`sonicmatch config` names them all.
)";

} // namespace

int main(int argc, char** argv) {
  using namespace sonicmatch;
  // `config` is what one pastes and sends to others; what it leaves behind must be as
  // free of keys as what it prints. Wherever the word stands: flags may come before it.
  auto shows_settings = std::find(argv + 1, argv + argc, std::string_view{"config"}) != argv + argc;
  if (shows_settings && !infra::forbid_core_dumps()) {
    std::cerr << "sonicmatch config: core dumps of this process cannot be forbidden\n";
    return 1;
  }
  infra::termination_signals signals;
  auto effective =
    infra::configure({".env", infra::process_environment(), std::vector<std::string>(argv + 1, argv + argc)});
  if (!effective) {
    std::cerr << "sonicmatch: " << events::detail_of(effective.error()) << '\n';
    return 2;
  }
  auto arguments = effective->arguments;
  auto verb = arguments.empty() ? std::string{} : arguments.front();
  if (!arguments.empty())
    arguments.erase(arguments.begin());
  if (verb == "migrate")
    return infra::migrate(effective->values, arguments);
  if (verb == "seed")
    return infra::seed(effective->values, arguments, signals);
  if (verb == "serve" && arguments.empty())
    return infra::serve(effective->values, signals);
  if (verb == "config" && arguments.empty())
    return infra::show_configuration(*effective);
  if (verb == "--version") {
    std::cout << "sonicmatch " << SONICMATCH_VERSION << '\n';
    return 0;
  }
  if (verb == "--help" || verb == "help") {
    std::cout << usage;
    return 0;
  }
  if (!verb.empty())
    std::cerr << "sonicmatch: \"" << verb << (arguments.empty() ? "" : " " + arguments.front())
              << "\" is not understood\n\n";
  std::cerr << usage;
  return 2;
}
