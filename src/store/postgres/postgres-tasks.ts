import type { Pool } from 'pg'
import { NO_HISTORY, type SessionFacts } from '../../core/facts.ts'
import type { TaskId, TenantId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import { isLabel } from '../../core/labels.ts'
import type { TaskStore } from '../../identity/task-store.ts'

interface TaskRow {
  readonly body: string
  readonly revoked: string | null
}

type FactsRow = Omit<SessionFacts, 'labels'> & { readonly labels: readonly string[] }

/** Asked anew each time: another replica may have revoked or counted meanwhile. */
export class PostgresTasks implements TaskStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async get(tenant: TenantId, id: TaskId): Promise<Task | undefined> {
    const { rows } = await this.#pool.query<TaskRow>({
      name: 'task',
      text: 'SELECT body, revoked FROM task WHERE tenant = $1 AND id = $2',
      values: [tenant, id],
    })
    return rows[0] && taskOf(rows[0])
  }

  async list(tenant: TenantId, limit: number): Promise<readonly Task[]> {
    const { rows } = await this.#pool.query<TaskRow>(
      'SELECT body, revoked FROM task WHERE tenant = $1 ORDER BY created DESC, place DESC LIMIT $2',
      [tenant, limit],
    )
    return rows.map(taskOf)
  }

  async facts(tenant: TenantId, root: TaskId): Promise<SessionFacts> {
    const { rows } = await this.#pool.query<FactsRow>({
      name: 'facts',
      text: 'SELECT calls, writes, denials, consents, errors, labels FROM session_facts WHERE tenant = $1 AND root = $2',
      values: [tenant, root],
    })
    const [facts] = rows
    return facts === undefined ? NO_HISTORY : { ...facts, labels: facts.labels.filter(isLabel) }
  }
}

function taskOf({ body, revoked }: TaskRow): Task {
  const task = JSON.parse(body) as Task
  return revoked === null ? task : { ...task, revoked: JSON.parse(revoked) as NonNullable<Task['revoked']> }
}
