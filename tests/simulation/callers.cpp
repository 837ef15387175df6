#include "tests/simulation/callers.hpp"

#include "events/error.hpp"

namespace sonicmatch::tests::simulation {

namespace {

events::session::preferences some_wishes(simulated_world& world) {
  constexpr std::array genres{"rock", "jazz", "classical", "electronic", "hip-hop", "shoegaze"};
  constexpr std::array uses{"commuting", "gaming", "critical_listening", "working_out"};
  events::session::preferences out;
  out.genres.emplace_back(genres[world.draw(genres.size())]);
  if (world.chance(0.5))
    out.genres.emplace_back(genres[world.draw(genres.size())]);
  if (out.genres.size() == 2 && out.genres[0] == out.genres[1])
    out.genres.pop_back();
  if (world.chance(0.5))
    out.primary_use_case = uses[world.draw(uses.size())];
  if (world.chance(0.7)) // sometimes nothing can be had for it
    out.budget_max = events::record::usd{static_cast<std::int64_t>(100 + world.draw(80'000))};
  if (world.chance(0.2))
    out.requirements.anc = true;
  return out;
}

constexpr int results_max = 5;

actors::submit_recommendation some_request(simulated_world& world) {
  actors::submit_recommendation out;
  out.preferences = some_wishes(world);
  out.max_results = static_cast<int>(1 + world.draw(results_max));
  return out;
}

/// Of the document's best pick.
std::string first_slug_in(const std::string& document) {
  constexpr std::string_view mark = R"("slug":")";
  auto slug = document.substr(document.find(mark) + mark.size(), 80);
  return slug.substr(0, slug.find('"'));
}

/// One of three people with an account, or somebody without.
std::optional<events::user_id> somebody(simulated_world& world) {
  auto n = world.draw(6);
  if (n >= 3)
    return std::nullopt;
  events::user_id out;
  out.value.bytes.fill(static_cast<std::uint8_t>(0xa0 + n));
  return out;
}

std::string described(const caf::expected<actors::session_answer>& answer) {
  return answer ? to_string(answer->id) + " version " + to_string(answer->version)
                    + (answer->terminal ? ", ended" : "")
                : events::describe(answer.error());
}

} // namespace

void callers::request_recommendation(const process& of) {
  auto& fresh = requests_.emplace_back();
  fresh.user = somebody(cluster_.world);
  send(of, fresh, some_request(cluster_.world));
}

void callers::request_under_some_key(const process& of) {
  auto& world = cluster_.world;
  auto& fresh = requests_.emplace_back();
  fresh.user = somebody(world);
  fresh.key = "key " + std::to_string(world.draw(2));
  auto first = keyed_.try_emplace({fresh.user, *fresh.key}, some_request(world)).first->second;
  auto is_other = world.chance(0.2);
  if (is_other)
    first.max_results = first.max_results % results_max + 1;
  fresh.wishes = is_other ? 1 : 0;
  send(of, fresh, std::move(first));
}

void callers::send(const process& of, request& fresh, actors::submit_recommendation asked) {
  auto& world = cluster_.world;
  fresh.waits = world.chance(0.6);
  fresh.asked_of = of.host()->name;
  fresh.asked_at = world.now();
  asked.wait = fresh.waits;
  if (world.chance(0.3))
    asked.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  asked.user = fresh.user;
  asked.idempotency_key = fresh.key;
  auto name = "request " + std::to_string(requests_.size());
  if (fresh.key)
    name += " under " + *fresh.key + " of " + (fresh.user ? to_string(*fresh.user).substr(0, 2) : "nobody")
            + " for wishes " + std::to_string(fresh.wishes);
  world.trace(fresh.asked_of, "is sent " + name);
  asked.answer = [&world, &fresh, host = of.host(), name](caf::expected<actors::session_answer> answer) {
    if (!host->alive)
      return;
    world.trace(host->name, "answers " + name + ": " + described(answer));
    ++fresh.answers;
    fresh.answer = std::move(answer);
  };
  caf::anon_send(of.edge(), std::move(asked));
}

void callers::ask_for_some_session(const process& of) {
  auto known = confirmed();
  if (!known.empty() && cluster_.world.chance(0.8))
    return ask_for(of, known[cluster_.world.draw(known.size())], false);
  std::array<std::uint8_t, 10> random{};
  random[0] = static_cast<std::uint8_t>(cluster_.world.draw(256));
  ask_for(of, {events::uuid_v7(cluster_.world.now(), random)}, false);
  questions_.back().id_is_known = false;
}

void callers::ask_for(const process& of, const events::session_id& id, bool at_the_end) {
  auto& fresh = questions_.emplace_back();
  fresh.id = id;
  fresh.at_the_end = at_the_end;
  fresh.asked_of = of.host()->name;
  auto& world = cluster_.world;
  caf::anon_send(of.edge(),
                 actors::find_session{
                   id, [&world, &fresh, host = of.host()](caf::expected<actors::session_answer> answer) {
                     if (!host->alive)
                       return;
                     world.trace(host->name,
                                 "answers a question for " + to_string(fresh.id) + ": " + described(answer));
                     fresh.answer = std::move(answer);
                   }});
}

const actors::session_answer* callers::some_with_picks() const {
  std::vector<const actors::session_answer*> answered;
  for (const auto& each : requests_)
    if (each.answer && *each.answer && (*each.answer)->document->find(R"("slug":")") != std::string::npos)
      answered.push_back(&**each.answer);
  return answered.empty() ? nullptr : answered[cluster_.world.draw(answered.size())];
}

void callers::ask_to_explain(const process& of) {
  auto& world = cluster_.world;
  const auto* with_picks = some_with_picks();
  if (with_picks == nullptr)
    return;
  const auto& about = *with_picks;
  auto& fresh = explanations_.emplace_back();
  fresh.session = about.id;
  fresh.asked_of = of.host()->name;
  actors::submit_explanation asked;
  asked.session = about.id;
  asked.headphone = first_slug_in(*about.document);
  asked.wait = world.chance(0.7);
  if (world.chance(0.8))
    asked.asker = about.origin.user;
  else
    asked.asker = somebody(world);
  fresh.is_by_its_owner = !about.origin.user || asked.asker == about.origin.user;
  asked.answer = [&world, &fresh, host = of.host()](caf::expected<actors::explanation_answer> answer) {
    if (!host->alive)
      return;
    world.trace(host->name, "answers a request to explain " + to_string(fresh.session) + ": "
                              + (answer ? "done" : events::describe(answer.error())));
    ++fresh.answers;
    fresh.answer = std::move(answer);
  };
  caf::anon_send(of.edge(), std::move(asked));
}

void callers::give_feedback(const process& of) {
  using events::feedback::kind;
  auto& world = cluster_.world;
  const auto* about = some_with_picks();
  if (about == nullptr)
    return;
  auto& fresh = feedback_.emplace_back();
  fresh.session = about->id;
  fresh.asked_of = of.host()->name;
  actors::submit_feedback asked;
  asked.session = about->id;
  asked.headphone = first_slug_in(*about->document);
  asked.kind = static_cast<kind>(world.draw(names(kind{}).size()));
  if (asked.kind == kind::rated)
    asked.rating = static_cast<int>(1 + world.draw(events::feedback::rating_max));
  fresh.kind = events::record::name_of(asked.kind);
  asked.asker = world.chance(0.9) ? about->origin.user : somebody(world);
  fresh.is_by_its_owner = !about->origin.user || asked.asker == about->origin.user;
  asked.answer = [&world, &fresh, host = of.host()](caf::expected<actors::feedback_answer> answer) {
    if (!host->alive)
      return;
    world.trace(host->name, "answers feedback on " + to_string(fresh.session) + ": "
                              + (answer ? to_string(answer->id) : events::describe(answer.error())));
    ++fresh.answers;
    fresh.answer = std::move(answer);
  };
  caf::anon_send(of.edge(), std::move(asked));
}

void callers::erase_some_session(const process& of) {
  auto& world = cluster_.world;
  std::vector<const actors::session_answer*> known;
  for (const auto& each : requests_)
    if (each.answer && *each.answer)
      known.push_back(&**each.answer);
  if (known.empty())
    return;
  const auto& about = *known[world.draw(known.size())];
  auto asker = world.chance(0.9) ? about.origin.user : somebody(world);
  auto& fresh = erasures_.emplace_back();
  fresh.session = about.id;
  fresh.is_by_its_owner = !about.origin.user || asker == about.origin.user;
  fresh.asked_of = of.host()->name;
  auto answer = [&world, &fresh, host = of.host()](const caf::error& failed) {
    if (!host->alive)
      return;
    world.trace(host->name, "answers an erasure of " + to_string(fresh.session) + ": "
                              + (failed ? events::describe(failed) : "done"));
    ++fresh.answers;
    fresh.answer = failed;
  };
  caf::anon_send(
    of.edge(),
    actors::erase_session{
      fresh.session, asker, events::session::erasure_reason::session_deleted, {}, std::move(answer)});
}

std::vector<events::session_id> callers::confirmed() const {
  std::vector<events::session_id> out;
  for (const auto& each : requests_)
    if (each.answer && *each.answer)
      out.push_back((*each.answer)->id);
  return out;
}

} // namespace sonicmatch::tests::simulation
