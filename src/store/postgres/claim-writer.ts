import type { PoolClient } from 'pg'
import { RemitError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'

/** First half of the advisory locks that stand for writers in use; the second is the writer's slot. */
const WRITER_LOCKS = 741_074

/**
 * A writer's id that no other connection uses, held as long as this connection lives: one that was used before where
 * there is one, so that a replica which starts again goes on counting where it, or another, stopped.
 */
export async function claimWriter(client: PoolClient, random: (size: number) => Uint8Array): Promise<string> {
  const { rows } = await client.query<{ slot: number; id: string }>(
    'SELECT slot, id FROM writer ORDER BY slot',
  )
  for (const { slot, id } of rows) if (await tryLock(client, slot)) return id
  const made = await client.query<{ slot: number; id: string }>(
    'INSERT INTO writer (id) VALUES ($1) RETURNING slot, id',
    [newId('wrt', random(16))],
  )
  const [row] = made.rows
  if (row === undefined) throw new Error('a new writer was not made')
  // Another replica that starts now may have seen it first.
  return (await tryLock(client, row.slot)) ? row.id : claimWriter(client, random)
}

/**
 * Each gateway holds the lock of its writer as long as it runs.
 * @param own writers of this process among them.
 * @throws RemitError `state_locked`.
 */
export async function refuseOtherWriters(client: Pick<PoolClient, 'query'>, own: number): Promise<void> {
  const { rows } = await client.query<{ held: number }>(
    `SELECT count(*)::integer AS held FROM pg_locks WHERE locktype = 'advisory' AND classid = $1
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [WRITER_LOCKS],
  )
  if ((rows[0]?.held ?? 0) > own)
    throw new RemitError('state_locked', 'a gateway is using the database; stop it first')
}

async function tryLock(client: PoolClient, slot: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS locked', [
    WRITER_LOCKS,
    slot,
  ])
  return rows[0]?.locked === true
}
