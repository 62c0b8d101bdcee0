// The conformance of every store: accounts with their limits, keys, webhook secrets.
#include <atomic>
#include <thread>

#include "edge/store/bounds.h"
#include "edge/store/stores_under_test.h"

namespace rushes::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using Kind = Created::Kind;

TEST_P(StoreConformance, AnAccountIsMadeOnceByName) {
  const Account alice = value_of(run(store_->ensure_account("alice", at(1))));
  const Account bob = value_of(run(store_->ensure_account("bob", at(2))));
  const Account again = value_of(run(store_->ensure_account("alice", at(3))));
  EXPECT_FALSE(alice.id.empty());
  EXPECT_NE(alice.id, bob.id);
  EXPECT_EQ(again.id, alice.id);
  EXPECT_EQ(again.created_at, at(1));
}

TEST_P(StoreConformance, KeysAreFoundByTheirLookupAndStayAfterRevocation) {
  const access::KeyRecord bearer{
      {"k1"}, {"acc1"}, access::KeyKind::kBearer, "laptop", "hash", "", at(1), std::nullopt};
  const access::KeyRecord pair{{"k2"}, {"acc1"},    access::KeyKind::kAccessKey, "ci", "AK", "seal",
                               at(2),  std::nullopt};
  value_of(run(store_->add_key(bearer)));
  value_of(run(store_->add_key(pair)));
  EXPECT_EQ(run(store_->add_key(bearer)).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(value_of(run(store_->find_key(access::KeyKind::kBearer, "hash"))), bearer);
  EXPECT_EQ(value_of(run(store_->find_key(access::KeyKind::kAccessKey, "AK"))), pair);
  EXPECT_FALSE(value_of(run(store_->find_key(access::KeyKind::kAccessKey, "hash"))));
  EXPECT_THAT(value_of(run(store_->list_keys())), ElementsAre(bearer, pair));
  EXPECT_TRUE(value_of(run(store_->revoke_key({"k1"}, at(5)))));
  EXPECT_TRUE(value_of(run(store_->revoke_key({"k1"}, at(6)))));
  EXPECT_FALSE(value_of(run(store_->revoke_key({"k9"}, at(5)))));
  EXPECT_EQ(value_of(run(store_->find_key(access::KeyKind::kBearer, "hash")))->revoked_at, at(5));
}

TEST_P(StoreConformance, AnAccountBeginsWithoutLimitsAndKeepsWhatItIsGiven) {
  const Account alice = value_of(run(store_->ensure_account("alice", at(1))));
  const Account bob = value_of(run(store_->ensure_account("bob", at(2))));
  EXPECT_EQ(alice.settings, AccountSettings{});
  EXPECT_EQ(alice.settings.status, "active");
  AccountSettings settings;
  settings.status = "arrears";
  settings.budget = 120;
  settings.concurrency = 3;
  settings.strict_concurrency = true;
  settings.networks = {"10.0.0.0/8", "say \"hi\""};
  settings.models = {"kling-v2-6"};
  settings.providers = {"vendor", "previz"};
  EXPECT_TRUE(value_of(run(store_->update_account(alice.id, settings, at(5)))));
  auto found = value_of(run(store_->find_account(alice.id)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->settings, settings);
  EXPECT_EQ(found->name, "alice");
  EXPECT_EQ(found->budget_at, at(5));
  settings.status = "active";
  EXPECT_TRUE(value_of(run(store_->update_account(alice.id, settings, at(6)))));
  EXPECT_EQ(value_of(run(store_->find_account(alice.id)))->budget_at, at(5)) << "the same budget";
  settings.budget = std::nullopt;
  EXPECT_TRUE(value_of(run(store_->update_account(alice.id, settings, at(7)))));
  EXPECT_EQ(value_of(run(store_->find_account(alice.id)))->budget_at, at(7));
  EXPECT_EQ(value_of(run(store_->find_account(bob.id)))->settings, AccountSettings{});
  const auto accounts = value_of(run(store_->list_accounts()));
  ASSERT_THAT(accounts, SizeIs(2));
  EXPECT_EQ(accounts[0].settings, settings);
  EXPECT_EQ(accounts[1].id, bob.id);
}

TEST_P(StoreConformance, AnAccountThatIsUnknownIsNeitherFoundNorChanged) {
  value_of(run(store_->ensure_account("alice", at(1))));
  for (const std::string id : {"acc2", "acc", "", "alice", "acc1x", "acc-1"}) {
    EXPECT_FALSE(value_of(run(store_->find_account({id})))) << id;
    EXPECT_FALSE(value_of(run(store_->update_account({id}, {}, at(1))))) << id;
  }
}

TEST_P(StoreConformance, SettingsOutOfBoundsAreRefused) {
  const AccountId id = value_of(run(store_->ensure_account("alice", at(1)))).id;
  const auto refusal = [&](AccountSettings settings) {
    const auto updated = run(store_->update_account(id, std::move(settings), at(2)));
    return updated ? std::nullopt : std::optional(updated.error().code);
  };
  AccountSettings settings;
  settings.status = "Active";
  EXPECT_EQ(refusal(settings), ErrorCode::kInvalidInput);
  settings = {};
  settings.budget = 0;
  settings.concurrency = 0;
  EXPECT_EQ(refusal(settings), std::nullopt);
  settings.budget = -1;
  EXPECT_EQ(refusal(settings), ErrorCode::kInvalidInput);
  settings = {};
  settings.concurrency = -1;
  EXPECT_EQ(refusal(settings), ErrorCode::kInvalidInput);
  settings = {};
  settings.models = std::vector<std::string>(kSettingsCountMax, std::string(kNameBytesMax, 'm'));
  EXPECT_EQ(refusal(settings), std::nullopt);
  settings.models.emplace_back("one more");
  EXPECT_EQ(refusal(settings), ErrorCode::kLimitExceeded);
  settings.models = {std::string(kNameBytesMax + 1, 'm')};
  EXPECT_EQ(refusal(settings), ErrorCode::kLimitExceeded);
}

class StoreLimits : public StoreConformance {
 protected:
  StoreLimits() : id_(value_of(run(store_->ensure_account("alice", at(0)))).id) {}

  void allow(std::optional<UnitTenths> budget, std::optional<int> concurrency = {},
             bool strict = false) {
    AccountSettings settings;
    settings.budget = budget;
    settings.concurrency = concurrency;
    settings.strict_concurrency = strict;
    ASSERT_TRUE(value_of(run(store_->update_account(id_, settings, at(1)))));
  }
  Kind create_of(UnitTenths price) {
    NewTask wanted = new_task(id_.value);
    wanted.task.price_estimate = price;
    return create(wanted).kind;
  }
  std::pair<UnitTenths, UnitTenths> money() {
    const Account account = value_of(run(store_->find_account(id_))).value();
    return {account.spent, account.reserved};
  }

  AccountId id_;
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreLimits, ::testing::ValuesIn(all_stores()), name_of);

TEST_P(StoreLimits, SpentAndReservedAreExactFromTheFirstTaskOn) {
  EXPECT_THAT(money(), Pair(0, 0));
  for (const UnitTenths price : {10, 20, 30}) EXPECT_EQ(create_of(price), Kind::kNew);
  EXPECT_THAT(money(), Pair(0, 60));
  const Task first = claim_one();
  EXPECT_THAT(money(), Pair(0, 60));
  Change success = change(first, TaskState::kSucceeded);
  success.price_final = 7;
  value_of(apply(success));
  EXPECT_THAT(money(), Pair(7, 50));
  Change failure = change(claim_one(), TaskState::kFailed);
  failure.price_final = 0;
  value_of(apply(failure));
  EXPECT_THAT(money(), Pair(7, 30));
  value_of(apply(change(claim_one(), TaskState::kQueued)));
  EXPECT_THAT(money(), Pair(7, 30)) << "a retry reserves nothing twice";
  allow(40);
  EXPECT_EQ(create_of(4), Kind::kBudgetExhausted) << "a late budget counts what was before it";
  EXPECT_EQ(create_of(3), Kind::kNew);
}

TEST_P(StoreLimits, ABudgetIsSpentToTheLastTenthAndNoFurther) {
  allow(60);
  EXPECT_EQ(create_of(61), Kind::kBudgetExhausted);
  EXPECT_EQ(create_of(30), Kind::kNew);
  EXPECT_EQ(create_of(31), Kind::kBudgetExhausted);
  EXPECT_EQ(create_of(30), Kind::kNew);
  EXPECT_EQ(create_of(1), Kind::kBudgetExhausted);
  EXPECT_EQ(create_of(0), Kind::kNew);
  EXPECT_THAT(money(), Pair(0, 60));
  Change failure = change(claim_one(), TaskState::kFailed);
  value_of(apply(failure));
  EXPECT_EQ(create_of(30), Kind::kNew) << "what a failed task reserved is free again";
  allow(std::nullopt);
  EXPECT_EQ(create_of(1000), Kind::kNew);
  EXPECT_EQ(create(new_task("bob")).kind, Kind::kNew);
}

TEST_P(StoreLimits, StrictConcurrencyRefusesTheNextAndLooseOneQueuesIt) {
  allow(std::nullopt, 2, true);
  EXPECT_EQ(create_of(1), Kind::kNew);
  EXPECT_EQ(create_of(1), Kind::kNew);
  EXPECT_EQ(create_of(1), Kind::kConcurrencyReached);
  finish(claim_one());
  EXPECT_EQ(create_of(1), Kind::kNew);
  EXPECT_EQ(create_of(1), Kind::kConcurrencyReached);
  allow(std::nullopt, 2, false);
  EXPECT_EQ(create_of(1), Kind::kNew);
}

TEST_P(StoreLimits, TheFirstReasonToRefuseIsTheOneThatIsAnswered) {
  NewTask first = new_task(id_.value);
  first.task.spec.external_task_id = "mine";
  first.idempotency = {"key", "print"};
  EXPECT_EQ(create(first).kind, Kind::kNew);
  allow(30, 1, true);
  NewTask again = new_task(id_.value);
  again.task.spec.external_task_id = "mine";
  again.idempotency = {"key", "print"};
  again.queue_depth_max = 1;
  EXPECT_EQ(create(again).kind, Kind::kReplayed);
  again.idempotency = {};
  EXPECT_EQ(create(again).kind, Kind::kDuplicateExternalId);
  again.task.spec.external_task_id = "";
  EXPECT_EQ(create(again).kind, Kind::kBudgetExhausted);
  again.task.price_estimate = 0;
  EXPECT_EQ(create(again).kind, Kind::kConcurrencyReached);
  allow(30);
  EXPECT_EQ(create(again).kind, Kind::kQueueFull);
}

TEST_P(StoreLimits, AConcurrencyLimitHoldsOverAllProvidersAtClaim) {
  allow(std::nullopt, 3);
  for (const std::string provider : {"previz", "vendor"}) {
    for (int i = 0; i < 4; ++i) {
      NewTask wanted = new_task(id_.value);
      wanted.task.provider = provider;
      create(wanted);
    }
  }
  EXPECT_THAT(claim_from("vendor", TaskState::kSubmitting, 2), SizeIs(2));
  const std::vector<Task> rendered = claim_from("previz", TaskState::kRendering, 10);
  ASSERT_THAT(rendered, SizeIs(1));
  EXPECT_THAT(claim_from("previz", TaskState::kRendering, 10), IsEmpty());
  add("bob");
  EXPECT_THAT(claim_from("previz", TaskState::kRendering, 10), SizeIs(1)) << "others go on";
  value_of(apply(change(rendered[0], TaskState::kFailed)));
  EXPECT_THAT(claim_from("vendor", TaskState::kSubmitting, 10), SizeIs(1));
  allow(std::nullopt, 4);
  EXPECT_THAT(claim_from("vendor", TaskState::kSubmitting, 10), SizeIs(1));
  allow(std::nullopt, 1);
  EXPECT_THAT(claim_from("previz", TaskState::kRendering, 10), IsEmpty()) << "fewer than it has";
}

TEST_P(StoreLimits, ManyCreatesAtOnceNeverGetPastABudgetOrALimit) {
  constexpr int kThreads = 8, kEach = 15;
  allow(300, 7, true);
  std::atomic<int> created{0}, refused{0};
  std::atomic<uint64_t> next{1};
  const auto create_many = [&](UnitTenths price, Kind refusal) {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) {
          NewTask wanted;
          wanted.task.id = TaskId{next++};
          wanted.task.account = id_;
          wanted.task.provider = "previz";
          wanted.task.price_estimate = price;
          wanted.task.created_at = wanted.task.updated_at = at(1);
          const Kind kind =
              value_of(run(store_->create_task(std::make_unique<NewTask>(wanted)))).kind;
          if (kind == Kind::kNew) ++created;
          if (kind == refusal) ++refused;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  };
  create_many(1, Kind::kConcurrencyReached);
  EXPECT_EQ(created, 7);
  EXPECT_EQ(refused, kThreads * kEach - 7);
  EXPECT_THAT(money(), Pair(0, 7));
  allow(300);
  created = refused = 0;
  create_many(30, Kind::kBudgetExhausted);
  EXPECT_EQ(created, 9) << "7 + 9 * 30 = 277";
  EXPECT_EQ(refused, kThreads * kEach - 9);
  EXPECT_THAT(money(), Pair(0, 277));
}

TEST_P(StoreConformance, WebhookSecretsRotateAndExpire) {
  const AccountId alice{"acc1"}, bob{"acc2"};
  const auto secrets = [&](const AccountId& id) {
    return value_of(run(store_->list_webhook_secrets(id)));
  };
  EXPECT_THAT(secrets(alice), IsEmpty());
  const WebhookSecret first =
      value_of(run(store_->add_webhook_secret(alice, "one", at(1), std::nullopt)));
  EXPECT_EQ(first.sealed, "one");
  EXPECT_EQ(first.created_at, at(1));
  EXPECT_FALSE(first.expires_at);
  const WebhookSecret second =
      value_of(run(store_->add_webhook_secret(alice, "two", at(2), at(100))));
  EXPECT_GT(second.number, first.number);
  WebhookSecret expiring = first;
  expiring.expires_at = at(100);
  EXPECT_THAT(secrets(alice), ElementsAre(expiring, second));
  EXPECT_THAT(secrets(bob), IsEmpty());
  const WebhookSecret third =
      value_of(run(store_->add_webhook_secret(alice, "three", at(99), at(200))));
  WebhookSecret old = second;
  old.expires_at = at(200);
  EXPECT_THAT(secrets(alice), ElementsAre(expiring, old, third)) << "the earlier end stays";
  const WebhookSecret fourth =
      value_of(run(store_->add_webhook_secret(alice, "four", at(100), std::nullopt)));
  EXPECT_THAT(secrets(alice), ElementsAre(old, third, fourth));
  value_of(run(store_->add_webhook_secret(bob, "his", at(1), std::nullopt)));
  value_of(run(store_->remove_webhook_secrets(alice, at(101))));
  EXPECT_THAT(secrets(alice), IsEmpty());
  EXPECT_THAT(secrets(bob), SizeIs(1));
  EXPECT_GT(value_of(run(store_->add_webhook_secret(alice, "five", at(102), {}))).number,
            fourth.number);
}

TEST_P(StoreConformance, AnAccountHasAFewWebhookSecretsAndTheOldestGo) {
  for (int i = 0; i < kWebhookSecretsMax + 2; ++i) {
    value_of(run(store_->add_webhook_secret({"acc1"}, std::to_string(i), at(i), {})));
  }
  const auto kept = value_of(run(store_->list_webhook_secrets({"acc1"})));
  ASSERT_THAT(kept, SizeIs(kWebhookSecretsMax));
  EXPECT_EQ(kept.front().sealed, "2");
  const std::string largest(kSealedBytesMax, 's');
  EXPECT_TRUE(run(store_->add_webhook_secret({"acc1"}, largest, at(9), {})));
  EXPECT_EQ(run(store_->add_webhook_secret({"acc1"}, largest + "s", at(9), {})).error().code,
            ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace rushes::store
