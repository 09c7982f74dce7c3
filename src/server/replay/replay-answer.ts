/** What a replay of past decisions answers, as the command line shows it. */
export type { PolicyProposal } from '../../gate/replay/policy-proposal.ts'
export type { ReplayFilter } from '../../gate/replay/replay-filter.ts'
export type { Ranked, ReplayReport, ReplayTransition } from '../../gate/replay/replay-report.ts'
export type { Effects } from '../../gate/replay/replay-tally.ts'
