#include "core/provider/kling/shape.h"

#include <array>

namespace rushes::provider::kling {
namespace {

using Path = std::string_view;

// The vendor.
constexpr Path kId[]{"data.task_id"};
constexpr Path kWord[]{"data.task_status"};
constexpr Path kReason[]{"data.task_status_msg"};
constexpr Path kUrl[]{"data.task_result.videos.0.url"};
constexpr Path kWatermarkedUrl[]{"data.task_result.videos.0.watermark_url"};
constexpr Path kHandle[]{"data.task_info.external_task_id"};
constexpr Path kCode[]{"code"};
constexpr Path kMessage[]{"message"};

// Gateways: the envelope as above, their own task object, or the vendor's whole reply inside of it
// (`data.data`). The reason: what the vendor said before what the gateway made of it; `message` may
// be the word SUCCEED. On success older versions keep the URL in `fail_reason`.
constexpr Path kGatewayId[]{"data.task_id", "data.id", "task_id", "id"};
constexpr Path kGatewayWord[]{"data.task_status", "data.status", "task_status", "status"};
constexpr Path kGatewayReason[]{"data.task_status_msg",
                                "data.data.data.task_status_msg",
                                "data.data.task_status_msg",
                                "task_status_msg",
                                "data.fail_reason",
                                "fail_reason",
                                "data.error.message",
                                "data.error",
                                "error.message",
                                "error"};
constexpr Path kGatewayUrl[]{"data.task_result.videos.0.url",
                             "data.data.data.task_result.videos.0.url",
                             "data.data.task_result.videos.0.url",
                             "data.result_url",
                             "data.url",
                             "result_url",
                             "url",
                             "video_url",
                             "metadata.url",
                             "data.fail_reason"};
constexpr Path kGatewayWatermarkedUrl[]{"data.task_result.videos.0.watermark_url",
                                        "data.data.data.task_result.videos.0.watermark_url",
                                        "data.data.task_result.videos.0.watermark_url"};
constexpr Path kGatewayProgress[]{"data.progress", "progress"};
constexpr Path kGatewayHandle[]{
    "data.task_info.external_task_id", "data.data.data.task_info.external_task_id",
    "data.data.task_info.external_task_id", "data.external_task_id", "external_task_id"};
constexpr Path kGatewayCode[]{"code", "error.code"};
constexpr Path kGatewayMessage[]{"message", "error.message"};
constexpr Path kGatewayOkTexts[]{"success"};
constexpr Path kGatewayGoneTexts[]{"task_not_exist", "task_not_found"};

constexpr Shape kOfficial{.family = "official",
                          .id = kId,
                          .word = kWord,
                          .reason = kReason,
                          .url = kUrl,
                          .watermarked_url = kWatermarkedUrl,
                          .progress = {},
                          .handle = kHandle,
                          .code = kCode,
                          .message = kMessage,
                          .ok_texts = {},
                          .gone_texts = {},
                          .lookup_by_handle = true};

constexpr Shape gateway(std::string_view family) {
  return {.family = family,
          .id = kGatewayId,
          .word = kGatewayWord,
          .reason = kGatewayReason,
          .url = kGatewayUrl,
          .watermarked_url = kGatewayWatermarkedUrl,
          .progress = kGatewayProgress,
          .handle = kGatewayHandle,
          .code = kGatewayCode,
          .message = kGatewayMessage,
          .ok_texts = kGatewayOkTexts,
          .gone_texts = kGatewayGoneTexts,
          .code_is_required = false,
          .both_model_names = true,
          .serves_artifacts = true};
}

constexpr Shape legacy_gateway() {
  Shape shape = gateway("new-api-legacy");
  shape.shots_without_prompt = false;
  shape.serves_artifacts = false;
  return shape;
}

constexpr std::array kShapes{kOfficial, gateway("new-api"), legacy_gateway()};

constexpr std::string_view kContentPolicy = "content_policy";
constexpr std::string_view kInvalidInput = "invalid_input";
constexpr std::string_view kProviderFailed = "provider_failed";

// The vendor's page "Error codes". 1302 and 1303 refuse before anything is accepted. After an
// internal error, maintenance or a time-out nobody knows whether the create was accepted.
constexpr CodeMeaning kCodes[]{
    {1000, Verdict::kCredential, Verdict::kCredential, {}},  // authentication failed
    {1001, Verdict::kCredential, Verdict::kCredential, {}},  // Authorization empty
    {1002, Verdict::kCredential, Verdict::kCredential, {}},  // Authorization invalid
    {1003, Verdict::kSignAgain, Verdict::kSignAgain, {}},    // not valid yet
    {1004, Verdict::kSignAgain, Verdict::kSignAgain, {}},    // expired
    {1100, Verdict::kCredential, Verdict::kCredential, {}},  // abnormal account
    {1101, Verdict::kCredential, Verdict::kCredential, {}},  // arrears
    {1102, Verdict::kCredential, Verdict::kCredential, {}},  // pack exhausted
    {1103, Verdict::kCredential, Verdict::kCredential, {}},  // no permission for API or model
    {1200, Verdict::kRejected, Verdict::kRetry, kInvalidInput},
    {1201, Verdict::kRejected, Verdict::kRetry, kInvalidInput},
    {1202, Verdict::kRejected, Verdict::kRetry, kProviderFailed},  // method
    {1203, Verdict::kRejected, Verdict::kAbsent, kProviderFailed},
    {1300, Verdict::kRejected, Verdict::kRetry, kContentPolicy},
    {1301, Verdict::kRejected, Verdict::kRetry, kContentPolicy},
    {1302, Verdict::kRetry, Verdict::kRetry, {}},            // rate
    {1303, Verdict::kRetry, Verdict::kRetry, {}},            // concurrency
    {1304, Verdict::kCredential, Verdict::kCredential, {}},  // IP allow list
    {5000, Verdict::kUnknown, Verdict::kRetry, {}},
    {5001, Verdict::kUnknown, Verdict::kRetry, {}},
    {5002, Verdict::kUnknown, Verdict::kRetry, {}},
};

}  // namespace

std::span<const Shape> shapes() { return kShapes; }

const Shape* find_shape(std::string_view family) {
  if (family.empty()) return kShapes.data();
  for (const Shape& shape : kShapes) {
    if (shape.family == family) return &shape;
  }
  return nullptr;
}

const CodeMeaning* find_code(int64_t code) {
  for (const CodeMeaning& row : kCodes) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace rushes::provider::kling
