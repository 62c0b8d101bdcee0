// "Model mapping and public task id injection", rule by rule, as the engine keeps it: what a
// provider is told, what is kept of its answers, and for whom. The dialects have their own tests of
// what a client reads.
#include "testing/remote_world.h"

namespace rushes::engine {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using Request = RemoteWorld::Request;
using Reply = RemoteWorld::Reply;

constexpr std::string_view kMapped = "kling-v2-5-turbo";

// A task with everything a client may say, made under another name than it asked for.
struct Mapped {
  RemoteWorld world;
  TaskId id;

  explicit Mapped(RemoteWorld::Rules rules = {}) : world(std::move(rules)) {
    world.use({"vendor"}, std::string(kMapped));
    world.start();
    id = world.submit_with([](Spec& spec) {
      spec.external_task_id = "the-clients-own-id";
      spec.callback_url = "https://client.example/hook?token=t";
      spec.cfg_scale = 0;
      spec.negative_prompt = "rain";
      spec.ignored_fields = {"style_preset"};
    });
  }
  const Request& create() { return world.creates.at(0); }
  Attempt attempt() { return world.attempts(id).at(0); }
  // Everything of the task that any reply or callback is made of.
  std::string client_visible() {
    const Task task = world.task(id);
    std::string text =
        task.id.to_string() + to_json_text(task.spec) + task.failure_code + task.failure_message;
    for (const std::string& note : task.notes) text += note;
    for (const Artifact& artifact : task.artifacts) {
      text += artifact.id.to_string() + artifact.blob_key + artifact.content_type;
    }
    return text;
  }
};

TEST(Injection, Rule1OwnIdEverywhere) {
  Mapped made;
  made.world.pass(made.world.kLongEnough);
  ASSERT_EQ(made.world.task(made.id).state, TaskState::kSucceeded);
  EXPECT_FALSE(made.attempt().upstream_id.empty());
  EXPECT_THAT(made.client_visible(), Not(HasSubstr(made.attempt().upstream_id)));
  EXPECT_LT(made.world.task(made.id).created_at, made.attempt().bound_at.value() + Millis{1})
      << "made before the upstream was asked";
}

TEST(Injection, Rule2TheUpstreamsRequestIdIsTheOperators) {
  Mapped made;
  made.world.pass(made.world.kLongEnough);
  EXPECT_FALSE(made.attempt().upstream_request_id.empty());
  EXPECT_THAT(made.client_visible(), Not(HasSubstr(made.attempt().upstream_request_id)));
}

TEST(Injection, Rule3TheClientsCallbackStaysHereAndOursHasASecretPerAttempt) {
  Mapped made;
  EXPECT_THAT(made.create().body, Not(HasSubstr("client.example")));
  const std::string url = made.world.posted(made.create(), "callback_url");
  EXPECT_THAT(url,
              HasSubstr("https://ours.test/rushes/v1/upstream/" + made.id.to_string() + "/1/"));
  EXPECT_GE(made.world.secret_of(made.create()).size(), 32u) << "128 bits as hex";
  made.world.submit();
  EXPECT_NE(made.world.secret_of(made.world.creates.at(1)), made.world.secret_of(made.create()));
  const size_t asked = made.world.queries.size();
  EXPECT_FALSE(made.world.engine().hint(made.id, 1, made.world.secret_of(made.world.creates[1])));
  made.world.settle();
  EXPECT_EQ(made.world.queries.size(), asked);
}

TEST(Injection, Rule4TheHandleIsOurIdAndTheNumberOfALaterAttempt) {
  Options options = RemoteWorld::patient();
  options.handle_prefix = "site-a-";
  RemoteWorld world({}, std::move(options));
  world.known("vendor").settings.volatile_store = true;
  world.use({"vendor"});
  world.start();
  const TaskId id = world.submit();
  world.upstream().restart();
  world.pass(Millis{300'000});
  ASSERT_THAT(world.creates, SizeIs(2));
  EXPECT_EQ(world.posted(world.creates[0], "external_task_id"), "site-a-" + id.to_string());
  EXPECT_EQ(world.posted(world.creates[1], "external_task_id"), "site-a-" + id.to_string() + "-2");
}

TEST(Injection, Rule5TheClientsExternalIdIsNeverSentUpstream) {
  Mapped made;
  made.world.pass(made.world.kLongEnough);
  for (const auto& exchange : made.world.network.exchanges) {
    EXPECT_THAT(exchange->request.body, Not(HasSubstr("the-clients-own-id")));
    EXPECT_THAT(exchange->request.url, Not(HasSubstr("the-clients-own-id")));
  }
  EXPECT_EQ(made.world.task(made.id).spec.external_task_id, "the-clients-own-id");
}

TEST(Injection, Rule6TheMappingWins) {
  Mapped made;
  EXPECT_EQ(made.world.posted(made.create(), "model_name"), kMapped);
  EXPECT_THAT(made.create().body, Not(HasSubstr("kling-v2-6")));
}

TEST(Injection, Rule7TheClientKeepsTheModelItAskedFor) {
  Mapped made;
  made.world.pass(made.world.kLongEnough);
  EXPECT_EQ(made.world.task(made.id).spec.model, "kling-v2-6");
  EXPECT_EQ(made.attempt().model, kMapped);
  EXPECT_THAT(made.client_visible(), Not(HasSubstr(std::string(kMapped))));
}

TEST(Injection, Rule8NothingIsLostInTheRelay) {
  Mapped made;
  const auto body = json::parse(made.create().body);
  ASSERT_TRUE(body);
  ASSERT_NE(body->find("cfg_scale"), nullptr) << "zero is a value";
  EXPECT_EQ(*body->find("cfg_scale"), json::Value(0));
  EXPECT_EQ(body->string_or("negative_prompt", ""), "rain");
  EXPECT_EQ(body->string_or("aspect_ratio", ""), "16:9") << "said outright";
  EXPECT_EQ(body->find("style_preset"), nullptr);
  EXPECT_THAT(made.world.task(made.id).spec.ignored_fields, Contains("style_preset"));
}

// A task whose client said more than its dialect knows, some of it to take over what is ours.
TaskId submit_extra(RemoteWorld& world, const std::string& dialect) {
  return world.submit_with([&](Spec& spec) {
    spec.ignored_fields = {"camera_control", "wings", "MODEL_NAME"};
    spec.extra.dialect = dialect;
    spec.extra.members.emplace_back("wings", json::Object{{"span", 0}});
    for (const char* name :
         {"MODEL_NAME", "Model", "External_Task_Id", "callback_url", "webhook"}) {
      spec.extra.members.emplace_back(name, "theirs");
    }
  });
}

TEST(Injection, Rule8UnknownFieldsGoToAProviderOfTheSameDialectAndOverruleNothing) {
  RemoteWorld world;
  world.use({"vendor"}, std::string(kMapped));
  world.start();
  const TaskId id = submit_extra(world, "kling");
  const auto body = json::parse(world.creates.at(0).body);
  ASSERT_TRUE(body && body->find("wings"));
  EXPECT_EQ(*body->find("wings"), json::Value(json::Object{{"span", 0}}));
  EXPECT_THAT(world.creates[0].body, Not(HasSubstr("theirs")));
  EXPECT_EQ(body->string_or("model_name", ""), kMapped);
  EXPECT_EQ(body->string_or("external_task_id", ""), id.to_string());
  EXPECT_THAT(world.task(id).spec.ignored_fields, Not(Contains("wings")));
  EXPECT_THAT(world.task(id).spec.ignored_fields, Contains("camera_control"));
}

TEST(Injection, Rule8UnknownFieldsOfAnotherDialectAreDroppedAndReported) {
  RemoteWorld world;
  world.start();
  const TaskId remote = submit_extra(world, "aiml");
  EXPECT_THAT(world.creates.at(0).body, Not(HasSubstr("wings")));
  EXPECT_THAT(world.creates[0].body, Not(HasSubstr("theirs")));
  EXPECT_THAT(world.task(remote).spec.ignored_fields, Contains("wings"));
  world.crash();
  world.use({"previz"});
  world.start();
  EXPECT_THAT(world.task(submit_extra(world, "kling")).spec.ignored_fields, Contains("wings"))
      << "made here, where nobody knows them";
}

TEST(Injection, Rule9TheBytesAreOursAndNoAddressOfTheUpstreamIsKept) {
  Mapped made;
  made.world.pass(made.world.kLongEnough);
  const Task task = made.world.task(made.id);
  ASSERT_THAT(task.artifacts, SizeIs(1));
  EXPECT_TRUE(made.world.durable_blobs.blobs.contains(task.artifacts[0].blob_key));
  EXPECT_THAT(made.client_visible(), Not(HasSubstr("vendor.test")));
}

TEST(Injection, Rule10ReasonsAreFilteredForTheClientAndRawForTheOperator) {
  const std::string raw =
      "job 900000000000000001 failed, see https://vendor.test/account/42 request_id=abc-def";
  Mapped made({.fail_every = 1, .fail_reason = raw});
  made.world.pass(made.world.kLongEnough);
  ASSERT_EQ(made.world.task(made.id).state, TaskState::kFailed);
  EXPECT_EQ(made.attempt().reason, raw);
  for (const char* secret : {"vendor.test", "900000000000000001", "abc-def", "account"}) {
    EXPECT_THAT(made.client_visible(), Not(HasSubstr(secret)));
  }
}

TEST(Injection, Rule11TheOperatorSeesTheAttemptWhole) {
  Mapped made;
  made.world.pass(made.world.kLongEnough);
  const Attempt attempt = made.attempt();
  EXPECT_EQ(attempt.provider, "vendor");
  EXPECT_EQ(attempt.credential, "first");
  EXPECT_EQ(attempt.model, kMapped);
  EXPECT_EQ(attempt.status, "succeed");
  EXPECT_EQ(attempt.cost, 30);
  EXPECT_TRUE(attempt.bound_at && attempt.ended_at);
  EXPECT_THAT(made.client_visible(), Not(HasSubstr("key-of-first")));
}

TEST(Injection, Rule12AnAttemptIsPinnedToItsProviderAndCredential) {
  Mapped made;
  made.world.crash();
  made.world.known("vendor").settings.base_url = "https://elsewhere.test";
  made.world.known("vendor").credentials[0].credential.api_key = "rotated";
  made.world.use({"vendor"});
  made.world.start();
  made.world.pass(made.world.kLongEnough);
  EXPECT_EQ(made.world.task(made.id).state, TaskState::kSucceeded);
  for (const auto* requests : {&made.world.queries, &made.world.downloads}) {
    EXPECT_FALSE(requests->empty());
    for (const auto& request : *requests) {
      EXPECT_THAT(request.url, HasSubstr("https://vendor.test/"));
    }
  }
}

TEST(Injection, Rule13AForeignAccountCanNeitherCancelNorSeeATask) {
  Mapped made;
  EXPECT_EQ(made.world.ask(made.world.engine().cancel({"mallory"}, made.id)), Cancel::kUnknown);
  EXPECT_EQ(made.world.ask(made.world.engine().cancel({"mallory"}, TaskId{1})), Cancel::kUnknown);
  EXPECT_FALSE(
      store::value_of(store::run(made.world.durable_store->find_task({"mallory"}, made.id))));
}

}  // namespace
}  // namespace rushes::engine
