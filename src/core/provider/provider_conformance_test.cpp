#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/check.h"
#include "core/provider/aiml/aiml.h"
#include "core/provider/fake/adapter.h"
#include "core/provider/fake/upstream.h"
#include "core/provider/kling/kling.h"
#include "core/provider/provider_conformance.h"
#include "core/wire/url.h"

namespace rushes::provider::conformance {

namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Operation parse_operation(std::string_view word) {
  if (word == "poll") return Operation::kPoll;
  if (word == "lookup") return Operation::kLookup;
  RUSHES_CHECK(word == "create");
  return Operation::kCreate;
}

}  // namespace

Recording load(const Subject& subject) {
  const auto document = json::parse(
      file_text(std::string(RUSHES_SOURCE_DIR "/src/core/provider/") + subject.document));
  RUSHES_CHECK(document.has_value());
  const json::Value& given = *document->find("settings");
  Recording recording;
  recording.settings = {.name = "subject",
                        .adapter = document->string_or("adapter", ""),
                        .base_url = subject.base_url,
                        .path_prefix = given.string_or("path_prefix", ""),
                        .family = given.string_or("family", ""),
                        .lookup_by_handle = given.bool_or("lookup_by_handle", false)};
  for (const json::Value& entry : *document->find("exchanges")->as_array()) {
    Exchange exchange{.name = entry.string_or("name", ""),
                      .operation = parse_operation(entry.string_or("operation", "")),
                      .handle = entry.string_or("handle", ""),
                      .outcome = *entry.find("outcome")};
    const json::Value& reply = *entry.find("reply");
    exchange.reply.status = static_cast<int>(reply.int_or("status", 0));
    const json::Value& body = *reply.find("body");
    exchange.reply.body = body.as_string() ? *body.as_string() : json::to_text(body);
    if (const json::Value* headers = reply.find("headers")) {
      for (const auto& [name, value] : *headers->as_object()) {
        exchange.reply.headers.add(name, *value.as_string());
      }
    }
    recording.exchanges.push_back(std::move(exchange));
  }
  RUSHES_CHECK(!recording.exchanges.empty());
  return recording;
}

json::Value to_json(const Outcome& outcome) {
  json::Object object{{"verdict", to_string(outcome.verdict)}};
  const auto add_text = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) object.emplace_back(name, text);
  };
  add_text("upstream_id", outcome.upstream_id);
  add_text("request_id", outcome.request_id);
  add_text("status", outcome.status);
  add_text("reason", outcome.reason);
  add_text("failure_code", outcome.failure_code);
  add_text("odd", outcome.odd);
  if (outcome.progress_percent) object.emplace_back("progress", *outcome.progress_percent);
  if (outcome.retry_after) object.emplace_back("retry_after_ms", outcome.retry_after->count());
  if (outcome.cost) object.emplace_back("cost_tenths", *outcome.cost);
  if (outcome.media) {
    json::Object media{{"url", outcome.media->url}};
    if (!outcome.media->watermarked_url.empty()) {
      media.emplace_back("watermarked_url", outcome.media->watermarked_url);
    }
    if (outcome.media->with_credential) media.emplace_back("with_credential", true);
    object.emplace_back("media", std::move(media));
  }
  return object;
}

Outcome read(const Adapter& adapter, const Settings& settings, const Exchange& exchange) {
  switch (exchange.operation) {
    case Operation::kCreate: return adapter.read_create(settings, exchange.reply);
    case Operation::kPoll: return adapter.read_poll(settings, exchange.reply);
    case Operation::kLookup: return adapter.read_lookup(settings, exchange.handle, exchange.reply);
  }
  return {};
}

namespace {

constexpr Timestamp kNow = from_unix_ms(1'800'000'000'000);
constexpr std::string_view kHandle = "867283741759111202-2";
constexpr std::string_view kClientModel = "kling-v2-1-master";
constexpr std::string_view kClientId = "order-4711";
constexpr std::string_view kClientHook = "https://client.example.net/hook";
constexpr std::string_view kOurHook = "https://rushes.example.com/upstream/secret";

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog = *catalog::Catalog::load({});
  return catalog;
}

// Every adapter that talks to somebody, by its recordings.
std::vector<Subject> subjects() {
  using enum Verdict;
  const auto kling = std::make_shared<kling::KlingAdapter>();
  const auto aiml = std::make_shared<aiml::AimlAdapter>(built_in());
  const auto fake = std::make_shared<fake::FakeAdapter>(std::make_unique<kling::KlingAdapter>());
  return {{.document = "kling/testdata/exchanges/official.json",
           .adapter = kling,
           .base_url = "https://api-singapore.klingai.com",
           .model = "kling-v2-6",
           .creates = {kAccepted, kRejected, kRetry, kDuplicate, kCredential, kSignAgain, kUnknown},
           .polls = {kRunning, kSucceeded, kFailed, kAbsent, kRetry, kCredential, kSignAgain},
           .lookups = {kAccepted, kAbsent, kRetry, kUnknown, kSignAgain}},
          {.document = "kling/testdata/exchanges/new-api.json",
           .adapter = kling,
           .base_url = "https://gateway.example.com",
           .model = "kling-v2-6",
           .creates = {kAccepted, kRejected, kRetry, kCredential, kUnknown},
           .polls = {kRunning, kSucceeded, kFailed, kAbsent, kRetry, kCredential},
           .lookups = {kAccepted, kAbsent, kRetry, kUnknown}},
          {.document = "aiml/testdata/exchanges/universal.json",
           .adapter = aiml,
           .base_url = "https://api.aimlapi.com",
           .model = "klingai/v2.5-turbo/pro/text-to-video",
           .creates = {kAccepted, kRejected, kRetry, kCredential, kUnknown},
           .polls = {kRunning, kSucceeded, kFailed, kAbsent, kRetry, kCredential},
           .lookups = {kAccepted, kRetry, kUnknown, kCredential}},
          {.document = "fake/testdata/exchanges/twin.json",
           .adapter = fake,
           .base_url = "",
           .model = "kling-v2-6",
           .creates = {kAccepted, kRetry},
           .polls = {kRunning, kSucceeded, kAbsent},
           .lookups = {kAccepted, kAbsent}}};
}

// What a recorded or foreign reply may never be taken for when it cannot be read.
bool claims_nothing(Operation operation, Verdict verdict) {
  if (operation == Operation::kCreate) return verdict == Verdict::kUnknown;
  return verdict == Verdict::kRetry || verdict == Verdict::kUnknown;
}

class AdapterConformance : public testing::TestWithParam<Subject> {
 protected:
  const Adapter& adapter() const { return *GetParam().adapter; }
  const Recording recording_ = load(GetParam());
  const Credential credential_{.label = "main", .api_key = "the-operators-key"};
  const Context context_{recording_.settings, credential_, kNow};

  Call create(const Spec& spec) const {
    return adapter().create(context_, {.spec = spec,
                                       .model = GetParam().model,
                                       .handle = std::string(kHandle),
                                       .callback_url = std::string(kOurHook)});
  }
};

INSTANTIATE_TEST_SUITE_P(Adapters, AdapterConformance, testing::ValuesIn(subjects()),
                         [](const auto& subject) {
                           std::string name = subject.param.document;
                           std::erase_if(name, [](char c) { return !std::isalnum(c); });
                           return name;
                         });

TEST_P(AdapterConformance, RecordedRepliesHaveTheirOutcome) {
  for (const Exchange& exchange : recording_.exchanges) {
    const Outcome outcome = read(adapter(), recording_.settings, exchange);
    EXPECT_EQ(json::to_canonical_text(to_json(outcome)), json::to_canonical_text(exchange.outcome))
        << exchange.name << " (" << static_cast<int>(exchange.operation) << ")";
  }
}

TEST_P(AdapterConformance, EveryVerdictIsReached) {
  const auto expect = [&](Operation operation, const std::vector<Verdict>& verdicts) {
    for (const Verdict verdict : verdicts) {
      const bool reached = std::ranges::any_of(recording_.exchanges, [&](const Exchange& exchange) {
        return exchange.operation == operation &&
               read(adapter(), recording_.settings, exchange).verdict == verdict;
      });
      EXPECT_TRUE(reached) << static_cast<int>(operation) << " " << to_string(verdict);
    }
  };
  expect(Operation::kCreate, GetParam().creates);
  expect(Operation::kPoll, GetParam().polls);
  expect(Operation::kLookup, GetParam().lookups);
}

TEST_P(AdapterConformance, NothingOfTheClientsIdentityLeavesTheServer) {
  Spec spec;
  spec.model = kClientModel;
  spec.prompt = "A red fox";
  spec.callback_url = kClientHook;
  spec.external_task_id = kClientId;
  spec.ignored_fields = {"secret_field"};
  const Call call = create(spec);
  std::string bytes = call.method + call.url + call.body;
  for (const auto& [name, value] : call.headers) bytes += name + value;
  EXPECT_FALSE(bytes.contains(kClientModel));
  EXPECT_FALSE(bytes.contains(kClientId));
  EXPECT_FALSE(bytes.contains(kClientHook));
  EXPECT_FALSE(bytes.contains("secret_field"));
  EXPECT_TRUE(bytes.contains(kHandle));
  EXPECT_TRUE(bytes.contains(GetParam().model));
  EXPECT_EQ(bytes.contains(kOurHook), adapter().capabilities(recording_.settings).callback);
}

TEST_P(AdapterConformance, ExtraOfItsOwnDialectComesBehindWhatTheAdapterSays) {
  Spec spec;
  spec.prompt = "A red fox";
  const std::string plain = create(spec).body;
  const json::Object wings{{"wings", json::Array{0.5, nullptr}}, {"loop", json::Object{}}};
  for (const std::string_view dialect : {"kling", "aiml"}) {
    spec.extra = {.dialect = std::string(dialect), .members = wings};
    const bool is_own = dialect == adapter().capabilities(recording_.settings).dialect;
    const std::string rest = R"(,"wings":[0.5,null],"loop":{}})";
    EXPECT_EQ(create(spec).body, is_own ? plain.substr(0, plain.size() - 1) + rest : plain);
  }
}

TEST_P(AdapterConformance, ExtraNeverOverrulesTheAdapter) {
  Spec spec;
  spec.prompt = "A red fox";
  const std::string plain = create(spec).body;
  // As a store might hold it, whatever decoders let through today.
  spec.extra.dialect = adapter().capabilities(recording_.settings).dialect;
  for (const char* name : {"model", "Model", "model_name", "MODEL_NAME", "modelName", "prompt",
                           "PROMPT", "aspectRatio", "Duration", "external_task_id", "external_id",
                           "callback_url", "CallbackUrl", "webhook", "provider", "api_key"}) {
    spec.extra.members.emplace_back(name, "theirs");
  }
  EXPECT_EQ(create(spec).body, plain);
}

TEST_P(AdapterConformance, RequestsGoToTheProviderWithTheCredential) {
  Spec spec;
  spec.prompt = "A red fox";
  const std::string base =
      GetParam().base_url.empty() ? std::string(fake::kInProcessOrigin) : GetParam().base_url;
  const std::string begin = base + recording_.settings.path_prefix + "/";
  for (const Call& call : {create(spec), adapter().poll(context_, "a/b?c=d#e f:g%"),
                           adapter().lookup(context_, std::string(kHandle), kNow)}) {
    EXPECT_TRUE(call.url.starts_with(begin)) << call.url;
    EXPECT_TRUE(wire::parse_url(call.url)) << call.url;
    ASSERT_NE(call.headers.find("Authorization"), nullptr);
    EXPECT_EQ(*call.headers.find("Authorization"), "Bearer the-operators-key");
    EXPECT_FALSE(call.url.contains("the-operators-key"));
  }
  const auto body = json::parse(create(spec).body);
  ASSERT_TRUE(body && body->as_object());
  EXPECT_TRUE(adapter().poll(context_, "1").body.empty());
}

TEST_P(AdapterConformance, RepliesThatCannotBeReadClaimNothing) {
  const std::string garbage[] = {"",
                                 " ",
                                 "null",
                                 "true",
                                 "0",
                                 "[]",
                                 "[[[[",
                                 "\"x\"",
                                 "<html></html>",
                                 "{",
                                 "{\"a\"",
                                 "\xff",
                                 "{}",
                                 R"({"data":{}})",
                                 R"({"data":[]})",
                                 R"({"success":true})",
                                 std::string(100, '['),
                                 std::string("{\"a\":\0}", 7)};
  for (const Exchange& recorded : recording_.exchanges) {
    for (const int status : {200, 201, 301, 400, 404, 408, 429, 500, 502, 504}) {
      for (const std::string& body : garbage) {
        Exchange exchange = recorded;
        exchange.reply = {.status = status, .headers = {}, .body = body};
        const Outcome outcome = read(adapter(), recording_.settings, exchange);
        EXPECT_TRUE(claims_nothing(exchange.operation, outcome.verdict))
            << status << " " << body << " " << to_string(outcome.verdict);
        EXPECT_FALSE(outcome.media);
      }
    }
  }
}

TEST_P(AdapterConformance, TruncatedRepliesClaimNothing) {
  for (const Exchange& recorded : recording_.exchanges) {
    Exchange exchange = recorded;
    for (size_t size = 0; size < recorded.reply.body.size(); size += 7) {
      exchange.reply.body = recorded.reply.body.substr(0, size);
      const Outcome outcome = read(adapter(), recording_.settings, exchange);
      EXPECT_TRUE(claims_nothing(exchange.operation, outcome.verdict))
          << exchange.reply.body << " " << to_string(outcome.verdict);
    }
  }
}

TEST_P(AdapterConformance, OnlyExactlyOurHandleIsAdopted) {
  for (Exchange exchange : recording_.exchanges) {
    if (exchange.operation != Operation::kLookup) continue;
    const Outcome outcome = read(adapter(), recording_.settings, exchange);
    if (outcome.verdict != Verdict::kAccepted) continue;
    EXPECT_FALSE(outcome.upstream_id.empty());
    for (const std::string& other :
         {exchange.handle + "0", exchange.handle.substr(1), std::string(), std::string("null")}) {
      exchange.handle = other;
      EXPECT_EQ(read(adapter(), recording_.settings, exchange).verdict, Verdict::kUnknown);
    }
  }
}

TEST_P(AdapterConformance, SuccessAlwaysHasAUrlThatCanBeFetched) {
  for (const Exchange& exchange : recording_.exchanges) {
    const Outcome outcome = read(adapter(), recording_.settings, exchange);
    EXPECT_EQ(outcome.media.has_value(), outcome.verdict == Verdict::kSucceeded) << exchange.name;
    if (!outcome.media) continue;
    EXPECT_TRUE(wire::parse_url(outcome.media->url)) << outcome.media->url;
    const Call call = adapter().download(context_, *outcome.media, outcome.media->url);
    EXPECT_EQ(call.url, outcome.media->url);
    // Our secret goes to the provider only.
    const bool is_ours = call.url.starts_with(recording_.settings.base_url + "/");
    EXPECT_EQ(call.headers.find("Authorization") != nullptr,
              is_ours && outcome.media->with_credential);
  }
}

TEST_P(AdapterConformance, SettingsAndCredentialsAreChecked) {
  EXPECT_TRUE(adapter().check_settings(recording_.settings));
  EXPECT_TRUE(adapter().check_credential(credential_));
  Settings wrong = recording_.settings;
  wrong.base_url = "ftp://x";
  EXPECT_FALSE(adapter().check_settings(wrong));
  wrong = recording_.settings;
  wrong.family = "unheard-of";
  EXPECT_FALSE(adapter().check_settings(wrong));
  EXPECT_FALSE(adapter().check_credential({.api_key = "line\r\nbreak"}));
}

// The adapter against the twin of its upstream: what one asks for is what the other understands.
TEST(FakeAdapterAgainstFakeUpstream, AJobIsMadeFoundAndFetched) {
  const fake::FakeAdapter adapter(std::make_unique<kling::KlingAdapter>());
  fake::FakeUpstream upstream({.rules = fake::RuleBook({.render = Millis{1'000}}),
                               .make_video = [](const auto&) { return std::string("video"); }});
  const Settings settings{.name = "fake", .adapter = "fake"};
  const Credential credential;
  const Context context{settings, credential, kNow};
  const auto send = [&](const Call& call, Millis after = Millis{0}) {
    wire::Request request{.method = call.method,
                          .target = wire::parse_url(call.url)->target,
                          .headers = call.headers,
                          .body = call.body};
    wire::Response response = upstream.handle(request, kNow + after);
    return Reply{response.status, response.headers, response.body};
  };
  Spec spec;
  spec.prompt = "A red fox";
  const Job job{.spec = spec, .model = "kling-v3", .handle = "1-2", .fake_rule = "queue_ms=0"};
  const Outcome created = adapter.read_create(settings, send(adapter.create(context, job)));
  ASSERT_EQ(created.verdict, Verdict::kAccepted);
  EXPECT_EQ(adapter.read_create(settings, send(adapter.create(context, job))).verdict,
            Verdict::kDuplicate);
  EXPECT_EQ(upstream.accepted("1-2"), 1);
  const Outcome found =
      adapter.read_lookup(settings, "1-2", send(adapter.lookup(context, "1-2", kNow)));
  EXPECT_EQ(found.verdict, Verdict::kAccepted);
  EXPECT_EQ(found.upstream_id, created.upstream_id);
  EXPECT_EQ(
      adapter.read_lookup(settings, "1-3", send(adapter.lookup(context, "1-3", kNow))).verdict,
      Verdict::kAbsent);
  const Call poll = adapter.poll(context, created.upstream_id);
  const Outcome running = adapter.read_poll(settings, send(poll, Millis{500}));
  EXPECT_EQ(running.verdict, Verdict::kRunning);
  EXPECT_EQ(running.progress_percent, 50);
  const Outcome done = adapter.read_poll(settings, send(poll, Millis{1'000}));
  ASSERT_EQ(done.verdict, Verdict::kSucceeded);
  EXPECT_EQ(done.cost, 30);
  const Call download = adapter.download(context, *done.media, done.media->url);
  EXPECT_EQ(send(download, Millis{1'000}).body, "video");
}

}  // namespace
}  // namespace rushes::provider::conformance
