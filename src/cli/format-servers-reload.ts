import type { ServersReloadAnswer } from '../api/contract.ts'
import type { Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

const SAID = {
  unchanged: ['green', 'nothing changed'],
  changed: ['green', 'in force now'],
  held: ['yellow', 'held: it may let agents do more, so what was stays in force'],
} as const

/** What reading the list of servers came to, for people. */
export function serversReloadText(io: Io, answer: ServersReloadAnswer): string {
  const { status, changes, directory, needsRestart, waiting } = answer
  const [colour, words] = SAID[status]
  const lines = [
    paint(io, colour, words),
    ...serverChangeLines(changes),
    ...directoryChangeLines(directory),
    ...(waiting === undefined
      ? []
      : [`waits for a second person: ${waiting} (see \`remit policy pending\`)`]),
    ...needsRestartLines(io, needsRestart),
  ]
  return `${lines.join('\n')}\n`
}

/** One line for each kind of change. */
export function serverChangeLines({
  added,
  removed,
  changed,
  virtual,
}: ServersReloadAnswer['changes']): readonly string[] {
  const fields = Object.entries(changed).map(([key, names]) => `${key} (${names.join(', ')})`)
  const kinds = { added, removed, changed: fields, 'virtual servers changed': virtual }
  return Object.entries(kinds)
    .filter(([, keys]) => keys.length > 0)
    .map(([kind, keys]) => plainLine(`${kind}: ${keys.join(', ')}`))
}

/** One line for each kind of change of people, workflows and workloads. */
export function directoryChangeLines(directory: ServersReloadAnswer['directory']): readonly string[] {
  return Object.entries(directory ?? {}).flatMap(([part, changes]) =>
    Object.entries(changes as Readonly<Record<string, readonly string[]>>)
      .filter(([, names]) => names.length > 0)
      .map(([kind, names]) => plainLine(`${part} ${kind}: ${names.join(', ')}`)),
  )
}

export function needsRestartLines(io: Io, keys: readonly string[]): readonly string[] {
  if (keys.length === 0) return []
  return [paint(io, 'yellow', `changed in the file, needs a restart: ${keys.join(', ')}`)]
}
