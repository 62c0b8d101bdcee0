#include "edge/http/outbound_transfer.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/wire/url.h"

namespace rushes::http {

namespace {

constexpr uint64_t kHeadBytesMax = 64 * 1024;
constexpr uint64_t kErrorBytesMax = 64 * 1024;  // of a body that belongs to no file
constexpr long kDownloadBufferBytes = 128 * 1024;

// A kept connection that idled longer is not used again. Many servers close theirs after 5 s, and
// a request that crosses the close is lost in a way that cannot be told from a processed one. So
// what must not be repeated takes only a connection that was used just now.
constexpr long kIdleSecondsMax = 60, kIdleSecondsMaxUnrepeatable = 3;

// A redirect to another origin must not learn what was meant for the first.
constexpr std::string_view kHarmlessFields[] = {"Accept", "Range"};

bool is_clean(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<void> append(CurlList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) return fail(ErrorCode::kInternal, "out of memory");
  static_cast<void>(list.release());  // `longer` begins with it
  list.reset(longer);
  return {};
}

Result<void> check_method(std::string_view method) {
  if (!method.empty() && method.size() <= 16 &&
      std::ranges::all_of(method, [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return {};
  }
  return fail(ErrorCode::kInvalidInput, "malformed method");
}

std::unexpected<Error> fail_file(const char* doing) {
  return fail(ErrorCode::kInternal,
              std::string("cannot ") + doing + " the file: " + std::strerror(errno));
}

Result<CURL*> ready(CURL* handle) {
  if (!handle) return fail(ErrorCode::kInternal, "out of memory");
  curl_easy_reset(handle);  // keeps the connections
  return handle;
}

}  // namespace

// What libcurl calls, from inside curl_multi_socket_action() on the loop's thread.
struct Transfer::Callbacks {
  static Transfer& of(void* self) { return *static_cast<Transfer*>(self); }

  static size_t header(char* bytes, size_t, size_t count, void* self) {
    return of(self).take_header({bytes, count});
  }
  static size_t body(char* bytes, size_t, size_t count, void* self) {
    return of(self).take_body({bytes, count});
  }
  static int debug(CURL*, curl_infotype type, char*, size_t count, void* self) {
    of(self).note_sent(type, count);
    return 0;
  }
  static curl_socket_t socket(void* self, curlsocktype, curl_sockaddr* address) {
    return of(self).open_socket(*address);
  }
  static int before_request(void* self, char* address, char*, int, int) {
    return of(self).judge_connection(address);
  }
};

Transfer::Transfer(const OutboundSettings& settings, OutboundRequest request, TimePoint submitted)
    : settings_(settings),
      request_(std::move(request)),
      submitted_(submitted),
      url_(request_.url) {}

Transfer::~Transfer() { remove_unfinished_file(); }

void Transfer::remove_unfinished_file() {
  if (!file_.is_open()) return;
  ::unlink(request_.file.c_str());
  file_ = UniqueFd();
}

Result<void> Transfer::prepare() {
  TRY_VOID(check_method(request_.method));
  TRY(const wire::Url url, wire::parse_url(url_));
  if (url.has_userinfo) {
    return fail(ErrorCode::kInvalidInput, "the URL must not carry a user name or a password");
  }
  if (request_.egress == Egress::kGuarded) TRY_VOID(check_url(url_, settings_.policy));
  // What was judged is what is sent: libcurl sees no other spelling.
  origin_name_ = origin_of(url);
  url_ = origin_name_ + url.target;
  return build_headers();
}

Result<void> Transfer::build_headers() {
  headers_.reset();
  bool has_type = false;
  for (const auto& [name, value] : request_.headers) {
    if (name.empty() || !is_clean(name) || !is_clean(value) || name.contains(':')) {
      return fail(ErrorCode::kInvalidInput, "malformed header field");
    }
    has_type |= wire::equal_ignoring_case(name, "Content-Type");
    // A field without a value is written with ';' for libcurl.
    TRY_VOID(append(headers_, value.empty() ? name + ";" : name + ": " + value));
  }
  // libcurl would wait a second for "100 Continue", and would call any body a form.
  TRY_VOID(append(headers_, "Expect:"));
  if (!has_type) TRY_VOID(append(headers_, "Content-Type:"));
  return {};
}

Result<void> Transfer::start(CurlHandle handle, Lane& lane, const TimePoint& now) {
  TRY(CURL * curl, ready(handle.get()));
  static_cast<void>(curl);
  handle_ = std::move(handle);
  lane_ = &lane;
  now_ = &now;
  moved_ = now;
  has_begun_ = has_socket_ = has_head_ = is_cut_ = false;
  head_bytes_sent_ = body_bytes_sent_ = head_bytes_ = body_bytes_ = 0;
  refusal_.clear();
  stopped_.reset();
  reply_ = {};
  *reason_ = '\0';
  set_options();
  set_network();
  set_body();
  if (!settings_.options.hosts.empty()) {
    TRY(const wire::Url url, wire::parse_url(url_));
    addresses_.reset();
    for (const auto& [name, address] : settings_.options.hosts) {
      if (name != url.host) continue;
      TRY_VOID(append(addresses_, name + ":" + std::to_string(url.port) + ":" + address));
    }
    curl_easy_setopt(handle_.get(), CURLOPT_RESOLVE, addresses_.get());
  }
  return {};
}

void Transfer::set_options() {
  CURL* curl = handle_.get();
  curl_easy_setopt(curl, CURLOPT_PRIVATE, static_cast<Lane::Slot*>(this));
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason_);
  curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);  // "/a/../b" may be what was signed
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  // One request to a connection: how much of it was written is known exactly.
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, settings_.options.user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (is_download()) curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, kDownloadBufferBytes);

  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, Callbacks::header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Callbacks::body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, Callbacks::socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, Callbacks::before_request);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, this);
  // Tells, after the write to the socket, how much of the request is out.
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, Callbacks::debug);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, this);
}

void Transfer::set_network() {
  CURL* curl = handle_.get();
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // A name server that is slow must not hold the thread when its transfer is given up.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::max(request_.connect_timeout, Millis(1)).count()));
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN,
                   is_repeatable() ? kIdleSecondsMax : kIdleSecondsMaxUnrepeatable);
  // Empty values keep libcurl from asking the environment.
  const bool by_proxy = request_.egress == Egress::kOperator;
  curl_easy_setopt(curl, CURLOPT_PROXY, by_proxy ? settings_.options.proxy.c_str() : "");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings_.ca_file.empty()) {
    // Without a directory beside it, libcurl reads the file once and not for every connection.
    curl_easy_setopt(curl, CURLOPT_CAINFO, settings_.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
}

void Transfer::set_body() {
  CURL* curl = handle_.get();
  if (request_.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    return;
  }
  if (!request_.body.empty() || request_.method == "POST" || request_.method == "PUT" ||
      request_.method == "PATCH") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

TimePoint Transfer::due(TimePoint now) const {
  TimePoint due = TimePoint::max();
  if (request_.timeout.count() > 0) due = submitted_ + request_.timeout;
  if (request_.stall_timeout.count() > 0 && handle_) {
    due = std::min(due, (has_begun_ ? moved_ : now) + request_.stall_timeout);
  }
  return due;
}

std::optional<std::string> Transfer::overdue(TimePoint now) const {
  if (request_.timeout.count() > 0 && now >= submitted_ + request_.timeout) {
    return (handle_ ? "not finished within " : "no connection became free within ") +
           std::to_string(request_.timeout.count()) + " ms";
  }
  if (request_.stall_timeout.count() > 0 && handle_ && has_begun_ &&
      now >= moved_ + request_.stall_timeout) {
    return "nothing moved for " + std::to_string(request_.stall_timeout.count()) + " ms";
  }
  return std::nullopt;
}

bool Transfer::begin_redirect(CURLcode code) {
  if (code != CURLE_OK || request_.redirects_max == 0 || !is_repeatable()) return false;
  char* location = nullptr;  // absolute; null if this is no redirect
  curl_easy_getinfo(handle_.get(), CURLINFO_REDIRECT_URL, &location);
  if (!location) return false;
  if (++redirects_ > request_.redirects_max) {
    stopped_ = Fault::kRefused;
    refusal_ = "more than " + std::to_string(request_.redirects_max) + " redirects";
    return false;
  }
  const std::string before = std::exchange(url_, location);
  request_.egress = Egress::kGuarded;
  const auto url = wire::parse_url(url_);
  if (!url) return true;  // prepare() says why not
  if (before.starts_with("https:") && url->scheme != "https") {
    stopped_ = Fault::kRefused;
    refusal_ = "a redirect from https to http";
    return false;
  }
  if (origin_of(*url) == origin_name_) return true;
  wire::Headers harmless;
  for (const std::string_view name : kHarmlessFields) {
    if (const std::string* value = request_.headers.find(name)) {
      harmless.add(std::string(name), *value);
    }
  }
  request_.headers = std::move(harmless);
  request_.body.clear();
  return true;
}

OutboundReply Transfer::finish(CURLcode code, TimePoint now) {
  note_status();
  if (stopped_) {
    fail_with(*stopped_, refusal_);
  } else if (code == CURLE_OK && !has_head_) {
    fail_with(Fault::kAmbiguous, "the reply broke off in its header");  // fine for libcurl
  } else if (code == CURLE_OK || is_cut_) {
    if (auto closed = close_file(); !closed) fail_with(Fault::kLocal, closed.error().message);
  } else if (!has_begun_ && !has_socket_ && !refusal_.empty()) {
    fail_with(Fault::kRefused, refusal_);
  } else {
    // Its own words for the repetition that judge_connection() stops would mislead.
    fail_with(fault_so_far(), code == CURLE_ABORTED_BY_CALLBACK
                                  ? "the kept connection ended before a reply"
                              : *reason_ ? reason_
                                         : curl_easy_strerror(code));
  }
  return complete(now);
}

OutboundReply Transfer::abort(const std::string& why, TimePoint now) {
  if (handle_) note_status();
  fail_with(fault_so_far(), why);
  return complete(now);
}

OutboundReply Transfer::refuse(const std::string& why, TimePoint now) {
  reply_ = {};
  fail_with(Fault::kRefused, why);
  return complete(now);
}

void Transfer::note_status() {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  reply_.status = static_cast<int>(status);
}

OutboundReply Transfer::complete(TimePoint now) {
  remove_unfinished_file();
  reply_.duration = std::chrono::duration_cast<Millis>(now - submitted_);
  return std::move(reply_);
}

void Transfer::fail_with(Fault fault, const std::string& why) {
  reply_.fault = fault;
  reply_.error = request_.method + " " + (origin_name_.empty() ? "" : origin_name_ + ": ") + why;
  reply_.file_bytes = 0;
}

// Errs to the side of "perhaps": of a request without a body, its first byte counts.
bool Transfer::is_written() const {
  if (!has_begun_) return false;
  return request_.body.empty() ? head_bytes_sent_ > 0 : body_bytes_sent_ >= request_.body.size();
}

Fault Transfer::fault_so_far() const {
  return is_written() || head_bytes_ > 0 ? Fault::kAmbiguous : Fault::kNotSent;
}

// Called with the address of the connection, new or kept, before anything is sent on it; also when
// libcurl is about to repeat the request.
int Transfer::judge_connection(const char* address) {
  if (is_written() && !is_repeatable()) return CURL_PREREQFUNC_ABORT;
  has_begun_ = false;
  if (request_.egress == Egress::kGuarded) {
    // A kept connection may have been opened for kOperator.
    const auto peer = IpAddress::parse(address);
    const auto why = peer ? refusal_of(*peer, settings_.policy) : "an unknown address";
    if (why) {
      refusal_ = "the host resolves to " + std::string(address) + ", " + std::string(*why);
      has_socket_ = false;
      return CURL_PREREQFUNC_ABORT;
    }
  }
  has_begun_ = true;
  head_bytes_sent_ = body_bytes_sent_ = 0;
  moved_ = *now_;
  lane_->prove(*this);
  return CURL_PREREQFUNC_OK;
}

curl_socket_t Transfer::open_socket(const curl_sockaddr& address) {
  if (request_.egress == Egress::kGuarded) {
    const auto peer = IpAddress::from(address.addr);
    const auto why = peer ? refusal_of(*peer, settings_.policy) : "not an IP address";
    if (why) {
      refusal_ = "the host resolves to " + (peer ? peer->text() + ", " : "") + std::string(*why);
      return CURL_SOCKET_BAD;
    }
  }
  const int fd = ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
  has_socket_ |= fd >= 0;
  return fd;
}

void Transfer::note_sent(curl_infotype type, size_t count) {
  if (!has_begun_) return;  // CONNECT, to a proxy
  if (type == CURLINFO_HEADER_OUT) head_bytes_sent_ += count;
  if (type == CURLINFO_DATA_OUT) body_bytes_sent_ += count;
  moved_ = *now_;
}

size_t Transfer::stop(Fault fault, const std::string& why) {
  stopped_ = fault;
  refusal_ = why;
  return CURL_WRITEFUNC_ERROR;
}

size_t Transfer::take_header(std::string_view line) {
  moved_ = *now_;
  head_bytes_ += line.size();
  if (head_bytes_ > kHeadBytesMax) {
    return stop(Fault::kTooLarge, "the reply's header is larger than 65536 bytes");
  }
  if (line.starts_with("HTTP/")) {
    reply_.headers = {};  // the final reply follows a 1xx
    has_head_ = false;
    return line.size();
  }
  if (trim(line).empty()) {
    note_status();
    has_head_ = reply_.status >= 200;
    return line.size();
  }
  if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
    reply_.headers.add(std::string(line.substr(0, colon)),
                       std::string(trim(line.substr(colon + 1))));
  }
  return line.size();
}

size_t Transfer::take_body(std::string_view part) {
  moved_ = *now_;
  const size_t count = part.size();
  const bool to_file = is_download() && reply_.status / 100 == 2;
  const bool may_cut = request_.cut_body || (is_download() && !to_file);
  const uint64_t limit = is_download() && !to_file
                             ? std::min(request_.body_bytes_max, kErrorBytesMax)
                             : request_.body_bytes_max;
  if (body_bytes_ == 0 && !may_cut) {
    curl_off_t announced = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    if (announced > 0 && static_cast<uint64_t>(announced) > limit) part = {};
  }
  if (part.empty() || body_bytes_ + part.size() > limit) {
    if (!may_cut) {
      return stop(Fault::kTooLarge,
                  "the reply's body is larger than " + std::to_string(limit) + " bytes");
    }
    part = part.substr(0, static_cast<size_t>(limit - body_bytes_));
    is_cut_ = true;
  }
  body_bytes_ += part.size();
  if (!to_file) {
    reply_.body += part;
  } else if (auto written = write_file(part); !written) {
    return stop(Fault::kLocal, written.error().message);
  }
  return is_cut_ ? CURL_WRITEFUNC_ERROR : count;
}

Result<void> Transfer::open_file() {
  file_ = UniqueFd(
      ::open(request_.file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!file_.is_open()) return fail_file("create");
  return {};
}

Result<void> Transfer::write_file(std::string_view bytes) {
  if (!file_.is_open()) TRY_VOID(open_file());
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_file("write");
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return {};
}

// A file that stays open is not finished.
Result<void> Transfer::close_file() {
  if (!is_download() || reply_.status / 100 != 2) return {};
  if (!file_.is_open()) TRY_VOID(open_file());  // an empty body
  if (::fsync(file_.get()) != 0) return fail_file("sync");
  file_ = UniqueFd();
  reply_.file_bytes = body_bytes_;
  return {};
}

}  // namespace rushes::http
