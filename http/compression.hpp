#pragma once

#include "http/message.hpp"
#include "http/negotiation.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sonicmatch::http {

/// Bodies up to here are sent as they are: they fit into one packet anyway.
inline constexpr std::size_t plain_bytes_max = 1024;
/// Bodies beyond this would hold the I/O thread up for milliseconds.
inline constexpr std::size_t compressible_bytes_max = 512 * 1024;

/// Gzips bodies, fast rather than small, and remembers those that are shared with a
/// cache: a catalog page is compressed once, not for each request.
///
/// Owned by one I/O thread and used on it. Keeps zlib's memory (some 270 KB) between
/// bodies, and compressed ones up to a bound of bytes, the least recently used go first.
class compressor {
public:
  explicit compressor(std::size_t remembered_bytes_max = 4u << 20);
  ~compressor();

  compressor(const compressor&) = delete;
  compressor& operator=(const compressor&) = delete;

  /// The gzip form of `content`; null when there is no memory for it or it would not
  /// be smaller.
  [[nodiscard]] std::shared_ptr<const std::string> gzip(const body& content);

  /// How many bodies were compressed rather than remembered.
  [[nodiscard]] std::size_t compressed() const noexcept {
    return compressed_;
  }

private:
  using shared_text = std::shared_ptr<const std::string>;
  struct deflater;
  struct entry {
    std::weak_ptr<const std::string> plain; ///< tells a new body at an old one's address
    const std::string* address = nullptr;
    shared_text gzipped; ///< null: not worth it
  };

  [[nodiscard]] shared_text deflate(std::string_view content);
  void remember(const shared_text& plain, shared_text gzipped);
  void forget_oldest();

  std::unique_ptr<deflater> deflater_; ///< made when first needed
  const std::size_t remembered_bytes_max_;
  std::size_t remembered_bytes_ = 0;
  std::list<entry> newest_first_;
  std::unordered_map<const std::string*, std::list<entry>::iterator> by_address_;
  std::size_t compressed_ = 0;
};

/// Whether an answer like this may come in one coding or another, so that caches have
/// to be told. False for streams.
[[nodiscard]] bool varies_by_coding(const response& answer) noexcept;

/// Puts the body into the coding that suits the client, if any does, and says so in the
/// answer. A strong ETag is one of bytes, so it becomes etag_of_gzip(); so does that of
/// a 304 to a client that `asked` with that form.
void encode(response& answer, accepted_codings accepted, const request& asked, compressor& with);

/// The strong ETag of the gzip form of what has `etag`: "7" becomes "7-gzip". A weak
/// one, or what is none, stays as it is.
[[nodiscard]] std::string etag_of_gzip(std::string_view etag);

} // namespace sonicmatch::http
