#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>

namespace sonicmatch::http {

std::string method_set::join() const {
  std::string joined;
  for (auto known : {method::get, method::head, method::post, method::put, method::patch, method::delete_,
                     method::options}) {
    if (!contains(known))
      continue;
    if (!joined.empty())
      joined += ", ";
    joined += to_string(known);
  }
  return joined;
}

void router::add(route added) {
  entry made;
  std::string_view rest = added.pattern;
  if (rest.empty() || rest.front() != '/')
    throw std::invalid_argument{"route pattern without a leading slash: " + added.pattern};
  while (!rest.empty()) {
    rest.remove_prefix(1);
    auto text = rest.substr(0, rest.find('/'));
    rest.remove_prefix(text.size());
    bool is_parameter = text.size() > 2 && text.front() == '{' && text.back() == '}';
    if (is_parameter)
      text = text.substr(1, text.size() - 2);
    made.parameter_count += is_parameter;
    made.segments.push_back({std::string{text}, is_parameter});
  }
  if (made.parameter_count > path_parameters_max)
    throw std::invalid_argument{"route pattern with too many parameters: " + added.pattern};
  for (const auto& known : entries_)
    if (known.target->pattern == added.pattern && known.target->method == added.method)
      throw std::invalid_argument{"route added twice: " + added.pattern};
  made.target = std::make_unique<route>(std::move(added));
  // Fewer parameters first, so that a literal segment wins.
  auto place =
    std::upper_bound(entries_.begin(), entries_.end(), made.parameter_count,
                     [](std::size_t count, const entry& other) { return count < other.parameter_count; });
  entries_.insert(place, std::move(made));
}

void router::limit(std::string_view (*class_of)(const route&)) {
  for (auto& known : entries_)
    known.target->limit_class = class_of(*known.target);
}

bool router::fits(const entry& candidate, request_data& asked) {
  if (candidate.parameter_count == 0)
    return candidate.target->pattern == asked.path;
  std::string_view rest = asked.path;
  std::size_t found = 0;
  for (const auto& segment : candidate.segments) {
    if (rest.empty() || rest.front() != '/')
      return false;
    rest.remove_prefix(1);
    auto text = rest.substr(0, rest.find('/'));
    rest.remove_prefix(text.size());
    if (segment.is_parameter ? text.empty() : text != segment.text)
      return false;
    if (segment.is_parameter)
      asked.parameters[found++] = {segment.text, text};
  }
  asked.parameter_count = found;
  return rest.empty();
}

match router::find(request_data& asked) const {
  match found;
  auto wanted = asked.method == method::head ? method::get : asked.method;
  for (const auto& candidate : entries_) {
    if (!fits(candidate, asked))
      continue;
    if (candidate.target->method == wanted) {
      found.target = candidate.target.get();
      return found;
    }
    found.allowed.insert(candidate.target->method);
  }
  asked.parameter_count = 0;
  if (found.allowed.contains(method::get))
    found.allowed.insert(method::head);
  if (!found.allowed.empty())
    found.allowed.insert(method::options);
  return found;
}

std::vector<const route*> router::routes() const {
  std::vector<const route*> all;
  for (const auto& known : entries_)
    all.push_back(known.target.get());
  return all;
}

} // namespace sonicmatch::http
