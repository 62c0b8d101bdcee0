// One send() on its way through libcurl: what is handed to it, what its callbacks see, and the
// verdict at the end. Belongs to the thread of its OutboundLoop.
//
// Why a request is never sent twice: libcurl repeats one, whatever its method, if a connection that
// it kept dies before a byte of the reply came. It asks before it sends anything (PREREQFUNCTION),
// and is told no if all of the request was written before, unless repeating it does no harm.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "edge/http/egress_guard.h"
#include "edge/http/outbound.h"
#include "edge/http/outbound_lane.h"
#include "edge/http/unique_fd.h"

namespace rushes::http {

using TimePoint = std::chrono::steady_clock::time_point;

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, FreeHandle>;
using CurlList = std::unique_ptr<curl_slist, FreeList>;

// What every transfer of a client shares; constant.
struct OutboundSettings {
  OutboundOptions options;
  EgressPolicy policy;
  std::string ca_file;  // empty: what libcurl was built with
};

class Transfer final : public Lane::Slot {
 public:
  Transfer(const OutboundSettings& settings, OutboundRequest request, TimePoint submitted);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Judges the request, and the URL of the current hop as far as it shows without connecting; an
  // error is a refusal.
  Result<void> prepare();
  const std::string& origin_name() const { return origin_name_; }
  Egress egress() const { return request_.egress; }

  // Configures a handle for the current hop, which has a place in `lane`. The callbacks read the
  // time of the loop from `now`.
  Result<void> start(CurlHandle handle, Lane& lane, const TimePoint& now);
  CURL* handle() const { return handle_.get(); }  // null: not started
  CurlHandle take_handle() { return std::move(handle_); }

  // When to ask overdue() next.
  TimePoint due(TimePoint now) const;
  // What has taken too long, as in "no answer within 15000 ms"; nothing if nothing has.
  std::optional<std::string> overdue(TimePoint now) const;

  // After libcurl has ended the hop: whether another follows. It is prepared and started as the
  // first was.
  bool begin_redirect(CURLcode code);

  // The three ways to end; the reply is complete then.
  OutboundReply finish(CURLcode code, TimePoint now);          // as libcurl says
  OutboundReply abort(const std::string& why, TimePoint now);  // under way or not, by us
  OutboundReply refuse(const std::string& why, TimePoint now);

 private:
  struct Callbacks;

  bool is_written() const;
  bool is_repeatable() const { return request_.method == "GET" || request_.method == "HEAD"; }
  bool is_download() const { return !request_.file.empty(); }
  Fault fault_so_far() const;
  void fail_with(Fault fault, const std::string& why);
  void note_status();
  OutboundReply complete(TimePoint now);
  Result<void> build_headers();
  void set_options();
  void set_network();
  void set_body();

  int judge_connection(const char* address);
  curl_socket_t open_socket(const curl_sockaddr& address);
  void note_sent(curl_infotype type, size_t count);
  size_t take_header(std::string_view line);
  size_t take_body(std::string_view part);
  size_t stop(Fault fault, const std::string& why);
  Result<void> open_file();
  Result<void> write_file(std::string_view bytes);
  Result<void> close_file();
  void remove_unfinished_file();

  const OutboundSettings& settings_;
  OutboundRequest request_;
  const TimePoint submitted_;

  // Of the current hop.
  std::string url_, origin_name_;
  CurlHandle handle_;
  CurlList headers_, addresses_;
  Lane* lane_ = nullptr;
  const TimePoint* now_ = nullptr;
  TimePoint moved_{};
  char reason_[CURL_ERROR_SIZE] = "";
  bool has_begun_ = false;  // connected, and libcurl was told to send
  bool has_socket_ = false;
  uint64_t head_bytes_sent_ = 0, body_bytes_sent_ = 0;
  uint64_t head_bytes_ = 0, body_bytes_ = 0;  // of the reply
  bool has_head_ = false;                     // all of the final reply's header
  bool is_cut_ = false;
  std::string refusal_;           // of an address
  std::optional<Fault> stopped_;  // by a callback, which has said why in the reply

  int redirects_ = 0;
  UniqueFd file_;
  OutboundReply reply_;
};

}  // namespace rushes::http
