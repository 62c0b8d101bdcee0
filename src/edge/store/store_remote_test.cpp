// The conformance of every store: queues of providers, attempts, adoption, frozen settings.
#include "edge/store/bounds.h"
#include "edge/store/stores_under_test.h"

namespace rushes::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

Attempt attempt_of(const Task& task) {
  Attempt attempt;
  attempt.task = task.id;
  attempt.number = task.attempt;
  attempt.provider = "vendor";
  attempt.credential = "main";
  attempt.pin = "fingerprint";
  attempt.model = "kling-v2-6";
  attempt.handle = task.id.to_string();
  attempt.begun_at = from_unix_ms(1'800'000'000'000);
  return attempt;
}

std::vector<TaskId> ids_of(const std::vector<Adopted>& adopted) {
  std::vector<TaskId> ids;
  for (const Adopted& one : adopted) ids.push_back(one.task.id);
  return ids;
}

TEST_P(StoreConformance, ATaskIsClaimedFromItsOwnQueueOnly) {
  NewTask wanted = new_task();
  wanted.task.provider = "vendor";
  const TaskId remote = create(wanted).task->id;
  const TaskId local = add();
  EXPECT_EQ(find(remote)->provider, "vendor");
  EXPECT_THAT(value_of(run(store_->list_queues())), ElementsAre("previz", "vendor"));
  EXPECT_THAT(claim_from("nobody", TaskState::kRendering, 5), IsEmpty());
  const std::vector<Task> rendered = claim_from("previz", TaskState::kRendering, 5);
  ASSERT_THAT(rendered, SizeIs(1));
  EXPECT_EQ(rendered[0].id, local);
  EXPECT_EQ(rendered[0].provider, "previz");
  const std::vector<Task> submitted = claim_from("vendor", TaskState::kSubmitting, 5);
  ASSERT_THAT(submitted, SizeIs(1));
  EXPECT_EQ(submitted[0].id, remote);
  EXPECT_EQ(submitted[0].state, TaskState::kSubmitting);
  EXPECT_EQ(submitted[0].attempt, 1);
  EXPECT_EQ(find(remote)->state, TaskState::kSubmitting);
  EXPECT_THAT(value_of(run(store_->list_queues())), IsEmpty());
}

TEST_P(StoreConformance, WorkAtAnotherProviderDoesNotCostAnAccountItsTurn) {
  for (int i = 0; i < 3; ++i) submit_one("alice");
  const TaskId bobs_first = add("bob");
  const TaskId alices = add("alice");
  const TaskId bobs_second = add("bob");
  std::vector<TaskId> order;
  for (int i = 0; i < 3; ++i) order.push_back(claim(1).at(0).id);
  EXPECT_THAT(order, ElementsAre(bobs_first, alices, bobs_second));
}

TEST_P(StoreConformance, ProcessingIsSeenFromTheBindOnAndNeverTakenBack) {
  const Task task = submit_one();
  const Timestamp created = task.created_at;
  EXPECT_EQ(public_state(*find(task.id)), PublicState::kSubmitted);
  EXPECT_EQ(find(task.id)->updated_at, created);
  Change refused = change(task, TaskState::kQueued);
  refused.due_at = at(0);
  value_of(apply(refused));
  EXPECT_EQ(public_state(*find(task.id)), PublicState::kSubmitted);
  EXPECT_EQ(find(task.id)->updated_at, created) << "a client cannot see that";
  Task again = claim_from("vendor", TaskState::kSubmitting).at(0);
  Change bind = change(again, TaskState::kRunning);
  bind.at = at(2'000'005);
  value_of(apply(bind));
  EXPECT_EQ(public_state(*find(task.id)), PublicState::kProcessing);
  EXPECT_EQ(find(task.id)->updated_at, at(2'000'005));
  for (const TaskState to : {TaskState::kFetching, TaskState::kQueued}) {
    Change next = change(*find(task.id), to);
    next.at = at(2'000'010);
    next.due_at = at(0);
    value_of(apply(next));
    EXPECT_EQ(public_state(*find(task.id)), PublicState::kProcessing);
    EXPECT_EQ(find(task.id)->updated_at, at(2'000'005));
  }
  again = claim_from("vendor", TaskState::kSubmitting).at(0);
  EXPECT_EQ(again.state, TaskState::kSubmitting);
  EXPECT_TRUE(again.begun);
  EXPECT_EQ(public_state(again), PublicState::kProcessing);
  EXPECT_EQ(find(task.id)->updated_at, at(2'000'005));
}

TEST_P(StoreConformance, AFailedTryMovesTheTaskToAnotherQueue) {
  const Task task = submit_one();
  Change move = change(task, TaskState::kQueued);
  move.provider = "previz";
  move.due_at = at(0);
  value_of(apply(move));
  EXPECT_EQ(find(task.id)->provider, "previz");
  EXPECT_THAT(claim_from("vendor", TaskState::kSubmitting), IsEmpty());
  const Task local = claim_one();
  EXPECT_EQ(local.id, task.id);
  EXPECT_EQ(local.attempt, 2);
  Change done = change(local, TaskState::kSucceeded);
  done.provider = "vendor";
  value_of(apply(done));
  EXPECT_EQ(find(task.id)->provider, "previz") << "who made it stays";
}

TEST_P(StoreConformance, AnAttemptIsWrittenReplacedAndReadBackWhole) {
  const Task task = submit_one();
  Attempt attempt = attempt_of(task);
  value_of(run(store_->record_attempt({"n1"}, attempt)));
  EXPECT_THAT(value_of(run(store_->list_attempts(task.id))), ElementsAre(attempt));
  attempt.state = AttemptState::kBound;
  attempt.upstream_id = "u-1";
  attempt.upstream_request_id = "r-1";
  attempt.status = "queued";
  attempt.reason = "say \"hi\"";
  attempt.cost = 12;
  attempt.bound_at = at(5);
  attempt.ended_at = at(6);
  attempt.absent_lookups = 2;
  attempt.first_lookup_at = at(4);
  Change bind = change(task, TaskState::kRunning);
  bind.attempt_record = attempt;
  value_of(apply(bind));
  EXPECT_THAT(value_of(run(store_->list_attempts(task.id))), ElementsAre(attempt));
  value_of(apply(change(*find(task.id), TaskState::kQueued)));
  const std::vector<Task> claimed = value_of(run(store_->claim_tasks(
      {{"n1"}, at(3'000'000), at(3'060'000), 1, "vendor", TaskState::kSubmitting})));
  ASSERT_THAT(claimed, SizeIs(1));
  const Attempt second = attempt_of(claimed[0]);
  value_of(run(store_->record_attempt({"n1"}, second)));
  EXPECT_THAT(value_of(run(store_->list_attempts(task.id))), ElementsAre(attempt, second));
  EXPECT_THAT(value_of(run(store_->list_attempts(TaskId{999}))), IsEmpty());
}

TEST_P(StoreConformance, AnAttemptIsRefusedUnlessItIsTheOneInWorkUnderTheLease) {
  const Task task = submit_one();
  const auto refusal = [&](const Attempt& attempt, std::string node) {
    const auto recorded = run(store_->record_attempt({std::move(node)}, attempt));
    return recorded ? std::nullopt : std::optional(recorded.error().code);
  };
  Attempt other = attempt_of(task);
  other.number = 2;
  EXPECT_EQ(refusal(other, "n1"), ErrorCode::kConflict);
  other.number = 0;
  EXPECT_EQ(refusal(other, "n1"), ErrorCode::kConflict);
  EXPECT_EQ(refusal(attempt_of(task), "n2"), ErrorCode::kConflict);
  EXPECT_EQ(refusal(attempt_of(task), ""), ErrorCode::kConflict);
  other = attempt_of(task);
  other.task = TaskId{999};
  EXPECT_EQ(refusal(other, "n1"), ErrorCode::kConflict);
  EXPECT_THAT(value_of(run(store_->list_attempts(task.id))), IsEmpty());
  EXPECT_EQ(refusal(attempt_of(task), "n1"), std::nullopt);
  value_of(apply(change(task, TaskState::kFailed)));
  EXPECT_EQ(refusal(attempt_of(task), "n1"), ErrorCode::kConflict) << "it is over";
  Task queued = submit_one();
  value_of(apply(change(queued, TaskState::kQueued)));
  EXPECT_EQ(refusal(attempt_of(queued), "n1"), ErrorCode::kConflict) << "nobody works on it";
}

TEST_P(StoreConformance, ARefusedChangeWritesNoAttempt) {
  const Task task = submit_one();
  Change bind = change(task, TaskState::kRunning, "n2");
  bind.attempt_record = attempt_of(task);
  EXPECT_EQ(apply(bind).error().code, ErrorCode::kConflict);
  EXPECT_THAT(value_of(run(store_->list_attempts(task.id))), IsEmpty());
}

TEST_P(StoreConformance, OnlyAnAttemptThatWasGivenUpTakesLateNewsAndItsTaskStaysAsItIs) {
  const Task task = submit_one();
  Attempt attempt = attempt_of(task);
  value_of(run(store_->record_attempt({"n1"}, attempt)));
  const auto refusal = [&](const Attempt& late) {
    const auto booked = run(store_->book_late(late));
    return booked ? std::nullopt : std::optional(booked.error().code);
  };
  EXPECT_EQ(refusal(attempt), ErrorCode::kConflict) << "it is still in work";
  Change failure = change(task, TaskState::kFailed);
  failure.price_final = 0;
  attempt.state = AttemptState::kUnknown;
  failure.attempt_record = attempt;
  value_of(apply(failure));
  const Task over = *find(task.id);
  attempt.state = AttemptState::kSucceeded;
  attempt.cost = 30;
  attempt.number = 2;
  EXPECT_EQ(refusal(attempt), ErrorCode::kConflict) << "there is no such attempt";
  attempt.number = 1;
  EXPECT_EQ(refusal(attempt), std::nullopt);
  EXPECT_EQ(refusal(attempt), ErrorCode::kConflict) << "it is known now";
  EXPECT_THAT(value_of(run(store_->list_attempts(task.id))), ElementsAre(attempt));
  EXPECT_EQ(find(task.id)->state, over.state);
  EXPECT_EQ(find(task.id)->updated_at, over.updated_at);
  EXPECT_EQ(find(task.id)->price_final, 0);
  const auto lines = value_of(run(store_->list_ledger({"alice"}, 10)));
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].units, 0);
  attempt.task = TaskId{999};
  EXPECT_EQ(refusal(attempt), ErrorCode::kConflict);
}

TEST_P(StoreConformance, OverlongWordsOfAnUpstreamAreCut) {
  const Task task = submit_one();
  Attempt attempt = attempt_of(task);
  attempt.status = std::string(kNameBytesMax + 1, 's');
  attempt.reason = std::string(kTextBytesMax + 1, 'r');
  value_of(run(store_->record_attempt({"n1"}, attempt)));
  const auto kept = value_of(run(store_->list_attempts(task.id))).at(0);
  EXPECT_THAT(kept.status, SizeIs(kNameBytesMax));
  EXPECT_THAT(kept.reason, SizeIs(kTextBytesMax));
}

TEST_P(StoreConformance, WhatTheUpstreamTookIsBookedForTheOperator) {
  Task task = submit_one();
  Change failure = change(task, TaskState::kFailed);
  failure.attempt_record = attempt_of(task);
  failure.attempt_record->cost = 17;
  value_of(apply(failure));
  finish(submit_one(), TaskState::kFailed);
  const auto lines = value_of(run(store_->list_ledger({"alice"}, 10)));
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[1].upstream_cost, 17);
  EXPECT_EQ(lines[1].units, 0);
  EXPECT_EQ(lines[0].upstream_cost, std::nullopt);
}

TEST_P(StoreConformance, RemoteTasksAreAdoptedAsTheyAreAndNeverQueuedAgain) {
  const Task submitting = submit_one();
  value_of(run(store_->record_attempt({"n1"}, attempt_of(submitting))));
  const Task running = submit_one();
  value_of(apply(change(running, TaskState::kRunning)));
  const Task fetching = submit_one();
  value_of(apply(change(fetching, TaskState::kRunning)));
  value_of(apply(change(*find(fetching.id), TaskState::kFetching)));
  const TaskId rendering = add();
  claim_one();

  EXPECT_EQ(value_of(run(store_->requeue_abandoned({"n1"}, at(9'000'000)))), 1);
  EXPECT_EQ(find(rendering)->state, TaskState::kQueued);
  claim_one();

  const AdoptRequest request{{"n2"}, false, at(1'059'999), at(1'120'000), 100};
  EXPECT_THAT(value_of(run(store_->adopt_remote(request))), IsEmpty()) << "the lease holds";
  AdoptRequest later = request;
  later.now = at(1'060'000);
  const auto adopted = value_of(run(store_->adopt_remote(later)));
  EXPECT_THAT(ids_of(adopted), UnorderedElementsAre(submitting.id, running.id, fetching.id));
  for (const Adopted& one : adopted) {
    EXPECT_EQ(one.task.attempt, 1);
    EXPECT_EQ(one.attempt.has_value(), one.task.id == submitting.id);
    EXPECT_EQ(event_names(one.task.id).back(), "adopted");
  }
  EXPECT_EQ(find(submitting.id)->state, TaskState::kSubmitting);
  EXPECT_EQ(find(running.id)->state, TaskState::kRunning);
  EXPECT_EQ(find(fetching.id)->state, TaskState::kFetching);
  EXPECT_THAT(value_of(run(store_->adopt_remote(later))), IsEmpty()) << "they are leased again";
  EXPECT_EQ(apply(change(*find(running.id), TaskState::kFetching, "n1")).error().code,
            ErrorCode::kConflict);
  value_of(apply(change(*find(running.id), TaskState::kFetching, "n2")));
  EXPECT_EQ(find(rendering)->state, TaskState::kRendering);
}

TEST_P(StoreConformance, ANodeAdoptsItsOwnPageByPageAfterARestart) {
  std::vector<TaskId> own;
  for (int i = 0; i < 5; ++i) own.push_back(submit_one().id);
  NewTask foreign = new_task();
  foreign.task.provider = "vendor";
  create(foreign);
  claim_from("vendor", TaskState::kSubmitting, 1, "n2");
  AdoptRequest request{{"n1"}, true, at(1'000'001), at(1'070'000), 2};
  std::vector<TaskId> adopted;
  for (const size_t expected : {2, 2, 1, 0}) {
    const std::vector<TaskId> page = ids_of(value_of(run(store_->adopt_remote(request))));
    EXPECT_THAT(page, SizeIs(expected));
    adopted.insert(adopted.end(), page.begin(), page.end());
  }
  EXPECT_THAT(adopted, ::testing::UnorderedElementsAreArray(own));
  request = {{"n1"}, true, at(1'060'000), at(1'130'000), 100};
  EXPECT_THAT(value_of(run(store_->adopt_remote(request))), SizeIs(6)) << "and what ran out";
  request.own = false;
  request.limit = 0;
  EXPECT_THAT(value_of(run(store_->adopt_remote(request))), IsEmpty());
}

TEST_P(StoreConformance, ReleasedLeasesEndAtOnceAndKeepTheState) {
  const Task task = submit_one();
  const TaskId local = add();
  claim_one();
  value_of(run(store_->release_leases({"n2"})));
  const AdoptRequest request{{"n2"}, false, at(1'000'001), at(1'060'001), 100};
  EXPECT_THAT(value_of(run(store_->adopt_remote(request))), IsEmpty());
  value_of(run(store_->release_leases({"n1"})));
  EXPECT_EQ(find(task.id)->state, TaskState::kSubmitting);
  EXPECT_EQ(find(local)->state, TaskState::kRendering);
  EXPECT_EQ(value_of(run(store_->requeue_abandoned({}, at(1'000'001)))), 0);
  EXPECT_THAT(ids_of(value_of(run(store_->adopt_remote(request)))), ElementsAre(task.id));
}

TEST_P(StoreConformance, AReleasedTaskStillCountsAsItsAccountsWork) {
  const AccountId id = value_of(run(store_->ensure_account("alice", at(0)))).id;
  AccountSettings settings;
  settings.concurrency = 1;
  value_of(run(store_->update_account(id, settings, at(0))));
  submit_one(id.value);
  add(id.value);
  value_of(run(store_->release_leases({"n1"})));
  EXPECT_THAT(claim(5), IsEmpty());
}

TEST_P(StoreConformance, TheFirstPinOfAFingerprintStays) {
  EXPECT_EQ(value_of(run(store_->find_pin("f"))), std::nullopt);
  value_of(run(store_->keep_pin("f", "sealed")));
  value_of(run(store_->keep_pin("f", "other")));
  value_of(run(store_->keep_pin("g", std::string(kSealedBytesMax, 's'))));
  EXPECT_EQ(value_of(run(store_->find_pin("f"))), "sealed");
  EXPECT_EQ(value_of(run(store_->find_pin("g")))->size(), kSealedBytesMax);
  EXPECT_EQ(run(store_->keep_pin("h", std::string(kSealedBytesMax + 1, 's'))).error().code,
            ErrorCode::kLimitExceeded);
  EXPECT_EQ(run(store_->keep_pin("", "sealed")).error().code, ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace rushes::store
