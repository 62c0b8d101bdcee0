// Exchange: one request on its way through the middleware, and what the steps have found out.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dialect/dialect.h"
#include "core/wire/message.h"
#include "server/api/caller.h"

namespace rushes::api {

struct Endpoint;

struct Exchange {
  wire::Request request;
  std::string request_id;
  Timestamp at{};
  std::chrono::steady_clock::time_point started{};

  const dialect::Dialect* dialect = nullptr;  // whose shape errors have; never null
  const Endpoint* endpoint = nullptr;         // null: no such path
  std::vector<std::string> parameters;        // the decoded `{…}` segments of the path
  AccountId account;                          // empty on public endpoints
  // What the account may do; null on public endpoints. Shared with the authenticator, immutable.
  std::shared_ptr<const Caller> caller;
  std::string idempotency_key;  // empty: none

  // Valid as long as the exchange.
  dialect::ReplyContext reply_context() const { return {request_id, request, at}; }

  // For the access log.
  std::string task_id;
  std::string detail;
};

}  // namespace rushes::api
