import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { SessionFacts } from '../../core/facts.ts'
import type { TaskId, TenantId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import type { TaskStore } from '../../identity/task-store.ts'
import type { CommittedTasks } from './committed-tasks.ts'
import { factsReader } from './session-facts.ts'

export class SqliteTasks implements TaskStore {
  readonly #get: StatementSync
  readonly #list: StatementSync
  readonly #facts: (tenant: string, root: string) => SessionFacts

  readonly #committed: CommittedTasks

  constructor(db: DatabaseSync, committed: CommittedTasks) {
    this.#committed = committed
    this.#get = db.prepare('SELECT body, revoked FROM task WHERE tenant = ? AND id = ?')
    this.#list = db.prepare(
      'SELECT body, revoked FROM task WHERE tenant = ? ORDER BY created DESC, rowid DESC LIMIT ?',
    )
    this.#facts = factsReader(db)
  }

  get(tenant: TenantId, id: TaskId): Task | undefined {
    return this.#committed.task(tenant, id, () => {
      const row = this.#get.get(tenant, id)
      return row && taskOf(row)
    })
  }

  async list(tenant: TenantId, limit: number): Promise<readonly Task[]> {
    return this.#list.all(tenant, limit).map(taskOf)
  }

  facts(tenant: TenantId, root: TaskId): SessionFacts {
    return this.#committed.facts(tenant, root, () => this.#facts(tenant, root))
  }
}

function taskOf(row: Record<string, unknown>): Task {
  const task = JSON.parse(String(row['body'])) as Task
  const { revoked } = row
  if (typeof revoked !== 'string') return task
  return { ...task, revoked: JSON.parse(revoked) as NonNullable<Task['revoked']> }
}
