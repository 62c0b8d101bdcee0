// One HTTP/1.x request out of a stream of bytes, or the status that refuses it. Pure: it sees no
// socket and no clock, so that tables and a fuzzer can feed it.
//
// The grammar is Beast's parser; what Beast lets through and a proxy in front could read in another
// way (request smuggling) is refused here: any Transfer-Encoding but `chunked`, one beside a
// Content-Length, repeated or listed lengths, no or two Hosts, folded lines, bare CR or LF. A
// refused stream has no next request: the caller answers and closes.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "core/wire/message.h"

namespace rushes::http {

class RequestParser {
 public:
  // `header_bytes_max` also bounds one chunk's header line and the trailers.
  RequestParser(size_t header_bytes_max, size_t body_bytes_max);
  ~RequestParser();

  enum class Progress {
    kNeedMore,     // call again with the unconsumed bytes and more behind them
    kBodyFollows,  // the header is accepted; told once, then call again
    kComplete,     // take_request() has it; the rest of the bytes is the next request's
    kRefused,      // refusal_status() says why
  };
  struct Step {
    Progress progress;
    size_t consumed_bytes;
  };
  // `bytes` begins with the first byte that was not consumed. It needs never be longer than
  // header_bytes_max to make progress.
  Step parse(std::string_view bytes);

  // True from the first byte of the request line; empty lines before it do not count.
  bool has_begun() const;
  int refusal_status() const;
  // What a refused request asked for, as far as it said so: empty if its first line was not one.
  std::string_view refused_target() const;
  // Of an accepted header:
  bool expects_continue() const;
  bool keep_alive() const;
  bool is_http_1_0() const;

  // Method, target, headers and body; valid once after kComplete.
  wire::Request take_request();
  // Forgets everything, for the next request of the stream.
  void reset();

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace rushes::http
