import type { Approval, Vote } from '../../core/approval.ts'
import type { Grant } from '../../core/grant.ts'
import type { Digest } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import type { Scope } from '../../core/scope.ts'
import { isPlainName } from '../plain-name.ts'

/** Stands where words were. */
export const ERASED = '(erased)'

// INVARIANT: a row keeps what is named here and nothing else, so that what a later release adds to it is erased with it.
const APPROVAL = [
  'tenant',
  'id',
  'task',
  'root',
  'human',
  'server',
  'decision',
  'policyHash',
  'gates',
  'escalated',
  'state',
  'grant',
  'created',
  'expires',
] as const satisfies readonly (keyof Approval)[]
const VOTE = [
  'gate',
  'human',
  'for',
  'at',
  'channel',
  'escalated',
  'grant',
] as const satisfies readonly (keyof Vote)[]
const GRANT = [
  'tenant',
  'id',
  'task',
  'human',
  'server',
  'gates',
  'approval',
  'by',
  'created',
  'expires',
  'uses',
] as const satisfies readonly (keyof Grant)[]
const TASK = [
  'tenant',
  'id',
  'human',
  'agent',
  'workflow',
  'environment',
  'environmentProved',
  'budget',
  'origin',
  'created',
  'expires',
  'parent',
  'holder',
  'completed',
] as const satisfies readonly (keyof Task)[]

/** Without its words, and without digests of what they were about: who decided, and how, stays. */
export function blankApproval(approval: Approval): Approval {
  const { id, tool, votes, refusal } = approval
  return {
    ...only(approval, APPROVAL),
    tool: blankName(tool),
    call: noDigest(id),
    prompt: ERASED,
    votes: votes.map(blankVote),
    ...(refusal === undefined ? {} : { refusal: { ...refusal, reason: ERASED } }),
  }
}

/** What a passkey signed covers a plain digest of what was shown. */
function blankVote(vote: Vote): Vote {
  return only(vote, VOTE)
}

/** Somebody's own words on the request of somebody else; undefined = there are none. */
export function withoutWordsOf(human: string, approval: Approval): Approval | undefined {
  const { refusal, votes } = approval
  const refused = refusal?.human === human && refusal.reason !== ERASED
  const voted = votes.some((vote) => vote.human === human && hasWords(vote))
  if (!refused && !voted) return undefined
  return {
    ...approval,
    votes: votes.map((vote) => (vote.human === human ? blankVote(vote) : vote)),
    ...(refused ? { refusal: { ...refusal, reason: ERASED } } : {}),
  }
}

function hasWords({ comment, assertion }: Vote): boolean {
  return comment !== undefined || assertion !== undefined
}

export function blankGrant(grant: Grant): Grant {
  const { id, tool, revoked } = grant
  return {
    ...only(grant, GRANT),
    tool: blankName(tool),
    covers: { digest: noDigest(id), operations: [], arguments: {}, notes: [] },
    ...(revoked === undefined ? {} : { revoked: { ...revoked, reason: ERASED } }),
  }
}

/** An empty list permits nothing, where no list would permit everything. */
const NOTHING: Scope = { servers: [], tools: [] }

/** Of one that ended. */
export function blankTask(task: Task): Task {
  const { revoked } = task
  return {
    ...only(task, TASK),
    intent: ERASED,
    scope: NOTHING,
    ...(revoked === undefined ? {} : { revoked: { ...revoked, reason: ERASED } }),
  }
}

export function isBlank(row: Approval | Grant | Task): boolean {
  if ('intent' in row) return row.intent === ERASED
  return 'prompt' in row ? row.prompt === ERASED : row.covers.digest === noDigest(row.id)
}

/** That of a resource is its URI. */
function blankName(tool: string): string {
  return isPlainName(tool) ? tool : ERASED
}

/** Of the form of a digest, of nothing: no call has it. */
function noDigest(id: string): Digest {
  return `erased:${id}` as Digest
}

function only<Row extends object, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  const kept = Object.entries(row).filter(([name]) => names.some((one) => one === name))
  return Object.fromEntries(kept) as Pick<Row, Name>
}
