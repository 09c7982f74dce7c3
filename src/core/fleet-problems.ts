import type { FleetAgent, HookState, Irregularity } from './fleet.ts'
import { isOlder } from './compare-versions.ts'

const DAY = 86_400_000

/** The first version of an agent whose hooks refuse where one fails, in Remit's words for it. docs/hooks.md has the facts. */
export const FAILS_CLOSED_FROM = { 'claude-code': '2.1.295' } as const

/** What somebody ought to look at, and mend. */
export type FleetProblem = Irregularity | 'version-too-old'

/** What is wrong with an agent now, and what was irregular within a day. @param now milliseconds since the epoch. */
export function fleetProblems(
  agent: FleetAgent & { readonly state: HookState },
  now: number,
): readonly FleetProblem[] {
  const { state, irregular, version } = agent
  const found = new Set<FleetProblem>()
  if (state === 'missing' || state === 'disabled' || state === 'changed') found.add(`hooks-${state}`)
  if (irregular !== undefined && now - irregular.at < DAY) found.add(irregular.reason)
  const from: string | undefined = Object.entries(FAILS_CLOSED_FROM).find(
    ([name]) => name === agent.agent,
  )?.[1]
  if (from !== undefined && version !== undefined && isOlder(version, from)) found.add('version-too-old')
  return [...found]
}

interface Advice {
  /** Said of an agent. */
  readonly says: string
  readonly fix: string
  /** Page of the documentation, and its section. */
  readonly page: string
  readonly section: string
}

const WRITTEN = { page: 'docs/agents.md', section: 'What is written' }
const OPEN = { page: 'docs/hooks.md', section: 'Where an agent goes on without an answer' }

export const FLEET_ADVICE: Readonly<Record<FleetProblem, Advice>> = {
  'hooks-missing': {
    says: 'started without its hooks',
    fix: 'run `remit init` on its machine, and start it again',
    ...WRITTEN,
  },
  'hooks-disabled': {
    says: 'started with its hooks switched off',
    fix: 'switch hooks on in its settings, and start it again',
    ...WRITTEN,
  },
  'hooks-changed': {
    says: 'started with hooks that are not what was set up',
    fix: 'find out who changed them, run `remit init` on its machine, and start it again',
    ...WRITTEN,
  },
  'calls-without-hooks': {
    says: 'called tools while nothing was heard of its hooks',
    fix: 'run `remit init` on its machine, trust its hooks where it asks for that (`/hooks` in Codex), and start it again',
    page: 'docs/hooks.md',
    section: 'Heartbeats',
  },
  'ran-unasked': {
    says: 'ran a tool that nobody was asked about',
    fix: 'look at its records for what ran, run `remit init` on its machine, and start it again',
    ...OPEN,
  },
  'version-too-old': {
    says: 'is too old to refuse a tool where its hook fails',
    fix: `install a newer version of it (Claude Code: ${FAILS_CLOSED_FROM['claude-code']} or later)`,
    ...OPEN,
  },
}
