-- What the engine does with tasks.

-- name: select_load
SELECT account, state, count(*) FROM task WHERE state = 'queued' GROUP BY account
UNION ALL
SELECT account, state, count(*) FROM task WHERE node IS NOT NULL GROUP BY account, state

-- name: select_queued_accounts
-- A skip scan: one look-up per account, however many tasks it has.
WITH RECURSIVE waiting(account) AS (
  SELECT min(account) FROM task WHERE state = 'queued'
  UNION ALL
  SELECT (SELECT min(account) FROM task WHERE state = 'queued' AND account > waiting.account)
    FROM waiting WHERE waiting.account IS NOT NULL)
SELECT account FROM waiting WHERE account IS NOT NULL

-- name: count_in_work
SELECT account, count(*) FROM task WHERE node IS NOT NULL GROUP BY account

-- name: select_due
SELECT due_ms, id FROM task WHERE state = 'queued' AND account = ?1 AND due_ms <= ?2
 ORDER BY due_ms, id LIMIT ?3

-- name: claim_task
UPDATE task SET state = ?2, attempt = attempt + 1, node = ?3, lease_ms = ?4, updated_ms = ?5
 WHERE id = ?1

-- name: renew_lease
UPDATE task SET lease_ms = ?3 WHERE id = ?1 AND node = ?2 RETURNING cancel_requested

-- name: change_task
UPDATE task SET state = ?5, updated_ms = ?6, failures = failures + ?7,
                due_ms = coalesce(?8, due_ms), ended_ms = ?9,
                node = iif(?10, node, NULL), lease_ms = iif(?10, lease_ms, NULL)
 WHERE id = ?1 AND state = ?2 AND attempt = ?3 AND node IS ?4
RETURNING account

-- name: update_notes
UPDATE task_body SET notes = ?2 WHERE id = ?1

-- name: finish_body
UPDATE task_body SET failure_code = ?2, failure_message = ?3, price_final = ?4 WHERE id = ?1

-- name: insert_artifact
INSERT INTO artifact(id, task, position, kind, blob_key, content_type, size_bytes, sha256,
                     duration_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)

-- name: insert_ledger
INSERT INTO ledger(task, account, units, at_ms) VALUES (?1, ?2, ?3, ?4)

-- name: select_abandoned
SELECT id, state, node, account FROM task WHERE node IS NOT NULL AND (node = ?1 OR lease_ms <= ?2)

-- name: requeue_task
UPDATE task SET state = ?2, node = NULL, lease_ms = NULL, due_ms = created_ms, updated_ms = ?3
 WHERE id = ?1

-- name: select_expired
SELECT f.* FROM (SELECT id FROM task
                  WHERE ended_ms IS NOT NULL AND purged_ms IS NULL AND ended_ms < ?1
                  ORDER BY ended_ms, id LIMIT ?2) expired
  CROSS JOIN task_full f ON f.id = expired.id

-- name: select_ended
SELECT purged_ms FROM task WHERE id = ?1 AND ended_ms IS NOT NULL

-- name: purge_task
UPDATE task SET purged_ms = ?2, external_id = NULL WHERE id = ?1

-- name: delete_artifacts
DELETE FROM artifact WHERE task = ?1

-- name: delete_idempotency
DELETE FROM idempotency WHERE task = ?1
