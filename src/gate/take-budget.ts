import { lineDiff } from '../approvals/line-diff.ts'
import type { Classification } from '../classify/classify.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import type { Change } from '../core/change.ts'
import type { FactIncrements, SessionFacts } from '../core/facts.ts'
import { BUDGET_COUNTS, type BudgetCount, type Task } from '../core/identity.ts'
import { loopState, worseLoop, type LoopLimits, type LoopState, type Tally } from '../core/loop.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { costsOf, type CallCosts } from './call-costs.ts'
import type { Caller } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'

/** What a call would take, and whether there is enough. */
export interface Takings {
  readonly exhausted: readonly BudgetCount[]
  readonly loop: LoopState
  /** What is written with the decision to let it through; a conflict = somebody else took the rest meanwhile. */
  readonly changes: readonly Change[]
  /** Facts of the tree that `changes` leave out, since they depend on the decision. */
  readonly root: FactIncrements
  /** By which its failure is counted; absent = loops are not looked for. */
  readonly repeat?: { readonly what: string; readonly mark: number }
}

/** A task of the chain whose counts are compared or kept: one with a budget of its own, or the root of the tree. */
interface Counted {
  readonly task: Task
  readonly facts: SessionFacts
  /** How often each file was changed. */
  readonly rewrites: readonly (Tally | undefined)[]
}

/** What the call takes of every budget above it, and how often it came before. */
export async function weighTakings(
  deps: GateDeps,
  caller: Caller,
  of: { readonly call: ToolCall; readonly classification: Classification; readonly history: SessionFacts },
): Promise<Takings> {
  const { call, classification, history } = of
  const costs = costsOf(classification.operations)
  const loops = deps.loopLimits?.(caller.chain.task.workflow)
  const lines = linesChanged(deps, caller, call)
  const repeat = loops && repeatOf(deps, call, costs.takes.writes === undefined ? history.writes : 0)
  const counted = await loadCounted(deps, caller, { costs, history, loops })
  const [root] = counted.slice(-1)
  const takes = counted.map(({ rewrites }) => ({
    ...costs.takes,
    files: rewrites.filter((tally) => tally === undefined).length,
    lines,
  }))
  const exhausted = BUDGET_COUNTS.filter((count) =>
    counted.some(({ task, facts }, at) =>
      isShort({ limit: task.budget[count], used: facts[count], more: takes[at]?.[count] ?? 0 }, costs.opaque),
    ),
  )
  return {
    exhausted,
    loop: await loopOf(deps, caller, { loops, repeat, rewrites: root?.rewrites ?? [] }),
    root: present(takes.at(-1) ?? {}),
    changes: [
      ...counted.slice(0, -1).map(({ task }, at) => addFacts(task, present(takes[at] ?? {}))),
      ...tallies(deps, counted, { files: costs.files, loops, repeat }),
    ],
    ...(repeat === undefined ? {} : { repeat }),
  }
}

export function addFacts({ tenant, id, budget }: Task, add: FactIncrements): Change {
  const limits = Object.fromEntries(
    BUDGET_COUNTS.flatMap((count) => {
      const limit = budget[count]
      return limit === undefined ? [] : [[count, limit]]
    }),
  )
  const limited = Object.keys(limits).length > 0
  return { kind: 'add-facts', tenant, root: id, add, ...(limited ? { limits } : {}) }
}

function isShort(
  { limit, used, more }: { readonly limit: number | undefined; readonly used: number; readonly more: number },
  opaque: boolean,
): boolean {
  if (limit === undefined) return false
  return more > 0 ? used + more > limit : opaque && used >= limit
}

async function loadCounted(
  deps: GateDeps,
  { chain }: Caller,
  of: {
    readonly costs: CallCosts
    readonly history: SessionFacts
    readonly loops: LoopLimits | undefined
  },
): Promise<readonly Counted[]> {
  const { costs, history, loops } = of
  const tasks = [chain.task, ...chain.ancestors]
  const root = tasks.at(-1) ?? chain.task
  const counted: Counted[] = []
  for (const task of tasks) {
    if (task !== root && !BUDGET_COUNTS.some((count) => task.budget[count] !== undefined)) continue
    const read = task === root ? history : deps.tasks.facts(task.tenant, task.id)
    const facts = read instanceof Promise ? await read : read
    const wanted = task.budget.files !== undefined || (task === root && loops !== undefined)
    const what = wanted ? costs.files.map((path) => fileKey(deps, path)) : []
    const found = what.length === 0 ? [] : deps.tasks.tallies(task.tenant, task.id, what)
    counted.push({ task, facts, rewrites: found instanceof Promise ? await found : found })
  }
  return counted
}

/** Lines that the call shows that it changes, counted only where some budget asks. */
function linesChanged(deps: GateDeps, { chain }: Caller, call: ToolCall): number {
  const tasks = [chain.task, ...chain.ancestors]
  if (!tasks.some(({ budget }) => budget.lines !== undefined)) return 0
  const { workspace } = chain.task
  const edit = deps.classifier.previewEdit(call, workspace === undefined ? {} : { workspace })
  if (edit === undefined) return 0
  return lineDiff(edit.before, edit.after).filter((line) => line.startsWith('+') || line.startsWith('-'))
    .length
}

function repeatOf(
  { sha256 }: GateDeps,
  { server, kind, tool, arguments: args }: ToolCall,
  mark: number,
): { readonly what: string; readonly mark: number } {
  return { what: sha256(canonicalJson([server, kind, tool, args])).slice(0, 32), mark }
}

async function loopOf(
  deps: GateDeps,
  { chain }: Caller,
  of: {
    readonly loops: LoopLimits | undefined
    readonly repeat: { readonly what: string; readonly mark: number } | undefined
    readonly rewrites: readonly (Tally | undefined)[]
  },
): Promise<LoopState> {
  const { loops, repeat, rewrites } = of
  if (loops === undefined || repeat === undefined) return 'none'
  const root = chain.ancestors.at(-1) ?? chain.task
  const found = deps.tasks.tallies(root.tenant, root.id, [callKey(repeat.what), failKey(repeat.what)])
  const [called, failed] = (found instanceof Promise ? await found : found).map((tally) =>
    tally?.mark === repeat.mark ? tally.count : 0,
  )
  return [
    loopState(called ?? 0, loops.repeated),
    loopState(failed ?? 0, loops.failed),
    ...rewrites.map((tally) => loopState(tally?.count ?? 0, loops.rewritten)),
  ].reduce(worseLoop)
}

/** Counted no further than where they are refused, so that calls at the same time do not slip past one another. */
function tallies(
  deps: GateDeps,
  counted: readonly Counted[],
  of: {
    readonly files: readonly string[]
    readonly loops: LoopLimits | undefined
    readonly repeat: { readonly what: string; readonly mark: number } | undefined
  },
): readonly Change[] {
  const { files, loops, repeat } = of
  const changes: Change[] = counted.flatMap(({ task, rewrites }, at) =>
    rewrites.map((_tally, file): Change => {
      const most = at === counted.length - 1 ? loops && loops.rewritten.deny - 1 : undefined
      return {
        kind: 'add-tally',
        tenant: task.tenant,
        root: task.id,
        what: fileKey(deps, files[file] ?? ''),
        mark: 0,
        ...(most === undefined ? {} : { most }),
      }
    }),
  )
  const root = counted.at(-1)?.task
  if (loops === undefined || repeat === undefined || root === undefined) return changes
  const { tenant, id } = root
  const { what, mark } = repeat
  return [
    ...changes,
    { kind: 'add-tally', tenant, root: id, what: callKey(what), mark, most: loops.repeated.deny - 1 },
  ]
}

export function failKey(what: string): string {
  return `fail:${what}`
}

function callKey(what: string): string {
  return `call:${what}`
}

/** A digest, since a path may be long and may name a person. */
function fileKey({ sha256 }: GateDeps, path: string): string {
  return `file:${sha256(path).slice(0, 32)}`
}

function present(counts: { readonly [C in BudgetCount]?: number }): FactIncrements {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
