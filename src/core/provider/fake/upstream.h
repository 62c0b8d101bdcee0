// FakeUpstream: a Kling-shaped vendor as a value: requests and the time go in, replies come out.
// The server runs one in its process for the provider `fake`; tests and the simulator run one as
// the other side. It refuses a second external_task_id as the vendor does, and counts what it
// accepted, so that "at most once" can be checked.
//
// One owner, one thread. Nothing is kept but in memory; what a job is at a time follows from when
// it was accepted and from the rules, so that no clock has to tick.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json/value.h"
#include "base/time.h"
#include "core/provider/fake/rules.h"
#include "core/task/spec.h"
#include "core/wire/message.h"

namespace rushes::provider::fake {

// Where the upstream in the process "is"; the name resolves nowhere (RFC 2606).
inline constexpr std::string_view kInProcessOrigin = "http://fake.invalid";

struct VideoWanted {
  Millis duration{0};
  int width = 0, height = 0;
  int fps = 24;
  bool watermarked = false;
  bool operator==(const VideoWanted&) const = default;
};
// The bytes of a video; called for every GET of one.
using MakeVideo = std::function<std::string(const VideoWanted& wanted)>;

struct Answer {
  wire::Response response;
  Millis latency{0};     // before the response is sent
  bool dropped = false;  // the connection ends instead; what was asked for has happened
};

struct Callback {
  std::string url;
  std::string body;  // the bare task object, as the vendor sends it
};

class FakeUpstream {
 public:
  struct Options {
    RuleBook rules;
    std::string origin{kInProcessOrigin};  // of media URLs
    MakeVideo make_video;                  // empty: videos answer 404
    size_t jobs_max = 200'000;
    // Of its jobs' ids. One that starts anew with an empty memory needs another: a job of before
    // must be unknown to it, and not be taken for a new one.
    uint64_t first_id = 900'000'000'000'000'000;
  };
  explicit FakeUpstream(Options options) : options_(std::move(options)) {}

  Answer answer(const wire::Request& request, Timestamp now);
  // The same for callers that neither wait nor lose replies.
  wire::Response handle(const wire::Request& request, Timestamp now) {
    return answer(request, now).response;
  }

  // Callbacks that are due and were not taken yet, in the order of their times.
  std::vector<Callback> take_callbacks(Timestamp now);
  std::optional<Timestamp> next_callback_at() const;

  // How many jobs were ever accepted, in all and under one external id.
  int64_t accepted() const { return accepted_; }
  int64_t accepted(std::string_view external_id) const;

  // Forgets every job, as a vendor with a store in memory does when it restarts.
  void restart();

 private:
  enum class Fate { kSucceeds, kFails, kHangs };
  enum class Phase { kQueued, kRendering, kEnded };

  struct Job {
    std::string id, external_id, callback_url;
    Millis latency{0};
    std::map<int, int64_t> query_answer_every;
    int64_t query_html_every = 0;
    bool duplicate_callbacks = false;
    std::string fail_reason;
    Timestamp accepted_at{}, starts_at{}, ends_at{};
    std::optional<Timestamp> forgotten_at, url_missing_until;
    Fate fate = Fate::kSucceeds;
    bool unknown_word = false;
    int duration_s = 5, fps = 24;
    Mode mode = Mode::kStd;
    AspectRatio aspect = AspectRatio::k16x9;
    std::optional<bool> watermark;  // as asked for; absent: it was not

    Phase phase(Timestamp now) const;
    bool is_forgotten(Timestamp now) const { return forgotten_at && *forgotten_at <= now; }
  };

  Answer create(const wire::Request& request, Timestamp now);
  Answer query(std::string_view encoded_id, Timestamp now);
  Answer media(std::string_view name, Timestamp now) const;

  // The selected rules, or the refusal of a header that selects none.
  Result<Rules> rules_for(const wire::Request& request) const;
  Job make_job(const json::Value& body, const Rules& rules, Timestamp now) const;
  const Job& keep(Job job);
  void drop_old(Timestamp now);
  const Job* find(const std::string& id, Timestamp now) const;
  std::string task_of(const Job& job, Timestamp now) const;

  wire::Response success(std::string_view data);
  wire::Response refusal(int code, std::string_view message = {});
  std::string next_request_id();

  Options options_;
  std::unordered_map<std::string, Job> jobs_;  // by id
  std::unordered_map<std::string, std::string> id_by_external_id_;
  std::deque<std::string> ids_;                      // in the order of acceptance
  std::multimap<Timestamp, std::string> callbacks_;  // when, and of which job
  std::map<std::string, int64_t, std::less<>> accepted_by_external_id_;
  int64_t accepted_ = 0, creates_ = 0, queries_ = 0, requests_ = 0;
};

}  // namespace rushes::provider::fake
