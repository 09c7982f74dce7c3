import type { Approval, Vote } from '../../core/approval.ts'
import type { Grant } from '../../core/grant.ts'
import type { Digest } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import type { Scope } from '../../core/scope.ts'

/** Stands where words were. */
export const ERASED = '(erased)'

/** Without its words, and without digests of what they were about: who decided, and how, stays. */
export function blankApproval(approval: Approval): Approval {
  const kept = without(approval, ['work', 'world', 'again', 'withdrawn', 'outline', 'offer'])
  return {
    ...kept,
    call: noDigest(approval.id),
    prompt: ERASED,
    votes: approval.votes.map(blankVote),
    ...(approval.refusal === undefined ? {} : { refusal: { ...approval.refusal, reason: ERASED } }),
  }
}

/** What a passkey signed covers a plain digest of what was shown. */
function blankVote(vote: Vote): Vote {
  return without(vote, ['comment', 'assertion'])
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
  const { revoked } = grant
  return {
    ...grant,
    covers: { digest: noDigest(grant.id), operations: [], arguments: {}, notes: [] },
    ...(revoked === undefined ? {} : { revoked: { ...revoked, reason: ERASED } }),
  }
}

/** An empty list permits nothing, where no list would permit everything. */
const NOTHING: Scope = { servers: [], tools: [] }

/** Of one that ended. */
export function blankTask(task: Task): Task {
  const { revoked } = task
  return {
    ...without(task, ['workspace']),
    intent: ERASED,
    scope: NOTHING,
    ...(revoked === undefined ? {} : { revoked: { ...revoked, reason: ERASED } }),
  }
}

export function isBlank(row: Approval | Grant | Task): boolean {
  if ('intent' in row) return row.intent === ERASED
  return 'prompt' in row ? row.prompt === ERASED : row.covers.digest === noDigest(row.id)
}

/** Of the form of a digest, of nothing: no call has it. */
function noDigest(id: string): Digest {
  return `erased:${id}` as Digest
}

function without<Row extends object, Name extends keyof Row>(
  row: Row,
  names: readonly Name[],
): Omit<Row, Name> {
  const left = Object.entries(row).filter(([name]) => !names.some((one) => one === name))
  return Object.fromEntries(left) as Omit<Row, Name>
}
