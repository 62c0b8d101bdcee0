#include "edge/http/outbound.h"

#include <ifaddrs.h>
#include <unistd.h>

#include <algorithm>

#include "edge/http/egress_guard.h"
#include "edge/http/outbound_loop.h"

namespace rushes::http {

namespace {

class CurlOutbound final : public Outbound {
 public:
  explicit CurlOutbound(OutboundSettings settings) : settings_(std::move(settings)) {}

  Result<void> start() {
    const OutboundOptions& options = settings_.options;
    TRY(exchanges_,
        OutboundLoop::create(settings_, {.connections_max = options.connections_max,
                                         .per_origin_max = options.connections_per_origin_max,
                                         .sends_max = options.sends_max}));
    TRY(downloads_, OutboundLoop::create(settings_, {.connections_max = options.downloads_max,
                                                     .per_origin_max = options.downloads_max,
                                                     .sends_max = options.sends_max}));
    return {};
  }

  Awaitable<OutboundReply> send(OutboundRequest request) override {
    OutboundLoop& loop = request.file.empty() ? *exchanges_ : *downloads_;
    auto start = [&loop, request = std::move(request)](Completion<OutboundReply> done) mutable {
      loop.submit(std::move(request), std::move(done));
    };
    OutboundReply reply = co_await await_completion<OutboundReply>(std::move(start));
    co_return reply;
  }

  void stop() override {
    exchanges_->stop();
    downloads_->stop();
  }

 private:
  const OutboundSettings settings_;
  // Downloads have a thread of their own: it writes and syncs files, and a disk may be slow.
  std::unique_ptr<OutboundLoop> exchanges_, downloads_;
};

std::vector<IpAddress> interface_addresses() {
  std::vector<IpAddress> addresses;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return addresses;
  for (const ifaddrs* each = first; each; each = each->ifa_next) {
    if (!each->ifa_addr) continue;
    if (const auto address = IpAddress::from(*each->ifa_addr)) addresses.push_back(*address);
  }
  ::freeifaddrs(first);
  return addresses;
}

Result<EgressPolicy> make_policy(const OutboundOptions& options) {
  EgressPolicy policy;
  for (const std::string& text : options.allowed_networks) {
    TRY(const Network network, Network::parse(text));
    policy.allowed.push_back(network);
  }
  policy.own_addresses = interface_addresses();
  for (const std::string& text : options.own_addresses) {
    const auto address = IpAddress::parse(text);
    if (!address) return fail(ErrorCode::kInvalidInput, "'" + text + "' is not an IP address");
    policy.own_addresses.push_back(*address);
  }
  for (const std::string& text : options.own_urls) {
    auto url = wire::parse_url(text);
    if (!url) return std::unexpected(std::move(url).error().with_context("own URL"));
    policy.own_origins.push_back(origin_of(*url));
  }
  return policy;
}

Result<void> check_options(const OutboundOptions& options) {
  if (!options.proxy.empty()) {
    // Not quoted: it may carry a password.
    if (!wire::parse_url(options.proxy)) {
      return fail(ErrorCode::kInvalidInput, "the proxy is not a valid http or https URL");
    }
  }
  if (!options.ca_file.empty() && ::access(options.ca_file.c_str(), R_OK) != 0) {
    return fail(ErrorCode::kInvalidInput, "cannot read the CA file '" + options.ca_file + "'");
  }
  for (const auto& [name, address] : options.hosts) {
    if (!IpAddress::parse(address)) {
      return fail(ErrorCode::kInvalidInput,
                  "the address '" + address + "' of host '" + name + "' is not an IP address");
    }
  }
  if (std::min({options.connections_max, options.connections_per_origin_max, options.downloads_max,
                options.sends_max}) < 1) {
    return fail(ErrorCode::kInvalidInput, "limits of the HTTP client must be at least 1");
  }
  return {};
}

// The system's certificates as one file, where libcurl was built with one.
std::string system_ca_file() {
  const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
  const char* file = info->age >= CURLVERSION_SEVENTH ? info->cainfo : nullptr;
  return file && ::access(file, R_OK) == 0 ? file : "";
}

}  // namespace

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::kNone: return "none";
    case Fault::kRefused: return "refused";
    case Fault::kNotSent: return "not_sent";
    case Fault::kAmbiguous: return "ambiguous";
    case Fault::kTooLarge: return "too_large";
    case Fault::kLocal: return "local";
  }
  return "unknown";
}

Result<std::unique_ptr<Outbound>> make_outbound(OutboundOptions options) {
  static const SystemClock system_clock;
  // Process-wide by libcurl's nature, and before any handle.
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) return fail(ErrorCode::kInternal, "libcurl does not start");
  TRY_VOID(check_options(options));
  if (!options.clock) options.clock = &system_clock;
  OutboundSettings settings;
  TRY(settings.policy, make_policy(options));
  settings.ca_file = options.ca_file.empty() ? system_ca_file() : options.ca_file;
  settings.options = std::move(options);
  auto outbound = std::make_unique<CurlOutbound>(std::move(settings));
  TRY_VOID(outbound->start());
  return std::unique_ptr<Outbound>(std::move(outbound));
}

}  // namespace rushes::http
