#include "network.h"

#include <fstream>

#include "base/json/value.h"
#include "core/wire/url.h"

namespace rushes::sim {

using http::Fault;
using http::OutboundReply;
using http::OutboundRequest;

namespace {

constexpr int kLookupsThatProve = 3;

std::string last_part(const std::string& url) { return url.substr(url.rfind('/') + 1); }

bool is_create(const OutboundRequest& request) {
  return request.method == "POST" && request.url.find(kUpstreamHost) != std::string::npos;
}

std::string handle_of(const OutboundRequest& create) {
  const auto body = json::parse(create.body);
  return body ? body->string_or("external_task_id", "") : "";
}

}  // namespace

Awaitable<OutboundReply> SimNetwork::send(OutboundRequest request) {
  if (is_create(request)) note_create(handle_of(request));
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto timer = clock_.make(executor);
  OutboundReply reply;
  const auto happens = [this](int percent) { return chance_.below(100) < percent; };
  if (happens(weather.lost_percent)) {
    co_await timer->wait(Millis{1 + chance_.below(2'000)});
    reply.fault = Fault::kNotSent;
    reply.error = "connection refused";
    note_reply(request, reply);
    co_return reply;
  }
  const auto url = wire::parse_url(request.url);
  if (!url) {
    reply.fault = Fault::kRefused;
    reply.error = "malformed URL";
    co_return reply;
  }
  Millis latency{weather.latency_max.count() == 0
                     ? 0
                     : chance_.below(static_cast<int>(weather.latency_max.count()))};
  if (latency.count() > 0) co_await timer->wait(latency / 2);
  const bool is_upstream = url->host == kUpstreamHost;
  reply = is_upstream ? at_upstream(request, latency) : at_receiver(request);
  const bool reply_is_lost = happens(weather.ambiguous_percent);
  if (latency.count() > 0) co_await timer->wait(latency);
  if (reply_is_lost && reply.fault == Fault::kNone) {
    reply = OutboundReply{.fault = Fault::kAmbiguous, .error = "connection reset"};
  }
  note_reply(request, reply);
  co_return reply;
}

// From here until a certain answer reaches the sender it may have been accepted; a sender that is
// killed meanwhile never gets one.
void SimNetwork::note_create(const std::string& handle) {
  const auto doubt = doubted_.find(handle);
  if (doubt != doubted_.end() && doubt->second < kLookupsThatProve) {
    rash.push_back("a job with the handle " + handle + " was sent again on a guess");
  }
  doubted_[handle] = 0;
}

void SimNetwork::note_reply(const OutboundRequest& request, const OutboundReply& reply) {
  if (is_create(request)) {
    const bool answered =
        reply.fault == Fault::kNone && reply.status < 500 && reply.body.starts_with('{');
    if (answered || reply.fault == Fault::kNotSent) doubted_.erase(handle_of(request));
  } else if (const auto doubt = doubted_.find(last_part(request.url)); doubt != doubted_.end()) {
    if (reply.fault == Fault::kNone && reply.status == 404) ++doubt->second;
  }
}

OutboundReply SimNetwork::at_upstream(const OutboundRequest& request, Millis& latency) {
  const auto url = wire::parse_url(request.url);
  wire::Request asked;
  asked.method = request.method;
  asked.target = url->target;
  asked.headers = request.headers;
  asked.body = request.body;
  if (request.method == "POST") sent_upstream.push_back(request.body);
  const std::string named = last_part(request.url);
  if (doubted_.contains(named) && !ids.empty() && chance_.below(100) < weather.foreign_percent) {
    asked.target.replace(asked.target.size() - named.size(), named.size(), ids.begin()->second);
  }
  provider::fake::Answer answer = upstream_.answer(asked, clock_.now());
  if (request.method == "POST") {
    const auto accepted = json::parse(answer.response.body);
    const json::Value* data = accepted ? accepted->find("data") : nullptr;
    if (data != nullptr) ids.try_emplace(handle_of(request), data->string_or("task_id", ""));
  }
  latency += answer.latency;
  OutboundReply reply;
  if (answer.dropped) {
    reply.fault = Fault::kAmbiguous;
    reply.error = "connection reset";
    return reply;
  }
  reply.status = answer.response.status;
  reply.headers = std::move(answer.response.headers);
  reply.body = std::move(answer.response.body);
  if (!request.file.empty() && reply.status == 200) {
    std::ofstream(request.file, std::ios::binary) << reply.body;
    reply.file_bytes = reply.body.size();
    reply.body.clear();
  }
  return reply;
}

OutboundReply SimNetwork::at_receiver(const OutboundRequest& request) {
  OutboundReply reply;
  reply.status = 200;
  if (const std::string* id = request.headers.find("webhook-id")) {
    Received& event = received[*id];
    event.bodies.insert(request.body);
    event.url = request.url;
    ++event.times;
  }
  if (chance_.below(100) >= weather.receiver_fails_percent) return reply;
  constexpr int kFailures[] = {500, 429, 301, 404, 503};
  reply.status = kFailures[chance_.below(5)];
  return reply;
}

}  // namespace rushes::sim
