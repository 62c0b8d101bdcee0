-- Callbacks: owed, claimed, tried, looked at. "Claimable" is the predicate of delivery_by_host.

-- name: insert_delivery
INSERT INTO delivery(id, task, account, event, terminal, url, host, body, created_ms, state, tries,
                     due_ms, waits)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)

-- name: select_delivery_id
SELECT 1 FROM delivery WHERE id = ?1

-- name: select_siblings
SELECT coalesce(sum(state = 'pending'), 0), coalesce(sum(state = 'gone'), 0) FROM delivery
 WHERE task = ?1

-- name: supersede_unsent
UPDATE delivery SET state = 'superseded', waits = 0, node = NULL, lease_ms = NULL
 WHERE task = ?1 AND state = 'pending' AND (node IS NULL OR lease_ms <= ?2)

-- name: select_later_terminal
SELECT 1 FROM delivery WHERE task = ?1 AND sequence > ?2 AND terminal = 1 LIMIT 1

-- name: end_siblings
UPDATE delivery SET state = 'gone', waits = 0
 WHERE task = ?1 AND state = 'pending' AND node IS NULL

-- name: promote_next
UPDATE delivery SET waits = 0
 WHERE sequence = (SELECT min(sequence) FROM delivery WHERE task = ?1 AND state = 'pending')

-- name: select_waiting_hosts
-- A skip scan: one look-up per host, however many deliveries wait for it.
WITH RECURSIVE waiting(host) AS (
  SELECT min(host) FROM delivery WHERE state = 'pending' AND waits = 0 AND node IS NULL
  UNION ALL
  SELECT (SELECT min(host) FROM delivery
           WHERE state = 'pending' AND waits = 0 AND node IS NULL AND host > waiting.host)
    FROM waiting WHERE waiting.host IS NOT NULL)
SELECT host FROM waiting WHERE host IS NOT NULL

-- name: count_leased_by_host
SELECT host, count(*) FROM delivery WHERE node IS NOT NULL GROUP BY host

-- name: select_due_deliveries
SELECT due_ms, sequence FROM delivery
 WHERE state = 'pending' AND waits = 0 AND node IS NULL AND host = ?1 AND due_ms <= ?2
 ORDER BY due_ms, sequence LIMIT ?3

-- name: select_earliest_due
SELECT min(due_ms) FROM delivery WHERE state = 'pending' AND waits = 0 AND node IS NULL

-- name: select_earliest_lease
SELECT min(lease_ms) FROM delivery WHERE node IS NOT NULL

-- name: lease_delivery
UPDATE delivery SET node = ?2, lease_ms = ?3 WHERE sequence = ?1
RETURNING id, task, account, event, terminal, url, host, body, created_ms, state, tries, due_ms

-- name: select_expired_sending
SELECT sequence, task FROM delivery WHERE node IS NOT NULL AND lease_ms <= ?1

-- name: select_own_sending
SELECT sequence, task FROM delivery WHERE node IS NOT NULL AND node = ?1

-- name: select_sent
SELECT sequence, task FROM delivery WHERE id = ?1 AND state = 'pending' AND tries = ?2 AND node = ?3

-- name: end_sending
UPDATE delivery SET state = ?2, tries = tries + ?3, due_ms = coalesce(?4, due_ms), node = NULL,
                    lease_ms = NULL
 WHERE sequence = ?1

-- name: insert_try
INSERT INTO delivery_try(delivery, number, at_ms, duration_ms, status, error, reply)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)

-- name: delete_old_tries
DELETE FROM delivery_try WHERE delivery = ?1 AND number <= ?2

-- name: select_replayed
SELECT sequence, task, node IS NOT NULL FROM delivery
 WHERE id = ?1 AND (?2 = '' OR account = ?2)

-- name: replay_delivery
UPDATE delivery SET sequence = (SELECT max(sequence) + 1 FROM delivery), state = 'pending',
                    due_ms = ?2, waits = 1
 WHERE sequence = ?1

-- name: select_deliveries
SELECT id, task, account, event, terminal, url, host, body, created_ms, state, tries, due_ms
  FROM delivery ORDER BY sequence DESC LIMIT ?1

-- name: select_deliveries_of_account
SELECT id, task, account, event, terminal, url, host, body, created_ms, state, tries, due_ms
  FROM delivery WHERE account = ?1 ORDER BY sequence DESC LIMIT ?2

-- name: select_deliveries_of_task
SELECT id, task, account, event, terminal, url, host, body, created_ms, state, tries, due_ms
  FROM delivery WHERE task = ?1 AND (?2 = '' OR account = ?2) ORDER BY sequence DESC LIMIT ?3

-- name: select_delivery
SELECT id, task, account, event, terminal, url, host, body, created_ms, state, tries, due_ms
  FROM delivery WHERE id = ?1 AND (?2 = '' OR account = ?2)

-- name: select_tries
SELECT delivery, number, at_ms, duration_ms, status, error, reply
  FROM delivery_try WHERE delivery = ?1 ORDER BY number

-- name: select_surplus_tests
SELECT id FROM delivery WHERE account = ?1 AND event = 'test'
 ORDER BY sequence DESC LIMIT -1 OFFSET ?2

-- name: delete_tries
DELETE FROM delivery_try WHERE delivery = ?1

-- name: delete_delivery
DELETE FROM delivery WHERE id = ?1

-- name: delete_tries_of_task
DELETE FROM delivery_try WHERE delivery IN (SELECT id FROM delivery WHERE task = ?1)

-- name: delete_deliveries_of_task
DELETE FROM delivery WHERE task = ?1
