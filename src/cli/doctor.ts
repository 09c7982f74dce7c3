import type { AuditCountAnswer } from '../api/audit-contract.ts'
import type { FleetAnswer, StatusAnswer } from '../api/contract.ts'
import { asRemitError } from '../core/errors.ts'
import { type AmbientCredential, ambientCredentials } from '../server/doctor/ambient-credentials.ts'
import { ownSurroundings } from '../server/doctor/surroundings.ts'
import { findBubblewrap } from '../server/sandbox/find-bubblewrap.ts'
import { openAdminClient } from './admin-client.ts'
import { fleetChecks } from './check-fleet.ts'
import type { Check } from './check.ts'
import type { Command, Invocation, Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

export const doctor: Command = {
  path: 'doctor',
  summary: 'say what an agent has without being given it, and whether the gateway is in its way',
  positionals: [],
  flags: [],
  notes: `Looks at each agent of this machine: whether its hooks are set up and, called
as they stand in its files, whether a no holds; which servers it reaches past the
gateway; its version; whether what \`remit init\` wrote still stands.
Names credentials that an agent inherits when it is started here without
\`remit run\`, and never shows one. Exit code 1 = there is something to mend.
Nothing is changed by it. Not everything can be seen: a keychain, a login of a browser, a metadata service.`,
  run: async (invocation) => {
    const { io, json } = invocation
    const credentials = ambientCredentials(ownSurroundings(io.environ))
    const { agentChecks } = await import('./check-agents.ts')
    const checks = [
      ...(await gatewayChecks(invocation)),
      sandboxCheck(io),
      ...(await agentChecks(invocation)),
    ]
    io.out(json ? `${JSON.stringify({ checks, credentials })}\n` : report(io, checks, credentials))
    return credentials.length === 0 && checks.every(({ result }) => result !== 'bad') ? 0 : 1
  },
}

async function gatewayChecks(invocation: Invocation): Promise<readonly Check[]> {
  try {
    const client = await openAdminClient(invocation, 'read', { quiet: true })
    const { ready, protection, planes } = await client.get<StatusAnswer>('/status')
    const { count } = await client.get<AuditCountAnswer>('/records/query', { q: 'door = hook', count: 'yes' })
    const { agents } = await client.get<FleetAnswer>('/fleet', { limit: 1_000 })
    return [
      ready
        ? { name: 'gateway', result: 'good', says: `runs at ${planes.agent}` }
        : { name: 'gateway', result: 'bad', says: 'runs and is not ready', fix: 'see `remit status`' },
      {
        name: 'protection',
        result: protection.level === 'enforced' ? 'good' : 'note',
        says: `${protection.level}: ${protection.reason}`,
      },
      count > 0
        ? { name: 'hooks', result: 'good', says: 'an agent asked about tools of its own' }
        : {
            name: 'hooks',
            result: 'note',
            says: 'no agent ever asked about tools of its own',
            fix: 'docs/hooks.md',
          },
      ...fleetChecks(agents),
    ]
  } catch (thrown) {
    const { message, code } = asRemitError(thrown)
    const fix = code === 'gateway_unreachable' ? '`remit start`' : 'see `remit status`'
    return [{ name: 'gateway', result: 'bad', says: message, fix }]
  }
}

function sandboxCheck({ environ }: Io): Check {
  const found = findBubblewrap(environ['PATH'] ?? '')
  if ('program' in found)
    return { name: 'sandbox', result: 'good', says: 'agents can be started in one: `remit run`' }
  const fix = 'install bubblewrap; docs/servers.md says what else can be in its way'
  return { name: 'sandbox', result: process.platform === 'linux' ? 'bad' : 'note', says: found.missing, fix }
}

const COLOURS = { good: 'green', note: 'yellow', bad: 'red' } as const

function report(io: Io, checks: readonly Check[], credentials: readonly AmbientCredential[]): string {
  const lines = checks.flatMap(({ name, result, says, fix }) => [
    `${paint(io, COLOURS[result], result.padEnd(5))} ${name.padEnd(11)} ${plainLine(says)}`,
    ...(fix === undefined ? [] : [`${' '.repeat(18)}→ ${plainLine(fix)}`]),
  ])
  const found = credentials.flatMap(({ name, what, fix }) => [
    `${paint(io, 'red', 'bad'.padEnd(5))} ${plainLine(name)}: ${what}`,
    `${' '.repeat(18)}→ ${fix}`,
  ])
  const head =
    credentials.length === 0
      ? 'No credential was found that an agent would inherit here.'
      : 'An agent that is started here outside of a sandbox has:'
  return `${[...lines, '', head, ...found].join('\n')}\n`
}
