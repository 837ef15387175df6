/// The JSON of declared records: what is accepted is written, and read back the same.

#include "events/catalog/headphone.hpp"
#include "events/record/reader.hpp"
#include "events/session/commands.hpp"
#include "events/session/document.hpp"
#include "tests/fuzz/promise.hpp"

using namespace sonicmatch;
using namespace sonicmatch::events;
using tests::promise;

namespace {

template <class T>
void try_reading(std::string_view json, record::unknown_fields unknown) {
  record::violations wrong;
  auto read = record::read<T>(json, wrong, unknown);
  promise(read.has_value() == wrong.empty(), "something is wrong or there is a record");
  promise(wrong.size() <= record::violations_max, "not more is said to be wrong than the limit");
  for (const auto& each : wrong)
    promise(each.pointer.empty() || each.pointer.starts_with('/'), "what is wrong has a pointer");
  if (!read)
    return;
  auto written = record::to_json(*read);
  auto again = record::read<T>(written, wrong, record::unknown_fields::refuse);
  promise(again.has_value(), "what is written can be read");
  promise(record::to_json(*again) == written, "what is read back is written the same");
  if constexpr (std::equality_comparable<T>)
    promise(*again == *read, "what is read back is the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1)
    return 0;
  std::string_view json{reinterpret_cast<const char*>(data) + 1, size - 1};
  auto unknown = (data[0] & 1U) != 0 ? record::unknown_fields::ignore : record::unknown_fields::refuse;
  switch (data[0] >> 1 & 3U) {
  case 0:
    try_reading<session::preferences>(json, unknown);
    break;
  case 1:
    try_reading<session::request_recommendation>(json, unknown);
    break;
  case 2:
    try_reading<catalog::headphone>(json, unknown);
    break;
  default:
    try_reading<session::match>(json, unknown);
  }
  return 0;
}
