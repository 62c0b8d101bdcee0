// For the tests of this folder: an Api over the memory store, a false clock and an engine that only
// accepts. Everything runs on one io_context of the test's thread.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "base/log/recording_logger.h"
#include "core/access/token.h"
#include "core/dialect/aiml/aiml.h"
#include "core/dialect/kling/kling.h"
#include "core/wire/url.h"
#include "edge/store/memory/memory_store.h"
#include "server/api/api.h"

namespace rushes::api {

inline constexpr std::string_view kOfficial = "/v1/videos/text2video";
inline constexpr std::string_view kPowertokens = "/kling/v1/videos/text2video";
inline constexpr std::string_view kUniversal = "/v2/video/generations";
inline constexpr std::string_view kVendor = "/v2/generate/video/kling/generation";
inline constexpr std::string_view kClassic = "/classic/kling/v1/videos/text2video";

class FakeClock final : public Clock {
 public:
  Timestamp now() const override { return from_unix_ms(1'800'000'000'000) + elapsed_; }
  std::chrono::steady_clock::time_point monotonic() const override {
    return std::chrono::steady_clock::time_point(std::chrono::hours(1) + elapsed_);
  }
  void advance(Millis by) { elapsed_ += by; }

 private:
  Millis elapsed_{0};
};

class CountingEntropy final : public Entropy {
 public:
  void fill(std::span<uint8_t> bytes) override {
    for (uint8_t& byte : bytes)
      byte = static_cast<uint8_t>(state_ = state_ * 6364136223846793005u + 99);
  }

 private:
  uint64_t state_ = 7;
};

class FakeBlobs final : public blob::BlobStore {
 public:
  Awaitable<Result<blob::Stored>> put_file(std::string, std::string) override {
    co_return fail(ErrorCode::kUnsupported, "not in these tests");
  }
  Awaitable<Result<std::optional<blob::Located>>> find(std::string key) override {
    const auto found = blobs.find(key);
    if (found == blobs.end()) co_return std::nullopt;
    co_return found->second;
  }
  Awaitable<Result<void>> remove(std::string key) override {
    blobs.erase(key);
    co_return Result<void>();
  }
  std::map<std::string, blob::Located> blobs;
};

// Accepts as the real one does, and ends nothing but what is cancelled while it waits.
class FakeEngine final : public engine::Engine {
 public:
  FakeEngine(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Awaitable<Result<store::Created>> submit(std::unique_ptr<store::NewTask> wanted) override {
    if (throws) throw std::runtime_error("a bug, with details for the operator");
    if (failure) co_return std::unexpected(*failure);
    wanted->task.id = TaskId::make(clock_.now(), ++counter_);
    wanted->task.created_at = wanted->task.updated_at = clock_.now();
    co_return co_await store_.create_task(std::move(wanted));
  }
  Awaitable<Result<engine::Cancel>> cancel(AccountId account, TaskId id) override {
    const auto marked = co_await store_.request_cancel(account, id, clock_.now());
    if (!marked) co_return std::unexpected(marked.error());
    co_return *marked ? engine::Cancel::kWillEnd : engine::Cancel::kUnknown;
  }
  bool hint(TaskId id, int attempt, std::string_view secret) override {
    hints.push_back(fmt::format("{}/{}", id.to_string(), attempt));
    return secret == "the-secret";
  }
  void start() override {}
  void stop() override {}

  bool throws = false;
  std::optional<Error> failure;
  std::vector<std::string> hints;

 private:
  store::Store& store_;
  const Clock& clock_;
  uint32_t counter_ = 0;
};

class ApiTest : public testing::Test {
 protected:
  explicit ApiTest(Options options = {.version = "0.0.0-test"}) {
    api_ = std::make_unique<Api>(std::move(options), Parts{*store_,
                                                           engine_,
                                                           blobs_,
                                                           catalog_,
                                                           {&dialect_, &aiml_},
                                                           secret_,
                                                           clock_,
                                                           entropy_,
                                                           logger_,
                                                           metrics_});
    api_->set_base_url("https://video.example.com/");
    key_ = make_key("default");
  }

  template <class T>
  T run(Awaitable<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(context_, keep(std::move(work), &result), boost::asio::detached);
    context_.restart();
    context_.run();
    EXPECT_TRUE(result);
    return std::move(*result);
  }

  std::string make_key(std::string account_name) {
    const auto account = run(store_->ensure_account(account_name, clock_.now()));
    const std::string key = access::make_bearer_key(entropy_.bytes(access::kKeyRandomSizeBytes));
    access::KeyRecord record;
    record.id = KeyId{"key_" + account_name + std::to_string(++key_count_)};
    record.account = account->id;
    record.lookup = access::bearer_lookup(key);
    record.created_at = clock_.now();
    EXPECT_TRUE(run(store_->add_key(record)));
    return key;
  }
  access::KeyPair make_pair(std::string account_name) {
    const auto account = run(store_->ensure_account(account_name, clock_.now()));
    const access::KeyPair pair = access::make_key_pair(entropy_.bytes(access::kKeyRandomSizeBytes));
    access::KeyRecord record;
    record.id = KeyId{"pair_" + std::to_string(++key_count_)};
    record.account = account->id;
    record.kind = access::KeyKind::kAccessKey;
    record.lookup = pair.access_key;
    record.sealed_secret =
        secret_.seal(pair.secret_key, pair.access_key, entropy_.bytes(access::kSealNonceSizeBytes));
    EXPECT_TRUE(run(store_->add_key(record)));
    return pair;
  }

  // A request with the default key unless `headers` has an Authorization of its own.
  wire::Response send(std::string_view method, std::string_view target, std::string_view body = "",
                      wire::Headers headers = {}) {
    wire::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.peer = "127.0.0.1";
    if (!headers.find("Authorization")) headers.add("Authorization", "Bearer " + key_);
    request.headers = std::move(headers);
    return run(api_->handle(std::move(request)));
  }
  wire::Response post(std::string_view body, std::string_view mount = kOfficial,
                      wire::Headers headers = {}) {
    return send("POST", mount, body, std::move(headers));
  }
  wire::Response get(std::string_view target, wire::Headers headers = {}) {
    return send("GET", target, "", std::move(headers));
  }
  static wire::Headers header(std::string name, std::string value) {
    wire::Headers headers;
    headers.add(std::move(name), std::move(value));
    return headers;
  }
  static wire::Headers bearer(std::string_view credential) {
    return header("Authorization", "Bearer " + std::string(credential));
  }

  static json::Value parsed(const wire::Response& response) {
    auto value = json::parse(response.body);
    EXPECT_TRUE(value) << response.body;
    return value ? *value : json::Value();
  }
  // "400/1201 message", or "200/0 SUCCEED".
  static std::string summary(const wire::Response& response) {
    const json::Value value = parsed(response);
    return std::to_string(response.status) + "/" + std::to_string(value.int_or("code", -1)) + " " +
           value.string_or("message", "");
  }
  std::string create(std::string_view body = R"({"prompt":"clouds"})",
                     std::string_view mount = kOfficial) {
    const wire::Response response = post(body, mount);
    EXPECT_EQ(summary(response), "200/0 SUCCEED");
    return parsed(response).find("data")->string_or("task_id", "");
  }
  size_t task_count() {
    const json::Value list = parsed(get(std::string(kOfficial) + "?pageSize=500"));
    return list.find("data")->as_array()->size();
  }

  // Lets the task succeed with a video of `bytes` and a poster, as the engine would.
  void succeed(const std::string& task_id, const std::string& bytes = "0123456789") {
    const TaskId id = *TaskId::parse(task_id);
    const Task task = claim(id);
    store::Change change;
    change.id = id;
    change.from = TaskState::kRendering;
    change.attempt = task.attempt;
    change.node = NodeId{"node"};
    change.to = TaskState::kSucceeded;
    change.at = clock_.now();
    change.event_name = "succeeded";
    change.artifacts = {add_blob(id, 1, ArtifactKind::kVideo, "video/mp4", bytes),
                        add_blob(id, 2, ArtifactKind::kPoster, "image/jpeg", "a picture")};
    if (task.spec.watermark == Watermark::kOn) {
      change.artifacts.push_back(
          add_blob(id, 3, ArtifactKind::kWatermarkedVideo, "video/mp4", "marked"));
    }
    change.price_final = task.price_estimate;
    EXPECT_TRUE(run(store_->change_task(change)));
  }
  void fail_task(const std::string& task_id, std::string message) {
    const TaskId id = *TaskId::parse(task_id);
    const Task task = claim(id);
    store::Change change;
    change.id = id;
    change.from = TaskState::kRendering;
    change.attempt = task.attempt;
    change.node = NodeId{"node"};
    change.to = TaskState::kFailed;
    change.at = clock_.now();
    change.event_name = "failed";
    change.failure_code = "render_failed";
    change.failure_message = std::move(message);
    change.price_final = 0;
    EXPECT_TRUE(run(store_->change_task(change)));
  }
  // Claims every task that is due, among them this one.
  Task claim(TaskId id) {
    store::ClaimRequest request{.node = NodeId{"node"},
                                .now = clock_.now(),
                                .lease_until = clock_.now() + Seconds(60),
                                .limit = 100};
    const auto claimed = run(store_->claim_tasks(request));
    for (const Task& task : *claimed) claimed_[task.id] = task;
    EXPECT_TRUE(claimed_.contains(id));
    return claimed_[id];
  }

  // The path and query of a link, without the base URL.
  static std::string target_of(const std::string& url) {
    const std::string base = "https://video.example.com";
    EXPECT_TRUE(url.starts_with(base + "/files/")) << url;
    return url.substr(base.size());
  }
  json::Value task(const std::string& id, std::string_view mount = kOfficial) {
    const wire::Response response = get(std::string(mount) + "/" + id);
    EXPECT_EQ(summary(response), "200/0 SUCCEED");
    return *parsed(response).find("data");
  }

 private:
  template <class T>
  static Awaitable<> keep(Awaitable<T> work, std::optional<T>* result) {
    result->emplace(co_await std::move(work));
  }
  Artifact add_blob(TaskId task, uint64_t offset, ArtifactKind kind, std::string type,
                    const std::string& bytes) {
    Artifact artifact;
    artifact.id = TaskId{task.value + (offset << 10)};
    artifact.kind = kind;
    artifact.blob_key = task.to_string() + "/" + std::to_string(offset);
    artifact.content_type = std::move(type);
    artifact.size_bytes = bytes.size();
    artifact.sha256 = to_hex(sha256(bytes));
    artifact.duration = kind == ArtifactKind::kPoster ? Millis(0) : Millis(5000);
    blobs_.blobs[artifact.blob_key] = {"/blobs/" + artifact.blob_key, bytes.size()};
    return artifact;
  }

  boost::asio::io_context context_{1};
  std::map<TaskId, Task> claimed_;
  int key_count_ = 0;

 protected:
  FakeClock clock_;
  CountingEntropy entropy_;
  log::RecordingLogger logger_;
  metrics::Registry metrics_;
  const catalog::Catalog catalog_ = *catalog::Catalog::load({});
  const dialect::kling::KlingDialect dialect_;
  const dialect::aiml::AimlDialect aiml_;
  const access::ServerSecret secret_ = *access::ServerSecret::create(std::string(32, 's'));
  const std::unique_ptr<store::Store> store_ = store::make_memory_store();
  FakeEngine engine_{*store_, clock_};
  FakeBlobs blobs_;
  std::unique_ptr<Api> api_;
  std::string key_;
};

}  // namespace rushes::api
