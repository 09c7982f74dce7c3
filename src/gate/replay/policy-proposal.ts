import type { Unfit } from '../../policy/propose/observed-use.ts'
import type { ReplayReport } from './replay-report.ts'

export interface PolicyProposal {
  readonly workflow: string
  /** Formatted Cedar that passes `remit policy check`: a folder’s only file. */
  readonly cedar: string
  /** Calls that it was made from, and those that ran and say nothing of what is needed. */
  readonly calls: number
  readonly leftOut: Readonly<Record<Unfit, number>>
  /** Permits that the workflow has now and did not use. */
  readonly unused: readonly string[]
  /** What it would have made of the same calls, beside the policies in force. */
  readonly replay: ReplayReport
}
