import type { Pool } from 'pg'
import { FACT_COUNTS, NO_HISTORY, type SessionFacts } from '../../core/facts.ts'
import type { HumanId, TaskId, TenantId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import { isLabel } from '../../core/labels.ts'
import type { Tally } from '../../core/loop.ts'
import type { Halt, Standing } from '../../core/standing.ts'
import type { TaskStore } from '../../identity/task-store.ts'
import { KnownStandings } from './known-standings.ts'

interface TaskRow {
  readonly body: string
  readonly revoked: string | null
  readonly completed: string | null
  readonly expires: number | null
}

type FactsRow = Omit<SessionFacts, 'labels'> & { readonly labels: readonly string[] }

const SELECT = 'SELECT body, revoked, completed, expires FROM task WHERE tenant = $1'
const COLUMNS = [...FACT_COUNTS.map((count) => `"${count}"`), 'labels'].join(', ')

/** Asked anew each time: another replica may have revoked or counted meanwhile. */
export class PostgresTasks implements TaskStore {
  readonly #pool: Pool
  readonly #standings: KnownStandings

  constructor(pool: Pool, standings = new KnownStandings()) {
    this.#pool = pool
    this.#standings = standings
  }

  async get(tenant: TenantId, id: TaskId): Promise<Task | undefined> {
    const { rows } = await this.#pool.query<TaskRow>({
      name: 'task',
      text: `${SELECT} AND id = $2`,
      values: [tenant, id],
    })
    return rows[0] && taskOf(rows[0])
  }

  async list(tenant: TenantId, limit: number, human?: HumanId): Promise<readonly Task[]> {
    const theirs = human === undefined ? '' : "AND (body::json ->> 'human') = $3"
    const { rows } = await this.#pool.query<TaskRow>(
      `${SELECT} ${theirs} ORDER BY created DESC, place DESC LIMIT $2`,
      [tenant, limit, ...(human === undefined ? [] : [human])],
    )
    return rows.map(taskOf)
  }

  async children(tenant: TenantId, parent: TaskId): Promise<readonly Task[]> {
    const { rows } = await this.#pool.query<TaskRow>(`${SELECT} AND parent = $2 ORDER BY created, place`, [
      tenant,
      parent,
    ])
    return rows.map(taskOf)
  }

  async facts(tenant: TenantId, root: TaskId): Promise<SessionFacts> {
    const { rows } = await this.#pool.query<FactsRow>({
      name: 'facts',
      text: `SELECT ${COLUMNS} FROM session_facts WHERE tenant = $1 AND root = $2`,
      values: [tenant, root],
    })
    const [facts] = rows
    return facts === undefined ? NO_HISTORY : { ...facts, labels: facts.labels.filter(isLabel) }
  }

  async tallies(
    tenant: TenantId,
    root: TaskId,
    what: readonly string[],
  ): Promise<readonly (Tally | undefined)[]> {
    const { rows } = await this.#pool.query<Tally & { readonly what: string }>({
      name: 'tallies',
      text: 'SELECT what, count, mark FROM tally WHERE tenant = $1 AND root = $2 AND what = ANY($3)',
      values: [tenant, root, what],
    })
    const found = new Map(rows.map((row) => [row.what, { count: row.count, mark: row.mark }]))
    return what.map((each) => found.get(each))
  }

  standing(tenant: TenantId): Standing | Promise<Standing> {
    return this.#standings.get(tenant) ?? this.#readStanding(tenant)
  }

  /** The number first: halts that are read after it are at least as new. */
  async #readStanding(tenant: TenantId): Promise<Standing> {
    const { rows } = await this.#pool.query<{ revision: number }>(
      'SELECT revision FROM tenant WHERE id = $1',
      [tenant],
    )
    const halts = await this.#pool.query<{ body: string }>(
      'SELECT body FROM halt WHERE tenant = $1 ORDER BY place',
      [tenant],
    )
    const standing = {
      revision: rows[0]?.revision ?? 0,
      halts: halts.rows.map(({ body }) => JSON.parse(body) as Halt),
    }
    this.#standings.keep(tenant, standing)
    return standing
  }
}

function taskOf({ body, revoked, completed, expires }: TaskRow): Task {
  const task = JSON.parse(body) as Task
  return {
    ...task,
    ...(revoked !== null && { revoked: JSON.parse(revoked) as NonNullable<Task['revoked']> }),
    ...(completed !== null && { completed: JSON.parse(completed) as NonNullable<Task['completed']> }),
    ...(expires !== null && { expires }),
  }
}
