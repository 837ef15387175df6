#include "http/chunked_body.hpp"

#include "http/ascii.hpp"

#include <algorithm>

namespace sonicmatch::http {

namespace {

bool is_text(char letter) noexcept {
  auto byte = static_cast<unsigned char>(letter);
  return letter == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/// RFC 9110, 5.6.2.
bool is_token(char letter) noexcept {
  auto lower = to_lower(letter);
  return is_digit(letter) || (lower >= 'a' && lower <= 'z')
         || std::string_view{"!#$%&'*+-.^_`|~"}.find(letter) != std::string_view::npos;
}

} // namespace

chunked_body::verdict chunked_body::read(std::string_view bytes, std::string& body, std::size_t& taken) {
  taken = 0;
  while (taken < bytes.size() && state_ != state::complete) {
    auto count = std::size_t{1};
    if (state_ == state::data) {
      count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - taken));
      if (body.size() + count > body_bytes_max_)
        return verdict::body_too_large;
      body.append(bytes, taken, count);
      left_ -= count;
      if (left_ == 0)
        state_ = state::data_return;
    } else {
      if (++line_bytes_ > line_bytes_max)
        return verdict::framing_too_large;
      auto seen = step(bytes[taken]);
      if (seen != verdict::need_more)
        return seen;
      // A size that cannot be kept is refused before its data comes.
      if (state_ == state::data && left_ > body_bytes_max_ - body.size())
        return verdict::body_too_large;
    }
    taken += count;
    framed_bytes_ += count;
    if (framed_bytes_ > framed_bytes_max_)
      return verdict::framing_too_large;
  }
  return state_ == state::complete ? verdict::complete : verdict::need_more;
}

chunked_body::verdict chunked_body::expect(char wanted, char letter, state next) noexcept {
  if (letter != wanted)
    return verdict::malformed;
  state_ = next;
  line_bytes_ = 0;
  return verdict::need_more;
}

chunked_body::verdict chunked_body::step(char letter) {
  switch (state_) {
  case state::size_first:
  case state::size:
  case state::space:
    return step_size(letter);
  case state::extension:
    if (letter == '\r')
      state_ = state::size_feed;
    else if (!is_text(letter))
      return verdict::malformed;
    return verdict::need_more;
  case state::size_feed:
    return expect('\n', letter, left_ == 0 ? state::trailer_first : state::data);
  case state::data_return:
    return expect('\r', letter, state::data_feed);
  case state::data_feed:
    return expect('\n', letter, state::size_first);
  case state::trailer_feed:
    return expect('\n', letter, state::trailer_first);
  case state::last_feed:
    return expect('\n', letter, state::complete);
  default:
    return step_trailer(letter);
  }
}

chunked_body::verdict chunked_body::step_size(char letter) {
  if (auto digit = hex_value(letter); digit >= 0 && state_ != state::space) {
    if (state_ == state::size_first)
      left_ = 0;
    if (left_ >> 60 != 0)
      return verdict::malformed; // beyond 64 bits
    left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
    state_ = state::size;
    return verdict::need_more;
  }
  if (state_ == state::size_first)
    return verdict::malformed;
  if (letter == ';')
    state_ = state::extension;
  else if (letter == ' ' || letter == '\t')
    state_ = state::space;
  else if (letter == '\r' && state_ == state::size)
    state_ = state::size_feed;
  else
    return verdict::malformed;
  return verdict::need_more;
}

chunked_body::verdict chunked_body::step_trailer(char letter) {
  if (state_ == state::trailer_first && letter == '\r') {
    state_ = state::last_feed;
  } else if (state_ == state::trailer_value) {
    if (letter == '\r')
      state_ = state::trailer_feed;
    else if (!is_text(letter))
      return verdict::malformed;
  } else if (letter == ':' && state_ == state::trailer_name) {
    if (is_telling_a_length())
      return verdict::malformed;
    state_ = state::trailer_value;
  } else if (is_token(letter)) {
    if (state_ == state::trailer_first)
      name_size_ = 0;
    if (name_size_ < name_.size())
      name_[name_size_] = letter;
    ++name_size_;
    state_ = state::trailer_name;
  } else {
    return verdict::malformed;
  }
  return verdict::need_more;
}

bool chunked_body::is_telling_a_length() const noexcept {
  if (name_size_ > name_.size())
    return false;
  std::string_view name{name_.data(), name_size_};
  return equals_ignoring_case(name, "Content-Length") || equals_ignoring_case(name, "Transfer-Encoding");
}

} // namespace sonicmatch::http
