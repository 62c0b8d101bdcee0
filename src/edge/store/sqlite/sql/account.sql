-- Accounts and keys.

-- name: insert_account
INSERT INTO account(name, created_ms) VALUES (?1, ?2) ON CONFLICT(name) DO NOTHING

-- name: select_account
SELECT number, name, created_ms FROM account WHERE name = ?1

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
