import type { DatabaseSync } from 'node:sqlite'

import { RemitError } from '../../core/errors.ts'

/**
 * Forward only: a released entry is never changed, and its position is its version. Record tables have no key
 * but their own, since every index would be paid for on the way of a call; `search_…` are filled behind the log.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE probe (id INTEGER PRIMARY KEY, pad BLOB NOT NULL) STRICT;
  CREATE TABLE tenant (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE record (id INTEGER PRIMARY KEY, leaf BLOB NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    detail TEXT, detail_salt BLOB,
    payload TEXT, payload_salt BLOB
  ) STRICT;
  CREATE TABLE tile (
    tenant INTEGER NOT NULL, level INTEGER NOT NULL, number INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (tenant, level, number)
  ) STRICT;
  CREATE TABLE checkpoint (
    tenant INTEGER NOT NULL, size INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (tenant, size)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE search (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, thing TEXT NOT NULL, task TEXT) STRICT;
  CREATE INDEX search_kind ON search (kind, id);
  CREATE INDEX search_thing ON search (thing, id);
  CREATE INDEX search_task ON search (task, id) WHERE task IS NOT NULL;
  CREATE TABLE task (
    tenant TEXT NOT NULL, id TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL, revoked TEXT,
    PRIMARY KEY (tenant, id)
  ) STRICT;
  CREATE INDEX task_newest ON task (tenant, created);
  CREATE TABLE approval (
    tenant TEXT NOT NULL, id TEXT NOT NULL,
    task TEXT NOT NULL, call TEXT NOT NULL,
    state TEXT NOT NULL, votes INTEGER NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
  ) STRICT;
  CREATE INDEX approval_call ON approval (tenant, task, call, created);
  CREATE UNIQUE INDEX approval_open ON approval (tenant, task, call) WHERE state IN ('pending', 'granted');
  CREATE INDEX approval_newest ON approval (tenant, created);
  CREATE INDEX approval_state ON approval (tenant, state, created);
  CREATE TABLE session_facts (
    tenant TEXT NOT NULL, root TEXT NOT NULL,
    calls INTEGER NOT NULL, writes INTEGER NOT NULL, denials INTEGER NOT NULL,
    consents INTEGER NOT NULL, errors INTEGER NOT NULL, labels TEXT NOT NULL,
    PRIMARY KEY (tenant, root)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE pin (
    tenant TEXT NOT NULL, server TEXT NOT NULL, name TEXT NOT NULL,
    revision INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (tenant, server, name)
  ) STRICT;
  `,
  `
  CREATE TABLE lasting_grant (
    tenant TEXT NOT NULL, id TEXT NOT NULL,
    task TEXT NOT NULL, covers TEXT NOT NULL,
    created INTEGER NOT NULL, uses INTEGER NOT NULL, body TEXT NOT NULL, revoked TEXT,
    PRIMARY KEY (tenant, id)
  ) STRICT;
  CREATE UNIQUE INDEX lasting_grant_covers ON lasting_grant (tenant, task, covers) WHERE revoked IS NULL;
  CREATE INDEX lasting_grant_newest ON lasting_grant (tenant, created);
  CREATE INDEX lasting_grant_task ON lasting_grant (tenant, task, created);
  `,
  `
  ALTER TABLE task ADD COLUMN completed TEXT;
  ALTER TABLE task ADD COLUMN expires INTEGER;
  ALTER TABLE task ADD COLUMN parent TEXT;
  UPDATE task SET parent = body ->> '$.parent';
  CREATE INDEX task_parent ON task (tenant, parent, created) WHERE parent IS NOT NULL;
  ALTER TABLE session_facts ADD COLUMN files INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE session_facts ADD COLUMN lines INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE session_facts ADD COLUMN pullRequests INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE session_facts ADD COLUMN ciRuns INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE session_facts ADD COLUMN installs INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE tally (
    tenant TEXT NOT NULL, root TEXT NOT NULL, what TEXT NOT NULL,
    count INTEGER NOT NULL, mark INTEGER NOT NULL,
    PRIMARY KEY (tenant, root, what)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE halt (
    tenant TEXT NOT NULL, target TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (tenant, target, id)
  ) STRICT;
  CREATE TABLE standing (tenant TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE secret (
    tenant TEXT NOT NULL, name TEXT NOT NULL,
    version INTEGER NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
  ) STRICT;
  `,
  `
  CREATE TABLE oauth (
    tenant TEXT NOT NULL, model TEXT NOT NULL, id TEXT NOT NULL,
    uid TEXT, user_code TEXT, at INTEGER NOT NULL, expires INTEGER NOT NULL, consumed INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (tenant, model, id)
  ) STRICT;
  CREATE INDEX oauth_uid ON oauth (tenant, model, uid) WHERE uid IS NOT NULL;
  CREATE INDEX oauth_user_code ON oauth (tenant, model, user_code) WHERE user_code IS NOT NULL;
  CREATE INDEX oauth_expires ON oauth (expires);
  `,
  `
  ALTER TABLE approval ADD COLUMN root TEXT;
  CREATE INDEX approval_root ON approval (tenant, root, created) WHERE root IS NOT NULL;
  `,
  `
  CREATE TABLE delivery (
    tenant TEXT NOT NULL, id TEXT NOT NULL,
    channel TEXT NOT NULL, due INTEGER NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
  ) STRICT;
  CREATE INDEX delivery_due ON delivery (tenant, channel, due);
  `,
  `
  ALTER TABLE approval ADD COLUMN severity INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE approval ADD COLUMN expires INTEGER NOT NULL DEFAULT 0;
  UPDATE approval SET expires = body ->> '$.expires', severity = coalesce((
    SELECT max(CASE value ->> '$.severity' WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END)
    FROM json_each(body, '$.gates')), 0)
  WHERE state IN ('pending', 'granted');
  CREATE INDEX approval_waiting ON approval (tenant, severity DESC, created) WHERE state = 'pending';
  CREATE INDEX approval_due ON approval (tenant, expires) WHERE state IN ('pending', 'granted');
  `,
  `
  ALTER TABLE search ADD COLUMN human TEXT;
  UPDATE search SET human = (
    SELECT coalesce(body ->> '$.identity.human', body ->> '$.actor') FROM record WHERE record.id = search.id
  );
  CREATE INDEX search_human ON search (human, id) WHERE human IS NOT NULL;
  CREATE INDEX task_human ON task (tenant, body ->> '$.human', created);
  `,
  `ALTER TABLE tile ADD COLUMN root BLOB`,
  `CREATE TABLE hold (tenant TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tenant, id)) STRICT`,
  `
  DROP TABLE search;
  CREATE TABLE search_block (
    tenant INTEGER NOT NULL, block INTEGER NOT NULL,
    count INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, times BLOB NOT NULL,
    PRIMARY KEY (tenant, block)
  ) STRICT;
  CREATE TABLE search_term (
    tenant INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, id INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (tenant, field, value)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE search_posting (
    term INTEGER NOT NULL, block INTEGER NOT NULL, bits BLOB NOT NULL,
    PRIMARY KEY (term, block)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE search_thing (thing TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (thing, id)) STRICT, WITHOUT ROWID;
  CREATE TABLE search_erasable (
    tenant INTEGER NOT NULL, block INTEGER NOT NULL, term INTEGER NOT NULL,
    PRIMARY KEY (tenant, block, term)
  ) STRICT, WITHOUT ROWID;
  `,
  // Filled anew: records are found by the agent's id of a use as well.
  `
  DELETE FROM search_posting; DELETE FROM search_term; DELETE FROM search_thing; DELETE FROM search_erasable;
  DELETE FROM search_block;
  `,
]

/** The version that this program writes. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Brings the database to `SCHEMA_VERSION`, each step in a transaction of its own: one that fails leaves the version
 * before it whole.
 * @param to a step before the last, for what an earlier release wrote.
 * @throws RemitError `state_unreadable` for a database of a later release.
 */
export function migrate(db: DatabaseSync, to = SCHEMA_VERSION): void {
  db.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY) STRICT')
  const version = schemaVersion(db)
  if (version > SCHEMA_VERSION) {
    throw new RemitError(
      'state_unreadable',
      `the database has version ${version}, and this release knows up to ${SCHEMA_VERSION}; start a newer release`,
    )
  }
  for (const [step, sql] of MIGRATIONS.slice(0, to).entries()) {
    if (step < version) continue
    db.exec('BEGIN IMMEDIATE')
    try {
      db.exec(sql)
      db.prepare('INSERT INTO schema_version (version) VALUES (?)').run(step + 1)
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}

export function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('SELECT max(version) AS version FROM schema_version').get()?.['version'] ?? 0)
}

/** Records of one tenant have the ids `number · 2^40 + index`, so one key orders all. */
const TENANT_SHIFT = 2 ** 40

/** Ids must stay below 2^53. */
export const MAX_TENANT_NUMBER = 2 ** 13 - 1

export function recordId(tenantNumber: number, index: number): number {
  return tenantNumber * TENANT_SHIFT + index
}

/** First and last id that records of this tenant can have. */
export function recordRange(tenantNumber: number): readonly [from: number, to: number] {
  return [recordId(tenantNumber, 0), recordId(tenantNumber + 1, 0) - 1]
}

export function recordIndex(id: number): number {
  return id % TENANT_SHIFT
}
