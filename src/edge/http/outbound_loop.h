// The thread that runs exchanges: libcurl's multi interface on epoll, a lane for each Egress, and
// the deadlines. Cost per event does not depend on how many exchanges wait.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "edge/http/outbound_transfer.h"

namespace rushes::http {

class OutboundLoop {
 public:
  struct Limits {
    int connections_max;  // of each Egress
    int per_origin_max;
    int sends_max;
  };
  // `settings` must outlive it. kInternal if the system refuses a descriptor or a thread.
  static Result<std::unique_ptr<OutboundLoop>> create(const OutboundSettings& settings,
                                                      Limits limits);
  ~OutboundLoop() { stop(); }
  OutboundLoop(const OutboundLoop&) = delete;
  OutboundLoop& operator=(const OutboundLoop&) = delete;

  // From any thread.
  void submit(OutboundRequest request, Completion<OutboundReply> done);
  // Ends what is under way and joins the thread; what is submitted later ends at once. Idempotent,
  // from one thread at a time.
  void stop();

 private:
  struct Submission {
    OutboundRequest request;
    Completion<OutboundReply> done;
    TimePoint at;
  };
  struct FreeMulti {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
  };
  // One send(), from its submission to its reply.
  struct Send {
    Send(const OutboundSettings& settings, Submission submission);
    Transfer transfer;
    Completion<OutboundReply> done;
    Lane* lane = nullptr;                   // of the current hop
    TimePoint deadline = TimePoint::max();  // its entry in deadlines_
  };

  OutboundLoop(const OutboundSettings& settings, Limits limits, const Clock& clock);
  void refuse(Completion<OutboundReply> done, std::string why);

  // Everything below belongs to the thread.
  void run();
  int wait_ms() const;
  void take_submissions();
  void handle_events(int timeout_ms);
  void handle_deadlines();
  void handle_ends();
  void enter(Send& send);
  void start_waiting();
  void start(Send& send);
  void arm(Send& send);
  void disarm(Send& send);
  // Takes it from libcurl and out of its lane.
  void detach(Send& send);
  void end(Send& send, OutboundReply reply);
  void end_all();

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long timeout_ms, void* self);

  const OutboundSettings& settings_;
  const Limits limits_;
  const Clock& clock_;
  UniqueFd epoll_, wake_;

  std::mutex mutex_;
  std::vector<Submission> submissions_;  // guarded by mutex_
  std::atomic<int> sends_{0};
  std::atomic<bool> is_stopping_{false};  // set under mutex_

  TimePoint now_{};
  TimePoint curl_due_ = TimePoint::max();
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::vector<CurlHandle> spare_handles_;
  Lane operator_lane_, guarded_lane_;
  std::unordered_map<const Lane::Slot*, std::unique_ptr<Send>> running_;  // by its slot
  std::set<std::pair<TimePoint, Send*>> deadlines_;

  std::thread thread_;
};

}  // namespace rushes::http
