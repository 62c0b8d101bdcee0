#include "core/dialect/aiml/headers.h"

namespace rushes::dialect::aiml {
namespace {

constexpr size_t kClientRequestIdMax = 128;
constexpr std::string_view kClientRequestIdCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";
constexpr int64_t kCreditsPerTenth = 28'000;
constexpr int64_t kMilliDollarsPerTenth = 14;

bool is_client_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kClientRequestIdMax &&
         text.find_first_not_of(kClientRequestIdCharacters) == std::string_view::npos;
}

}  // namespace

wire::Response start_response(const ReplyContext& context, int status) {
  wire::Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  const std::string* theirs = context.request.headers.find("X-Client-Request-Id");
  if (theirs && is_client_request_id(*theirs)) {
    response.headers.add("x-client-request-id", *theirs);
  }
  response.headers.add("Access-Control-Expose-Headers",
                       "x-inference-id, x-client-request-id, x-aimlapi-credits-used, "
                       "x-aimlapi-usd-spent");
  return response;
}

void add_inference_id(wire::Response& response, TaskId id) {
  response.headers.add("x-inference-id", id.to_string());
}

void add_cost(wire::Response& response, UnitTenths units) {
  response.headers.add("x-aimlapi-credits-used", std::to_string(credits_of(units)));
  response.headers.add("x-aimlapi-usd-spent", format_thousandths(units * kMilliDollarsPerTenth));
}

int64_t credits_of(UnitTenths units) { return units * kCreditsPerTenth; }

std::optional<TaskId> parse_generation_id(std::string_view text) {
  return TaskId::parse(text.substr(0, text.find(':')));
}

}  // namespace rushes::dialect::aiml
