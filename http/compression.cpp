#include "http/compression.hpp"

#include "http/ascii.hpp"

#include <zlib.h>

#include <utility>

namespace sonicmatch::http {

namespace {

/// JSON shrinks to a fifth at level 1 already, at three times the speed of the default.
constexpr int level = 1;
constexpr int gzip_window_bits = 15 + 16; // zlib.h: 16 more asks for gzip's own frame
constexpr int memory_level = 8;
constexpr std::size_t bookkeeping_bytes = 200;

std::size_t cost_of(const std::shared_ptr<const std::string>& gzipped) noexcept {
  return bookkeeping_bytes + (gzipped ? gzipped->size() : 0);
}

/// Whether a type is text, or like text, rather than compressed by its own format.
bool is_compressible(std::string_view content_type) noexcept {
  auto names = [&](std::string_view part) { return content_type.find(part) != std::string_view::npos; };
  return content_type.starts_with("text/") || names("json") || names("javascript") || names("xml")
         || names("yaml");
}

bool is_strong(std::string_view etag) noexcept {
  return etag.size() >= 2 && etag.front() == '"' && etag.back() == '"';
}

/// Has the answer's ETag name the gzip form, if `known` holds that.
void name_gzip_form(response& answer, std::string_view known) {
  for (auto& field : answer.headers)
    if (equals_ignoring_case(field.name, "ETag"))
      if (auto named = etag_of_gzip(field.value); known.find(named) != std::string_view::npos)
        field.value = std::move(named);
}

void name_gzip_form(response& answer) {
  for (auto& field : answer.headers)
    if (equals_ignoring_case(field.name, "ETag"))
      field.value = etag_of_gzip(field.value);
}

} // namespace

struct compressor::deflater {
  z_stream state{};
  bool is_ready = false;

  deflater() {
    is_ready =
      deflateInit2(&state, level, Z_DEFLATED, gzip_window_bits, memory_level, Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~deflater() {
    if (is_ready)
      deflateEnd(&state);
  }
  deflater(const deflater&) = delete;
  deflater& operator=(const deflater&) = delete;
};

compressor::compressor(std::size_t remembered_bytes_max)
  : remembered_bytes_max_{remembered_bytes_max} {}

compressor::~compressor() = default;

std::shared_ptr<const std::string> compressor::gzip(const body& content) {
  const auto* shared = std::get_if<shared_text>(&content);
  if (shared == nullptr)
    return deflate(view(content));
  if (auto known = by_address_.find(shared->get()); known != by_address_.end()) {
    auto place = known->second;
    if (place->plain.lock() == *shared) {
      newest_first_.splice(newest_first_.begin(), newest_first_, place);
      return place->gzipped;
    }
    newest_first_.splice(newest_first_.end(), newest_first_, place);
    forget_oldest();
  }
  auto made = deflate(view(content));
  remember(*shared, made);
  return made;
}

std::shared_ptr<const std::string> compressor::deflate(std::string_view content) {
  ++compressed_;
  if (!deflater_)
    deflater_ = std::make_unique<deflater>();
  auto& state = deflater_->state;
  if (!deflater_->is_ready || deflateReset(&state) != Z_OK)
    return nullptr;
  // Room for less than the content, so that what does not shrink ends early.
  auto made = std::make_shared<std::string>(content.size() - 1, '\0');
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data())); // zlib only reads
  state.avail_in = static_cast<uInt>(content.size());
  state.next_out = reinterpret_cast<Bytef*>(made->data());
  state.avail_out = static_cast<uInt>(made->size());
  if (::deflate(&state, Z_FINISH) != Z_STREAM_END)
    return nullptr;
  made->resize(made->size() - state.avail_out);
  made->shrink_to_fit();
  return made;
}

void compressor::remember(const shared_text& plain, shared_text gzipped) {
  remembered_bytes_ += cost_of(gzipped);
  newest_first_.push_front({plain, plain.get(), std::move(gzipped)});
  by_address_.emplace(plain.get(), newest_first_.begin());
  while (remembered_bytes_ > remembered_bytes_max_)
    forget_oldest();
}

void compressor::forget_oldest() {
  const auto& oldest = newest_first_.back();
  remembered_bytes_ -= cost_of(oldest.gzipped);
  by_address_.erase(oldest.address);
  newest_first_.pop_back();
}

bool varies_by_coding(const response& answer) noexcept {
  if (answer.stream || answer.status == 204)
    return false;
  return answer.status == 304 || answer.gzipped || !answer.content_encoding.empty()
         || is_compressible(answer.content_type);
}

void encode(response& answer, accepted_codings accepted, const request& asked, compressor& with) {
  if (!accepted.gzip || answer.stream || !answer.content_encoding.empty())
    return;
  if (answer.status == 304)
    return name_gzip_form(answer, asked.header("If-None-Match").value_or(""));
  auto size = view(answer.body).size();
  auto gzipped = std::move(answer.gzipped);
  bool is_wanted = size > plain_bytes_max || (!accepted.identity && size > 1);
  if (!gzipped && is_wanted && size <= compressible_bytes_max && is_compressible(answer.content_type))
    gzipped = with.gzip(answer.body);
  if (!gzipped)
    return;
  answer.body = std::move(gzipped);
  answer.content_encoding = "gzip";
  name_gzip_form(answer);
}

std::string etag_of_gzip(std::string_view etag) {
  std::string made{etag};
  if (is_strong(etag))
    made.insert(made.size() - 1, "-gzip");
  return made;
}

} // namespace sonicmatch::http
