// Our own endpoints, and those about the server itself.
#include <gmock/gmock.h>

#include <algorithm>

#include "server/api/api_kit.h"

namespace rushes::api {
namespace {

using testing::HasSubstr;

class NativeTest : public ApiTest {};

TEST_F(NativeTest, ATaskShowsWhatTheDialectHasNoWordsFor) {
  const std::string id = create(R"({"prompt":"a fox","external_task_id":"e","wings":2})");
  claim(*TaskId::parse(id));
  EXPECT_TRUE(run(store_->record_progress(*TaskId::parse(id), 1, 42)));
  json::Value view = parsed(get("/rushes/v1/tasks/" + id));
  EXPECT_EQ(view.string_or("task_id", ""), id);
  EXPECT_EQ(view.string_or("state", ""), "rendering");
  EXPECT_EQ(view.string_or("status", ""), "processing");
  EXPECT_EQ(view.int_or("progress_percent", 0), 42);
  EXPECT_EQ(view.string_or("prompt", ""), "a fox");
  EXPECT_EQ(view.string_or("model", ""), "kling-v1");
  EXPECT_EQ(view.string_or("units_estimate", ""), "1");
  EXPECT_EQ(view.find("ignored_fields")->as_array()->front(), json::Value("wings"));
  EXPECT_EQ(view.find("video_url"), nullptr);

  succeed(id);
  view = parsed(get("/rushes/v1/tasks/e"));
  EXPECT_EQ(view.string_or("state", ""), "succeeded");
  EXPECT_EQ(view.int_or("progress_percent", 0), 100);
  EXPECT_EQ(view.string_or("units_final", ""), "1");
  EXPECT_EQ(view.int_or("video_duration_ms", 0), 5000);
  for (const char* link : {"video_url", "poster_url"}) {
    EXPECT_EQ(get(target_of(view.string_or(link, ""))).status, 200) << link;
  }
  std::vector<std::string> events;
  for (const json::Value& event : *view.find("events")->as_array()) {
    events.push_back(event.string_or("name", ""));
    EXPECT_EQ(event.find("detail"), nullptr);
  }
  EXPECT_EQ(events.front(), "submitted");
  EXPECT_EQ(events.back(), "succeeded");
}

TEST_F(NativeTest, TasksAreListedInPages) {
  create();
  clock_.advance(Millis(1));
  const std::string last = create();
  const json::Value list = parsed(get("/rushes/v1/tasks?page=1&page_size=1"));
  ASSERT_EQ(list.find("tasks")->as_array()->size(), 1u);
  EXPECT_EQ(list.find("tasks")->as_array()->front().string_or("task_id", ""), last);
  EXPECT_EQ(summary(get("/rushes/v1/tasks?page=0")),
            "400/1201 page value '0' is invalid: 1 to 1000");
  EXPECT_EQ(summary(get("/rushes/v1/tasks?page_size=501")),
            "400/1201 page_size value '501' is invalid: 1 to 500");
}

TEST_F(NativeTest, CancellingIsForTheOwnerAndForWhatIsNotOver) {
  const std::string id = create();
  const std::string path = "/rushes/v1/tasks/" + id + "/cancel";
  EXPECT_EQ(send("POST", path, "", bearer(make_key("other"))).status, 404);
  const json::Value view = parsed(send("POST", path));
  EXPECT_EQ(view.string_or("task_id", ""), id);
  EXPECT_TRUE(view.bool_or("cancel_requested", false));
  const std::string over = create();
  succeed(over);
  EXPECT_EQ(summary(send("POST", "/rushes/v1/tasks/" + over + "/cancel")),
            "400/1201 the task is already over");
  EXPECT_EQ(send("POST", "/rushes/v1/tasks/1/cancel").status, 404);
}

TEST_F(NativeTest, TheModelsOfAProfileAreListed) {
  EXPECT_EQ(parsed(get("/rushes/v1/models")).find("profiles")->as_array()->size(), 5u);
  const json::Value classic = parsed(get("/rushes/v1/models?profile=classic"));
  ASSERT_EQ(classic.find("profiles")->as_array()->size(), 1u);
  EXPECT_EQ(classic.find("profiles")->as_array()->front().find("models")->as_array()->size(), 3u);
  EXPECT_EQ(get("/rushes/v1/models?profile=none").status, 404);
}

TEST_F(NativeTest, ACheckPricesWithoutStoring) {
  const char* body =
      R"({"model_name":"kling-v2-6","prompt":"x","mode":"pro","sound":"on","wings":1})";
  const json::Value verdict = parsed(send("POST", "/rushes/v1/check?profile=official", body));
  EXPECT_EQ(verdict, *json::parse(R"({"ok":true,"profile":"official","model":"kling-v2-6",
      "units":"5","width":1920,"height":1080,"fps":24,"frame_count":120,
      "ignored_fields":["wings"]})"));
  const char* wrong = R"({"model_name":"kling-v2-6","prompt":"x","duration":"7"})";
  EXPECT_EQ(summary(send("POST", "/rushes/v1/check?profile=official", wrong)),
            "400/1201 duration value '7' is invalid: kling-v2-6 supports 5, 10");
  EXPECT_EQ(send("POST", "/rushes/v1/check?profile=powertokens", wrong).status, 200);
  EXPECT_EQ(summary(send("POST", "/rushes/v1/check", "[]")), "400/1200 Invalid request parameters");
  EXPECT_EQ(send("POST", "/rushes/v1/check?profile=none", "{}").status, 404);
  const json::Value unnamed = parsed(send("POST", "/rushes/v1/check", body));
  EXPECT_EQ(unnamed.string_or("profile", ""), "official");
  EXPECT_EQ(task_count(), 0u);
}

TEST_F(NativeTest, OurEndpointsNeedAKey) {
  const wire::Headers none = header("Authorization", "");
  for (const char* path : {"/rushes/v1/tasks", "/rushes/v1/tasks/1", "/rushes/v1/models"}) {
    EXPECT_EQ(get(path, none).status, 401) << path;
  }
  EXPECT_EQ(send("POST", "/rushes/v1/check", "{}", none).status, 401);
  EXPECT_EQ(send("POST", "/rushes/v1/tasks/1/cancel", "", none).status, 401);
}

TEST_F(NativeTest, TheServerTellsHowItIs) {
  const wire::Headers none = header("Authorization", "");
  EXPECT_EQ(get("/healthz", none).body, R"({"status":"ok"})");
  EXPECT_EQ(get("/readyz", none).body, R"({"status":"ready"})");
  const wire::Response page = get("/", none);
  EXPECT_EQ(*page.headers.find("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("Rushes 0.0.0-test"));
  EXPECT_THAT(page.body, HasSubstr(std::string(kPowertokens)));
}

TEST_F(NativeTest, MetricsCountRequestsAndTasks) {
  create();
  create();
  get("/somewhere/else");
  const wire::Response response = get("/metrics", header("Authorization", ""));
  EXPECT_THAT(*response.headers.find("Content-Type"), HasSubstr("version=0.0.4"));
  EXPECT_THAT(response.body, HasSubstr("rushes_http_requests_total{route=\"/v1/videos/text2video\","
                                       "method=\"POST\",status=\"200\"} 2\n"));
  EXPECT_THAT(response.body, HasSubstr("rushes_http_requests_total{route=\"(none)\","
                                       "method=\"GET\",status=\"404\"} 1\n"));
  EXPECT_THAT(response.body, HasSubstr("rushes_tasks{state=\"queued\"} 2\n"));
  EXPECT_THAT(response.body, HasSubstr("rushes_queue_depth 2\n"));
  EXPECT_THAT(response.body, HasSubstr("rushes_http_request_seconds_count"));
}

// The document is written by hand: what the catalog and the routes say must be in it.
TEST_F(NativeTest, TheOpenapiDocumentNamesTheRoutesAndModels) {
  const json::Value document = parsed(get("/openapi.json", header("Authorization", "")));
  for (const char* path : {"/v1/videos/text2video", "/v1/videos/text2video/{id}", "/account/costs",
                           "/files/{artifact}/{name}", "/rushes/v1/tasks", "/rushes/v1/tasks/{id}",
                           "/rushes/v1/tasks/{id}/cancel", "/rushes/v1/models", "/rushes/v1/check",
                           "/rushes/v1/deliveries", "/rushes/v1/deliveries/test",
                           "/rushes/v1/deliveries/{id}", "/rushes/v1/deliveries/{id}/replay",
                           "/v2/video/generations", "/v2/generate/video/kling/generation"}) {
    EXPECT_NE(document.find("paths")->find(path), nullptr) << path;
  }
  const json::Value& names = *document.find("components")
                                  ->find("schemas")
                                  ->find("CreateTask")
                                  ->find("properties")
                                  ->find("model_name")
                                  ->find("enum");
  json::Array offered;
  for (const std::string& name : catalog_.find_profile("kling", "official")->models) {
    offered.push_back(name);
  }
  EXPECT_EQ(names, json::Value(offered));
  json::Array offers;
  for (const catalog::Offer& offer : catalog_.find_profile("aiml", "aiml")->offers) {
    offers.push_back(offer.name);
  }
  const json::Value& schemas = *document.find("components")->find("schemas");
  for (const char* schema : {"CreateGeneration", "CreateVendorGeneration"}) {
    EXPECT_EQ(*schemas.find(schema)->find("properties")->find("model")->find("enum"),
              json::Value(offers));
  }
}

}  // namespace
}  // namespace rushes::api
