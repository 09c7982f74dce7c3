import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { SessionFacts } from '../../core/facts.ts'
import type { HumanId, TaskId, TenantId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import type { Tally } from '../../core/loop.ts'
import type { Halt, Standing } from '../../core/standing.ts'
import type { TaskStore } from '../../identity/task-store.ts'
import type { CommittedTasks } from './committed-tasks.ts'
import { factsReader } from './session-facts.ts'

const SELECT = 'SELECT body, revoked, completed, expires FROM task WHERE tenant = ?'

export class SqliteTasks implements TaskStore {
  readonly #get: StatementSync
  readonly #list: StatementSync
  readonly #listOf: StatementSync
  readonly #children: StatementSync
  readonly #tally: StatementSync
  readonly #revision: StatementSync
  readonly #halts: StatementSync
  readonly #facts: (tenant: string, root: string) => SessionFacts
  readonly #committed: CommittedTasks

  constructor(db: DatabaseSync, committed: CommittedTasks) {
    this.#committed = committed
    this.#get = db.prepare(`${SELECT} AND id = ?`)
    this.#list = db.prepare(`${SELECT} ORDER BY created DESC, rowid DESC LIMIT ?`)
    this.#listOf = db.prepare(
      `${SELECT} AND (body ->> '$.human') = ? ORDER BY created DESC, rowid DESC LIMIT ?`,
    )
    this.#children = db.prepare(`${SELECT} AND parent = ? ORDER BY created, rowid`)
    this.#tally = db.prepare(
      'SELECT what, count, mark FROM tally WHERE tenant = ? AND root = ? AND what IN (?, ?)',
    )
    this.#revision = db.prepare('SELECT revision FROM standing WHERE tenant = ?')
    this.#halts = db.prepare('SELECT body FROM halt WHERE tenant = ? ORDER BY rowid')
    this.#facts = factsReader(db)
  }

  get(tenant: TenantId, id: TaskId): Task | undefined {
    return this.#committed.task(tenant, id, () => {
      const row = this.#get.get(tenant, id)
      return row && taskOf(row)
    })
  }

  async list(tenant: TenantId, limit: number, human?: HumanId): Promise<readonly Task[]> {
    const rows = human === undefined ? this.#list.all(tenant, limit) : this.#listOf.all(tenant, human, limit)
    return rows.map(taskOf)
  }

  async children(tenant: TenantId, parent: TaskId): Promise<readonly Task[]> {
    return this.#children.all(tenant, parent).map(taskOf)
  }

  facts(tenant: TenantId, root: TaskId): SessionFacts {
    return this.#committed.facts(tenant, root, () => this.#facts(tenant, root))
  }

  tallies(tenant: TenantId, root: TaskId, what: readonly string[]): readonly (Tally | undefined)[] {
    return this.#committed.tallies({ tenant, root }, what, (unknown) => {
      const found = new Map<string, Tally>()
      // Two at a time, as a call asks: what costs most is to begin reading.
      for (let at = 0; at < unknown.length; at += 2) {
        const [one = '', other = one] = unknown.slice(at, at + 2)
        for (const row of this.#tally.all(tenant, root, one, other)) {
          found.set(String(row['what']), { count: Number(row['count']), mark: Number(row['mark']) })
        }
      }
      return found
    })
  }

  standing(tenant: TenantId): Standing {
    return this.#committed.standing(tenant, () => {
      // The number first: halts that are read after it are at least as new.
      const revision = Number(this.#revision.get(tenant)?.['revision'] ?? 0)
      const halts = this.#halts.all(tenant).map((row) => JSON.parse(String(row['body'])) as Halt)
      return { revision, halts }
    })
  }
}

function taskOf(row: Record<string, unknown>): Task {
  const task = JSON.parse(String(row['body'])) as Task
  const { revoked, completed, expires } = row
  if (revoked === null && completed === null && expires === null) return task
  return {
    ...task,
    ...(typeof revoked === 'string' && { revoked: JSON.parse(revoked) as NonNullable<Task['revoked']> }),
    ...(typeof completed === 'string' && {
      completed: JSON.parse(completed) as NonNullable<Task['completed']>,
    }),
    ...(typeof expires === 'number' && { expires }),
  }
}
