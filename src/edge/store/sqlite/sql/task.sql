-- What clients do with tasks. A predicate that names a partial index repeats that index's own
-- words: sqlite_plan_test.cpp asserts that every statement finds its rows by an index.

-- name: select_idempotency
SELECT fingerprint, task FROM idempotency WHERE account = ?1 AND key = ?2

-- name: insert_idempotency
INSERT INTO idempotency(account, key, fingerprint, task) VALUES (?1, ?2, ?3, ?4)

-- name: select_external_id
SELECT id FROM task WHERE account = ?1 AND external_id = ?2

-- name: insert_task
INSERT INTO task(id, account, family, state, attempt, failures, external_id, due_ms,
                 cancel_requested, created_ms, updated_ms, provider, begun, callback)
VALUES (?1, ?2, ?3, 'queued', 0, 0, ?4, ?5, 0, ?5, ?6, ?7, 0, ?8)
ON CONFLICT(id) DO NOTHING

-- name: insert_task_body
INSERT INTO task_body(id, dialect, profile, spec, notes, failure_code, failure_message,
                      price_estimate)
VALUES (?1, ?2, ?3, ?4, '[]', '', '', ?5)

-- name: insert_event
INSERT INTO event(task, at_ms, name, detail) VALUES (?1, ?2, ?3, ?4)

-- name: select_task
SELECT * FROM task_full WHERE id = ?1

-- name: select_own_task
SELECT * FROM task_full WHERE id = ?1 AND account = ?2 AND purged_ms IS NULL

-- name: select_task_by_external_id
SELECT * FROM task_full WHERE account = ?1 AND external_id = ?2 AND purged_ms IS NULL

-- name: select_page
SELECT f.* FROM (SELECT id FROM task
                  WHERE account = ?1 AND family = ?2 AND purged_ms IS NULL AND created_ms >= ?3
                  ORDER BY created_ms DESC, id DESC LIMIT ?4 OFFSET ?5) page
  CROSS JOIN task_full f ON f.id = page.id

-- name: select_artifacts
SELECT id, kind, blob_key, content_type, size_bytes, sha256, duration_ms
  FROM artifact WHERE task = ?1 ORDER BY position

-- name: select_artifact
SELECT id, kind, blob_key, content_type, size_bytes, sha256, duration_ms
  FROM artifact WHERE id = ?1

-- name: request_cancel
UPDATE task SET cancel_requested = 1 WHERE id = ?1

-- name: select_cancel_requested
SELECT cancel_requested FROM task
 WHERE id = ?1 AND account = ?2 AND purged_ms IS NULL AND ended_ms IS NULL

-- name: select_events
SELECT sequence, at_ms, name, detail FROM event WHERE task = ?1 ORDER BY sequence

-- name: select_ledger
SELECT task, account, units, at_ms, upstream_cost FROM ledger
 WHERE account = ?1 ORDER BY at_ms DESC, task DESC LIMIT ?2
