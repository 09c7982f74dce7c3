import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Approval } from '../../core/approval.ts'
import type { Change } from '../../core/change.ts'
import type { Task } from '../../core/identity.ts'
import type { ToolPin } from '../../core/tool-pin.ts'
import { GrantStatements } from './grant-statements.ts'

/** A change that may find the world different from what its unit expects. */
export type ConditionalChange = Exclude<Change, { kind: 'add-facts' }>

/** Applies changes of tasks, approvals, grants and pins within the transaction that is open. */
export class ChangeStatements {
  readonly #insertTask: StatementSync
  readonly #revokeTask: StatementSync
  readonly #taskExists: StatementSync
  readonly #insertApproval: StatementSync
  readonly #updateApproval: StatementSync
  readonly #insertPin: StatementSync
  readonly #updatePin: StatementSync
  readonly #grants: GrantStatements

  constructor(db: DatabaseSync) {
    this.#insertTask = db.prepare(
      'INSERT INTO task (tenant, id, created, body, revoked) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#revokeTask = db.prepare(
      'UPDATE task SET revoked = ? WHERE tenant = ? AND id = ? AND revoked IS NULL',
    )
    this.#taskExists = db.prepare('SELECT 1 FROM task WHERE tenant = ? AND id = ?')
    this.#insertApproval = db.prepare(
      `INSERT INTO approval (tenant, id, task, call, state, votes, created, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    this.#updateApproval = db.prepare(
      `UPDATE OR IGNORE approval SET state = ?, votes = ?, body = ?
       WHERE tenant = ? AND id = ? AND state = ? AND votes = ?`,
    )
    this.#insertPin = db.prepare(
      'INSERT INTO pin (tenant, server, name, revision, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#updatePin = db.prepare(
      'UPDATE pin SET revision = ?, body = ? WHERE tenant = ? AND server = ? AND name = ? AND revision = ?',
    )
    this.#grants = new GrantStatements(db)
  }

  /** @returns whether it applied; false = conflict, and nothing was changed. */
  apply(change: ConditionalChange): boolean {
    switch (change.kind) {
      case 'insert-task': {
        return insertTask(this.#insertTask, change.task)
      }
      case 'revoke-task': {
        const { tenant, task, at, by, reason } = change
        // The first revocation stands; a second one is no conflict, since what it asks for is so.
        if (this.#revokeTask.run(JSON.stringify({ at, by, reason }), tenant, task).changes === 1) return true
        return this.#taskExists.get(tenant, task) !== undefined
      }
      case 'insert-approval': {
        return insertApproval(this.#insertApproval, change.approval)
      }
      case 'update-approval': {
        const { approval, from } = change
        const { state, votes, tenant } = approval
        const set = [state, votes.length, JSON.stringify(approval)] as const
        return this.#updateApproval.run(...set, tenant, from.id, from.state, from.votes).changes === 1
      }
      case 'put-pin': {
        return this.#putPin(change.pin)
      }
      case 'insert-grant':
      case 'use-grant':
      case 'revoke-grant': {
        return this.#grants.apply(change)
      }
    }
  }

  #putPin(pin: ToolPin): boolean {
    const { tenant, server, name, revision } = pin
    const body = JSON.stringify(pin)
    if (revision === 1) return this.#insertPin.run(tenant, server, name, revision, body).changes === 1
    return this.#updatePin.run(revision, body, tenant, server, name, revision - 1).changes === 1
  }
}

function insertTask(statement: StatementSync, task: Task): boolean {
  const { revoked, ...body } = task
  const revocation = revoked === undefined ? null : JSON.stringify(revoked)
  return statement.run(task.tenant, task.id, task.created, JSON.stringify(body), revocation).changes === 1
}

function insertApproval(statement: StatementSync, approval: Approval): boolean {
  const { tenant, id, task, call, state, votes, created } = approval
  const body = JSON.stringify(approval)
  return statement.run(tenant, id, task, call, state, votes.length, created, body).changes === 1
}
