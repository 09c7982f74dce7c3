import type { ServerChecksAnswer, ServersReloadAnswer } from '../api/contract.ts'
import type { InitPlan } from '../server/init/plan-init.ts'
import type { Io } from './command.ts'
import { serversReloadText } from './format-servers-reload.ts'
import { paint } from './paint.ts'
import type { PreparedInit } from './prepare-init.ts'
import { plainLine } from './plain-text.ts'
import { programName } from './program-name.ts'

export function agentsText(io: Io, { agents }: Pick<PreparedInit, 'agents'>): string {
  return agents
    .map(({ configuration: { title }, program }) => {
      const where = program ?? 'its folder is here, and no program of it in PATH'
      return `${title} ${paint(io, 'dim', plainLine(where))}\n`
    })
    .join('')
}

/** What is about to be done, without a secret. */
export function planText(
  io: Io,
  view: Pick<PreparedInit, 'plan' | 'agents' | 'file' | 'differenceOf'>,
): string {
  const { plan, file, differenceOf } = view
  const diffOf = (path: string, before: string, after: string): string => {
    const lines = differenceOf(before, after).map((line) => paintLine(io, line))
    return `\n${paint(io, 'bold', plainLine(path))}${before === '' ? ' (new)' : ''}\n${lines.join('')}`
  }
  const { configuration } = plan
  return [
    agentsText(io, view),
    ...plan.changes.map(({ file: { path, text = '' }, after }) => diffOf(path, text, after)),
    configuration === undefined ? '' : diffOf(file, configuration.before, configuration.after),
    '\n',
    ...plan.moved.map(({ key, from, secrets, isKnown }) => {
      const places = from.map(({ place }) => plainLine(place)).join(', ')
      const has = secrets.length === 0 ? '' : `; secrets: ${secrets.join(', ')}`
      return `${key} ${isKnown ? 'is behind the gateway already, and goes from' : 'moves from'} ${places}${has}\n`
    }),
    leftText(io, plan),
    ...plan.warnings.map((warning) => `${paint(io, 'yellow', plainLine(warning))}\n`),
  ].join('')
}

function leftText(io: Io, { left }: InitPlan): string {
  return left
    .map(({ server: { name, place }, problems }) => {
      const why = problems.map((problem) => `  ${plainLine(problem)}\n`).join('')
      return `${paint(io, 'red', `${plainLine(name)} stays past the gateway`)} (${plainLine(place)})\n${why}`
    })
    .join('')
}

interface Done extends PreparedInit {
  readonly taken: ServersReloadAnswer | 'not running' | undefined
  readonly checks: ServerChecksAnswer['servers']
}

/** What was done, and what is left to do. */
export function doneText(io: Io, { plan, agents, taken, checks, connectOf }: Done): string {
  const remit = programName(io.cwd)
  const gateway =
    taken === undefined
      ? ''
      : taken === 'not running'
        ? `gateway: none runs here; the next \`${remit} start\` takes the servers\n`
        : `gateway: ${serversReloadText(io, taken)}`
  const found = checks.map((check) => {
    if (!check.ok) return `${check.key} ${paint(io, 'red', plainLine(check.error))}\n`
    if (check.pending === 0) return ''
    return `${check.pending} tools are off: ${paint(io, 'yellow', `${remit} servers review ${check.key}`)}\n`
  })
  const steps = agents.flatMap(({ configuration: { agent, title, afterwards = [] } }) => [
    `${title}: log in once in a terminal (Ctrl-D when it has its task): ${shellLine(connectOf(agent))}`,
    ...afterwards.map((each) => `${title}: ${each}`),
  ])
  return [
    paint(io, 'green', `${plan.changes.length} files of agents were written`),
    `; \`${remit} init --undo\` makes them as they were\n`,
    gateway,
    ...found,
    ...steps.map((step) => `${plainLine(step)}\n`),
  ].join('')
}

function shellLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ')
}

function paintLine(io: Io, line: string): string {
  const text = `  ${plainLine(line)}\n`
  if (line.startsWith('+')) return paint(io, 'green', text)
  return line.startsWith('-') ? paint(io, 'red', text) : paint(io, 'dim', text)
}
