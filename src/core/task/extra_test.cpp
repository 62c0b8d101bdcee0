#include "core/task/extra.h"

#include <gtest/gtest.h>

namespace rushes {
namespace {

TEST(Extra, NamesThatACarelessReceiverTakesForOneAreOne) {
  for (const char* name : {"model_name", "MODEL_NAME", "modelName", "model-name", "_modelname"}) {
    EXPECT_TRUE(is_same_field(name, "model_name")) << name;
  }
  EXPECT_FALSE(is_same_field("model_names", "model_name"));
  EXPECT_FALSE(is_same_field("", "model_name"));
}

TEST(Extra, WhatAProviderMayKnowIsPassedOn) {
  for (const char* name :
       {"wings", "style_preset", "seed", "motion-strength", "loop", "cameraFixed", "N2"}) {
    EXPECT_TRUE(may_pass_on(name)) << name;
  }
  EXPECT_TRUE(may_pass_on(std::string(64, 'x')));
}

TEST(Extra, WhatIsOursToSayIsHeldBackHoweverItIsSpelt) {
  for (const char* name : {"model",
                           "MODEL",
                           "model_name",
                           "modelName",
                           "Model-Version",
                           "provider",
                           "callback",
                           "CALLBACK_URL",
                           "callbackUrl",
                           "webhook",
                           "webhook_url",
                           "notify_hook",
                           "external_id",
                           "externalTaskId",
                           "EXTERNAL_TASK_ID",
                           "task_id",
                           "api_key",
                           "apiKey",
                           "X-API-KEY",
                           "key",
                           "Authorization",
                           "auth",
                           "access_token",
                           "secret_key",
                           "password",
                           "organization",
                           "group",
                           "n",
                           "N",
                           "batch_size",
                           "seconds",
                           "duration_s",
                           "image_tail",
                           "voice_list",
                           "element_list",
                           "video_list",
                           "size",
                           "generateAudio",
                           "metadata",
                           "extra_body",
                           "request_id",
                           "requestId",
                           "user_token",
                           "idempotency_key",
                           "sound_effect",
                           "num_outputs",
                           "keyframes",
                           "fps",
                           "result_url",
                           "org_id",
                           "notification",
                           "return_uri",
                           "width",
                           "lora"}) {
    EXPECT_FALSE(may_pass_on(name)) << name;
  }
}

TEST(Extra, WhatIsHeldBackIsHeldBackWithinAValueToo) {
  constexpr std::string_view kKnown[] = {"mode"};
  const std::pair<const char*, bool> cases[] = {
      {R"({"colour":"red","wings":[{"span":3}]})", true},
      {R"(["model","duration"])", true},  // values are not names
      {R"({"modelName":"x"})", false},
      {R"({"MODE":"pro"})", false},
      {R"([[{"duration":10}]])", false},
      {R"({"a":{"b":{"callback_url":"https://a"}}})", false},
      {"5", true},
  };
  for (const auto& [text, passes] : cases) {
    EXPECT_EQ(may_pass_on("style", *json::parse(text), kKnown), passes) << text;
  }
}

// U+017F and U+212A are s and k to those who ignore case by Unicode.
TEST(Extra, OnlyPlainWordsArePassedOn) {
  for (const char* name : {"", "_", "external_ta\u017fk_id", "boo\u212a", "two words", "a.b",
                           "a\"b", "caf\u00e9", "a\nb"}) {
    EXPECT_FALSE(may_pass_on(name)) << name;
  }
  EXPECT_FALSE(may_pass_on(std::string(65, 'x')));
}

}  // namespace
}  // namespace rushes
