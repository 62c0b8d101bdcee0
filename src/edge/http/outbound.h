// The asynchronous HTTP client of the server: what providers, downloads of results and callbacks
// are sent with. One exchange per send(); connections are kept and shared between them.
//
// A reply says for certain whether the other side can have seen the request (Fault), because a
// request that may have been processed must not be repeated. The client itself never sends a
// request twice unless its method is GET or HEAD.
//
// It verifies TLS always, follows no redirect unless asked, decodes nothing, keeps no cookies, and
// asks neither the environment for a proxy nor .netrc for passwords.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/wire/message.h"
#include "edge/platform/async.h"
#include "edge/platform/clock.h"

namespace rushes::http {

// Which addresses may be connected to.
enum class Egress {
  kOperator,  // a host that the operator configured: any address
  kGuarded,   // a host that a user or an upstream named: egress_guard.h judges it
};

struct OutboundRequest {
  std::string method = "GET";
  std::string url;  // absolute, http or https, without credentials
  wire::Headers headers;
  std::string body;
  Egress egress = Egress::kGuarded;
  Millis connect_timeout{5'000};      // DNS, TCP and TLS together
  Millis timeout{30'000};             // of the whole exchange, waiting for a connection; 0: none
  Millis stall_timeout{0};            // connected, and no byte moving; 0: none
  uint64_t body_bytes_max = 1 << 20;  // of the response
  // What exceeds body_bytes_max is dropped and the exchange ends well, instead of kTooLarge.
  bool cut_body = false;
  // Not empty: the body of a 2xx goes to this file, which is created or replaced, and synced; what
  // is left of it after a fault is removed. Its name is not synced: that is for who renames it. The
  // body of another status stays in memory, cut at 64 KiB.
  std::string file;
  // GET and HEAD only; other methods get the 3xx itself, as does everybody who allows none. Every
  // hop is judged as kGuarded. Another origin gets none of `headers` but Accept and Range.
  int redirects_max = 0;
};

enum class Fault {
  kNone,       // a whole reply, whatever its status
  kRefused,    // by us: malformed request, forbidden URL or address, too many redirects
  kNotSent,    // DNS, connect, TLS, no free connection in time, or the request was not written
               // out: it was certainly not processed
  kAmbiguous,  // written out, then time-out, reset or an unreadable reply: perhaps processed
  kTooLarge,   // the reply's body or header
  kLocal,      // our file cannot be written
};
std::string_view to_string(Fault fault);

struct OutboundReply {
  Fault fault = Fault::kNone;
  std::string error;  // of a fault, for the operator: origin and reason, neither path nor secret
  int status = 0;     // also of a reply that broke off in its body
  wire::Headers headers;
  std::string body;
  uint64_t file_bytes = 0;
  Millis duration{0};  // with the wait for a connection
};

// Thread-safe.
class Outbound {
 public:
  virtual ~Outbound() = default;
  // Resumes on the caller's executor, whose io_context must outlive the reply. No send() may begin
  // once the destructor does.
  virtual Awaitable<OutboundReply> send(OutboundRequest request) = 0;
  // Ends what is under way, kNotSent or kAmbiguous as for a lost connection, and answers every
  // later send() with kNotSent. Idempotent, from one thread at a time; the destructor does it too.
  virtual void stop() = 0;
};

struct OutboundOptions {
  // PEM certificates to trust instead of the system's; empty: the system's. Read again after a day.
  std::string ca_file;
  std::string user_agent = "rushes";
  std::string proxy;  // "http://host:port", for kOperator only; empty: none

  // For kGuarded. Networks ("10.1.0.0/16", "fd00::/8") or addresses that it may reach as well.
  std::vector<std::string> allowed_networks;
  // Further addresses of this server, beside those of its network interfaces.
  std::vector<std::string> own_addresses;
  std::vector<std::string> own_urls;  // under which clients reach this server
  // Name and address, asked before DNS: what /etc/hosts would say.
  std::vector<std::pair<std::string, std::string>> hosts;

  int connections_max = 1'024;           // of each Egress, so that neither starves the other
  int connections_per_origin_max = 256;  // scheme, host and port
  int downloads_max = 64;                // exchanges that write a file, beside the others
  int sends_max = 20'000;                // waiting or under way; beyond: kNotSent at once
  const Clock* clock = nullptr;          // null: the system's
};

// kInvalidInput for a malformed network, address, URL or proxy, and for a ca_file that is absent.
Result<std::unique_ptr<Outbound>> make_outbound(OutboundOptions options);

}  // namespace rushes::http
