#include "infra/configuration/consistency.hpp"

#include <algorithm>

namespace sonicmatch::infra {

namespace {

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

/// What those that issue and check tokens need.
std::string mistakes_of_keys(const configuration& values) {
  std::string out;
  if (values.environment == "production" && values.has_role("edge")) {
    if (values.secret_key == example_secret_key)
      out += "\n  SECRET_KEY must be one of your own in production, not the example's";
    else if (values.secret_key.size() < secret_key_bytes_min)
      out += "\n  SECRET_KEY must have at least 32 bytes in production";
  }
  if (values.secret_key.empty())
    out += "\n  SECRET_KEY must not be empty";
  for (const auto& each : values.jwt_former_keys)
    if (!each.starts_with("hs256:") && !each.starts_with("eddsa:"))
      out += "\n  JWT_FORMER_KEYS must be a list of hs256:SECRET and eddsa:FILE";
  if (values.jwt_issuer.empty() || !is_printable(values.jwt_issuer))
    out += "\n  JWT_ISSUER must be a word or an address, without spaces";
  if (values.jwt_audience.empty() || !is_printable(values.jwt_audience))
    out += "\n  JWT_AUDIENCE must be a word or an address, without spaces";
  return out;
}

} // namespace

std::string mistakes_in(const configuration& values, bool names_model) {
  std::string out;
  const auto& url = values.llm_base_url;
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    out += "\n  LLM_BASE_URL must begin with http:// or https://";
  if (url.find_first_of("@?#") != std::string::npos || !is_printable(url))
    out += "\n  LLM_BASE_URL must be a plain address, without a user, a query or spaces";
  if (!is_printable(values.anthropic_api_key))
    out += "\n  ANTHROPIC_API_KEY must be printable and without spaces";
  if (!is_printable(values.openai_api_key))
    out += "\n  OPENAI_API_KEY must be printable and without spaces";
  if (values.tls_certificate_file.empty() != values.tls_key_file.empty())
    out += "\n  TLS_CERTIFICATE_FILE and TLS_KEY_FILE need each other; give both or neither";
  if (values.llm_model.empty() || !is_printable(values.llm_model))
    out += "\n  LLM_MODEL must name a model, without spaces";
  if (values.llm_provider == "openai" && !names_model)
    out += "\n  LLM_MODEL must be given with LLM_PROVIDER=openai; the default is one of Anthropic's";
  return out + mistakes_of_keys(values);
}

} // namespace sonicmatch::infra
