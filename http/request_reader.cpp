#include "http/request_reader.hpp"

#include "http/message_parser.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace sonicmatch::http {

namespace {

constexpr std::size_t input_bytes_initial = 4096;
/// Room kept behind the head for a body, so that the head, which views point
/// into, never has to move.
constexpr std::size_t body_room = 1024;
/// A body's buffer beyond this is given back when its request is over.
constexpr std::size_t kept_body_bytes = 8 * 1024;

constexpr refusal malformed{400, "malformed_request", "The request is not well-formed HTTP/1.1."};
constexpr refusal large_head{431, "head_too_large", "The header fields are too large or too many."};

} // namespace

/// Where each message's parser is built anew, without an allocation.
struct request_reader::parsing {
  std::optional<message_parser> parser;
};

request_reader::request_reader(const server_settings& settings)
  : settings_{settings}
  , data_{std::make_shared<request_data>()}
  , parsing_{std::make_unique<parsing>()} {
  data_->input.resize(input_bytes_initial);
}

request_reader::~request_reader() = default;

void request_reader::begin() {
  auto early = filled_ - next_;
  // use_count() alone synchronises with nobody. Letting go of one more share does,
  // so whatever another thread read before it let go of its own is over by then.
  auto share = data_;
  bool is_shared = data_.use_count() > 2;
  share.reset();
  if (is_shared) {
    auto fresh = std::make_shared<request_data>();
    fresh->input.resize(std::max(input_bytes_initial, early));
    std::memcpy(fresh->input.data(), data_->input.data() + next_, early);
    data_ = std::move(fresh);
  } else {
    std::memmove(data_->input.data(), data_->input.data() + next_, early);
    recycle();
  }
  filled_ = early;
  next_ = 0;
  scanner_ = {};
  facts_ = {};
  why_ = {};
}

void request_reader::recycle() {
  auto& data = *data_;
  data.fields.clear();
  data.target = data.path = data.query = {};
  data.parameter_count = 0;
  data.method = method::get;
  data.quota = {};
  if (data.body.capacity() > kept_body_bytes)
    data.body = std::string{};
  data.body.clear();
}

void request_reader::retire() {
  facts_ = {}; // its views point into what goes
  parsing_.reset();
  data_.reset();
}

std::span<char> request_reader::room() {
  auto& input = data_->input;
  if (filled_ == input.size()) {
    // Only while the head is incomplete: advance_head() leaves room for a body.
    input.resize(std::min(input.size() * 2, settings_.head_bytes_max + body_room));
  }
  return {input.data() + filled_, input.size() - filled_};
}

request_reader::progress request_reader::advance() {
  return next_ == 0 ? advance_head() : advance_body();
}

request_reader::progress request_reader::advance_head() {
  auto verdict = scanner_.scan({data_->input.data(), filled_});
  if (verdict == head_scanner::verdict::malformed)
    return refuse(malformed);
  auto reach = verdict == head_scanner::verdict::complete ? scanner_.end() : filled_;
  if (reach > settings_.head_bytes_max)
    return refuse(large_head);
  if (verdict == head_scanner::verdict::need_more)
    return progress::need_more;

  next_ = scanner_.end();
  auto& input = data_->input;
  if (input.size() < next_ + body_room)
    input.resize(next_ + body_room);
  auto& parser = parsing_->parser.emplace(settings_, *data_, facts_);
  if (!parser.parse_head({input.data() + scanner_.begin(), next_ - scanner_.begin()}))
    return refuse(parser.why());
  return facts_.has_body ? progress::head_complete : progress::complete;
}

request_reader::progress request_reader::advance_body() {
  auto& input = data_->input;
  auto head_end = scanner_.end();
  auto& parser = *parsing_->parser;
  auto taken = parser.parse_body({input.data() + next_, filled_ - next_});
  if (parser.why().status != 0)
    return refuse(parser.why());
  next_ += taken;
  if (parser.is_complete())
    return progress::complete;
  std::memmove(input.data() + head_end, input.data() + next_, filled_ - next_);
  filled_ -= next_ - head_end;
  next_ = head_end;
  return progress::need_more;
}

request_reader::progress request_reader::refuse(const refusal& why) noexcept {
  why_ = why;
  return progress::refused;
}

} // namespace sonicmatch::http
