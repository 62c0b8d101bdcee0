// The operations that every dialect has: create, read one, read many.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "base/utf8.h"
#include "server/api/endpoints.h"

namespace rushes::api {

using dialect::Answer;
using dialect::Reason;
using dialect::refuse;
using dialect::to_refusal;

namespace {

constexpr size_t kEchoCharactersMax = 64;
constexpr std::string_view kSeedHeader = "X-Rushes-Seed";
constexpr std::string_view kFakeHeader = "X-Rushes-Fake";
constexpr std::string_view kDuplicate = "external_task_id already exists";
constexpr std::string_view kPackName = "Video Generation";
constexpr size_t kPackIdSize = 32;

// Our extension to every dialect: the same seed makes the same video.
Answer<std::optional<uint64_t>> read_seed(const wire::Headers& headers) {
  const std::string* text = headers.find(kSeedHeader);
  if (!text) return std::nullopt;
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seed);
  if (text->empty() || error != std::errc{} || end != text->data() + text->size()) {
    const std::string_view echoed = is_valid_utf8(*text) ? std::string_view(*text) : "";
    return refuse(Reason::kFieldInvalid,
                  fmt::format("{} value '{}' is invalid: 0 to 18446744073709551615", kSeedHeader,
                              truncate_code_points(echoed, kEchoCharactersMax)));
  }
  return seed;
}

// Of a development server: which rules of the provider `fake` hold for this task.
Answer<std::string> read_fake_rule(const Service& service, const wire::Headers& headers) {
  const std::string* rule = headers.find(kFakeHeader);
  if (!rule || rule->empty() || !service.options.check_fake_rule) return std::string();
  if (const auto checked = service.options.check_fake_rule(*rule); !checked) {
    return refuse(Reason::kFieldInvalid,
                  fmt::format("{}: {}", kFakeHeader, checked.error().user_message));
  }
  return *rule;
}

// What makes two requests the same one: the mount stands for dialect and path.
store::Idempotency idempotency_of(const Service& service, const Exchange& exchange,
                                  const json::Value& body) {
  if (exchange.idempotency_key.empty()) return {};
  const std::string* seed = exchange.request.headers.find(kSeedHeader);
  std::string text = fmt::format("{}\n{}\n{}\n{}", exchange.endpoint->dialect->name(),
                                 exchange.endpoint->profile->mount, seed ? *seed : "",
                                 json::to_canonical_text(body));
  const std::string* rule = exchange.request.headers.find(kFakeHeader);
  if (rule && service.options.check_fake_rule) text += "\n" + *rule;
  return {.key = exchange.idempotency_key, .fingerprint = to_hex(sha256(text))};
}

Answer<wire::Response> answer_created(Exchange& exchange, const store::Created& created) {
  switch (created.kind) {
    case store::Created::Kind::kFingerprintMismatch:
      return refuse(Reason::kFieldInvalid, "Idempotency-Key was used with a different request");
    case store::Created::Kind::kDuplicateExternalId:
      return refuse(Reason::kFieldInvalid, std::string(kDuplicate));
    case store::Created::Kind::kQueueFull: return refuse(Reason::kQueueFull);
    case store::Created::Kind::kBudgetExhausted: return refuse(Reason::kBalanceExhausted);
    case store::Created::Kind::kConcurrencyReached: return refuse(Reason::kConcurrencyExceeded);
    case store::Created::Kind::kNew:
    case store::Created::Kind::kReplayed: break;
  }
  exchange.task_id = created.task->id.to_string();
  wire::Response response =
      exchange.endpoint->dialect->encode_created(exchange.reply_context(), *created.task);
  if (created.kind == store::Created::Kind::kReplayed) {
    response.headers.add("Idempotent-Replayed", "true");
  }
  return response;
}

// What the account may not create, though the request itself is right. The store has the rest: the
// balance and the concurrency change with every create.
Awaitable<Answer<void>> check_permission(const Service& service, const Exchange& exchange,
                                         const Spec& spec) {
  const Caller& caller = *exchange.caller;
  if (!caller.may_use(service.parts.catalog, spec.model)) {
    co_return refuse(Reason::kPermissionDenied);
  }
  if (caller.status() != Caller::Status::kInArrears) co_return Answer<void>();
  // A duplicate is told before what is owed, as with a balance.
  if (!spec.external_task_id.empty()) {
    const auto first =
        co_await service.parts.store.find_task_by_external_id(caller.id(), spec.external_task_id);
    if (!first) co_return std::unexpected(to_refusal(first.error()));
    if (*first) co_return refuse(Reason::kFieldInvalid, std::string(kDuplicate));
  }
  co_return refuse(Reason::kAccountInArrears);
}

}  // namespace

Reply create_task(const Service& service, Exchange& exchange) {
  const Endpoint& endpoint = *exchange.endpoint;
  const auto body = endpoint.dialect->parse_body(exchange.request);
  if (!body) co_return std::unexpected(body.error());

  // A replay is answered before the fields are judged: what was accepted once stays accepted.
  store::Idempotency idempotency = idempotency_of(service, exchange, *body);
  if (!idempotency.key.empty()) {
    auto replay = co_await service.parts.store.find_replay(exchange.account, idempotency);
    if (!replay) co_return std::unexpected(to_refusal(std::move(replay).error()));
    if (*replay) co_return answer_created(exchange, **replay);
  }

  auto spec = endpoint.dialect->decode_create(*body, service.parts.catalog, *endpoint.profile);
  if (!spec) co_return std::unexpected(std::move(spec).error());
  if (auto allowed = check_callback(service, "callback_url", spec->callback_url); !allowed) {
    co_return std::unexpected(std::move(allowed).error());
  }
  const auto seed = read_seed(exchange.request.headers);
  if (!seed) co_return std::unexpected(seed.error());
  spec->seed = *seed;
  auto fake_rule = read_fake_rule(service, exchange.request.headers);
  if (!fake_rule) co_return std::unexpected(std::move(fake_rule).error());
  spec->fake_rule = std::move(*fake_rule);
  const auto price = service.parts.catalog.price(*spec);
  if (!price) co_return std::unexpected(to_refusal(price.error()));
  if (auto may = co_await check_permission(service, exchange, *spec); !may) {
    co_return std::unexpected(std::move(may).error());
  }

  auto wanted = std::make_unique<store::NewTask>();
  wanted->task.account = exchange.account;
  wanted->task.family = kFamily;
  wanted->task.dialect = endpoint.dialect->name();
  wanted->task.profile = endpoint.profile->name;
  wanted->task.spec = std::move(*spec);
  wanted->task.price_estimate = *price;
  wanted->idempotency = std::move(idempotency);
  wanted->queue_depth_max = service.options.queue_per_account;
  auto created = co_await service.parts.engine.submit(std::move(wanted));
  if (!created) co_return std::unexpected(to_refusal(std::move(created).error()));
  co_return answer_created(exchange, *created);
}

Awaitable<Answer<Task>> find_task(const Service& service, AccountId account,
                                  dialect::TaskReference reference) {
  if (reference.id) {
    auto task = co_await service.parts.store.find_task(account, *reference.id);
    if (!task) co_return std::unexpected(to_refusal(std::move(task).error()));
    if (*task && (*task)->family == kFamily) co_return std::move(**task);
  }
  if (!reference.external_id.empty()) {
    auto task =
        co_await service.parts.store.find_task_by_external_id(account, reference.external_id);
    if (!task) co_return std::unexpected(to_refusal(std::move(task).error()));
    if (*task && (*task)->family == kFamily) co_return std::move(**task);
  }
  co_return refuse(Reason::kNotFound);
}

namespace {

Reply reply_with_task(const Service& service, Exchange& exchange,
                      dialect::TaskReference reference) {
  const auto now = service.parts.clock.monotonic();
  std::shared_ptr<const LinkedTask> linked;
  if (reference.id) linked = service.recent_tasks.find(exchange.account, *reference.id, now);
  if (!linked) {
    auto found = co_await find_task(service, exchange.account, std::move(reference));
    if (!found) co_return std::unexpected(std::move(found).error());
    dialect::TaskView view = service.links.view_of(*found);
    linked = std::make_shared<const LinkedTask>(
        LinkedTask{std::move(*found), std::move(view.artifact_urls)});
    service.recent_tasks.remember(linked, now);
  }
  exchange.task_id = linked->task.id.to_string();
  const dialect::TaskView view{&linked->task, linked->artifact_urls};
  co_return exchange.endpoint->dialect->encode_task(exchange.reply_context(), view);
}

}  // namespace

Reply read_task(const Service& service, Exchange& exchange) {
  auto read = exchange.endpoint->dialect->decode_read(exchange.parameters.front(),
                                                      exchange.request.query());
  if (!read) co_return std::unexpected(std::move(read).error());
  auto* reference = std::get_if<dialect::TaskReference>(&*read);
  if (!reference) co_return refuse(Reason::kNotFound);
  co_return co_await reply_with_task(service, exchange, std::move(*reference));
}

Reply read_tasks(const Service& service, Exchange& exchange) {
  auto read = exchange.endpoint->dialect->decode_read({}, exchange.request.query());
  if (!read) co_return std::unexpected(std::move(read).error());
  if (auto* reference = std::get_if<dialect::TaskReference>(&*read)) {
    co_return co_await reply_with_task(service, exchange, std::move(*reference));
  }
  const auto page = std::get<dialect::Page>(*read);
  store::ListQuery query{.account = exchange.account,
                         .family = std::string(kFamily),
                         .created_from = exchange.at - service.options.result_retention,
                         .offset = page.offset,
                         .limit = page.limit};
  const auto tasks = co_await service.parts.store.list_tasks(std::move(query));
  if (!tasks) co_return std::unexpected(to_refusal(tasks.error()));
  std::vector<dialect::TaskView> views;
  for (const Task& task : *tasks) views.push_back(service.links.view_of(task));
  co_return exchange.endpoint->dialect->encode_tasks(exchange.reply_context(), views);
}

namespace {

// The budget of an account, in the words of the vendor whose clients ask for it.
std::optional<dialect::ResourcePack> pack_of(const store::Account& account) {
  if (!account.settings.budget) return std::nullopt;
  const UnitTenths total = *account.settings.budget;
  const std::string id = to_hex(sha256("resource pack\n" + account.id.value));
  return dialect::ResourcePack{
      .id = id.substr(0, kPackIdSize),
      .name = std::string(kPackName),
      .total = total,
      .remaining = std::max<UnitTenths>(0, total - account.spent - account.reserved),
      .purchased_at = account.budget_at.value_or(account.created_at)};
}

}  // namespace

Reply read_account_costs(const Service& service, Exchange& exchange) {
  const dialect::Dialect& dialect = *exchange.endpoint->dialect;
  const auto asked = dialect.decode_account_costs(exchange.request.query());
  if (!asked) co_return std::unexpected(asked.error());
  const auto account = co_await service.parts.store.find_account(exchange.account);
  if (!account) co_return std::unexpected(to_refusal(account.error()));
  std::vector<dialect::ResourcePack> packs;
  if (auto pack = *account ? pack_of(**account) : std::nullopt) {
    const bool in_window = pack->purchased_at >= asked->from && pack->purchased_at <= asked->to;
    const bool is_named = asked->pack_name.empty() || asked->pack_name == pack->name;
    if (in_window && is_named) packs.push_back(std::move(*pack));
  }
  co_return dialect.encode_account_costs(exchange.reply_context(), packs);
}

}  // namespace rushes::api
