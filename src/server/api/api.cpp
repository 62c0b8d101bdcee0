#include "server/api/api.h"

#include <exception>

#include "base/check.h"
#include "server/api/endpoints.h"
#include "server/api/middleware.h"

namespace rushes::api {

using dialect::Answer;
using dialect::Reason;
using dialect::Refusal;

namespace {

constexpr int kServerErrors = 500;
constexpr std::string_view kNoRoute = "(none)";  // unknown paths share one label

std::string_view route_of(const Exchange& exchange) {
  return exchange.endpoint ? std::string_view(exchange.endpoint->pattern) : kNoRoute;
}

Awaitable<Answer<wire::Response>> answer(const Service& service, Exchange& exchange) {
  for (const Step& step : middleware()) {
    Answer<void> passed;
    if (step.check) {
      passed = step.check(service, exchange);
    } else {
      passed = co_await step.ask(service, exchange);
    }
    if (!passed) co_return std::unexpected(std::move(passed).error());
  }
  co_return co_await exchange.endpoint->handler(service, exchange);
}

// The one place where a refusal becomes a response.
wire::Response rescue(Exchange& exchange, Refusal refusal) {
  wire::Response response = exchange.dialect->encode_refusal(exchange.reply_context(), refusal);
  exchange.detail = std::move(refusal.detail);
  return response;
}

// One line a request. The path as sent is not in it: it may hold a client's own id or a signature.
void write_access_log(const Service& service, const Exchange& exchange, int status) {
  const auto duration = service.parts.clock.monotonic() - exchange.started;
  service.requests.observe(route_of(exchange), exchange.request.method, status, duration);
  const auto level = status >= kServerErrors ? log::Level::kError : log::Level::kInfo;
  if (!service.parts.logger.is_enabled(level)) return;
  const double duration_ms = std::chrono::duration<double, std::milli>(duration).count();
  std::vector<log::Field> fields{
      {"request_id", exchange.request_id}, {"method", exchange.request.method},
      {"route", route_of(exchange)},       {"status", status},
      {"duration_ms", duration_ms},        {"peer", exchange.request.peer}};
  if (!exchange.account.empty()) fields.emplace_back("account", exchange.account.value);
  if (!exchange.task_id.empty()) fields.emplace_back("task_id", exchange.task_id);
  if (!exchange.detail.empty()) fields.emplace_back("detail", exchange.detail);
  service.parts.logger.write(level, "request", std::span<const log::Field>(fields));
}

void finish_headers(const Exchange& exchange, wire::Response& response) {
  response.headers.set("X-Request-Id", exchange.request_id);
  if (!response.headers.find("Cache-Control")) response.headers.add("Cache-Control", "no-store");
}

// What the operator reads of a request that never was one.
std::string_view detail_of(int status) {
  switch (status) {
    case 408: return "it took longer than limits.header_timeout_s or limits.body_timeout_s";
    case 413: return "the body is larger than limits.body_bytes";
    case 431: return "the header is larger than limits.header_bytes";
    case 503: return "as many connections are open as limits.connections allows";
    default: return "";
  }
}

Reason reason_of(int status) {
  switch (status) {
    case 408: return Reason::kTimeout;
    case 500: return Reason::kInternal;
    case 503: return Reason::kUnavailable;
    default: return Reason::kBodyInvalid;
  }
}

}  // namespace

Api::Api(Options options, Parts parts) {
  RUSHES_CHECK(!parts.dialects.empty());
  service_ = std::make_unique<Service>(std::move(options), std::move(parts));
  add_endpoints(service_->router, service_->parts);
}

Api::~Api() = default;

void Api::set_base_url(std::string url) { service_->links.set_base_url(std::move(url)); }

Awaitable<wire::Response> Api::handle(wire::Request request) {
  const Service& service = *service_;
  Exchange exchange;
  exchange.request = std::move(request);
  exchange.request_id = service.parts.entropy.uuid_v4();
  exchange.at = service.parts.clock.now();
  exchange.started = service.parts.clock.monotonic();
  exchange.dialect = service.parts.dialects.front();

  Answer<wire::Response> answered = dialect::refuse(Reason::kInternal);
  try {
    answered = co_await answer(service, exchange);
  } catch (const std::exception& unexpected) {
    // The catch-all around one request: the others go on.
    answered = std::unexpected(Refusal{.detail = unexpected.what()});
  }
  wire::Response response =
      answered ? std::move(*answered) : rescue(exchange, std::move(answered).error());
  finish_headers(exchange, response);
  write_access_log(service, exchange, response.status);
  co_return response;
}

wire::Response Api::refuse(int status, std::string_view target) {
  const Service& service = *service_;
  Exchange exchange;
  exchange.request_id = service.parts.entropy.uuid_v4();
  exchange.at = service.parts.clock.now();
  exchange.started = service.parts.clock.monotonic();
  exchange.dialect = service.parts.dialects.front();
  exchange.request.target = target;
  const Router::Match nearest = service.router.match("", exchange.request.path());
  if (nearest.endpoint) exchange.dialect = nearest.endpoint->dialect;
  Refusal refusal{.reason = reason_of(status), .status = status};
  refusal.detail = detail_of(status);
  wire::Response response = rescue(exchange, std::move(refusal));
  finish_headers(exchange, response);
  write_access_log(service, exchange, status);
  return response;
}

}  // namespace rushes::api
