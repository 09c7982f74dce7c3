import type { Approval } from '../../core/approval.ts'
import type { HumanId } from '../../core/ids.ts'
import type { TaskChain } from '../../core/identity.ts'
import { isAdmin } from '../../core/roles.ts'
import type { Halt } from '../../core/standing.ts'
import { ADMINS } from '../require-admin.ts'
import type { PolicySet } from '../../policy/policy-set.ts'
import { waysToVote } from '../ways-to-vote.ts'
import type { ApproverDeps } from '../who-is-there.ts'
import type { BuiltinReason } from './builtin-reasons.ts'
import type { WhyAnswer } from './why-answer.ts'

type Asked = WhyAnswer['ask'][number]

export interface Askable {
  readonly human: HumanId | undefined
  readonly server: string | undefined
  readonly approval: Approval | undefined
  readonly chain: TaskChain | undefined
  readonly policies: PolicySet
  readonly halts: readonly Halt[]
}

export interface WhomDeps extends ApproverDeps {
  readonly tenant: Approval['tenant']
  /** Who answers for a server, as configured. */
  readonly ownerOf: (server: string) => string | undefined
}

const MOST_NAMED = 8

/** Those who could mend a stop, by name where they are few. */
export function whomToAsk(deps: WhomDeps, reason: BuiltinReason, about: Askable): Asked | undefined {
  const { human, server, approval, halts } = about
  const how = reason.how
  switch (reason.mend) {
    case 'nobody':
    case 'time':
      return { who: [], as: 'nobody can lift this', how }
    case 'human':
      return { who: human === undefined ? [] : [human], as: 'whose task it is', how }
    case 'who-stopped':
      return {
        who: named([...new Set(halts.map(({ by }) => by)), ...admins(deps)]),
        as: 'who stopped it, or an admin',
        how,
      }
    case 'reviewer': {
      const owner = server === undefined ? undefined : deps.ownerOf(server)
      return {
        who: named([...(owner === undefined ? [] : [owner]), ...admins(deps)]),
        as: owner === undefined ? ADMINS : `the owner of \`${server ?? ''}\`, and ${ADMINS}`,
        how,
      }
    }
    case 'approvers':
      return approvers(deps, approval, about, how)
    case 'admins':
      return { who: named(admins(deps)), as: ADMINS, how }
  }
}

function approvers(deps: WhomDeps, approval: Approval | undefined, about: Askable, how: string): Asked {
  if (approval === undefined) return { who: [], as: 'whoever may approve what waits', how }
  const { refusal } = approval
  if (refusal !== undefined) return { who: [refusal.human], as: 'who refused it', how }
  const request = { approval, chain: about.chain, policies: about.policies }
  const able = deps.humans
    .list(deps.tenant)
    .filter((human) => waysToVote(deps, human, request).length > 0)
    .map(({ id }) => id)
  const guests = about.chain === undefined ? [] : (deps.guests?.(about.chain.task) ?? [])
  const groups = approval.gates.map(({ by, quorum }) => `${quorum} of ${by ?? 'whoever may approve'}`)
  return {
    who: named([...able, ...guests.map(({ id }) => id)]),
    as: [...new Set(groups)].join(' and '),
    how,
  }
}

function admins({ humans, tenant }: WhomDeps): readonly HumanId[] {
  return humans.list(tenant).flatMap((human) => (isAdmin(human) ? [human.id] : []))
}

function named(who: readonly string[]): readonly string[] {
  return [...new Set(who)].slice(0, MOST_NAMED)
}
