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

OutboundReply fault_of(Fault fault, std::string error) {
  OutboundReply reply;
  reply.fault = fault;
  reply.error = std::move(error);
  return reply;
}

}  // namespace

Awaitable<OutboundReply> SimNetwork::send(OutboundRequest request) {
  if (stopped_) co_return fault_of(Fault::kNotSent, "the server stops");
  if (is_create(request)) note_create(handle_of(request));
  OutboundRequest sent = request;
  OutboundReply reply = co_await carry(std::move(sent));
  note_reply(request, reply);
  co_return reply;
}

Awaitable<OutboundReply> SimNetwork::carry(OutboundRequest request) {
  const auto happens = [this](int percent) { return chance_.below(100) < percent; };
  if (happens(weather.lost_percent)) {
    co_await pause(Millis{1 + chance_.below(2'000)});
    co_return fault_of(Fault::kNotSent, "connection refused");
  }
  const auto url = wire::parse_url(request.url);
  if (!url) co_return fault_of(Fault::kRefused, "malformed URL");
  Millis latency{weather.latency_max.count() == 0
                     ? 0
                     : chance_.below(static_cast<int>(weather.latency_max.count()))};
  co_await pause(latency / 2);
  if (stopped_) co_return fault_of(Fault::kNotSent, "the server stops");
  const bool is_upstream = url->host == kUpstreamHost;
  OutboundReply reply = is_upstream ? at_upstream(request, latency) : at_receiver(request);
  const bool reply_is_lost = happens(weather.ambiguous_percent);
  co_await pause(latency);
  if ((reply_is_lost || stopped_) && reply.fault == Fault::kNone) {
    co_return fault_of(Fault::kAmbiguous, "connection reset");
  }
  co_return reply;
}

Awaitable<> SimNetwork::pause(Millis duration) {
  if (duration.count() <= 0 || stopped_) co_return;
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto timer = clock_.make(executor);
  waiting_.insert(timer.get());
  co_await timer->wait(duration);
  waiting_.erase(timer.get());
}

void SimNetwork::stop() {
  stopped_ = true;
  for (Timer* waiting : waiting_) waiting->wake();
}

void SimNetwork::forget() {
  stopped_ = false;
  waiting_.clear();
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
