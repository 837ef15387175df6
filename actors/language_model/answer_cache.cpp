#include "actors/language_model/answer_cache.hpp"

namespace sonicmatch::actors::language_model {

namespace {

std::size_t size_of_texts(const std::vector<std::string>& texts) noexcept {
  std::size_t out = 0;
  for (const auto& each : texts)
    out += sizeof(each) + each.capacity();
  return out;
}

} // namespace

std::size_t size_of(const accepted_answer& answer) noexcept {
  std::size_t out = sizeof(answer) + answer.explanation.capacity() + size_of_texts(answer.notes);
  for (const auto& each : answer.matches)
    out += sizeof(each) + each.explanation.capacity() + size_of_texts(each.personalized_pros)
           + size_of_texts(each.personalized_cons) + size_of_texts(each.match_highlights)
           + size_of_texts(each.headphone.pros) + size_of_texts(each.headphone.cons);
  return out;
}

void answer_cache::drop_oldest() {
  bytes_ -= newest_first_.back().bytes;
  by_question_.erase(newest_first_.back().question);
  newest_first_.pop_back();
}

void answer_cache::put(const std::string& question, answer_ptr answer, events::timestamp now) {
  if (bounds_.age_max == std::chrono::milliseconds{0} || by_question_.contains(question))
    return;
  auto bytes = size_of(*answer) + 2 * question.size() + sizeof(entry) + 64;
  newest_first_.push_front({question, std::move(answer), now, bytes});
  by_question_.emplace(question, newest_first_.begin());
  bytes_ += bytes;
  while (bytes_ > bounds_.bytes_max)
    drop_oldest();
}

answer_ptr answer_cache::find(const std::string& question, events::timestamp now) {
  while (!newest_first_.empty() && newest_first_.back().put_at + bounds_.age_max <= now)
    drop_oldest();
  auto known = by_question_.find(question);
  return known == by_question_.end() ? nullptr : known->second->answer;
}

} // namespace sonicmatch::actors::language_model
