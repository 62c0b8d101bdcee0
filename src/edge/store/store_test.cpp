// The conformance of every store: tasks, for clients, for the engine, for retention.
#include "edge/store/bounds.h"
#include "edge/store/stores_under_test.h"

namespace rushes::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Kind = Created::Kind;

INSTANTIATE_TEST_SUITE_P(Stores, StoreConformance, ::testing::ValuesIn(all_stores()), name_of);

TEST_P(StoreConformance, ANewTaskReadsBackAsItWasGiven) {
  NewTask wanted = new_task();
  wanted.task.spec.shots = {{"one", 2}, {"two \"quoted\" \xF0\x9F\xA6\x8A", 3}};
  wanted.task.spec.seed = ~uint64_t{0};
  wanted.task.spec.cfg_scale = 0.25;
  wanted.task.spec.external_task_id = "mine";
  const Task given = wanted.task;
  const Created created = create(std::move(wanted));
  EXPECT_EQ(created.kind, Kind::kNew);
  EXPECT_EQ(created.task->id, given.id);
  const auto found = find(given.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->spec, given.spec);
  EXPECT_EQ(found->state, TaskState::kQueued);
  EXPECT_EQ(found->dialect, "kling");
  EXPECT_EQ(found->profile, "official");
  EXPECT_EQ(found->created_at, given.created_at);
  EXPECT_EQ(found->updated_at, given.updated_at);
  EXPECT_EQ(found->price_estimate, 30);
  EXPECT_FALSE(found->price_final);
  EXPECT_EQ(found->attempt, 0);
  EXPECT_THAT(event_names(given.id), ElementsAre("submitted"));
}

TEST_P(StoreConformance, AKeyRepeatedWithTheSameRequestAnswersTheFirstTask) {
  NewTask first = new_task();
  first.idempotency = {"key", "print"};
  const TaskId id = create(first).task->id;
  NewTask again = new_task();
  again.idempotency = {"key", "print"};
  const Created replay = create(again);
  EXPECT_EQ(replay.kind, Kind::kReplayed);
  EXPECT_EQ(replay.task->id, id);
  EXPECT_FALSE(find(again.task.id));
  EXPECT_EQ(value_of(run(store_->count_unfinished())), 1);
}

TEST_P(StoreConformance, AKeyRepeatedWithAnotherRequestIsRefused) {
  NewTask first = new_task();
  first.idempotency = {"key", "print"};
  create(first);
  NewTask other = new_task();
  other.idempotency = {"key", "another"};
  EXPECT_EQ(create(other).kind, Kind::kFingerprintMismatch);
  EXPECT_FALSE(find(other.task.id));
}

TEST_P(StoreConformance, AReplayCanBeLookedUpWithoutCreating) {
  NewTask first = new_task();
  first.idempotency = {"key", "print"};
  const TaskId id = create(first).task->id;
  const auto look_up = [&](std::string account, std::string key, std::string print) {
    return value_of(run(store_->find_replay({std::move(account)}, {std::move(key), print})));
  };
  ASSERT_TRUE(look_up("alice", "key", "print"));
  EXPECT_EQ(look_up("alice", "key", "print")->task->id, id);
  EXPECT_EQ(look_up("alice", "key", "other")->kind, Kind::kFingerprintMismatch);
  EXPECT_FALSE(look_up("alice", "new", "print"));
  EXPECT_FALSE(look_up("bob", "key", "print"));
  EXPECT_FALSE(look_up("alice", "", ""));
}

TEST_P(StoreConformance, AnExternalIdIsTakenOncePerAccount) {
  NewTask first = new_task();
  first.task.spec.external_task_id = "mine";
  create(first);
  NewTask second = new_task();
  second.task.spec.external_task_id = "mine";
  EXPECT_EQ(create(second).kind, Kind::kDuplicateExternalId);
  EXPECT_FALSE(find(second.task.id));
  NewTask other = new_task("bob");
  other.task.spec.external_task_id = "mine";
  EXPECT_EQ(create(other).kind, Kind::kNew);
  EXPECT_EQ(value_of(run(store_->find_task_by_external_id({"alice"}, "mine")))->id, first.task.id);
  EXPECT_EQ(value_of(run(store_->find_task_by_external_id({"bob"}, "mine")))->id, other.task.id);
  EXPECT_FALSE(value_of(run(store_->find_task_by_external_id({"alice"}, "other"))));
  add();
  EXPECT_FALSE(value_of(run(store_->find_task_by_external_id({"alice"}, ""))));
}

TEST_P(StoreConformance, ATakenIdBecomesTheNextFreeOne) {
  const NewTask wanted = new_task();
  const TaskId id = create(wanted).task->id;
  EXPECT_EQ(create(wanted).task->id, TaskId{id.value + 1});
  EXPECT_EQ(create(wanted).task->id, TaskId{id.value + 2});
  EXPECT_EQ(find(TaskId{id.value + 2})->id, TaskId{id.value + 2});
  EXPECT_EQ(value_of(run(store_->count_unfinished())), 3);
}

TEST_P(StoreConformance, TheQueueOfAnAccountIsBounded) {
  NewTask wanted = new_task();
  wanted.queue_depth_max = 2;
  EXPECT_EQ(create(wanted).kind, Kind::kNew);
  add("bob");
  wanted.task.id = TaskId{++last_id_};
  EXPECT_EQ(create(wanted).kind, Kind::kNew);
  wanted.task.id = TaskId{++last_id_};
  EXPECT_EQ(create(wanted).kind, Kind::kQueueFull);
  EXPECT_FALSE(find(wanted.task.id));
  finish(claim_one());
  EXPECT_EQ(create(wanted).kind, Kind::kNew);
}

TEST_P(StoreConformance, TheQueueOfAllAccountsIsBounded) {
  add("alice");
  NewTask wanted = new_task("bob");
  wanted.queue_depth_total_max = 1;
  EXPECT_EQ(create(wanted).kind, Kind::kQueueFull);
  wanted.queue_depth_total_max = 2;
  EXPECT_EQ(create(wanted).kind, Kind::kNew);
}

TEST_P(StoreConformance, WithoutABoundFromTheCallerAQueueGrows) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(create(new_task()).kind, Kind::kNew);
  NewTask wanted = new_task("bob");
  wanted.queue_depth_max = 1;
  EXPECT_EQ(create(wanted).kind, Kind::kNew) << "the others' tasks are not counted";
  wanted = new_task("carol");
  wanted.queue_depth_total_max = 101;
  EXPECT_EQ(create(wanted).kind, Kind::kQueueFull);
  wanted.queue_depth_total_max = 102;
  EXPECT_EQ(create(wanted).kind, Kind::kNew);
}

TEST_P(StoreConformance, TextsBeyondTheirBoundsAreRefused) {
  NewTask wanted = new_task();
  wanted.idempotency = {std::string(kNameBytesMax, 'k'), "print"};
  EXPECT_EQ(create(wanted).kind, Kind::kNew);
  wanted = new_task();
  wanted.idempotency = {std::string(kNameBytesMax + 1, 'k'), "print"};
  EXPECT_EQ(run(store_->create_task(std::make_unique<NewTask>(wanted))).error().code,
            ErrorCode::kLimitExceeded);
  wanted = new_task();
  wanted.task.spec.prompt = std::string(kSpecBytesMax, 'p');
  EXPECT_EQ(run(store_->create_task(std::make_unique<NewTask>(wanted))).error().code,
            ErrorCode::kLimitExceeded);
}

TEST_P(StoreConformance, NothingOfAnAccountIsVisibleToAnother) {
  NewTask wanted = new_task("alice");
  wanted.task.spec.external_task_id = "mine";
  const TaskId id = create(wanted).task->id;
  EXPECT_FALSE(find(id, "bob"));
  EXPECT_FALSE(value_of(run(store_->find_task_by_external_id({"bob"}, "mine"))));
  EXPECT_THAT(value_of(run(store_->list_tasks({{"bob"}, "text2video"}))), IsEmpty());
  EXPECT_FALSE(value_of(run(store_->request_cancel({"bob"}, id, at(0)))));
  EXPECT_FALSE(find(id)->cancel_requested);
  finish(claim_one());
  EXPECT_THAT(value_of(run(store_->list_ledger({"bob"}, 10))), IsEmpty());
  EXPECT_THAT(value_of(run(store_->list_ledger({"alice"}, 10))), SizeIs(1));
}

TEST_P(StoreConformance, AListIsNewestFirstAndPaged) {
  std::vector<TaskId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(add());
  add("bob");
  NewTask other = new_task();
  other.task.family = "image2video";
  create(other);
  const auto page = [&](int offset, int limit, Timestamp from = {}) {
    std::vector<TaskId> found;
    for (const Task& task :
         value_of(run(store_->list_tasks({{"alice"}, "text2video", from, offset, limit})))) {
      found.push_back(task.id);
    }
    return found;
  };
  EXPECT_THAT(page(0, 2), ElementsAre(ids[4], ids[3]));
  EXPECT_THAT(page(2, 2), ElementsAre(ids[2], ids[1]));
  EXPECT_THAT(page(4, 2), ElementsAre(ids[0]));
  EXPECT_THAT(page(5, 2), IsEmpty());
  EXPECT_THAT(page(0, 9, at(4)), ElementsAre(ids[4], ids[3]));
}

TEST_P(StoreConformance, TasksOfOneMomentAreListedByIdDescending) {
  NewTask first = new_task(), second = new_task();
  second.task.created_at = first.task.created_at;
  create(second);
  create(first);
  const auto listed = value_of(run(store_->list_tasks({{"alice"}, "text2video"})));
  ASSERT_THAT(listed, SizeIs(2));
  EXPECT_EQ(listed[0].id, second.task.id);
}

TEST_P(StoreConformance, AClaimedTaskHasANewAttemptAndIsNotClaimedTwice) {
  const TaskId id = add();
  const std::vector<Task> claimed = claim(5);
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].id, id);
  EXPECT_EQ(claimed[0].attempt, 1);
  EXPECT_EQ(claimed[0].state, TaskState::kRendering);
  EXPECT_EQ(claimed[0].spec.prompt, "a fox in the snow");
  EXPECT_EQ(find(id)->state, TaskState::kRendering);
  EXPECT_EQ(find(id)->updated_at, at(1'000'000));
  EXPECT_THAT(claim(5, 1'000'000, "n2"), IsEmpty());
  EXPECT_THAT(event_names(id), ElementsAre("submitted", "claimed"));
}

TEST_P(StoreConformance, ATaskIsNotClaimedBeforeItIsDue) {
  const TaskId id = add();
  EXPECT_THAT(claim(1, 0), IsEmpty());
  Change retry = change(claim_one(), TaskState::kQueued);
  retry.due_at = at(5'000'000);
  retry.counts_as_failure = true;
  value_of(apply(retry));
  EXPECT_THAT(claim(1, 4'999'999), IsEmpty());
  const std::vector<Task> claimed = claim(1, 5'000'000);
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].id, id);
  EXPECT_EQ(claimed[0].attempt, 2);
  EXPECT_EQ(claimed[0].failures, 1);
}

TEST_P(StoreConformance, AnAccountWithAThousandTasksDoesNotStarveAnother) {
  for (int i = 0; i < 1000; ++i) add("alice");
  const TaskId bobs = add("bob");
  const TaskId carols = add("carol");
  std::vector<TaskId> first_three;
  for (int i = 0; i < 3; ++i) first_three.push_back(claim(1).at(0).id);
  EXPECT_THAT(first_three, ElementsAre(TaskId{1}, bobs, carols));
  EXPECT_EQ(claim(1).at(0).id, TaskId{2});
}

TEST_P(StoreConformance, ARenewedLeaseKeepsTheTask) {
  const TaskId id = add();
  claim_one();
  const auto beat = value_of(run(store_->renew_leases({"n1"}, {id, TaskId{999}}, at(9'000'000))));
  EXPECT_THAT(beat.held, ElementsAre(id));
  EXPECT_THAT(beat.cancel_requested, IsEmpty());
  EXPECT_THAT(value_of(run(store_->renew_leases({"n2"}, {id}, at(0)))).held, IsEmpty());
  EXPECT_EQ(value_of(run(store_->requeue_abandoned({}, at(8'999'999)))), 0);
  EXPECT_EQ(value_of(run(store_->requeue_abandoned({}, at(9'000'000)))), 1);
  EXPECT_THAT(value_of(run(store_->renew_leases({"n1"}, {id}, at(0)))).held, IsEmpty());
}

TEST_P(StoreConformance, AChangeIsRefusedFromTheWrongStateAttemptOrNode) {
  add();
  const Task task = claim_one();
  Change wrong_state = change(task, TaskState::kSucceeded);
  wrong_state.from = TaskState::kFetching;
  Change wrong_attempt = change(task, TaskState::kSucceeded);
  wrong_attempt.attempt = 2;
  Change wrong_node = change(task, TaskState::kSucceeded, "n2");
  Change no_node = change(task, TaskState::kSucceeded, "");
  Change unknown = change(task, TaskState::kSucceeded);
  unknown.id = TaskId{999};
  Change impossible = change(task, TaskState::kRunning);
  for (const Change& wrong :
       {wrong_state, wrong_attempt, wrong_node, no_node, unknown, impossible}) {
    const Result<void> refused = apply(wrong);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  }
  EXPECT_EQ(find(task.id)->state, TaskState::kRendering);
  EXPECT_THAT(event_names(task.id), ElementsAre("submitted", "claimed"));
  EXPECT_THAT(value_of(run(store_->list_ledger({"alice"}, 10))), IsEmpty());
}

TEST_P(StoreConformance, SuccessComesWithArtifactsNotesPriceAndOneLedgerLine) {
  add();
  const Task task = claim_one();
  Change success = change(task, TaskState::kSucceeded);
  Artifact poster = artifact(72);
  poster.kind = ArtifactKind::kPoster;
  success.artifacts = {artifact(71), poster};
  success.notes = {"raccoon: rig", "say \"cheese\""};
  value_of(apply(success));
  const auto found = find(task.id);
  EXPECT_EQ(found->state, TaskState::kSucceeded);
  EXPECT_EQ(found->progress_percent, 100);
  EXPECT_THAT(found->artifacts, ElementsAre(artifact(71), poster));
  EXPECT_EQ(found->notes, success.notes);
  EXPECT_EQ(found->price_final, 30);
  EXPECT_EQ(found->updated_at, success.at);
  EXPECT_THAT(value_of(run(store_->list_ledger({"alice"}, 10))),
              ElementsAre(LedgerLine{task.id, {"alice"}, 30, success.at}));
  EXPECT_EQ(value_of(run(store_->find_artifact({72})))->kind, ArtifactKind::kPoster);
  EXPECT_FALSE(value_of(run(store_->find_artifact({73}))));
  EXPECT_THAT(event_names(task.id), ElementsAre("submitted", "claimed", "succeeded"));
}

TEST_P(StoreConformance, TerminalStatesNeverChange) {
  add();
  const Task task = claim_one();
  finish(task);
  EXPECT_EQ(apply(change(task, TaskState::kFailed)).error().code, ErrorCode::kConflict);
  Task ended = *find(task.id);
  for (const std::string node : {"n1", ""}) {
    EXPECT_EQ(apply(change(ended, TaskState::kFailed, node)).error().code, ErrorCode::kConflict);
    EXPECT_EQ(apply(change(ended, TaskState::kQueued, node)).error().code, ErrorCode::kConflict);
  }
  EXPECT_FALSE(value_of(run(store_->request_cancel({"alice"}, task.id, at(0)))));
  EXPECT_EQ(find(task.id)->state, TaskState::kSucceeded);
  EXPECT_THAT(value_of(run(store_->list_ledger({"alice"}, 10))), SizeIs(1));
}

TEST_P(StoreConformance, AQueuedTaskIsCancelledWithoutALease) {
  const TaskId id = add();
  EXPECT_TRUE(value_of(run(store_->request_cancel({"alice"}, id, at(0)))));
  EXPECT_TRUE(find(id)->cancel_requested);
  Change cancel = change(*find(id), TaskState::kFailed, "");
  cancel.failure_code = "cancelled";
  cancel.failure_message = "Task was cancelled";
  value_of(apply(cancel));
  EXPECT_EQ(find(id)->failure_code, "cancelled");
  EXPECT_EQ(find(id)->failure_message, "Task was cancelled");
  EXPECT_EQ(find(id)->price_final, 0);
  EXPECT_THAT(claim(1), IsEmpty());
  EXPECT_THAT(value_of(run(store_->list_ledger({"alice"}, 10))), SizeIs(1));
}

TEST_P(StoreConformance, ACancelOfARunningTaskIsToldToItsNode) {
  const TaskId first = add(), second = add();
  claim(2);
  EXPECT_TRUE(value_of(run(store_->request_cancel({"alice"}, second, at(0)))));
  EXPECT_TRUE(value_of(run(store_->request_cancel({"alice"}, second, at(0)))));
  const auto beat = value_of(run(store_->renew_leases({"n1"}, {first, second}, at(9'000'000))));
  EXPECT_THAT(beat.held, UnorderedElementsAre(first, second));
  EXPECT_THAT(beat.cancel_requested, ElementsAre(second));
  EXPECT_THAT(event_names(second), ElementsAre("submitted", "claimed", "cancel_requested"));
  EXPECT_FALSE(value_of(run(store_->request_cancel({"alice"}, TaskId{999}, at(0)))));
}

TEST_P(StoreConformance, ACancelSurvivesTheLossOfTheLease) {
  const TaskId id = add();
  claim_one();
  EXPECT_TRUE(value_of(run(store_->request_cancel({"alice"}, id, at(0)))));
  EXPECT_EQ(value_of(run(store_->requeue_abandoned({"n1"}, at(0)))), 1);
  EXPECT_TRUE(claim_one().cancel_requested);
}

TEST_P(StoreConformance, ARestartedNodeTakesBackItsOwnWorkAtOnce) {
  const TaskId first = add(), second = add();
  claim(1, 1'000'000, "n1");
  claim(1, 1'000'000, "n2");
  EXPECT_EQ(value_of(run(store_->requeue_abandoned({"n1"}, at(1'000'001)))), 1);
  EXPECT_EQ(find(first)->state, TaskState::kQueued);
  EXPECT_EQ(find(first)->failures, 0);
  EXPECT_EQ(public_state(*find(first)), PublicState::kProcessing);
  EXPECT_EQ(find(second)->state, TaskState::kRendering);
  EXPECT_THAT(event_names(first), ElementsAre("submitted", "claimed", "abandoned"));
  EXPECT_EQ(claim_one().attempt, 2);
}

TEST_P(StoreConformance, AnExpiredLeaseGivesTheTaskToAnotherNodeAndTheFirstCannotSettle) {
  add();
  const Task first = claim_one();
  EXPECT_EQ(value_of(run(store_->requeue_abandoned({}, at(1'060'000)))), 1);
  const std::vector<Task> second = claim(1, 1'060'000, "n2");
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(apply(change(first, TaskState::kSucceeded)).error().code, ErrorCode::kConflict);
  value_of(apply(change(second[0], TaskState::kSucceeded, "n2")));
  EXPECT_THAT(event_names(first.id),
              ElementsAre("submitted", "claimed", "lease_expired", "claimed", "succeeded"));
}

TEST_P(StoreConformance, ProgressIsKeptWithinItsAttemptAndNeverGoesBack) {
  const TaskId id = add();
  const Task task = claim_one();
  const auto note = [&](int attempt, int percent) {
    value_of(run(store_->record_progress(id, attempt, percent)));
    return find(id)->progress_percent;
  };
  EXPECT_EQ(note(1, 30), 30);
  EXPECT_EQ(note(1, 20), 30);
  EXPECT_EQ(value_of(run(store_->list_tasks({{"alice"}, "text2video"})))[0].progress_percent, 30);
  value_of(run(store_->requeue_abandoned({"n1"}, at(0))));
  EXPECT_EQ(find(id)->progress_percent, 0);
  claim_one();
  EXPECT_EQ(find(id)->progress_percent, 0);
  EXPECT_EQ(note(2, 10), 10);
}

TEST_P(StoreConformance, OverlongTextsOfOurOwnAreCutBetweenCodePoints) {
  add();
  const Task task = claim_one();
  Change failure = change(task, TaskState::kFailed);
  failure.failure_message = std::string(kTextBytesMax - 1, 'x') + "\xC3\xA9";
  failure.notes = std::vector<std::string>(kNoteCountMax + 1, std::string(kNoteBytesMax + 1, 'n'));
  value_of(apply(failure));
  const auto found = find(task.id);
  EXPECT_EQ(found->failure_message, std::string(kTextBytesMax - 1, 'x'));
  EXPECT_THAT(found->notes, SizeIs(kNoteCountMax));
  EXPECT_THAT(found->notes[0], SizeIs(kNoteBytesMax));
}

TEST_P(StoreConformance, UnfinishedTasksAreCountedByState) {
  add();
  add("bob");
  add();
  finish(claim_one());
  claim_one();
  EXPECT_EQ(value_of(run(store_->count_unfinished())), 2);
  for (const auto& [state, count] : value_of(run(store_->count_unfinished_by_state()))) {
    EXPECT_EQ(count, state == TaskState::kQueued || state == TaskState::kRendering ? 1 : 0);
  }
}

TEST_P(StoreConformance, ExpiredTasksArePurgedOldestFirstAndKeepTheirRecords) {
  NewTask named = new_task();
  named.task.spec.external_task_id = "mine";
  named.idempotency = {"key", "print"};
  const TaskId first = create(named).task->id;
  const TaskId second = add();
  const TaskId unfinished = add();
  finish(claim_one());
  finish(claim_one());
  EXPECT_THAT(value_of(run(store_->list_expired(at(2'000'000), 10))), IsEmpty());
  const auto expired = value_of(run(store_->list_expired(at(2'000'001), 10)));
  ASSERT_THAT(expired, SizeIs(2));
  EXPECT_EQ(expired[0].id, first);
  EXPECT_THAT(expired[0].artifacts, SizeIs(1));
  EXPECT_THAT(value_of(run(store_->list_expired(at(2'000'001), 1))), SizeIs(1));

  value_of(run(store_->mark_purged(first, at(3'000'000))));
  value_of(run(store_->mark_purged(first, at(3'000'001))));
  EXPECT_EQ(run(store_->mark_purged(unfinished, at(0))).error().code, ErrorCode::kConflict);
  EXPECT_FALSE(find(first));
  EXPECT_TRUE(find(second));
  EXPECT_FALSE(value_of(run(store_->find_task_by_external_id({"alice"}, "mine"))));
  EXPECT_FALSE(value_of(run(store_->find_artifact(expired[0].artifacts[0].id))));
  EXPECT_THAT(value_of(run(store_->list_tasks({{"alice"}, "text2video"}))), SizeIs(2));
  EXPECT_THAT(value_of(run(store_->list_expired(at(9'000'000), 10))), SizeIs(1));
  EXPECT_THAT(value_of(run(store_->list_ledger({"alice"}, 10))), SizeIs(2));
  EXPECT_THAT(event_names(first), ElementsAre("submitted", "claimed", "succeeded", "purged"));
  const auto record = value_of(run(store_->find_record(first)));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->account, AccountId{"alice"});
  EXPECT_EQ(record->spec.external_task_id, "mine");
  EXPECT_EQ(record->state, TaskState::kSucceeded);
  EXPECT_THAT(record->artifacts, IsEmpty());
  named.task.id = TaskId{++last_id_};
  EXPECT_EQ(create(named).kind, Kind::kDuplicateExternalId) << "its record is still there";
  named.task.spec.external_task_id.clear();
  EXPECT_EQ(create(named).kind, Kind::kNew) << "the key was forgotten with the media";
}

TEST_P(StoreConformance, TheOperatorFindsAnybodysRecord) {
  const TaskId id = add("bob");
  EXPECT_EQ(value_of(run(store_->find_record(id)))->account, AccountId{"bob"});
  EXPECT_FALSE(value_of(run(store_->find_record(TaskId{999}))));
}

TEST_P(StoreConformance, AHealthyStoreSaysSo) { EXPECT_TRUE(store_->health()); }

}  // namespace
}  // namespace rushes::store
