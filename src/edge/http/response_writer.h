// The head of a response as bytes. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "core/wire/message.h"

namespace rushes::http {

enum class Keep { kAlive, kClose };

struct HeadOptions {
  std::string_view date;  // as http_date() writes it
  Keep keep = Keep::kAlive;
  bool is_http_1_0 = false;  // such a client must be told that the connection stays
};

// Appends the status line, the fields and the empty line. The fields that frame the message are the
// server's: those given by the handler are left out. False, and `out` untouched, for a response
// that would break the stream: a status outside 200..599, a field with a line end in it.
bool append_head(std::string& out, const wire::Response& response, const HeadOptions& options);

// 204 and 304 have no body by definition (RFC 9110 section 6.4.1).
bool may_have_body(int status);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(Timestamp at);

}  // namespace rushes::http
