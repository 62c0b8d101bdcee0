-- The first schema. Times are Unix milliseconds, UTC. A task's hot row holds what changes and what
-- is searched; its body is written at the start and at the end.

CREATE TABLE account(
  number INTEGER PRIMARY KEY,      -- its id is 'acc' || number
  name TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE api_key(
  number INTEGER PRIMARY KEY,      -- the order of creation
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('bearer', 'access_key')),
  label TEXT NOT NULL,
  lookup TEXT NOT NULL,
  sealed_secret TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  UNIQUE(kind, lookup)
) STRICT;

CREATE TABLE task(
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  family TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('queued', 'submitting', 'running', 'rendering', 'fetching',
                                      'succeeded', 'failed')),
  attempt INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  external_id TEXT,                -- NULL: none, or released by the purge
  due_ms INTEGER NOT NULL,         -- not claimed before
  node TEXT,                       -- who holds the lease; NULL: nobody
  lease_ms INTEGER,                -- until when
  cancel_requested INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  ended_ms INTEGER,                -- NULL: unfinished
  purged_ms INTEGER                -- NULL: visible to clients
) STRICT;

CREATE INDEX task_by_age ON task(account, family, created_ms DESC, id DESC)
  WHERE purged_ms IS NULL;
CREATE INDEX task_queued ON task(account, due_ms, id) WHERE state = 'queued';
CREATE INDEX task_leased ON task(account) WHERE node IS NOT NULL;
CREATE INDEX task_ended ON task(ended_ms, id) WHERE ended_ms IS NOT NULL AND purged_ms IS NULL;
CREATE UNIQUE INDEX task_external ON task(account, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE task_body(
  id INTEGER PRIMARY KEY,
  dialect TEXT NOT NULL,
  profile TEXT NOT NULL,
  spec TEXT NOT NULL,              -- JSON, spec.h
  notes TEXT NOT NULL,             -- JSON array of strings
  failure_code TEXT NOT NULL,
  failure_message TEXT NOT NULL,
  price_estimate INTEGER NOT NULL, -- tenths of a unit
  price_final INTEGER              -- set with the terminal state
) STRICT;

CREATE VIEW task_full AS
  SELECT t.id, t.account, t.family, t.state, t.attempt, t.failures, t.cancel_requested,
         t.created_ms, t.updated_ms, b.dialect, b.profile, b.spec, b.notes, b.failure_code,
         b.failure_message, b.price_estimate, b.price_final,
         t.external_id, t.ended_ms, t.purged_ms
    FROM task t JOIN task_body b ON b.id = t.id;

CREATE TABLE artifact(
  id INTEGER PRIMARY KEY,
  task INTEGER NOT NULL,
  position INTEGER NOT NULL,       -- the order in which the task names them
  kind TEXT NOT NULL,
  blob_key TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  duration_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX artifact_by_task ON artifact(task, position);

-- The reply of a create, by the client's Idempotency-Key; lives as long as the task is visible.
CREATE TABLE idempotency(
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  task INTEGER NOT NULL,
  PRIMARY KEY(account, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_task ON idempotency(task);

CREATE TABLE event(
  sequence INTEGER PRIMARY KEY,
  task INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  name TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_task ON event(task);

-- One line per finished task, for ever.
CREATE TABLE ledger(
  task INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  units INTEGER NOT NULL,          -- tenths of a unit; 0 for a failure
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_by_account ON ledger(account, at_ms DESC, task DESC);
