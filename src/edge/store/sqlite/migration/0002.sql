-- Providers, accounts with limits, and the callbacks that are owed.

-- In whose queue a task stands or who makes it; whether a client has seen work on it begin; whether
-- it has a callback_url, so that tasks without one cost no look-up.
ALTER TABLE task ADD COLUMN provider TEXT NOT NULL DEFAULT 'previz';
ALTER TABLE task ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN callback INTEGER NOT NULL DEFAULT 0;
UPDATE task SET begun = 1 WHERE attempt > 0;
UPDATE task SET callback = 1
 WHERE ended_ms IS NULL
   AND EXISTS (SELECT 1 FROM task_body b
                WHERE b.id = task.id
                  AND iif(json_valid(b.spec),
                          coalesce(json_extract(b.spec, '$.callback_url'), '') <> '', 0));

DROP INDEX task_queued;
CREATE INDEX task_queued ON task(provider, account, due_ms, id) WHERE state = 'queued';
-- A task in work has a node also after its lease ran out or was given up (lease_ms = 0).
DROP INDEX task_leased;
CREATE INDEX task_leased ON task(lease_ms, state, node) WHERE node IS NOT NULL;

DROP VIEW task_full;
CREATE VIEW task_full AS
  SELECT t.id, t.account, t.family, t.state, t.attempt, t.failures, t.cancel_requested,
         t.created_ms, t.updated_ms, b.dialect, b.profile, b.spec, b.notes, b.failure_code,
         b.failure_message, b.price_estimate, b.price_final, t.provider, t.begun,
         t.external_id, t.ended_ms, t.purged_ms
    FROM task t JOIN task_body b ON b.id = t.id;

-- attempt.h; kept as long as the task's record.
CREATE TABLE attempt(
  task INTEGER NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('prepared', 'bound', 'absent', 'succeeded', 'failed',
                                      'unknown')),
  provider TEXT NOT NULL,
  credential TEXT NOT NULL,
  pin TEXT NOT NULL,
  model TEXT NOT NULL,
  handle TEXT NOT NULL,
  upstream_id TEXT NOT NULL,
  upstream_request_id TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  cost INTEGER,
  begun_ms INTEGER NOT NULL,
  bound_ms INTEGER,
  ended_ms INTEGER,
  absent_lookups INTEGER NOT NULL,
  first_lookup_ms INTEGER,
  PRIMARY KEY(task, number)
) STRICT, WITHOUT ROWID;

-- The frozen settings that attempts name.
CREATE TABLE pin(
  fingerprint TEXT PRIMARY KEY,
  sealed TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- account.h. Lists are JSON arrays of strings.
ALTER TABLE account ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
ALTER TABLE account ADD COLUMN budget INTEGER;
ALTER TABLE account ADD COLUMN concurrency INTEGER;
ALTER TABLE account ADD COLUMN strict_concurrency INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN networks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE account ADD COLUMN models TEXT NOT NULL DEFAULT '[]';
ALTER TABLE account ADD COLUMN providers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE account ADD COLUMN budget_ms INTEGER;  -- when the budget was last changed

-- The sum of the ledger by account, so that a budget costs no adding up.
CREATE TABLE spending(
  account TEXT PRIMARY KEY,
  spent INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO spending SELECT account, sum(units) FROM ledger GROUP BY account;

ALTER TABLE ledger ADD COLUMN upstream_cost INTEGER;

CREATE TABLE webhook_secret(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER
) STRICT;
CREATE INDEX webhook_secret_by_account ON webhook_secret(account);

-- delivery.h. The sequence is the order within a task; a replay goes to its end.
CREATE TABLE delivery(
  sequence INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  task INTEGER NOT NULL,
  account TEXT NOT NULL,
  event TEXT NOT NULL,
  terminal INTEGER NOT NULL,
  url TEXT NOT NULL,
  host TEXT NOT NULL,
  body TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('pending', 'delivered', 'gone', 'exhausted',
                                      'superseded')),
  tries INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  waits INTEGER NOT NULL,          -- 1: an earlier one of its task is pending
  node TEXT,                       -- who sends it; NULL: nobody
  lease_ms INTEGER                 -- until when
) STRICT;
CREATE INDEX delivery_by_task ON delivery(task);
CREATE INDEX delivery_by_account ON delivery(account);
CREATE INDEX delivery_tests ON delivery(account) WHERE event = 'test';
CREATE INDEX delivery_by_host ON delivery(host, due_ms)
  WHERE state = 'pending' AND waits = 0 AND node IS NULL;
CREATE INDEX delivery_by_due ON delivery(due_ms)
  WHERE state = 'pending' AND waits = 0 AND node IS NULL;
CREATE INDEX delivery_leased ON delivery(lease_ms, node, host) WHERE node IS NOT NULL;

CREATE TABLE delivery_try(
  delivery INTEGER NOT NULL,       -- its id
  number INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status INTEGER NOT NULL,         -- 0: there was no reply
  error TEXT NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY(delivery, number)
) STRICT, WITHOUT ROWID;
