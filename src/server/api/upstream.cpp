// Where providers call back about attempts of ours. The path carries a secret of the attempt; what
// the body says is not believed: the engine asks the provider itself.
#include <charconv>

#include "server/api/endpoints.h"

namespace rushes::api {

Reply hear_provider(const Service& service, Exchange& exchange) {
  const auto id = TaskId::parse(exchange.parameters[0]);
  const std::string& digits = exchange.parameters[1];
  int attempt = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), attempt);
  const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
  if (!id || !is_number || attempt < 1 ||
      !service.parts.engine.hint(*id, attempt, exchange.parameters[2])) {
    co_return dialect::refuse(dialect::Reason::kNotFound);
  }
  wire::Response response;
  response.headers.add("Content-Type", "application/json; charset=utf-8");
  response.body = "{}";
  co_return response;
}

}  // namespace rushes::api
