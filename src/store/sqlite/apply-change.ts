import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Change } from '../../core/change.ts'
import { ASKING_WINDOW, limitReached } from '../../core/consent-limits.ts'
import { isErasureChange } from '../../core/erasure.ts'
import type { ToolPin } from '../../core/tool-pin.ts'
import { gravityOf } from '../../core/gravest.ts'
import { ASKED } from './sqlite-approvals.ts'
import { GrantStatements } from './grant-statements.ts'
import { StandingStatements } from './standing-statements.ts'
import { TaskStatements } from './task-statements.ts'
import { DeliveryStatements } from './delivery-statements.ts'
import { ErasureStatements } from './erasure-statements.ts'
import { OAuthStatements } from './oauth-statements.ts'
import { SecretStatements } from './secret-statements.ts'

/** A change that writes, and may find the world different from what its unit expects. */
export type ConditionalChange = Exclude<Change, { kind: 'add-facts' | 'add-tally' | 'expect-standing' }>

/** Applies changes of tasks, approvals, grants, pins and secrets within the transaction that is open. */
export class ChangeStatements {
  readonly standing: StandingStatements
  readonly #tasks: TaskStatements
  readonly #insertApproval: StatementSync
  readonly #asked: StatementSync
  readonly #updateApproval: StatementSync
  readonly #insertPin: StatementSync
  readonly #updatePin: StatementSync
  readonly #grants: GrantStatements
  readonly #secrets: SecretStatements
  readonly #oauth: OAuthStatements
  readonly #deliveries: DeliveryStatements
  readonly #erasures: ErasureStatements

  constructor(db: DatabaseSync) {
    this.standing = new StandingStatements(db)
    this.#tasks = new TaskStatements(db)
    this.#insertApproval = db.prepare(
      `INSERT INTO approval (tenant, id, task, root, call, state, votes, created, expires, severity, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    )
    this.#asked = db.prepare(ASKED)
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
    this.#secrets = new SecretStatements(db)
    this.#oauth = new OAuthStatements(db)
    this.#deliveries = new DeliveryStatements(db)
    this.#erasures = new ErasureStatements(db)
  }

  /** @returns whether it applied; false = conflict, and nothing was changed. */
  apply(change: ConditionalChange): boolean {
    if (isErasureChange(change)) return this.#erasures.apply(change)
    switch (change.kind) {
      case 'insert-task':
      case 'renew-task':
      case 'hold-task': {
        return this.#tasks.apply(change)
      }
      case 'revoke-task':
      case 'complete-task': {
        if (!this.#tasks.apply(change)) return false
        this.standing.advance(change.tenant)
        return true
      }
      case 'put-halt':
      case 'lift-halt':
      case 'advance-standing': {
        return this.standing.apply(change)
      }
      case 'insert-approval': {
        return this.#insertApprovalWithin(change)
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
      case 'put-secret':
      case 'reseal-secret':
      case 'remove-secret': {
        return this.#secrets.apply(change)
      }
      case 'put-delivery':
      case 'remove-delivery': {
        return this.#deliveries.apply(change)
      }
      case 'put-oauth':
      case 'consume-oauth':
      case 'remove-oauth': {
        return this.#oauth.apply(change)
      }
    }
  }

  #insertApprovalWithin({ approval, within }: Extract<Change, { kind: 'insert-approval' }>): boolean {
    const { tenant, id, task, root, call, state, votes, created } = approval
    if (within !== undefined && root !== undefined) {
      const row = this.#asked.get(created, created - ASKING_WINDOW, tenant, root)
      const asked = { open: Number(row?.['open']), recent: Number(row?.['recent']) }
      if (limitReached(asked, within) !== undefined) return false
    }
    const body = JSON.stringify(approval)
    const place = [created, approval.expires, gravityOf(approval.gates)] as const
    const row = [tenant, id, task, root ?? null, call, state, votes.length, ...place, body] as const
    return this.#insertApproval.run(...row).changes === 1
  }

  #putPin(pin: ToolPin): boolean {
    const { tenant, server, name, revision } = pin
    const body = JSON.stringify(pin)
    if (revision === 1) return this.#insertPin.run(tenant, server, name, revision, body).changes === 1
    return this.#updatePin.run(revision, body, tenant, server, name, revision - 1).changes === 1
  }
}
