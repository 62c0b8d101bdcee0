#include <gtest/gtest.h>

#include "core/provider/provider.h"

namespace rushes::provider {
namespace {

constexpr std::string_view kGeneric = "Video generation failed";

TEST(PublicReason, KnownTextsPassAsTheyAre) {
  for (const std::string_view text : {
           "Failure to pass the risk control system",
           "Request blocked by platform policy",
           "The resolution or aspect ratio of the input image is invalid. Please ensure it meets "
           "the required specifications.",
           "Something went wrong when we tried to get the contents of the file.",
           "mode value 'standard' is invalid",
           "multi_prompt[1].duration value 'x' is invalid",
           "camera_control.config.pan value '11' is invalid",
           "cfg_scale value '1.5' is invalid",
           "aspect_ratio value '4:3' is invalid",
           "prompt must not be empty",
           "negative_prompt exceeds 2500 characters",
           "multi_prompt[0].prompt exceeds 512 characters",
           "model is not supported",
           "Multi shot is not supported by the current model",
           "sound on is not supported with video input",
           "multi_prompt must contain 1 to 6 shots",
           "sum of multi_prompt durations must equal duration",
       }) {
    EXPECT_EQ(public_reason(text), text);
    EXPECT_EQ(failure_code_of(text), text.contains("risk") || text.contains("policy")
                                         ? "content_policy"
                                         : "invalid_input");
  }
}

TEST(PublicReason, WhatSurroundsAKnownTextIsCut) {
  const std::string_view risk = "Failure to pass the risk control system";
  for (const std::string_view raw : {
           "failure to pass the RISK control system.",
           "Failure to pass the risk control system, request_id: "
           "c0656403-1e6e-4b7e-b8f8-2cdd2595f2b9",
           "[kling] account 8472 says: Failure to pass the risk control system "
           "(https://klingai.com/help)",
           "1301 Failure to pass the risk control system for task 867283741759111202",
       }) {
    EXPECT_EQ(public_reason(raw), risk) << raw;
  }
}

TEST(PublicReason, ValuesThatCouldBeAnythingAreCut) {
  for (const std::string_view value : {"https://rushes.example.com/hook/s3cr3t",
                                       "867283741759111202",
                                       "12345678",
                                       "c0656403-1e6e-4b7e-b8f8-2cdd2595f2b9",
                                       "api-key-kling-Zm9vYmFyYmF6cXV4",
                                       "someone@example.com",
                                       "p1.a.kwimgs.com",
                                       "10.0.0.1",
                                       "deadbeefcafe",
                                       "two words",
                                       "a\nb",
                                       "x'y",
                                       "deadbeef",
                                       "2001:db8::ff00:42:8329",
                                       "fe80::1",
                                       "::1",
                                       "[::1]",
                                       "1:2:3",
                                       "localhost:8080",
                                       "redis-master:6379",
                                       "12345:1",
                                       "8672837-4175911-1202",
                                       "req_8672837",
                                       "867283-741759",
                                       "task867283741",
                                       "ak-12ab34c-98fe76d",
                                       "sk_live_4242424",
                                       "standa2d",
                                       "x@y",
                                       "a.b",
                                       "host.",
                                       "1.",
                                       ".5",
                                       "1.2.3",
                                       "-12345678",
                                       "1234567.8"}) {
    const std::string raw = "mode value '" + std::string(value) + "' is invalid";
    EXPECT_EQ(public_reason(raw), "mode value '…' is invalid") << value;
  }
  for (const std::string_view value :
       {"", "1234567", "-1.5", "+10", "123456.7", "16:9", "1920:1080", "4k", "720p", "1080p",
        "zoom_in", "down-back", "x", "-", "intelligence", "v2-6"}) {
    const std::string raw = "mode value '" + std::string(value) + "' is invalid";
    EXPECT_EQ(public_reason(raw), raw);
  }
}

TEST(PublicReason, ListsThatCouldBeAnythingAreCut) {
  const std::string cut = "duration value '7' is invalid";
  for (const std::string_view list : {"5, 10", "std, pro", "16:9, 9:16, 1:1", "3"}) {
    const std::string raw = cut + ": … supports " + std::string(list);
    EXPECT_EQ(public_reason(raw), raw);
  }
  for (const std::string_view list : {"::1", "fe80:", "1:2:3", "a:b", "5, ::1", "123456"}) {
    EXPECT_EQ(public_reason(cut + ": kling-v1 supports " + std::string(list)), cut) << list;
  }
}

TEST(PublicReason, NothingGluedToAKnownTextComesAlong) {
  for (const auto& [raw, text] :
       {std::pair{"prompt exceeds 867283741759111202 characters", kGeneric},
        {"prompt exceeds 2500characters", kGeneric},
        {"Task expired867283741759111202", kGeneric},
        {"867283741759111202Task expired", kGeneric},
        {"Task expired@api.klingai.com", "Task expired"},
        {"Task expired.api.klingai.com", "Task expired"},
        {"someone@Task expired", "Task expired"},
        {"[2001:db8::1]:Task expired", "Task expired"},
        {"prompt must not be empty (key sk-12ab, ops@example.com, fe80::1)",
         "prompt must not be empty"}}) {
    EXPECT_EQ(public_reason(raw), text) << raw;
  }
}

TEST(PublicReason, FieldsThatAreOursAreNotForTheClient) {
  for (const std::string_view raw :
       {"callback_url value 'https://rushes.example.com/hook/1' is invalid",
        "external_task_id already exists", "external_task_id value '1' is invalid",
        "model_name value 'kling-v9' is invalid", "prompt.evil.com value 'x' is invalid",
        "prompt[100].prompt value 'x' is invalid", "x.prompt value '1' is invalid"}) {
    EXPECT_EQ(public_reason(raw), kGeneric) << raw;
  }
}

TEST(PublicReason, ClientSeesTheModelThatItAskedFor) {
  const std::string raw = "model/mode(kling-v2-6/std) is not supported with sound on";
  EXPECT_EQ(public_reason(raw, "kling-v2-6", "kling-v2-1-master"),
            "model/mode(kling-v2-1-master/std) is not supported with sound on");
  EXPECT_EQ(public_reason(raw, "kling-v2-6", "kling-v2-6"), raw);
  EXPECT_EQ(public_reason(raw), "model/mode(…/std) is not supported with sound on");
  EXPECT_EQ(public_reason(public_reason(raw)), public_reason(raw));
  EXPECT_EQ(public_reason("duration value '7' is invalid: kling-v2-6 supports 5, 10", "kling-v2-6",
                          "kling-v1"),
            "duration value '7' is invalid: kling-v1 supports 5, 10");
  EXPECT_EQ(public_reason("camera_control is only supported in std mode with 5s duration and "
                          "kling-v1",
                          "kling-v1", "kling-v1"),
            "camera_control is only supported in std mode with 5s duration and kling-v1");
}

TEST(PublicReason, EverythingElseIsAGenericSentence) {
  for (const std::string_view raw :
       {"", " ", "Account balance not enough", "upstream api.klingai.com timed out",
        "java.lang.NullPointerException at com.kuaishou", "<html><body>504</body></html>",
        "\xff\xfe", "{path} value '{value}' is invalid", "Taskforce expired"}) {
    EXPECT_EQ(public_reason(raw), kGeneric) << raw;
    EXPECT_EQ(failure_code_of(raw), "provider_failed") << raw;
  }
  EXPECT_EQ(public_reason("Flagged by moderation, ticket 99123456"),
            "The request was blocked by the content policy");
  EXPECT_EQ(failure_code_of("Flagged by moderation"), "content_policy");
  EXPECT_EQ(public_reason(std::string(3000, 'x') + " model is not supported"), kGeneric);
}

}  // namespace
}  // namespace rushes::provider
