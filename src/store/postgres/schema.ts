import type { Pool, PoolClient } from 'pg'
import { RemitError } from '../../core/errors.ts'

/** Any number that no other program on the database takes. */
const MIGRATION_LOCK = 7_410_741_101

/** Forward only: a released entry is never changed, and its position is its version. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE tenant (
    number integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    id text NOT NULL UNIQUE,
    size bigint NOT NULL DEFAULT 0
  );
  CREATE TABLE record (
    tenant integer NOT NULL, index bigint NOT NULL,
    leaf bytea NOT NULL, body text NOT NULL,
    kind text NOT NULL, thing text NOT NULL, task text,
    PRIMARY KEY (tenant, index)
  );
  CREATE INDEX record_kind ON record (tenant, kind, index);
  CREATE INDEX record_thing ON record (tenant, thing, index);
  CREATE INDEX record_task ON record (tenant, task, index) WHERE task IS NOT NULL;
  CREATE TABLE content (
    tenant integer NOT NULL, index bigint NOT NULL,
    detail text, detail_salt bytea, payload text, payload_salt bytea,
    PRIMARY KEY (tenant, index)
  );
  CREATE TABLE tile (
    tenant integer NOT NULL, level integer NOT NULL, number bigint NOT NULL, hashes bytea NOT NULL,
    PRIMARY KEY (tenant, level, number)
  );
  CREATE TABLE checkpoint (
    tenant integer NOT NULL, size bigint NOT NULL, note text NOT NULL,
    PRIMARY KEY (tenant, size)
  );
  CREATE TABLE writer (
    slot bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    id text NOT NULL UNIQUE
  );
  CREATE TABLE writer_place (
    writer text NOT NULL, tenant integer NOT NULL, seq bigint NOT NULL, prev text NOT NULL,
    PRIMARY KEY (writer, tenant)
  );
  CREATE TABLE task (
    tenant text NOT NULL, id text NOT NULL, created bigint NOT NULL, body text NOT NULL, revoked text,
    place bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (tenant, id)
  );
  CREATE INDEX task_newest ON task (tenant, created, place);
  CREATE TABLE approval (
    tenant text NOT NULL, id text NOT NULL, task text NOT NULL, call text NOT NULL,
    state text NOT NULL, votes integer NOT NULL, created bigint NOT NULL, body text NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (tenant, id)
  );
  CREATE INDEX approval_call ON approval (tenant, task, call, created, place);
  CREATE UNIQUE INDEX approval_open ON approval (tenant, task, call) WHERE state IN ('pending', 'granted');
  CREATE INDEX approval_newest ON approval (tenant, created, place);
  CREATE INDEX approval_state ON approval (tenant, state, created, place);
  CREATE TABLE session_facts (
    tenant text NOT NULL, root text NOT NULL,
    calls bigint NOT NULL, writes bigint NOT NULL, denials bigint NOT NULL,
    consents bigint NOT NULL, errors bigint NOT NULL, labels text[] NOT NULL,
    PRIMARY KEY (tenant, root)
  );
  CREATE TABLE pin (
    tenant text NOT NULL, server text NOT NULL, name text NOT NULL, revision bigint NOT NULL, body text NOT NULL,
    PRIMARY KEY (tenant, server, name)
  );
  CREATE TABLE lasting_grant (
    tenant text NOT NULL, id text NOT NULL, task text NOT NULL, covers text NOT NULL,
    created bigint NOT NULL, uses bigint NOT NULL, body text NOT NULL, revoked text,
    place bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (tenant, id)
  );
  CREATE UNIQUE INDEX lasting_grant_open ON lasting_grant (tenant, task, covers) WHERE revoked IS NULL;
  CREATE INDEX lasting_grant_newest ON lasting_grant (tenant, created, place);
  `,
  `
  ALTER TABLE tenant ADD COLUMN revision bigint NOT NULL DEFAULT 0;
  ALTER TABLE task ADD COLUMN completed text, ADD COLUMN expires bigint, ADD COLUMN parent text;
  UPDATE task SET parent = body::json ->> 'parent';
  CREATE INDEX task_parent ON task (tenant, parent, created, place) WHERE parent IS NOT NULL;
  ALTER TABLE session_facts
    ADD COLUMN files bigint NOT NULL DEFAULT 0, ADD COLUMN lines bigint NOT NULL DEFAULT 0,
    ADD COLUMN "pullRequests" bigint NOT NULL DEFAULT 0, ADD COLUMN "ciRuns" bigint NOT NULL DEFAULT 0,
    ADD COLUMN installs bigint NOT NULL DEFAULT 0;
  CREATE TABLE tally (
    tenant text NOT NULL, root text NOT NULL, what text NOT NULL, count bigint NOT NULL, mark bigint NOT NULL,
    PRIMARY KEY (tenant, root, what)
  );
  CREATE TABLE halt (
    tenant text NOT NULL, target text NOT NULL, id text NOT NULL, body text NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (tenant, target, id)
  );
  `,
  `
  CREATE TABLE secret (
    tenant text NOT NULL, name text NOT NULL, version bigint NOT NULL, key text NOT NULL, body text NOT NULL,
    PRIMARY KEY (tenant, name)
  );
  `,
  `
  CREATE TABLE oauth (
    tenant text NOT NULL, model text NOT NULL, id text NOT NULL, uid text, user_code text,
    at bigint NOT NULL, expires bigint NOT NULL, consumed bigint, body text NOT NULL,
    PRIMARY KEY (tenant, model, id)
  );
  CREATE INDEX oauth_uid ON oauth (tenant, model, uid) WHERE uid IS NOT NULL;
  CREATE INDEX oauth_user_code ON oauth (tenant, model, user_code) WHERE user_code IS NOT NULL;
  CREATE INDEX oauth_expires ON oauth (expires);
  `,
  `
  ALTER TABLE approval ADD COLUMN root text;
  CREATE INDEX approval_root ON approval (tenant, root, created) WHERE root IS NOT NULL;
  `,
  `
  CREATE TABLE delivery (
    tenant text NOT NULL, id text NOT NULL,
    channel text NOT NULL, due bigint NOT NULL, revision bigint NOT NULL, body text NOT NULL,
    PRIMARY KEY (tenant, id)
  );
  CREATE INDEX delivery_due ON delivery (tenant, channel, due);
  `,
  `
  ALTER TABLE approval ADD COLUMN severity integer NOT NULL DEFAULT 0;
  ALTER TABLE approval ADD COLUMN expires bigint NOT NULL DEFAULT 0;
  UPDATE approval SET expires = (body::json ->> 'expires')::bigint, severity = coalesce((
    SELECT max(CASE gate ->> 'severity' WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END)
    FROM json_array_elements(body::json -> 'gates') AS gate), 0)
  WHERE state IN ('pending', 'granted');
  CREATE INDEX approval_waiting ON approval (tenant, severity DESC, created, place) WHERE state = 'pending';
  CREATE INDEX approval_due ON approval (tenant, expires) WHERE state IN ('pending', 'granted');
  `,
  `
  ALTER TABLE record ADD COLUMN human text;
  UPDATE record SET human = coalesce(body::json #>> '{identity,human}', body::json ->> 'actor');
  CREATE INDEX record_human ON record (tenant, human, index) WHERE human IS NOT NULL;
  CREATE INDEX task_human ON task (tenant, (body::json ->> 'human'), created, place);
  `,
  `ALTER TABLE tile ADD COLUMN root bytea`,
  `CREATE TABLE hold (tenant text NOT NULL, id text NOT NULL, body text NOT NULL, PRIMARY KEY (tenant, id))`,
  `
  CREATE TABLE search_block (
    tenant integer NOT NULL, block integer NOT NULL,
    count integer NOT NULL, low bigint NOT NULL, high bigint NOT NULL, times bytea NOT NULL,
    PRIMARY KEY (tenant, block)
  );
  CREATE TABLE search_term (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    tenant integer NOT NULL, field text NOT NULL, value text COLLATE "C" NOT NULL,
    UNIQUE (tenant, field, value)
  );
  CREATE TABLE search_posting (
    term bigint NOT NULL, block integer NOT NULL, bits bytea NOT NULL,
    PRIMARY KEY (term, block)
  );
  CREATE TABLE search_erasable (
    tenant integer NOT NULL, block integer NOT NULL, term bigint NOT NULL,
    PRIMARY KEY (tenant, block, term)
  );
  `,
  // Filled anew: records are found by the agent's id of a use as well.
  `
  DELETE FROM search_posting; DELETE FROM search_term; DELETE FROM search_erasable; DELETE FROM search_block;
  `,
]

const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Brings the database to this release's version, one replica at a time: whoever comes second finds it done.
 * @throws RemitError `state_unreadable` for a database of a later release.
 */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    try {
      await migrateLocked(client)
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK])
    }
  } finally {
    client.release()
  }
}

async function migrateLocked(client: PoolClient): Promise<void> {
  await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)')
  const { rows } = await client.query<{ version: number | null }>(
    'SELECT max(version) AS version FROM schema_version',
  )
  const version = rows[0]?.version ?? 0
  if (version > SCHEMA_VERSION) {
    throw new RemitError(
      'state_unreadable',
      `the database has version ${version}, and this release knows up to ${SCHEMA_VERSION}; start a newer release`,
    )
  }
  for (const [step, sql] of MIGRATIONS.entries()) {
    if (step < version) continue
    await client.query('BEGIN')
    try {
      await client.query(sql)
      await client.query('INSERT INTO schema_version (version) VALUES ($1)', [step + 1])
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    }
  }
}
