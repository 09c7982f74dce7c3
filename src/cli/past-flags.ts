import type { ReplayFilter } from '../server/replay/replay-answer.ts'
import { parseDuration } from '../server/parse-units.ts'
import { type Flag, type Invocation, textFlag, UsageError } from './command.ts'

/** Which decisions of the past are meant. */
export const PAST_FLAGS: readonly Flag[] = [
  { name: 'live', summary: 'ask the running gateway, for people who cannot read its files' },
  { name: 'file', takes: 'file', offers: 'files', summary: 'an export instead of the state folder’s ledger' },
  { name: 'human', takes: 'name', summary: 'only tasks of this human' },
  { name: 'task', takes: 'id', summary: 'only this task and those below it' },
  { name: 'tool', takes: 'name', summary: 'only calls of this server, tool or server__tool' },
]

/** @throws UsageError for a time that is none. */
export function pastFilter(invocation: Invocation, since: string, now: number): ReplayFilter {
  const span = parseDuration(since)
  if (span === undefined || span === 0)
    throw new UsageError(`\`--since\` must be a time like 7d or 12h (found \`${since}\`)`)
  const named = ['task', 'human', 'tool', 'workflow'] as const
  const only = named.map((name) => [name, textFlag(invocation, name)] as const)
  return { since: now - span, ...Object.fromEntries(only.filter(([, value]) => value !== undefined)) }
}

/** Tells at a terminal how far it is; `done` clears the line. */
export function progressLine({ io, json }: Invocation): {
  tell(records: number): void
  done(): void
} {
  const shown = !json && process.stderr.isTTY
  return {
    tell: (records) => {
      if (shown) io.err(`\r${records.toLocaleString('en')} decisions read`)
    },
    done: () => {
      if (shown) io.err('\r\u001B[K')
    },
  }
}
