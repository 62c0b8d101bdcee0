-- Accounts, keys, webhook secrets.

-- name: insert_account
INSERT INTO account(name, created_ms) VALUES (?1, ?2) ON CONFLICT(name) DO NOTHING

-- name: select_account_by_name
SELECT number, name, created_ms, status, budget, concurrency, strict_concurrency, networks, models,
       providers, budget_ms
  FROM account WHERE name = ?1

-- name: select_account
SELECT number, name, created_ms, status, budget, concurrency, strict_concurrency, networks, models,
       providers, budget_ms
  FROM account WHERE number = ?1

-- name: select_accounts
SELECT number, name, created_ms, status, budget, concurrency, strict_concurrency, networks, models,
       providers, budget_ms
  FROM account ORDER BY number

-- name: select_account_limits
SELECT budget, concurrency, strict_concurrency FROM account WHERE number = ?1

-- name: update_account
UPDATE account SET status = ?2, concurrency = ?4, strict_concurrency = ?5, networks = ?6,
                   models = ?7, providers = ?8,
                   budget_ms = iif(budget IS ?3, budget_ms, ?9), budget = ?3
 WHERE number = ?1

-- name: insert_key
INSERT INTO api_key(id, account, kind, label, lookup, sealed_secret, created_ms, revoked_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)

-- name: select_key
SELECT id, account, kind, label, lookup, sealed_secret, created_ms, revoked_ms
  FROM api_key WHERE kind = ?1 AND lookup = ?2

-- name: select_keys
SELECT id, account, kind, label, lookup, sealed_secret, created_ms, revoked_ms
  FROM api_key ORDER BY number

-- name: revoke_key
UPDATE api_key SET revoked_ms = coalesce(revoked_ms, ?2) WHERE id = ?1

-- name: select_webhook_secrets
SELECT number, sealed, created_ms, expires_ms FROM webhook_secret
 WHERE account = ?1 ORDER BY number

-- name: expire_webhook_secrets
UPDATE webhook_secret SET expires_ms = min(coalesce(expires_ms, ?2), ?2) WHERE account = ?1

-- name: insert_webhook_secret
INSERT INTO webhook_secret(account, sealed, created_ms) VALUES (?1, ?2, ?3) RETURNING number

-- name: delete_expired_webhook_secrets
DELETE FROM webhook_secret WHERE account = ?1 AND expires_ms <= ?2

-- name: delete_old_webhook_secrets
-- All but the newest ?2.
DELETE FROM webhook_secret WHERE account = ?1 AND number <= (
  SELECT number FROM webhook_secret WHERE account = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
