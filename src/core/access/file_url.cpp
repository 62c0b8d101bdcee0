#include "core/access/file_url.h"

#include <charconv>

#include "base/bytes.h"
#include "base/crypto/digest.h"

namespace rushes::access {
namespace {

constexpr std::string_view kPrefix = "/files/";
constexpr std::string_view kExpires = "?expires=";
constexpr std::string_view kSignature = "&signature=";

std::string signature_of(std::string_view path_and_expiry, std::string_view key) {
  return to_base64url(hmac_sha256(key, path_and_expiry));
}

}  // namespace

std::string make_file_path(const FileLink& link, std::string_view key) {
  std::string path(kPrefix);
  path += link.artifact.to_string();
  path += '/';
  path += link.name;
  path += kExpires;
  path += std::to_string(to_unix_s(link.expires_at));
  const std::string signature = signature_of(path, key);
  path += kSignature;
  return path += signature;
}

CheckedLink check_file_path(std::string_view target, std::string_view key, Timestamp now) {
  // The form is exactly what make_file_path writes; a link that was edited is not a link.
  const size_t signature_at = target.rfind(kSignature);
  const size_t expires_at = target.find(kExpires);
  if (!target.starts_with(kPrefix) || signature_at == std::string_view::npos ||
      expires_at == std::string_view::npos || expires_at > signature_at) {
    return {};
  }
  const std::string_view path = target.substr(kPrefix.size(), expires_at - kPrefix.size());
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {};
  CheckedLink checked;
  const auto artifact = TaskId::parse(path.substr(0, slash));
  const size_t digits_at = expires_at + kExpires.size();
  int64_t seconds = 0;
  const char* const digits_end = target.data() + signature_at;
  const auto [end, error] = std::from_chars(target.data() + digits_at, digits_end, seconds);
  constexpr int64_t kSecondsMax = 253402300799;  // the year 9999
  if (!artifact || error != std::errc{} || end != digits_end || seconds < 0 ||
      seconds > kSecondsMax) {
    return {};
  }
  const std::string_view given = target.substr(signature_at + kSignature.size());
  if (!equal_constant_time(given, signature_of(target.substr(0, signature_at), key))) {
    checked.verdict = LinkVerdict::kBadSignature;
    return checked;
  }
  checked.link = {*artifact, std::string(path.substr(slash + 1)), from_unix_ms(seconds * 1000)};
  checked.verdict = checked.link.expires_at < now ? LinkVerdict::kExpired : LinkVerdict::kValid;
  return checked;
}

}  // namespace rushes::access
