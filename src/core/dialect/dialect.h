// Dialect: the port between a wire API and the rest of the server. An implementation translates
// requests into specs and tasks into replies; it holds no state, opens no socket and reads no
// clock, so every member may be called from any thread.
//
// server/api asks a dialect for its routes, and calls decode and encode around the engine. Whatever
// goes wrong on the way is a Refusal, and only encode_refusal knows how the client must see it.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json/value.h"
#include "core/catalog/catalog.h"
#include "core/task/task.h"
#include "core/wire/message.h"

namespace rushes::dialect {

// Why a request is not served; closed on purpose. Each dialect has a status, a code and a text for
// each.
enum class Reason {
  kAuthorizationMissing,
  kAuthorizationInvalid,
  kKeyUnknown,
  kAuthenticationFailed,  // unknown AccessKey and bad signature alike
  kNotYetValid,
  kExpired,
  kAccountSuspended,
  kAddressBlocked,  // the account may not be used from there
  kPermissionDenied,
  kBodyInvalid,   // not the kind of document that the API takes
  kFieldInvalid,  // `message` says which and what is allowed
  kMethodInvalid,
  kNotFound,  // unknown, foreign, deleted and purged alike
  kAccountInArrears,
  kBalanceExhausted,
  kRateLimited,
  kConcurrencyExceeded,  // of an account that does not want to wait
  kQueueFull,
  kInternal,
  kUnavailable,
  kTimeout,
};

struct Refusal {
  Reason reason = Reason::kInternal;
  std::string message;  // for the client; empty: the dialect's text for the reason
  // Replaces the dialect's status where HTTP itself demands one (413, 416, 431, ...).
  std::optional<int> status;
  std::optional<std::chrono::seconds> retry_after;
  std::string detail;  // for the operator's log, never for the client
};

template <class T>
using Answer = std::expected<T, Refusal>;

[[nodiscard]] inline std::unexpected<Refusal> refuse(Reason reason, std::string message = {}) {
  return std::unexpected(Refusal{.reason = reason, .message = std::move(message)});
}

// The one place that turns an Error of the server's inside into a reason.
Refusal to_refusal(Error error);

enum class Operation { kCreate, kReadOne, kReadMany, kAccountCosts };

struct Route {
  std::string method;  // "GET" also serves HEAD
  std::string path;    // "/v1/videos/{id}": `{id}` is one segment that is not empty
  Operation operation = Operation::kCreate;
};

// What a read asks for: one task by either id, or a page of the list.
struct TaskReference {
  std::optional<TaskId> id;  // tried first
  std::string external_id;   // tried then; empty: none
};
struct Page {
  int offset = 0;
  int limit = 0;
};
using Read = std::variant<TaskReference, Page>;

// What a query of the account's costs asks for; times are inclusive and of the purchase.
struct CostsQuery {
  Timestamp from{};
  Timestamp to{};
  std::string pack_name;  // empty: any
};
// What an account may spend, and what is left of it.
struct ResourcePack {
  std::string id;
  std::string name;
  UnitTenths total = 0;
  UnitTenths remaining = 0;  // not negative
  Timestamp purchased_at{};
};

// A task as its owner sees it: with the links that are valid now.
struct TaskView {
  const Task* task = nullptr;
  // By artifact of the task, in the same order; absolute URLs.
  std::vector<std::string> artifact_urls;
};

// What a reply may have to say about the request that it answers.
struct ReplyContext {
  std::string_view request_id;  // ours, fresh for every request
  const wire::Request& request;
  Timestamp now{};
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name() const = 0;
  virtual std::vector<Route> routes(const catalog::Profile& profile) const = 0;

  // The body as one JSON object, before any field is looked at.
  virtual Answer<json::Value> parse_body(const wire::Request& request) const = 0;
  // The fields, judged in the order that the API promises; the first thing wrong is the answer.
  virtual Answer<Spec> decode_create(const json::Value& body, const catalog::Catalog& catalog,
                                     const catalog::Profile& profile) const = 0;
  // `id` is the decoded path segment of a kReadOne route.
  virtual Answer<Read> decode_read(std::optional<std::string> id, std::string_view query) const = 0;

  virtual wire::Response encode_created(const ReplyContext& context, const Task& task) const = 0;
  virtual wire::Response encode_task(const ReplyContext& context, const TaskView& task) const = 0;
  virtual wire::Response encode_refusal(const ReplyContext& context,
                                        const Refusal& refusal) const = 0;

  // Called only where routes() or decode_read() lead there; a dialect without lists or accounts
  // keeps these, which end the program.
  virtual wire::Response encode_tasks(const ReplyContext& context,
                                      std::span<const TaskView> tasks) const;
  virtual Answer<CostsQuery> decode_account_costs(std::string_view query) const;
  virtual wire::Response encode_account_costs(const ReplyContext& context,
                                              std::span<const ResourcePack> packs) const;

  // The body of a callback: the task as it has just become. Nothing: the vendor has no callbacks,
  // and the body of another dialect is sent.
  virtual std::optional<std::string> encode_callback(const TaskView&) const { return std::nullopt; }
};

// The value of X-Rushes-Ignored-Fields: the names, percent-encoded where a header could not carry
// them, bounded in number and length.
std::string ignored_fields_header(std::span<const std::string> names);

// A decimal without needless zeros: 5041 is "5.041", 5000 is "5". Not negative.
std::string format_thousandths(int64_t thousandths);

}  // namespace rushes::dialect
