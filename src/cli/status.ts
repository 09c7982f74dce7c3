import type { ServerAnswer, StatusAnswer } from '../api/contract.ts'
import { openAdminClient } from './admin-client.ts'
import type { Command, Io } from './command.ts'
import { needsRestartLines } from './format-servers-reload.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

export const status: Command = {
  path: 'status',
  summary: 'say whether the gateway runs, and how it is',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read', { quiet: true })
    const answer = await client.get<StatusAnswer>('/status')
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : statusText(io, answer))
    return 0
  },
}

function statusText(io: Io, answer: StatusAnswer): string {
  const ready = answer.ready ? paint(io, 'green', 'ready') : paint(io, 'red', 'not ready')
  const checkpoint = answer.ledger.checkpoint?.split('\n')[1]
  const rows: readonly (readonly [string, string])[] = [
    ['gateway', `${ready}, version ${answer.version}, process ${answer.pid}, since ${answer.started}`],
    ['agents', answer.planes.agent],
    ['people', answer.planes.admin],
    ['protection', `${answer.protection.level}: ${answer.protection.reason}`],
    ['policy', `${answer.policy.policies} policies, hash ${answer.policy.hash.slice(0, 16)}`],
    ...answer.policy.waiting.map(
      (hash) =>
        ['policy', paint(io, 'yellow', `a change waits for a second person: ${hash.slice(0, 16)}`)] as const,
    ),
    ...answer.observing.map(
      ({ what, until }) =>
        ['observing', `${paint(io, 'yellow', `${what} is not enforced`)} until ${until}`] as const,
    ),
    ['approvals', `${answer.approvals.pending} pending`],
    ['fleet', fleetText(io, answer)],
    ['review', reviewText(io, answer)],
    [
      'ledger',
      `${answer.ledger.size} records, checkpoint ${checkpoint === undefined ? 'none yet' : `at ${checkpoint}`}`,
    ],
    ...ledgerRows(io, answer.ledger),
    ...answer.exports.map((each) => ['export', exportText(io, each)] as const),
    ...configRows(io, answer),
    ...answer.servers.map((server) => [`server`, serverText(io, server)] as const),
    ...(answer.demo ? [['demo', 'this gateway runs the demo'] as const] : []),
  ]
  return rows.map(([name, value]) => `${name.padEnd(12)}${value}\n`).join('')
}

function ledgerRows(
  io: Io,
  { copies, silences }: StatusAnswer['ledger'],
): readonly (readonly [string, string])[] {
  return [
    ...copies.map(({ name, size, at, error }) => {
      const copied = at === undefined ? 'nothing copied yet' : `${size} records, copied ${at}`
      const failing = error === undefined ? '' : paint(io, 'yellow', `; not reached now: ${plainLine(error)}`)
      return ['checkpoints', `${plainLine(name)}: ${copied}${failing}`] as const
    }),
    ...silences.map(
      ({ from, until }) =>
        ['ledger', paint(io, 'yellow', `nothing on record from ${from} to ${until}`)] as const,
    ),
  ]
}

function fleetText(io: Io, { fleet }: StatusAnswer): string {
  const all = Object.values(fleet).reduce((sum, count) => sum + count, 0)
  const wrong = fleet.missing + fleet.disabled + fleet.changed
  const told =
    wrong === 0 ? '' : `, ${paint(io, 'yellow', `${wrong} with hooks missing or changed: remit agents list`)}`
  return `${all} agents, hooks of ${fleet.alive} heard${told}`
}

function reviewText(io: Io, { review }: StatusAnswer): string {
  const day = new Date(review.due).toISOString().slice(0, 10)
  const owner = review.owner === undefined ? '' : ` by ${plainLine(review.owner)}`
  return review.overdue
    ? `${paint(io, 'yellow', `overdue since ${day}`)}${owner}: remit review`
    : `due ${day}${owner}`
}

function configRows(io: Io, { config }: StatusAnswer): readonly (readonly [string, string])[] {
  const refused = config.refused?.split('\n') ?? []
  return [
    ...refused.map((line) => ['config', paint(io, 'red', `not in force: ${plainLine(line)}`)] as const),
    ...needsRestartLines(io, config.needsRestart).map((line) => ['config', line] as const),
  ]
}

function exportText(
  io: Io,
  { name, place, lag, lastError, remark }: StatusAnswer['exports'][number],
): string {
  const behind = lag === 0 ? paint(io, 'green', 'has all') : `${lag} records behind`
  const error = lastError === undefined ? '' : `: ${paint(io, 'red', plainLine(lastError))}`
  const words = remark === undefined ? '' : `; ${paint(io, 'yellow', plainLine(remark))}`
  return `${name} (${plainLine(place)}) ${behind}${error}${words}`
}

export function serverText(io: Io, server: ServerAnswer): string {
  const colour = server.state === 'down' ? 'red' : server.state === 'up' ? 'green' : 'dim'
  const error = server.lastError === undefined ? '' : `: ${plainLine(server.lastError)}`
  const restarts = server.restarts === 0 ? '' : `, ${server.restarts} restarts`
  const waiting =
    server.waiting === 0
      ? ''
      : `, ${paint(io, 'yellow', `${server.waiting} to review: remit servers review ${server.key}`)}`
  const purpose = server.purpose === undefined ? '' : `  ${plainLine(server.purpose)}`
  const { confinement } = server
  const unconfined =
    confinement === undefined || confinement.confined
      ? ''
      : `, ${paint(io, 'yellow', `unconfined: ${plainLine(confinement.reason)}`)}`
  return `${server.key} (${server.transport}) ${paint(io, colour, server.state)}${restarts}${error}${waiting}${unconfined}${purpose}`
}
