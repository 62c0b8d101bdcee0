-- What the engine does with tasks.

-- name: select_load
SELECT t.account, t.provider, t.state, count(*), coalesce(sum(b.price_estimate), 0)
  FROM task t LEFT JOIN task_body b ON b.id = t.id
 WHERE t.state = 'queued' GROUP BY t.provider, t.account
UNION ALL
SELECT t.account, t.provider, t.state, count(*), coalesce(sum(b.price_estimate), 0)
  FROM task t LEFT JOIN task_body b ON b.id = t.id
 WHERE t.node IS NOT NULL GROUP BY t.provider, t.account, t.state

-- name: select_spending
SELECT account, spent FROM spending

-- name: select_queued_accounts
-- A skip scan: one look-up per account, however many tasks it has.
WITH RECURSIVE waiting(account) AS (
  SELECT min(account) FROM task WHERE state = 'queued' AND provider = ?1
  UNION ALL
  SELECT (SELECT min(account) FROM task
           WHERE state = 'queued' AND provider = ?1 AND account > waiting.account)
    FROM waiting WHERE waiting.account IS NOT NULL)
SELECT account FROM waiting WHERE account IS NOT NULL

-- name: select_queues
-- A skip scan, as above.
WITH RECURSIVE waiting(provider) AS (
  SELECT min(provider) FROM task WHERE state = 'queued'
  UNION ALL
  SELECT (SELECT min(provider) FROM task WHERE state = 'queued' AND provider > waiting.provider)
    FROM waiting WHERE waiting.provider IS NOT NULL)
SELECT provider FROM waiting WHERE provider IS NOT NULL

-- name: select_due
SELECT due_ms, id FROM task
 WHERE state = 'queued' AND provider = ?1 AND account = ?2 AND due_ms <= ?3
 ORDER BY due_ms, id LIMIT ?4

-- name: claim_task
UPDATE task SET state = ?2, attempt = ?3, node = ?4, lease_ms = ?5, updated_ms = ?6, begun = ?7
 WHERE id = ?1

-- name: renew_lease
UPDATE task SET lease_ms = ?3 WHERE id = ?1 AND node = ?2 RETURNING cancel_requested

-- name: select_expected
-- The row that a change expects; the change itself follows in the same transaction.
SELECT account, provider, begun, callback FROM task
 WHERE id = ?1 AND state = ?2 AND attempt = ?3 AND node IS ?4

-- name: change_task
UPDATE task SET state = ?2, provider = ?3, updated_ms = coalesce(?4, updated_ms), begun = ?5,
                failures = failures + ?6, due_ms = coalesce(?7, due_ms), ended_ms = ?8,
                node = iif(?9, node, NULL), lease_ms = iif(?9, lease_ms, NULL)
 WHERE id = ?1

-- name: update_notes
UPDATE task_body SET notes = ?2 WHERE id = ?1

-- name: finish_body
UPDATE task_body SET failure_code = ?2, failure_message = ?3, price_final = ?4 WHERE id = ?1
RETURNING price_estimate

-- name: insert_artifact
INSERT INTO artifact(id, task, position, kind, blob_key, content_type, size_bytes, sha256,
                     duration_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)

-- name: insert_ledger
INSERT INTO ledger(task, account, units, at_ms, upstream_cost) VALUES (?1, ?2, ?3, ?4, ?5)

-- name: add_spending
INSERT INTO spending(account, spent) VALUES (?1, ?2)
ON CONFLICT(account) DO UPDATE SET spent = spent + excluded.spent

-- name: select_place
SELECT state, account, provider FROM task WHERE id = ?1

-- name: select_expired_leases
SELECT id, state, account, provider, node FROM task
 WHERE node IS NOT NULL AND lease_ms <= ?1 AND (state = 'rendering') = ?2
 ORDER BY lease_ms, state, node LIMIT ?3

-- name: select_own_leases
SELECT id, state, account, provider, node FROM task
 WHERE node IS NOT NULL AND node = ?1 AND lease_ms <> ?2 AND (state = 'rendering') = ?3
 ORDER BY lease_ms, state, node LIMIT ?4

-- name: requeue_task
UPDATE task SET state = ?2, node = NULL, lease_ms = NULL, due_ms = created_ms WHERE id = ?1

-- name: adopt_task
UPDATE task SET node = ?2, lease_ms = ?3 WHERE id = ?1

-- name: release_leases
UPDATE task SET lease_ms = 0
 WHERE node IS NOT NULL AND node = ?1 AND state <> 'rendering' AND lease_ms <> 0

-- name: select_work
SELECT 1 FROM task WHERE id = ?1 AND attempt = ?2 AND node = ?3

-- name: select_given_up
SELECT 1 FROM task JOIN attempt ON attempt.task = task.id
 WHERE task.id = ?1 AND attempt.number = ?2 AND attempt.state = 'unknown'
   AND task.state IN ('succeeded', 'failed')

-- name: store_attempt
INSERT OR REPLACE INTO attempt(task, number, state, provider, credential, pin, model, handle,
                               upstream_id, upstream_request_id, status, reason, cost, begun_ms,
                               bound_ms, ended_ms, absent_lookups, first_lookup_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)

-- name: select_attempt
SELECT task, number, state, provider, credential, pin, model, handle, upstream_id,
       upstream_request_id, status, reason, cost, begun_ms, bound_ms, ended_ms, absent_lookups,
       first_lookup_ms
  FROM attempt WHERE task = ?1 AND number = ?2

-- name: select_attempts
SELECT task, number, state, provider, credential, pin, model, handle, upstream_id,
       upstream_request_id, status, reason, cost, begun_ms, bound_ms, ended_ms, absent_lookups,
       first_lookup_ms
  FROM attempt WHERE task = ?1 ORDER BY number

-- name: insert_pin
INSERT INTO pin(fingerprint, sealed) VALUES (?1, ?2) ON CONFLICT(fingerprint) DO NOTHING

-- name: select_pin
SELECT sealed FROM pin WHERE fingerprint = ?1

-- name: select_expired
SELECT f.* FROM (SELECT id FROM task
                  WHERE ended_ms IS NOT NULL AND purged_ms IS NULL AND ended_ms < ?1
                  ORDER BY ended_ms, id LIMIT ?2) expired
  CROSS JOIN task_full f ON f.id = expired.id

-- name: select_ended
SELECT purged_ms, callback FROM task WHERE id = ?1 AND ended_ms IS NOT NULL

-- name: purge_task
UPDATE task SET purged_ms = ?2 WHERE id = ?1

-- name: delete_artifacts
DELETE FROM artifact WHERE task = ?1

-- name: delete_idempotency
DELETE FROM idempotency WHERE task = ?1
