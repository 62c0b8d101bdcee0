#include "edge/http/outbound_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "base/check.h"

namespace rushes::http {
namespace {

constexpr const char* kStops = "the server stops";

}  // namespace

OutboundLoop::Send::Send(const OutboundSettings& settings, Submission submission)
    : transfer(settings, std::move(submission.request), submission.at),
      done(std::move(submission.done)) {}

OutboundLoop::OutboundLoop(const OutboundSettings& settings, Limits limits, const Clock& clock)
    : settings_(settings),
      limits_(limits),
      clock_(clock),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      multi_(curl_multi_init()),
      operator_lane_(limits.connections_max, limits.per_origin_max),
      guarded_lane_(limits.connections_max, limits.per_origin_max) {}

Result<std::unique_ptr<OutboundLoop>> OutboundLoop::create(const OutboundSettings& settings,
                                                           Limits limits) {
  std::unique_ptr<OutboundLoop> loop(new OutboundLoop(settings, limits, *settings.options.clock));
  if (!loop->epoll_.is_open() || !loop->wake_.is_open() || !loop->multi_) {
    return fail(ErrorCode::kInternal, "the HTTP client does not start: out of resources");
  }
  epoll_event event{.events = EPOLLIN, .data = {.fd = loop->wake_.get()}};
  ::epoll_ctl(loop->epoll_.get(), EPOLL_CTL_ADD, loop->wake_.get(), &event);
  CURLM* multi = loop->multi_.get();
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, loop.get());
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi, CURLMOPT_TIMERDATA, loop.get());
  // Kept ones included; both lanes may be full.
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 2L * limits.connections_max);
  try {
    loop->thread_ = std::thread([raw = loop.get()] { raw->run(); });
  } catch (const std::system_error& error) {
    return fail(ErrorCode::kInternal,
                std::string("the HTTP client does not start: ") + error.what());
  }
  return loop;
}

void OutboundLoop::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  const uint64_t one = 1;
  static_cast<void>(!::write(wake_.get(), &one, sizeof one));
  thread_.join();
}

void OutboundLoop::submit(OutboundRequest request, Completion<OutboundReply> done) {
  if (sends_.fetch_add(1) >= limits_.sends_max) {
    refuse(std::move(done), "too many requests wait: " + std::to_string(limits_.sends_max));
    return;
  }
  Submission submission{std::move(request), std::move(done), clock_.monotonic()};
  bool was_empty, is_too_late;
  {
    const std::lock_guard lock(mutex_);
    is_too_late = is_stopping_;
    was_empty = submissions_.empty();
    if (!is_too_late) submissions_.push_back(std::move(submission));
  }
  if (is_too_late) {
    refuse(std::move(submission.done), kStops);
    return;
  }
  const uint64_t one = 1;
  // The first wakes the thread for all that come until it takes them.
  if (was_empty) static_cast<void>(!::write(wake_.get(), &one, sizeof one));
}

void OutboundLoop::refuse(Completion<OutboundReply> done, std::string why) {
  sends_.fetch_sub(1);
  OutboundReply reply;
  reply.fault = Fault::kNotSent;
  reply.error = std::move(why);
  done(std::move(reply));
}

void OutboundLoop::run() {
  // Signals are for other threads; a write to a closed connection is an error code here.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  now_ = clock_.monotonic();
  while (!is_stopping_) {
    handle_events(wait_ms());
    take_submissions();
    handle_deadlines();
    handle_ends();
    start_waiting();
  }
  end_all();
  spare_handles_.clear();
  multi_.reset();  // connections that stay open say good-bye in this thread
}

int OutboundLoop::wait_ms() const {
  TimePoint due = curl_due_;
  if (!deadlines_.empty()) due = std::min(due, deadlines_.begin()->first);
  if (due == TimePoint::max()) return -1;
  const auto left = std::chrono::ceil<Millis>(due - now_).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
}

void OutboundLoop::handle_events(int timeout_ms) {
  std::array<epoll_event, 256> events;
  const int count =
      ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  now_ = clock_.monotonic();
  int still_running = 0;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    if (event.data.fd == wake_.get()) {
      uint64_t ignored;
      static_cast<void>(!::read(wake_.get(), &ignored, sizeof ignored));
      continue;
    }
    int what = 0;
    if (event.events & (EPOLLIN | EPOLLHUP)) what |= CURL_CSELECT_IN;
    if (event.events & EPOLLOUT) what |= CURL_CSELECT_OUT;
    if (event.events & EPOLLERR) what |= CURL_CSELECT_ERR;
    curl_multi_socket_action(multi_.get(), event.data.fd, what, &still_running);
  }
  if (now_ >= curl_due_) {
    curl_due_ = TimePoint::max();
    curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &still_running);
  }
}

int OutboundLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& loop = *static_cast<OutboundLoop*>(self);
  epoll_event event{.events = 0, .data = {.fd = socket}};
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(loop.epoll_.get(), EPOLL_CTL_DEL, socket, &event);
    return 0;
  }
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  if (::epoll_ctl(loop.epoll_.get(), EPOLL_CTL_MOD, socket, &event) == 0) return 0;
  if (errno == ENOENT && ::epoll_ctl(loop.epoll_.get(), EPOLL_CTL_ADD, socket, &event) == 0) {
    return 0;
  }
  return -1;  // ends the transfer
}

int OutboundLoop::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& loop = *static_cast<OutboundLoop*>(self);
  loop.curl_due_ = timeout_ms < 0 ? TimePoint::max() : loop.now_ + Millis(timeout_ms);
  return 0;
}

void OutboundLoop::take_submissions() {
  std::vector<Submission> submissions;
  {
    const std::lock_guard lock(mutex_);
    submissions.swap(submissions_);
  }
  for (Submission& submission : submissions) {
    auto send = std::make_unique<Send>(settings_, std::move(submission));
    Send& entered = *send;
    running_.emplace(&entered.transfer, std::move(send));
    enter(entered);
  }
}

// At the beginning of every hop.
void OutboundLoop::enter(Send& send) {
  if (auto prepared = send.transfer.prepare(); !prepared) {
    end(send, send.transfer.refuse(prepared.error().message, now_));
    return;
  }
  send.lane = send.transfer.egress() == Egress::kOperator ? &operator_lane_ : &guarded_lane_;
  send.lane->enter(send.transfer, send.transfer.origin_name());
  arm(send);
}

void OutboundLoop::start_waiting() {
  for (Lane* lane : {&operator_lane_, &guarded_lane_}) {
    while (Lane::Slot* slot = lane->next()) start(*running_.at(slot));
  }
}

void OutboundLoop::start(Send& send) {
  Transfer& transfer = send.transfer;
  CurlHandle handle;
  if (spare_handles_.empty()) {
    handle.reset(curl_easy_init());
  } else {
    handle = std::move(spare_handles_.back());
    spare_handles_.pop_back();
  }
  const auto started = transfer.start(std::move(handle), *send.lane, now_);
  if (!started || curl_multi_add_handle(multi_.get(), transfer.handle()) != CURLM_OK) {
    end(send, transfer.abort(started ? "libcurl refuses it" : started.error().message, now_));
    return;
  }
  arm(send);
}

void OutboundLoop::handle_deadlines() {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now_) {
    Send& send = *deadlines_.begin()->second;
    if (const auto why = send.transfer.overdue(now_)) {
      OutboundReply reply = send.transfer.abort(*why, now_);
      end(send, std::move(reply));
    } else {
      arm(send);
    }
  }
}

void OutboundLoop::handle_ends() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;  // the message goes with its handle
    void* slot = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
    Send& send = *running_.at(static_cast<Lane::Slot*>(slot));
    if (send.transfer.begin_redirect(code)) {
      detach(send);
      enter(send);
    } else {
      OutboundReply reply = send.transfer.finish(code, now_);
      end(send, std::move(reply));
    }
  }
}

void OutboundLoop::arm(Send& send) {
  disarm(send);
  send.deadline = send.transfer.due(now_);
  if (send.deadline != TimePoint::max()) deadlines_.emplace(send.deadline, &send);
}

void OutboundLoop::disarm(Send& send) {
  if (send.deadline != TimePoint::max()) deadlines_.erase({send.deadline, &send});
  send.deadline = TimePoint::max();
}

void OutboundLoop::detach(Send& send) {
  if (CurlHandle handle = send.transfer.take_handle()) {
    curl_multi_remove_handle(multi_.get(), handle.get());
    // Forgets every pointer into the transfer, and keeps the connections.
    curl_easy_reset(handle.get());
    spare_handles_.push_back(std::move(handle));
  }
  if (send.transfer.origin) send.lane->leave(send.transfer);
  disarm(send);
}

void OutboundLoop::end(Send& send, OutboundReply reply) {
  detach(send);
  auto node = running_.extract(&send.transfer);
  sends_.fetch_sub(1);
  node.mapped()->done(std::move(reply));
}

void OutboundLoop::end_all() {
  take_submissions();
  while (!running_.empty()) {
    Send& send = *running_.begin()->second;
    OutboundReply reply = send.transfer.abort(kStops, now_);
    end(send, std::move(reply));
  }
}

}  // namespace rushes::http
