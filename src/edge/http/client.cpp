#include "edge/http/client.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>

#include "core/wire/url.h"
#include "edge/http/unique_fd.h"

namespace rushes::http {

namespace {

constexpr size_t kHeaderBytesMax = 64 * 1024;

// While it lives, writing to a connection that the server closed is an error code in this thread
// and not a SIGPIPE: OpenSSL's writes have no flag for that, and libcurl's own remedy changes the
// whole process.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~NoBrokenPipe() {
    const timespec at_once{};
    while (!was_pending_ && sigtimedwait(&signal_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

 private:
  sigset_t signal_, before_;
  bool was_pending_ = false;
};

struct FreeCurl {
  void operator()(CURL* handle) const {
    const NoBrokenPipe guard;  // open connections say good-bye
    curl_easy_cleanup(handle);
  }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::unexpected<Error> fail_file(const std::string& doing, const std::string& path) {
  return fail(ErrorCode::kInternal, doing + " '" + path + "': " + std::strerror(errno));
}

// A file that takes its name only when it is complete.
class PartFile {
 public:
  static Result<PartFile> create(const std::string& path) {
    PartFile file;
    file.path_ = path;
    file.part_path_ = path + ".part";
    file.fd_ = UniqueFd(::open(file.part_path_.c_str(),
                               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!file.fd_.is_open()) return fail_file("create", file.part_path_);
    return file;
  }
  PartFile(PartFile&&) = default;
  ~PartFile() {
    if (fd_.is_open()) ::unlink(part_path_.c_str());
  }

  Result<void> write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return fail_file("write", part_path_);
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return {};
  }

  // Durable under its own name.
  Result<void> commit() {
    if (::fsync(fd_.get()) != 0) return fail_file("sync", part_path_);
    if (std::rename(part_path_.c_str(), path_.c_str()) != 0) return fail_file("rename to", path_);
    fd_ = UniqueFd();
    return {};
  }

 private:
  PartFile() = default;

  std::string path_, part_path_;
  UniqueFd fd_;
};

// One exchange as libcurl's callbacks see it.
struct Exchange {
  CURL* handle;
  uint64_t body_bytes_max;
  const std::string* path = nullptr;  // null: the body stays in memory
  const Client::Progress* progress = nullptr;

  wire::Response response;
  std::optional<PartFile> file;
  uint64_t body_bytes = 0;
  size_t header_bytes = 0;
  std::optional<Error> error;  // why a callback stopped it

  size_t stop(Error why) {
    error = std::move(why);
    return CURL_WRITEFUNC_ERROR;
  }
  size_t take_header(std::string_view line);
  size_t take_body(std::string_view part);
};

size_t Exchange::take_header(std::string_view line) {
  header_bytes += line.size();
  if (header_bytes > kHeaderBytesMax) {
    return stop({ErrorCode::kLimitExceeded, "the response's header is too large", {}});
  }
  if (line.starts_with("HTTP/")) response.headers = {};  // the final response follows a 100
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || line.starts_with("HTTP/")) return line.size();
  const std::string_view value = line.substr(colon + 1);
  const size_t first = value.find_first_not_of(" \t\r\n");
  const size_t last = value.find_last_not_of(" \t\r\n");
  response.headers.add(std::string(line.substr(0, colon)),
                       first == std::string_view::npos
                           ? std::string()
                           : std::string(value.substr(first, last - first + 1)));
  return line.size();
}

size_t Exchange::take_body(std::string_view part) {
  body_bytes += part.size();
  if (body_bytes > body_bytes_max) {
    return stop({ErrorCode::kLimitExceeded,
                 "the response is larger than " + std::to_string(body_bytes_max) + " bytes",
                 {}});
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (!path || status != 200) {
    response.body += part;
    return part.size();
  }
  if (!file) {
    auto created = PartFile::create(*path);
    if (!created) return stop(std::move(created).error());
    file.emplace(std::move(*created));
  }
  if (auto written = file->write(part); !written) return stop(std::move(written).error());
  return part.size();
}

size_t on_header(char* bytes, size_t, size_t count, void* exchange) {
  return static_cast<Exchange*>(exchange)->take_header({bytes, count});
}

size_t on_body(char* bytes, size_t, size_t count, void* exchange) {
  return static_cast<Exchange*>(exchange)->take_body({bytes, count});
}

int on_progress(void* context, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
  auto& exchange = *static_cast<Exchange*>(context);
  const auto answer =
      (*exchange.progress)(static_cast<uint64_t>(done), static_cast<uint64_t>(total));
  if (answer == Client::Continue::kYes) return 0;
  exchange.error = Error{ErrorCode::kCancelled, "the download was cancelled", {}};
  return 1;
}

bool is_clean(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

Result<std::unique_ptr<curl_slist, FreeCurl>> header_list(const ClientRequest& request) {
  std::unique_ptr<curl_slist, FreeCurl> list;
  const auto append = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (!longer) return false;
    static_cast<void>(list.release());  // `longer` begins with it
    list.reset(longer);
    return true;
  };
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || !is_clean(name) || !is_clean(value) || name.contains(':')) {
      return fail(ErrorCode::kInvalidInput, "malformed header field '" + name + "'");
    }
    // A field without a value is written with ';' for libcurl.
    if (!append(value.empty() ? name + ";" : name + ": " + value)) {
      return fail(ErrorCode::kInternal, "out of memory");
    }
  }
  // libcurl would wait a second for "100 Continue" before larger bodies.
  if (!append("Expect:")) return fail(ErrorCode::kInternal, "out of memory");
  return list;
}

// Of the exchange that `handle` made last.
ErrorCode code_of(CURLcode code, CURL* handle) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: {
      // Before there was a connection, new or kept, the server could not be reached. (The time of
      // connecting does not tell: it is 0 for a kept one too.)
      curl_off_t ready_us = 0;
      curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
      return ready_us == 0 ? ErrorCode::kUnavailable : ErrorCode::kDeadlineExceeded;
    }
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return ErrorCode::kInvalidInput;
    case CURLE_FILESIZE_EXCEEDED: return ErrorCode::kLimitExceeded;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT: return ErrorCode::kInternal;
    default: return ErrorCode::kUnavailable;
  }
}

class CurlClient final : public Client {
 public:
  CurlClient(ClientOptions options, CURL* handle) : options_(std::move(options)), handle_(handle) {}

  Result<wire::Response> request(const ClientRequest& request) override {
    Exchange exchange{.handle = handle_.get(), .body_bytes_max = request.body_bytes_max};
    TRY_VOID(perform(request, exchange));
    return std::move(exchange.response);
  }

  Result<wire::Response> download(const ClientRequest& request, const std::string& path,
                                  Progress progress) override {
    Exchange exchange{.handle = handle_.get(),
                      .body_bytes_max = request.body_bytes_max,
                      .path = &path,
                      .progress = progress ? &progress : nullptr};
    TRY_VOID(perform(request, exchange));
    if (exchange.response.status != 200) return std::move(exchange.response);
    if (!exchange.file) {  // an empty body
      TRY(PartFile empty, PartFile::create(path));
      exchange.file.emplace(std::move(empty));
    }
    TRY_VOID(exchange.file->commit());
    return std::move(exchange.response);
  }

 private:
  Result<void> perform(const ClientRequest& request, Exchange& exchange) {
    if (const auto url = wire::parse_url(request.url); !url) {
      return fail(ErrorCode::kInvalidInput, url.error().message);
    }
    if (request.method.empty() ||
        !std::ranges::all_of(request.method, [](char c) { return c >= 'A' && c <= 'Z'; })) {
      return fail(ErrorCode::kInvalidInput, "malformed method '" + request.method + "'");
    }
    TRY(const auto headers, header_list(request));
    set_up(request, exchange, headers.get());
    char reason[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(handle_.get(), CURLOPT_ERRORBUFFER, reason);
    const CURLcode code = [this] {
      const NoBrokenPipe guard;
      return curl_easy_perform(handle_.get());
    }();
    curl_easy_setopt(handle_.get(), CURLOPT_ERRORBUFFER, nullptr);
    if (exchange.error) return std::unexpected(*std::move(exchange.error));
    if (code != CURLE_OK) {
      const std::string why = *reason ? reason : curl_easy_strerror(code);
      return fail(code_of(code, handle_.get()), request.method + " " + request.url + ": " + why);
    }
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    exchange.response.status = static_cast<int>(status);
    return {};
  }

  // The reset keeps the connection and forgets every option of the request before.
  void set_up(const ClientRequest& request, Exchange& exchange, curl_slist* headers) {
    CURL* curl = handle_.get();
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // also turns the environment's proxies off
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (!options_.ca_file.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
    // Without support for pins the certificates go on deciding.
    if (!options_.public_key_pin.empty() &&
        curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, options_.public_key_pin.c_str()) ==
            CURLE_OK) {
      curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
      curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    if (request.stall_timeout.count() > 0) {
      const auto stall = std::chrono::ceil<std::chrono::seconds>(request.stall_timeout);
      curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
      curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall.count()));
    }

    const bool has_body = !request.body.empty() || request.method == "POST" ||
                          request.method == "PUT" || request.method == "PATCH";
    if (request.method == "HEAD") {
      curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (has_body) {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
    }
    if (request.method != "HEAD") {
      curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }

    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    if (exchange.progress) {
      curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
      curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &exchange);
    }
  }

  const ClientOptions options_;
  const std::unique_ptr<CURL, FreeCurl> handle_;
};

}  // namespace

Result<std::unique_ptr<Client>> Client::create(ClientOptions options) {
  // Process-wide by libcurl's nature, and before any handle.
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* handle = initialised == CURLE_OK ? curl_easy_init() : nullptr;
  if (!handle) return fail(ErrorCode::kInternal, "libcurl does not start");
  return std::unique_ptr<Client>(std::make_unique<CurlClient>(std::move(options), handle));
}

}  // namespace rushes::http
