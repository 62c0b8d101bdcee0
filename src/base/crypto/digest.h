// SHA-256 and HMAC-SHA256 over OpenSSL. Digests are raw bytes (32); to_hex() makes them readable.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace rushes {

inline constexpr size_t kSha256SizeBytes = 32;

// Digest of bytes that come in pieces. One owner, one thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  // The digest of everything so far; afterwards a new digest begins.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace rushes
