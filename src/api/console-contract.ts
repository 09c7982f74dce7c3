import { z } from 'zod'
import type { Approval } from '../core/approval.ts'
import type { Severity } from '../core/decision.ts'
import type { RecordEnvelope } from '../core/record.ts'
import type { ServersAnswer, StatusAnswer } from './contract.ts'
import type { PolicyLine } from '../gate/policy-control.ts'

/** What the admin plane says for the console above all; `contract.ts` has the rest. */

/** `GET /policies/text` */
export const policyTextQuery = z.strictObject({ id: z.string().min(1).max(256) })
/** `GET /approvals/stream`; `since`: id of the last event of an earlier stream. */
export const streamApprovalsQuery = z.strictObject({ since: z.string().max(64).optional() })
/** `GET /records/stream`; `after`: index of the last record that came. */
export const streamRecordsQuery = z.strictObject({ after: z.coerce.number().int().min(-1).optional() })

/** `GET /servers/stream` */
export const streamServersQuery = z.strictObject({})

/** A request as an inbox lists it: rows of the event `approvals` of `GET /approvals/stream`. */
export interface InboxRow extends Pick<
  Approval,
  'id' | 'state' | 'server' | 'tool' | 'human' | 'task' | 'created' | 'expires'
> {
  /** The gravest of its gates. */
  readonly severity: Severity
  readonly gates: readonly {
    readonly scope: string
    readonly by?: string
    /** Who may agree as well, so many seconds after it was created. */
    readonly escalateTo?: string
    readonly escalateAfter?: number
    readonly quorum: number
    /** How many humans agreed. */
    readonly given: number
  }[]
  /** First of what would happen, in Remit’s words. */
  readonly happens: string
  /** Begin of the task’s intent. */
  readonly intent: string
}
/** Rows of the event `records` of `GET /records/stream`. */
export interface ActivityRow {
  readonly index: number
  readonly envelope: RecordEnvelope
}
/** Event `servers` of `GET /servers/stream`: at first, and whenever it is another. */
export interface ServersNow extends ServersAnswer {
  /** What became of the configuration file that was read last. */
  readonly config: Pick<StatusAnswer['config'], 'refused' | 'needsRestart'>
  /** Another number = something about a definition changed. */
  readonly definitions: number
}
/** `GET /policies` */
export interface PoliciesAnswer {
  readonly hash: string
  readonly policies: readonly PolicyLine[]
}
/** `GET /policies/text` */
export interface PolicyAnswer {
  readonly id: string
  readonly text: string
}
