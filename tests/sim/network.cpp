#include "network.h"

#include <fstream>

#include "core/wire/url.h"

namespace rushes::sim {

using http::Fault;
using http::OutboundReply;
using http::OutboundRequest;

Awaitable<OutboundReply> SimNetwork::send(OutboundRequest request) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto timer = clock_.make(executor);
  OutboundReply reply;
  const auto happens = [this](int percent) { return chance_.below(100) < percent; };
  if (happens(weather.lost_percent)) {
    co_await timer->wait(Millis{1 + chance_.below(2'000)});
    reply.fault = Fault::kNotSent;
    reply.error = "connection refused";
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
  co_return reply;
}

OutboundReply SimNetwork::at_upstream(const OutboundRequest& request, Millis& latency) {
  const auto url = wire::parse_url(request.url);
  wire::Request asked;
  asked.method = request.method;
  asked.target = url->target;
  asked.headers = request.headers;
  asked.body = request.body;
  if (request.method == "POST") sent_upstream.push_back(request.body);
  provider::fake::Answer answer = upstream_.answer(asked, clock_.now());
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
