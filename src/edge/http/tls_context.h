// The server's certificate and key, and the TLS sessions made from them. Thread-safe: any thread
// may reload while others open sessions.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "edge/http/server.h"

namespace rushes::http {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using UniqueSsl = std::unique_ptr<SSL, FreeSsl>;

class TlsContext {
 public:
  // kInvalidInput if a file is unreadable, malformed, or the key does not belong to the
  // certificate.
  static Result<std::unique_ptr<TlsContext>> create(TlsFiles files);

  // Reads the files again. On failure the certificate in use stays.
  Result<void> reload();
  // "sha256//" and base64: the hash of the public key in use, by which a client knows this server
  // whatever the names in its certificate (RFC 7469's pin, in curl's spelling).
  std::string public_key_pin();
  // A server-side session on the connected socket `fd`, which it does not own; null if out of
  // memory.
  UniqueSsl open_session(int fd);

 private:
  explicit TlsContext(TlsFiles files) : files_(std::move(files)) {}

  const TlsFiles files_;
  std::mutex mutex_;
  std::unique_ptr<SSL_CTX, FreeSsl> context_;  // guarded by mutex_; sessions share its ownership
};

}  // namespace rushes::http
