#include "core/provider/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/url.h"

namespace rushes::provider {
namespace {

constexpr size_t kSecretBytesMax = 4096;

std::unexpected<Error> refuse(std::string message) {
  return fail_user(ErrorCode::kInvalidInput, std::move(message));
}

// The value itself is a secret and is never repeated.
Result<void> check_secret(std::string_view field, std::string_view secret) {
  const bool visible = std::ranges::all_of(secret, [](char c) { return c > ' ' && c < 0x7f; });
  if (visible && secret.size() <= kSecretBytesMax) return {};
  return refuse(fmt::format("{} is invalid: at most {} visible ASCII characters without spaces",
                            field, kSecretBytesMax));
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool is_path_prefix(std::string_view prefix) {
  if (prefix.empty()) return true;
  if (!prefix.starts_with('/') || prefix.ends_with('/') || prefix.contains("//")) return false;
  return std::ranges::all_of(prefix, [](char c) { return c == '/' || is_name_character(c); });
}

}  // namespace

Result<void> check_address(const Settings& settings) {
  const auto url = wire::parse_url(settings.base_url);
  const bool bare = url && url->target == "/" && !url->has_userinfo &&
                    !settings.base_url.ends_with('/') && !settings.base_url.contains('?');
  if (!bare) {
    return refuse(
        fmt::format("base_url value '{}' is invalid: it must be like https://api.example.com",
                    settings.base_url));
  }
  if (!is_path_prefix(settings.path_prefix)) {
    return refuse(fmt::format("path_prefix value '{}' is invalid: it must be empty or like /kling",
                              settings.path_prefix));
  }
  return {};
}

Result<void> check_key(const Credential& credential) {
  if (credential.api_key.empty()) return refuse("api_key is required");
  if (!credential.access_key.empty() || !credential.secret_key.empty()) {
    return refuse("access_key and secret_key are not supported: use api_key");
  }
  return check_secret("api_key", credential.api_key);
}

Result<void> check_key_or_pair(const Credential& credential) {
  if (!credential.api_key.empty()) {
    if (!credential.access_key.empty() || !credential.secret_key.empty()) {
      return refuse("api_key excludes access_key and secret_key");
    }
    return check_secret("api_key", credential.api_key);
  }
  if (credential.access_key.empty() || credential.secret_key.empty()) {
    return refuse("api_key, or access_key and secret_key, is required");
  }
  TRY_VOID(check_secret("access_key", credential.access_key));
  return check_secret("secret_key", credential.secret_key);
}

std::string replace_word(std::string_view text, std::string_view word,
                         std::string_view replacement) {
  std::string out;
  if (word.empty()) return std::string(text);
  size_t from = 0;
  for (size_t at; (at = text.find(word, from)) != std::string_view::npos;) {
    const size_t end = at + word.size();
    const bool whole = (at == 0 || !is_name_character(text[at - 1])) &&
                       (end == text.size() || !is_name_character(text[end]));
    out.append(text.substr(from, at - from)).append(whole ? replacement : word);
    from = end;
  }
  return out.append(text.substr(from));
}

}  // namespace rushes::provider
