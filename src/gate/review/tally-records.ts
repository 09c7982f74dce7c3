import { type Action, groupsOf } from '../../core/actions.ts'
import type { Label } from '../../core/labels.ts'
import type { RecordEnvelope, RecordKind } from '../../core/record.ts'
import { type Finding, MOST_RECORDS } from './review-item.ts'

/** What one tree of tasks did, as far as it was allowed to. */
export interface TreeDeeds {
  readonly root: string
  readonly workflow: string
  readonly human: string
  untrusted: boolean
  private: boolean
  outward: boolean
  last: number
}

interface Denials {
  readonly policies: readonly string[]
  readonly tool: string
  count: number
  readonly tasks: Set<string>
  readonly humans: Set<string>
  readonly records: string[]
  last: number
  /** Trees that were let do the same later, and those that reached the same action by another tool. */
  readonly laterDone: Set<string>
  readonly laterAround: Set<string>
}

/** What is kept of each kind at most: a review that was flooded says less, and costs no more. */
const MOST_KEPT = 20_000
const MOST_PEOPLE = 100

const PRIVATE: ReadonlySet<Label> = new Set<Label>([
  'secret',
  'customer-data',
  'infra-state',
  'private',
  'internal',
])
const READS_OTHERS: ReadonlySet<Action> = new Set<Action>([
  'net.fetch',
  'issue.read',
  'pr.read',
  'browser.act',
])
const PUBLISHES: ReadonlySet<Action> = new Set<Action>(['pr.open', 'pr.update', 'pr.comment', 'issue.write'])

/** Text of somebody else may come in by it. */
export function bringsUntrusted(action: Action, labels: readonly Label[]): boolean {
  return READS_OTHERS.has(action) || (labels.includes('untrusted') && groupsOf(action).includes('read'))
}

/** It reads what is not for everybody. */
export function readsPrivate(action: Action, labels: readonly Label[]): boolean {
  if (action === 'secret.read') return true
  return groupsOf(action).includes('read') && labels.some((label) => PRIVATE.has(label))
}

/** Something may leave by it. */
export function goesOut(action: Action): boolean {
  return PUBLISHES.has(action) || (groupsOf(action).includes('egress') && action !== 'sampling.create')
}

/** Adds up records, **newest first**, in bounded memory. */
export class RecordTally {
  looked = 0
  decisions = 0
  readonly usedPolicies = new Set<string>()
  readonly trees = new Map<string, TreeDeeds>()
  readonly reports: Finding[] = []
  readonly #denials = new Map<string, Denials>()
  readonly #ledger = new Map<string, { count: number; last: number; readonly records: string[] }>()
  /** When the heartbeat after the one that is looked at was. */
  #nextBeat: number | undefined
  /** What each tree was let do, later than the record that is looked at. */
  readonly #laterTools = new Set<string>()
  readonly #laterActions = new Set<string>()

  add(envelope: RecordEnvelope, comment?: string): void {
    this.looked += 1
    const at = Date.parse(envelope.at)
    if (envelope.decision !== undefined) this.#decision(envelope, at)
    else if (envelope.kind === 'review.reported') this.#report(envelope, at, comment)
    else if (envelope.kind === 'ledger.heartbeat') this.#heartbeat(envelope, at)
    else if (OF_LEDGER.has(envelope.kind)) this.#ofLedger(envelope.kind, envelope.id, at)
  }

  /** Stops that look as if a permit were missing, those of most people first. */
  missingPermits(): readonly Finding[] {
    return [...this.#denials.entries()]
      .filter(([, { count, tasks, laterDone, laterAround }]) => {
        return tasks.size > 1 || count >= 3 || laterDone.size > 0 || laterAround.size > 0
      })
      .map(([key, denials]): Finding => ({
        section: 'missing-permit',
        key,
        says: denialText(denials),
        count: denials.count,
        last: denials.last,
        records: denials.records,
      }))
      .toSorted((a, b) => b.count - a.count)
  }

  ofLedger(): readonly Finding[] {
    return [...this.#ledger].map(([kind, { count, last, records }]): Finding => ({
      section: 'ledger',
      key: kind,
      says: `${count} × ${kind}`,
      count,
      last,
      records,
    }))
  }

  #decision({ id, decision, identity, call, operations = [], approval }: RecordEnvelope, at: number): void {
    if (decision === undefined || identity === undefined) return
    this.decisions += 1
    for (const policy of decision.policies) this.usedPolicies.add(policy)
    const root = identity.chain[0] ?? identity.task
    const tool = call === undefined ? '' : `${call.server}__${call.tool}`
    const actions = operations.filter(({ action }) => action !== 'tool.call')
    if (decision.effect === 'allow') {
      remember(this.#laterTools, `${root} ${tool}`)
      for (const { action, type } of actions) remember(this.#laterActions, `${root} ${action} ${type}`)
      this.#deeds({ root, workflow: identity.workflow, human: identity.human }, actions, at)
      return
    }
    if (decision.effect !== 'deny' || approval?.state === 'refused') return
    const key = `${decision.policies.join(' ')} ${tool}`
    const denials = this.#denials.get(key) ?? newDenials(decision.policies, tool, at)
    if (this.#denials.size >= MOST_KEPT && !this.#denials.has(key)) return
    this.#denials.set(key, denials)
    denials.count += 1
    addTo(denials.tasks, root)
    addTo(denials.humans, identity.human)
    if (denials.records.length < MOST_RECORDS) denials.records.push(id)
    if (this.#laterTools.has(`${root} ${tool}`)) addTo(denials.laterDone, root)
    else if (actions.some(({ action, type }) => this.#laterActions.has(`${root} ${action} ${type}`)))
      addTo(denials.laterAround, root)
  }

  #deeds(
    of: Pick<TreeDeeds, 'root' | 'workflow' | 'human'>,
    operations: NonNullable<RecordEnvelope['operations']>,
    at: number,
  ): void {
    const known = this.trees.get(of.root)
    if (known === undefined && this.trees.size >= MOST_KEPT) return
    const deeds = known ?? { ...of, untrusted: false, private: false, outward: false, last: at }
    if (known === undefined) this.trees.set(of.root, deeds)
    for (const { action, labels } of operations) {
      deeds.untrusted ||= bringsUntrusted(action, labels)
      deeds.private ||= readsPrivate(action, labels)
      deeds.outward ||= goesOut(action)
    }
  }

  #report({ id, actor = '', data }: RecordEnvelope, at: number, comment: string | undefined): void {
    if (this.reports.length >= MOST_KEPT) return
    const { decision, tool } = data ?? {}
    this.reports.push({
      section: 'reported',
      key: id,
      says: `\`${actor}\` does not understand why ${typeof tool === 'string' ? `\`${tool}\`` : 'a call'} was stopped`,
      count: 1,
      last: at,
      records: [typeof decision === 'string' ? decision : id],
      ...(comment === undefined ? {} : { comment }),
    })
  }

  #heartbeat({ id, data }: RecordEnvelope, at: number): void {
    const interval = data?.['interval']
    const next = this.#nextBeat
    this.#nextBeat = at
    if (next === undefined || typeof interval !== 'number' || next - at <= interval * MISSED) return
    this.#ofLedger('silence between heartbeats', id, next)
  }

  #ofLedger(kind: string, id: string, at: number): void {
    const known = this.#ledger.get(kind) ?? { count: 0, last: at, records: [] }
    known.count += 1
    if (known.records.length < MOST_RECORDS) known.records.push(id)
    this.#ledger.set(kind, known)
  }
}

/** What was done to the ledger itself, and what could not be told. */
const OF_LEDGER: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'audit.exported',
  'backup.made',
  'backup.restored',
  'erasure.ordered',
  'ledger.erased',
  'ledger.key',
  'hold.placed',
  'hold.lifted',
  'notice.failed',
])
/** Heartbeats that may be missing before it is a silence. */
const MISSED = 3

function newDenials(policies: readonly string[], tool: string, last: number): Denials {
  return {
    policies,
    tool,
    last,
    count: 0,
    records: [],
    tasks: new Set(),
    humans: new Set(),
    laterDone: new Set(),
    laterAround: new Set(),
  }
}

function denialText({ policies, tool, count, tasks, humans, laterDone, laterAround }: Denials): string {
  const more = [
    laterDone.size === 0 ? '' : `; ${laterDone.size} of them were let do it later`,
    laterAround.size === 0 ? '' : `; ${laterAround.size} of them did the same another way`,
  ]
  const many = (set: ReadonlySet<string>, what: string): string =>
    `${set.size}${set.size === MOST_PEOPLE ? ' or more' : ''} ${what}${set.size === 1 ? '' : 's'}`
  return `\`${tool}\` was denied ${count} × by ${policies.join(', ') || 'want of a permit'}, to ${many(tasks, 'task')} of ${many(humans, 'human')}${more.join('')}`
}

function addTo(set: Set<string>, value: string): void {
  if (set.size < MOST_PEOPLE) set.add(value)
}

function remember(set: Set<string>, value: string): void {
  if (set.size < MOST_KEPT * 5) set.add(value)
}
