// The clients in the field, each as strict as its source code is about what it sends and requires.
#include <gmock/gmock.h>

#include "server/api/api_kit.h"

namespace rushes::api {
namespace {

using testing::AnyOf;

class ClientsTest : public ApiTest {
 protected:
  // Rules 1 to 5 that satisfy all of them at once.
  void expect_sound(const wire::Response& response) {
    const json::Value reply = parsed(response);
    ASSERT_TRUE(reply.find("code") && reply.find("code")->as_int()) << response.body;
    ASSERT_TRUE(reply.find("message") && reply.find("message")->as_string()) << response.body;
    ASSERT_TRUE(reply.find("request_id") && reply.find("request_id")->as_string());
    EXPECT_EQ(*response.headers.find("Content-Type"), "application/json");
    const json::Value* data = reply.find("data");
    if (response.status != 200) {
      EXPECT_NE(reply.int_or("code", 0), 0);
      EXPECT_EQ(data, nullptr) << response.body;
      return;
    }
    ASSERT_NE(data, nullptr) << response.body;
    EXPECT_EQ(reply.int_or("code", -1), 0);
    if (const json::Array* list = data->as_array()) {
      for (const json::Value& task : *list) expect_sound_task(task);
    } else {
      expect_sound_task(*data);
    }
  }
  void expect_sound_task(const json::Value& task) {
    ASSERT_TRUE(task.find("task_id")->as_string());
    EXPECT_THAT(task.string_or("task_status", ""),
                AnyOf("submitted", "processing", "succeed", "failed"));
    for (const char* time : {"created_at", "updated_at"}) {
      ASSERT_TRUE(task.find(time)->as_int());
      EXPECT_GT(*task.find(time)->as_int(), 1'500'000'000'000);
    }
    ASSERT_NE(task.find("task_info")->as_object(), nullptr);
    if (const json::Value* units = task.find("final_unit_deduction")) {
      EXPECT_NE(units->as_string(), nullptr);
    }
    const json::Value* result = task.find("task_result");
    if (!result) return;  // the reply of a create has none
    ASSERT_NE(result->as_object(), nullptr);
    if (task.string_or("task_status", "") != "succeed") {
      EXPECT_TRUE(result->as_object()->empty());
      return;
    }
    ASSERT_FALSE(result->find("videos")->as_array()->empty());
    for (const json::Value& video : *result->find("videos")->as_array()) {
      for (const char* name : {"id", "url", "duration"}) {
        ASSERT_TRUE(video.find(name) && video.find(name)->as_string()) << name;
        EXPECT_NE(*video.find(name)->as_string(), "");
      }
    }
  }
  std::string id_of(const wire::Response& response) {
    expect_sound(response);
    return parsed(response).find("data")->string_or("task_id", "");
  }
};

TEST_F(ClientsTest, TheOfficialComfyUiClient) {
  // JWT, nulls for what is unset, always a cfg_scale, a camera whose type may be null.
  const access::KeyPair pair = make_pair("default");
  const auto auth = [&] {
    return bearer(access::sign_token(pair.access_key, pair.secret_key, clock_.now()));
  };
  const std::string id = id_of(send("POST", kOfficial, R"({"model_name":"kling-v2-6",
      "prompt":"clouds","negative_prompt":null,"cfg_scale":0.5,"mode":"std",
      "camera_control":{"type":null},"aspect_ratio":"16:9","duration":"5",
      "callback_url":null,"external_task_id":null})",
                                    auth()));
  id_of(send("POST", kOfficial, R"({"model_name":"kling-v1","prompt":"clouds","cfg_scale":0.5,
      "mode":"std","camera_control":{"type":"simple","config":{"zoom":3.0}},"aspect_ratio":"16:9",
      "duration":"5"})",
             auth()));
  for (int poll = 0; poll < 3; ++poll) {
    expect_sound(send("GET", std::string(kOfficial) + "/" + id, "", auth()));
  }
  succeed(id);
  expect_sound(send("GET", std::string(kOfficial) + "/" + id, "", auth()));
  // Its cached token expires in its hands: the code that makes it sign again.
  clock_.advance(Seconds(1900));
  EXPECT_EQ(summary(send("GET", std::string(kOfficial) + "/" + id, "",
                         bearer(access::sign_token(pair.access_key, pair.secret_key,
                                                   clock_.now() - Seconds(1900))))),
            "401/1004 Authorization has expired");
}

TEST_F(ClientsTest, TheOfficialCommandLineClient) {
  // Empty texts for what is unset; customize sends an empty prompt; the look-up tries other
  // families first and takes the first known status.
  const std::string id = id_of(post(R"({"model_name":"kling-v3","mode":"pro","prompt":"",
      "negative_prompt":"","multi_shot":true,"shot_type":"customize","multi_prompt":[
      {"index":1,"prompt":"a","duration":"2"},{"index":2,"prompt":"b","duration":"3"}],
      "duration":"5","sound":"on","aspect_ratio":"16:9","callback_url":"",
      "external_task_id":""})"));
  for (const char* family : {"/v1/videos/omni-video/", "/v1/videos/image2video/"}) {
    const wire::Response response = get(family + id);
    expect_sound(response);
    EXPECT_EQ(response.status, 404);
  }
  fail_task(id, "The scene could not be made");
  const json::Value data = task(id);
  EXPECT_EQ(data.string_or("task_status_msg", ""), "The scene could not be made");
}

TEST_F(ClientsTest, VercelAi) {
  const wire::Headers key = [&] {
    wire::Headers headers = bearer(key_);
    headers.add("Idempotency-Key", "aisdk_vid_0123456789");
    return headers;
  }();
  const char* body = R"({"model_name":"kling-v3","prompt":"clouds","duration":"5","mode":"std",
      "aspect_ratio":"16:9","sound":"off","voice_list":[{"voice_id":"v"}]})";
  const std::string id = id_of(post(body, kOfficial, key));
  EXPECT_EQ(id_of(post(body, kOfficial, key)), id);
  succeed(id);
  expect_sound(get(std::string(kOfficial) + "/" + id));
  const json::Value video = task(id).find("task_result")->find("videos")->as_array()->front();
  EXPECT_EQ(get(target_of(video.string_or("url", "")), header("Authorization", "")).status, 200);
}

TEST_F(ClientsTest, NewApi) {
  const std::string id = id_of(post(R"({"model":"kling-v1-6","model_name":"kling-v1-6",
      "prompt":"clouds","mode":"std","duration":"5","aspect_ratio":"1:1","cfg_scale":0.5,
      "image":"","external_task_id":"","callback_url":"","static_mask":"","dynamic_masks":null})",
                                    kPowertokens));
  EXPECT_EQ(task(id, kPowertokens).find("task_id")->as_string()->size(), id.size());
  EXPECT_LE(id.size(), 19u);
}

TEST_F(ClientsTest, SnippetsThatSayModeStandardAreToldSo) {
  const wire::Response response =
      post(R"({"model_name":"kling-v1","prompt":"x","mode":"standard"})");
  expect_sound(response);
  EXPECT_EQ(summary(response), "400/1201 mode value 'standard' is invalid");
}

TEST_F(ClientsTest, ListsAreArraysOfTheSameObjects) {
  const wire::Response empty = get(kOfficial);
  expect_sound(empty);
  EXPECT_TRUE(parsed(empty).find("data")->as_array()->empty());
  const std::string done = create();
  succeed(done);
  create();
  expect_sound(get(kOfficial));
  EXPECT_EQ(task_count(), 2u);
}

TEST_F(ClientsTest, EveryErrorIsSoundAndNeverARedirect) {
  for (const wire::Response& response :
       {get("/tasks?task_ids=1"), get("/nothing"), send("DELETE", kOfficial), post("{"),
        post(R"({"prompt":""})"), get(kOfficial, bearer("nope")),
        get(std::string(kOfficial) + "/1"), api_->refuse(400, ""), api_->refuse(503, "")}) {
    expect_sound(response);
    EXPECT_EQ(response.headers.find("Location"), nullptr);
  }
}

}  // namespace
}  // namespace rushes::api
