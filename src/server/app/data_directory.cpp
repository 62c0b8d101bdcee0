#include "server/app/data_directory.h"

#include "base/bytes.h"
#include "edge/platform/files.h"

namespace rushes::app {
namespace {

constexpr size_t kSmallFileMax = 4096;
constexpr mode_t kPrivate = 0600;

}  // namespace

Result<access::ServerSecret> ensure_secret(const DataDirectory& directory, Entropy& entropy) {
  const auto text = files::read(directory.secret_file(), kSmallFileMax);
  if (text) {
    const auto bytes = from_hex(std::string_view(*text).substr(0, text->find('\n')));
    if (!bytes) return fail(ErrorCode::kCorrupt, directory.secret_file() + " is not hexadecimal");
    return access::ServerSecret::create(*bytes);
  }
  if (text.error().code != ErrorCode::kNotFound) return std::unexpected(text.error());
  const std::string bytes = entropy.bytes(access::kServerSecretSizeBytes);
  TRY_VOID(write_private(directory.secret_file(), to_hex(bytes) + "\n"));
  return access::ServerSecret::create(bytes);
}

Result<void> write_private(const std::string& file, std::string_view text) {
  return files::write_atomically(file, text, kPrivate);
}

std::string read_trimmed(const std::string& file) {
  const auto text = files::read(file, kSmallFileMax);
  if (!text) return "";
  const size_t end = text->find_last_not_of(" \t\r\n");
  return end == std::string::npos ? "" : text->substr(0, end + 1);
}

}  // namespace rushes::app
