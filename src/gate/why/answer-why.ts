import type { StoredRecord } from '../../audit/record-reader.ts'
import { RemitError } from '../../core/errors.ts'
import type { ApprovalId, HumanId, TaskId } from '../../core/ids.ts'
import { loadChain } from '../../identity/task-chain.ts'
import type { TaskStore } from '../../identity/task-store.ts'
import type { Actor } from '../administration.ts'
import { explainPastDecision, type PastDecision, type PastDeps } from '../explain-past-decision.ts'
import { asSeenBy, ofWhom } from '../read-records.ts'
import { whomToAsk, type WhomDeps } from './whom-to-ask.ts'
import type { WhyAnswer } from './why-answer.ts'
import { askedInWords, decidingRules, reasonBehind, smallestChanges } from './why-rules.ts'

export interface WhyDeps extends Omit<PastDeps, 'human' | 'tasks'>, WhomDeps {
  readonly tasks: Pick<TaskStore, 'get' | 'standing'>
}

/** Stands for the newest call of one’s own tasks that was not let through. */
export const LAST = 'last'
const PAGE = 100
const MOST_SEARCHED = 10_000

/**
 * Why a call was decided so: what was asked, what decided, what would have to change and whom to ask. Whoever sees
 * only that it was gets no target, fact, value or reason.
 * @param id of a decision or approval; of a task, for its newest stop; or `last`.
 * @throws RemitError `decision_unknown`.
 */
export async function answerWhy(deps: WhyDeps, actor: Actor, id: string): Promise<WhyAnswer> {
  const record = await findRecord(deps, actor, id)
  const bare = asSeenBy(actor, record) !== record
  const past = await explainPastDecision({ ...deps, ...ofWhom(actor) }, record.envelope.id)
  const reason = reasonBehind(past)
  const { identity, call, approval } = record.envelope
  const task = identity?.task as TaskId | undefined
  const chain = task === undefined ? undefined : await loadChain(deps.tasks, deps.tenant, task)
  const found = approval && (await deps.approvals.get(deps.tenant, approval.id as ApprovalId))
  const ask =
    past.decided.effect === 'allow'
      ? undefined
      : whomToAsk(deps, reason, {
          human: identity?.human as HumanId | undefined,
          server: call?.server,
          approval: found ?? undefined,
          chain,
          policies: deps.policies.current(),
          halts: (await deps.tasks.standing(deps.tenant)).halts.filter((halt) =>
            concerns(halt, record.envelope.identity, call?.server),
          ),
        })
  return {
    id: past.id,
    at: past.at,
    effect: past.decided.effect,
    asked: askedInWords(record, bare),
    ...(identity === undefined ? {} : { identity }),
    decidedBy: bare
      ? past.decided.policies.map((rule) => ({ rule, says: '', facts: [] }))
      : decidingRules(past, record, chain?.task),
    change: bare ? (past.decided.effect === 'allow' ? [] : [reason.change]) : smallestChanges(past, reason),
    ask: ask === undefined ? [] : [ask],
    ...(approval === undefined ? {} : { approval: { ...approval, state: found?.state ?? approval.state } }),
    ...(past.outcome === undefined ? {} : { outcome: past.outcome }),
    notes: notesOn(past, bare),
    ...(bare ? { bare: true } : {}),
  }
}

function concerns(
  { target, id }: { readonly target: string; readonly id: string },
  identity: StoredRecord['envelope']['identity'],
  server: string | undefined,
): boolean {
  if (target === 'human') return id === identity?.human
  if (target === 'agent') return id === identity?.agent.id
  return target === 'server' ? id === server : true
}

function notesOn(
  { decided, explanation, unexplained, today }: PastDecision,
  bare: boolean,
): readonly string[] {
  const { observed } = decided
  return [
    ...(observed === undefined
      ? []
      : [
          `let through only because rules are observed; enforced, it would be ${observed.effect} by ${observed.policies.join(', ')}`,
        ]),
    ...(bare ? ['what the call carried is for its human and for auditors'] : []),
    ...(unexplained === undefined ? [] : [`less can be said, since ${unexplained}`]),
    ...(explanation?.original === false
      ? ['no copy is left of the rules that decided; this is by those in force now']
      : []),
    ...(today?.differs === true
      ? [`the rules changed since: the same call would now be ${today.effect}`]
      : []),
  ]
}

async function findRecord(deps: WhyDeps, actor: Actor, id: string): Promise<StoredRecord> {
  const { tenant, records } = deps
  // `last` is about oneself, however far one sees.
  if (id === LAST) return newestStop(deps, { human: actor.human.id })
  if (id.startsWith('tsk_')) return newestStop(deps, { ...ofWhom(actor), task: id })
  const approval = id.startsWith('apr_') ? await deps.approvals.get(tenant, id as ApprovalId) : undefined
  const wanted = {
    ...ofWhom(actor),
    tenant,
    id: approval?.decision ?? id,
    kind: 'decision',
    limit: 1,
  } as const
  const [found] = await records.query(wanted)
  if (found !== undefined) return found
  throw new RemitError(
    'decision_unknown',
    `no decision or approval \`${id}\` is on record for you; \`remit why --last\` takes your newest stopped call, \`remit audit tail --kind decision --json\` lists others`,
  )
}

async function newestStop(
  { tenant, records }: WhyDeps,
  whose: { readonly human?: string; readonly task?: string },
): Promise<StoredRecord> {
  let before: number | undefined
  for (let looked = 0; looked < MOST_SEARCHED; looked += PAGE) {
    const page = await records.query({
      tenant,
      ...whose,
      kind: 'decision',
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    })
    const stopped = page.find(({ envelope }) => envelope.decision?.effect !== 'allow')
    if (stopped !== undefined) return stopped
    before = page.at(-1)?.index
    if (page.length < PAGE) break
  }
  const [of, others] =
    whose.task === undefined
      ? [`your tasks (you are \`${whose.human ?? ''}\` here)`, '`remit why <task>` looks at another’s task, ']
      : [`the task \`${whose.task}\``, '']
  throw new RemitError(
    'decision_unknown',
    `none of the newest calls of ${of} was stopped; ${others}\`remit why <record>\` explains any decision by its id`,
  )
}
