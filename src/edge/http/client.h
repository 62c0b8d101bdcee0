// A small blocking HTTP client, for the command line and for tests: one request at a time, in the
// calling thread, over a connection that is kept for the next one. Not thread-safe; one per thread.
//
// It follows no redirects, asks no proxy of the environment, reads no .netrc, keeps no cookies, and
// always verifies TLS: by certificates, or by the key that the server is known to have.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "core/wire/message.h"

namespace rushes::http {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  // absolute, http or https
  wire::Headers headers;
  std::string body;
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{30'000};        // of the whole exchange; 0: none
  std::chrono::milliseconds stall_timeout{60'000};  // without a byte moving, to the second; 0: none
  uint64_t body_bytes_max = 64 * 1024 * 1024;       // of the response
};

struct ClientOptions {
  std::string ca_file;  // PEM certificates to trust instead of the system's; empty: the system's
  // "sha256//BASE64": the server has this public key, and neither the names nor the issuer of its
  // certificate matter; empty: certificates decide.
  std::string public_key_pin;
  std::string user_agent = "rushes";
};

// Errors of both functions: kInvalidInput for a malformed URL, method or field, kUnavailable if the
// server cannot be reached or breaks off, kDeadlineExceeded, kLimitExceeded for a response that is
// too large. Every status is a success here.
class Client {
 public:
  virtual ~Client() = default;
  static Result<std::unique_ptr<Client>> create(ClientOptions options);

  virtual Result<wire::Response> request(const ClientRequest& request) = 0;

  enum class Continue { kYes, kNo };
  // Called now and then with the bytes of the body so far, and of all of it or 0 if that is
  // unknown.
  using Progress = std::function<Continue(uint64_t done_bytes, uint64_t total_bytes)>;

  // As request(), but a body of status 200 goes to the file `path`, which is replaced when all of
  // it is there, and never otherwise. The response's body is empty then; with any other status it
  // is what the server said and no file is written. kCancelled if `progress` says no; kInternal if
  // the file cannot be written.
  virtual Result<wire::Response> download(const ClientRequest& request, const std::string& path,
                                          Progress progress) = 0;
};

}  // namespace rushes::http
