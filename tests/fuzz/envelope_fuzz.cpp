/// Records of the topics: what is decoded encodes, and decodes to the same.

#include "events/codec.hpp"
#include "tests/fuzz/promise.hpp"

using namespace sonicmatch;
using namespace sonicmatch::events;
using tests::promise;

namespace {

std::string encoded(const message<log_command>& decoded) {
  return std::visit([&](const auto& body) { return encode(decoded.head, body); }, decoded.body);
}

std::string encoded(const message<log_event>& decoded) {
  return std::visit([&](const auto& body) { return encode(decoded.head, body); }, decoded.body);
}

std::string encoded(const message<catalog::event>& decoded) {
  return encode(decoded.head, decoded.body);
}

/// A former version is decoded as today's, so the first encoding may differ from the
/// input; the second must not differ from the first.
template <class Decode>
void try_decoding(std::string_view value, Decode decode) {
  auto decoded = decode(value);
  if (!decoded)
    return;
  auto written = encoded(*decoded);
  auto again = decode(written);
  promise(static_cast<bool>(again), "what is encoded decodes");
  promise(encoded(*again) == written, "what decodes again encodes the same");
  promise(again->body.index() == decoded->body.index(), "what decodes again is of the same kind");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view value{reinterpret_cast<const char*>(data), size};
  try_decoding(value, decode_event);
  try_decoding(value, decode_command);
  try_decoding(value, decode_catalog_event);
  return 0;
}
