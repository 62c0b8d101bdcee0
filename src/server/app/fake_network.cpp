#include "server/app/fake_network.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <charconv>

#include "base/check.h"
#include "base/utf8.h"
#include "core/wire/url.h"
#include "edge/platform/files.h"

namespace rushes::app {
namespace {

using http::Fault;
using http::OutboundReply;
using http::OutboundRequest;
using provider::fake::FakeUpstream;
using provider::fake::RuleBook;
using provider::fake::VideoWanted;

constexpr std::string_view kAdapter = "fake";
constexpr std::string_view kDomain = ".fake.invalid";
constexpr size_t kLabelMax = 63;  // RFC 1035
constexpr std::string_view kCallbackPath = "/rushes/v1/upstream/";
constexpr Millis kIdle{3'600'000};  // between looks at the callbacks when nothing wakes us
constexpr size_t kRuleBytesMax = 2000;
constexpr size_t kErrorBodyBytesMax = 64 * 1024;  // as Outbound keeps of a download's refusal

bool is_host_label(std::string_view name) {
  const auto is_inner = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= kLabelMax && !name.starts_with('-') &&
         !name.ends_with('-') && std::ranges::all_of(name, is_inner);
}

// 18 digits, and others than those that any earlier start has given away: as many as milliseconds
// have passed in three years, a million jobs for each.
uint64_t first_id(Timestamp now) {
  constexpr uint64_t kFirst = 900'000'000'000'000'000, kPeriod = 100'000'000'000, kJobs = 1'000'000;
  return kFirst + static_cast<uint64_t>(to_unix_ms(now)) % kPeriod * kJobs;
}

OutboundReply fault_of(Fault fault, std::string error) {
  OutboundReply reply;
  reply.fault = fault;
  reply.error = std::move(error);
  return reply;
}

// The reply as the real client would hand it over: in memory or in the file, within the bounds.
OutboundReply hand_over(const OutboundRequest& request, const std::string& origin,
                        const wire::Response& response, std::string_view body) {
  OutboundReply reply;
  reply.status = response.status;
  reply.headers = response.headers;
  const bool is_success = response.status >= 200 && response.status < 300;
  if (!request.file.empty() && !is_success) {
    reply.body = body.substr(0, kErrorBodyBytesMax);
    return reply;
  }
  if (body.size() > request.body_bytes_max) {
    if (!request.cut_body) {
      reply.fault = Fault::kTooLarge;
      reply.error = origin + ": the reply is too large";
      return reply;
    }
    body = body.substr(0, request.body_bytes_max);
  }
  if (request.file.empty()) {
    reply.body = body;
    return reply;
  }
  if (const auto written = files::write_atomically(request.file, body, 0600); !written) {
    reply.fault = Fault::kLocal;
    reply.error = written.error().message;
    return reply;
  }
  reply.file_bytes = body.size();
  return reply;
}

}  // namespace

bool is_in_process(const config::Config::Provider& given) {
  return given.adapter == kAdapter && given.base_url.empty();
}

Result<FakeSite> load_fake_site(const config::Config::Provider& given) {
  if (!is_host_label(given.name)) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("name value '{}' is invalid: a fake provider without base_url is "
                                 "named with lower-case letters, digits and inner hyphens, at most "
                                 "{}",
                                 given.name, kLabelMax));
  }
  FakeSite site;
  site.origin = fmt::format("http://{}{}", given.name, kDomain);
  TRY(site.rules, RuleBook::parse(given.rules));
  return site;
}

Result<std::vector<FakeSite>> load_fake_sites(const config::Config& config) {
  std::vector<FakeSite> sites;
  for (const config::Config::Provider& given : config.providers) {
    if (!is_in_process(given)) continue;
    TRY(FakeSite site, load_fake_site(given));
    sites.push_back(std::move(site));
  }
  return sites;
}

Result<void> check_fake_rule(const std::vector<FakeSite>& sites, std::string_view rule) {
  if (rule.size() > kRuleBytesMax || !is_valid_utf8(rule)) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("rules must be a text of at most {} bytes", kRuleBytesMax));
  }
  Result<void> checked;
  for (const FakeSite& site : sites) {
    auto selected = site.rules.select(rule);
    if (selected) return {};
    if (checked) checked = std::unexpected(std::move(selected).error());
  }
  return checked;
}

FakeNetwork::FakeNetwork(FakeServices services, const std::vector<FakeSite>& sites,
                         std::string work_directory)
    : services_(services),
      cards_(context_.get_executor(), services.timers, work_directory + "/test-cards"),
      callback_timer_(services.timers.make(context_.get_executor())) {
  for (const FakeSite& given : sites) {
    auto site = std::make_unique<Site>();
    const auto url = wire::parse_url(given.origin);
    RUSHES_CHECK(url.has_value());
    site->host = url->host;
    // The bytes are made later and elsewhere: here it is only noted which.
    auto note = [noted = site.get()](const VideoWanted& wanted) {
      noted->wanted = wanted;
      return std::string();
    };
    FakeUpstream::Options options;
    options.rules = given.rules;
    options.origin = given.origin;
    options.make_video = std::move(note);
    options.first_id = first_id(services.clock.now());
    site->upstream = std::make_unique<FakeUpstream>(std::move(options));
    sites_.push_back(std::move(site));
  }
}

void FakeNetwork::start(FakeHint hint) {
  if (thread_.joinable()) return;
  hint_ = std::move(hint);
  boost::asio::co_spawn(context_, call_back(), boost::asio::detached);
  thread_ = std::thread([this] { context_.run(); });
}

void FakeNetwork::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  boost::asio::post(context_, [this] {
    ending_ = true;
    cards_.stop();
    callback_timer_->wake();
    for (Timer* waiting : waiting_) waiting->wake();
  });
  guard_.reset();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    context_.run();  // never started: whoever waits for it is answered here
  }
  services_.real.stop();
}

// Only what the operator configured: a URL that a client gave reaches no twin.
FakeNetwork::Site* FakeNetwork::find(const OutboundRequest& request) {
  if (request.egress != http::Egress::kOperator) return nullptr;
  const auto url = wire::parse_url(request.url);
  if (!url) return nullptr;
  for (const auto& site : sites_) {
    if (site->host == url->host) return site.get();
  }
  return nullptr;
}

Awaitable<OutboundReply> FakeNetwork::send(OutboundRequest request) {
  Site* site = find(request);
  if (site == nullptr) {
    OutboundReply reply = co_await services_.real.send(std::move(request));
    co_return reply;
  }
  auto begin = [this, site, request = std::move(request)](Completion<OutboundReply> done) mutable {
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        boost::asio::co_spawn(context_, serve(site, std::move(request), std::move(done)),
                              boost::asio::detached);
        return;
      }
    }
    done(fault_of(Fault::kNotSent, site->host + ": the server stops"));
  };
  OutboundReply reply = co_await await_completion<OutboundReply>(std::move(begin));
  co_return reply;
}

Awaitable<> FakeNetwork::serve(Site* site, OutboundRequest request,
                               Completion<OutboundReply> done) {
  const auto begun_at = services_.clock.monotonic();
  OutboundReply reply = co_await answer(site, std::move(request));
  reply.duration = std::chrono::duration_cast<Millis>(services_.clock.monotonic() - begun_at);
  done(std::move(reply));
}

Awaitable<OutboundReply> FakeNetwork::answer(Site* site, OutboundRequest request) {
  const auto url = wire::parse_url(request.url);
  wire::Request asked;
  asked.method = request.method;
  asked.target = url->target;
  asked.headers = std::move(request.headers);
  asked.body = std::move(request.body);
  site->wanted.reset();
  provider::fake::Answer answer = site->upstream->answer(asked, services_.clock.now());
  const auto wanted = site->wanted;
  callback_timer_->wake();  // there may be one that is due earlier

  const bool late = request.timeout > Millis{0} && answer.latency >= request.timeout;
  co_await pause(late ? request.timeout : answer.latency);
  if (late) co_return fault_of(Fault::kAmbiguous, site->host + ": no reply in time");
  if (answer.dropped) {
    co_return fault_of(Fault::kAmbiguous, site->host + ": the connection ended without a reply");
  }
  TestCards::Card card;
  if (wanted) {
    auto made = co_await cards_.get(*wanted);
    if (!made) co_return fault_of(Fault::kAmbiguous, site->host + ": " + made.error().message);
    card = std::move(*made);
  }
  co_return hand_over(request, site->host, answer.response, card ? *card : answer.response.body);
}

// Ends early when the network stops: what has been decided is answered, not lost.
Awaitable<> FakeNetwork::pause(Millis duration) {
  if (duration <= Millis{0}) co_return;
  const auto until = services_.clock.monotonic() + duration;
  const std::unique_ptr<Timer> timer = services_.timers.make(context_.get_executor());
  waiting_.insert(timer.get());
  for (auto now = services_.clock.monotonic(); !ending_ && now < until;
       now = services_.clock.monotonic()) {
    co_await timer->wait(std::chrono::ceil<Millis>(until - now));
  }
  waiting_.erase(timer.get());
}

Awaitable<> FakeNetwork::call_back() {
  while (!ending_) {
    const Timestamp now = services_.clock.now();
    Millis idle = kIdle;
    for (const auto& site : sites_) {
      for (const auto& callback : site->upstream->take_callbacks(now)) deliver(callback);
      if (const auto next = site->upstream->next_callback_at()) {
        idle = std::clamp(*next - now, Millis{1}, idle);
      }
    }
    co_await callback_timer_->wait(idle);
  }
}

// Our own address, which the engine told the twin: what the server would do with the POST.
void FakeNetwork::deliver(const provider::fake::Callback& callback) {
  const auto url = wire::parse_url(callback.url);
  const size_t at = url ? url->target.rfind(kCallbackPath) : std::string::npos;
  if (at != std::string::npos) {
    const auto parts =
        wire::split_path(std::string_view(url->target).substr(at + kCallbackPath.size() - 1));
    const auto id = parts && parts->size() == 3 ? TaskId::parse(parts->front()) : std::nullopt;
    int attempt = 0;
    if (id) {
      const std::string& digits = (*parts)[1];
      std::from_chars(digits.data(), digits.data() + digits.size(), attempt);
    }
    if (attempt > 0) {
      hint_(*id, attempt, (*parts)[2]);
      return;
    }
  }
  services_.logger.write(log::Level::kWarn, "fake_callback_lost");
}

}  // namespace rushes::app
