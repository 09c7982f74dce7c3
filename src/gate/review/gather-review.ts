import { isGlass } from '../../approvals/break-glass.ts'
import { fatigueOf } from '../../approvals/fatigue.ts'
import { expireIfDue } from '../../approvals/machine.ts'
import type { Approval } from '../../core/approval.ts'
import { grantState } from '../../core/grant.ts'
import { taskState } from '../../core/identity.ts'
import { SERVER_PIN } from '../../core/tool-pin.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { readMade } from '../fatigue-report.ts'
import { answeredAlike, secondLooks } from './look-at-approvals.ts'
import {
  combinedSurface,
  newSurface,
  standingAuthority,
  type SurfacePart,
  unusedPermits,
} from './look-at-surface.ts'
import type { Finding } from './review-item.ts'
import { tallyLedger } from './tally-ledger.ts'
import { workflowReach } from './workflow-reach.ts'

export interface GatherDeps extends AdministrationDeps {
  /** Who answers for a server, as configured. */
  readonly ownerOf: (server: string) => string | undefined
  /** Permits that can be why a call is allowed; absent = all. */
  readonly permits?: () => ReadonlySet<string>
  /** Names of what is kept encrypted. */
  readonly secretNames: () => Promise<readonly string[]>
}

export interface GatherWish {
  readonly from: number
  readonly until: number
  /** Records below this index are not looked at. */
  readonly after: number
  /** Marks of the parts that the last review had; undefined = there was none. */
  readonly known: ReadonlySet<string> | undefined
  readonly looked: (count: number) => void
}

export interface Gathered {
  readonly findings: readonly Finding[]
  readonly parts: readonly SurfacePart[]
  readonly looked: number
  readonly decisions: number
  readonly whole: boolean
}

const MOST_TASKS = 10_000

/** One bounded pass over what happened since the last review, in pages between which calls of agents have their turn. */
export async function gatherReview(deps: GatherDeps, wish: GatherWish): Promise<Gathered> {
  const { tally, whole } = await tallyLedger(deps.records, { ...wish, tenant: deps.settings.tenant })
  const { found: made, whole: wholeRequests } = await readMade(deps, wish)
  const approvals = made.map((approval) => expireIfDue(approval, wish.until))
  const tasks = await deps.tasks.list(deps.settings.tenant, MOST_TASKS)
  const parts = await surfaceParts(deps, tasks)
  const pins = deps.reviews.list()
  const reaches = [...deps.workflows].map((workflow) => workflowReach(deps, workflow, pins))
  const counted = deps.permits?.()
  const permits = deps.policies
    .current()
    .policies.filter(({ source, effect }) => source === 'pack' && effect === 'permit')
    .filter(({ id }) => counted?.has(id) !== false)
  const findings = [
    ...tally.reports,
    ...tally.missingPermits(),
    ...secondLooks(approvals),
    ...combinedSurface(reaches, tally.trees.values()),
    ...(await authorities(deps, { tasks, approvals, now: wish.until })),
    ...newSurface(parts, wish.known, (key) => partMark(deps, key)),
    ...answeredAlike(fatigueOf(approvals)),
    ...unusedPermits(permits, tally.usedPolicies, tally.decisions),
    ...tally.ofLedger(),
  ]
  const { looked, decisions } = tally
  return { findings, parts, looked, decisions, whole: whole && wholeRequests }
}

/** What stands for a part in the record of a sign-off. */
export function partMark({ sha256 }: Pick<GatherDeps, 'sha256'>, key: string): string {
  return sha256(key).slice(0, 16)
}

type Tasks = Awaited<ReturnType<GatherDeps['tasks']['list']>>

async function surfaceParts(deps: GatherDeps, tasks: Tasks): Promise<readonly SurfacePart[]> {
  const owned = (server: string): Pick<SurfacePart, 'owner'> => {
    const owner = deps.ownerOf(server)
    return owner === undefined ? {} : { owner }
  }
  const pins = deps.reviews.list()
  const agents = new Set(tasks.map(({ agent }) => `${agent.kind} ${agent.id}`))
  return [
    ...[...new Set(pins.map(({ server }) => server))].map((name): SurfacePart => ({
      kind: 'server',
      name,
      ...owned(name),
    })),
    ...pins.flatMap(({ server, name, trusted }): readonly SurfacePart[] =>
      name === SERVER_PIN || trusted === undefined
        ? []
        : [
            {
              kind: 'tool',
              name: `${server}__${name}`,
              version: trusted.digest.slice(0, 12),
              ...owned(server),
            },
          ],
    ),
    ...(await deps.secretNames()).map((name): SurfacePart => ({ kind: 'credential', name })),
    ...[...agents].map((name): SurfacePart => ({ kind: 'agent', name })),
    ...[...deps.workflows].map(([name, { owner }]): SurfacePart => {
      return { kind: 'workflow', name, ...(owner === undefined ? {} : { owner }) }
    }),
    ...deps.humans.list(deps.settings.tenant).map(({ id, roles }): SurfacePart => ({
      kind: 'human',
      name: id,
      version: roles.join('+') || 'member',
    })),
  ]
}

async function authorities(
  deps: GatherDeps,
  about: { readonly tasks: Tasks; readonly approvals: readonly Approval[]; readonly now: number },
): Promise<readonly Finding[]> {
  const { tenant } = deps.settings
  const grants = await deps.grants.list(tenant, { limit: MOST_TASKS })
  const active = about.tasks.filter((task) => taskState(task, about.now) === 'active')
  const glass = about.approvals.filter(isGlass)
  const all = deps.humans.list(tenant).map((human) => ({
    human,
    active: active.filter((task) => task.human === human.id),
    grants: grants.filter((grant) => grant.human === human.id && grantState(grant, about.now) === 'active'),
    glass: glass.filter(({ votes }) => votes.some((vote) => vote.human === human.id)).length,
  }))
  return standingAuthority(all, about.now)
}
