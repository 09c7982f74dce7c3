import * as fc from 'fast-check'
import { RemitError } from '../../src/core/errors.ts'
import type { TaskId } from '../../src/core/ids.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import type { Budget, Task, TaskChain } from '../../src/core/identity.ts'
import { BUDGET_KINDS } from '../../src/core/identity.ts'
import type { Operation } from '../../src/core/operation.ts'
import type { Scope } from '../../src/core/scope.ts'
import { outsideDimensions } from '../../src/core/scope-check.ts'
import { makeTask, type NewTask } from '../../src/identity/make-task.ts'
import type { WorkflowTemplate } from '../../src/identity/workflow.ts'
import type { PolicySet } from '../../src/policy/policy-set.ts'
import { ADA, operation, request } from '../policy/samples.ts'

const NOW = Date.UTC(2026, 10, 22, 10)
const HOUR = 3_600_000

const patterns = (...texts: string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.subarray(texts, { maxLength: 3 }) },
  )
const scopes: fc.Arbitrary<Scope> = fc
  .record({
    servers: patterns('files', 'git', '*'),
    actions: patterns('read', 'write', 'file.*', 'file.read', 'git.push', '*'),
    paths: patterns('src/**', 'src/api/**', 'src/*', 'docs/**', '**', '*.md'),
    branches: patterns('main', 'fix/**', 'fix/*', '**'),
    repositories: patterns('acme/*', 'acme/web', '**'),
  })
  .map((scope) => Object.fromEntries(Object.entries(scope).filter(([, list]) => list !== undefined)))
const budgets: fc.Arbitrary<Budget> = fc
  .record(
    Object.fromEntries(
      BUDGET_KINDS.map((kind) => [
        kind,
        fc.oneof(
          { weight: 8, arbitrary: fc.constant(null) },
          { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }) },
        ),
      ]),
    ),
  )
  .map((budget) => Object.fromEntries(Object.entries(budget).filter(([, limit]) => limit !== null)))

const wishes: fc.Arbitrary<NewTask> = fc.record({
  workflow: fc.constant('code'),
  intent: fc.constant('x'),
  agent: fc.constantFrom({ id: 'a', kind: 'claude-code' }, { id: 'b', kind: 'codex' }),
  scope: scopes,
  budget: budgets.map(({ duration, ...rest }) =>
    duration === undefined ? rest : { ...rest, duration: duration * HOUR },
  ),
  lifetime: fc.integer({ min: 1, max: 12 }).map((hours) => hours * HOUR),
})

const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('file.read', 'file.write', 'file.delete'),
      fc.constantFrom('src/a.ts', 'src/api/b.ts', 'docs/x.md', 'README.md', '/etc/passwd', '.env'),
      fc.subarray(['source', 'ci', 'secret', 'auth'] as const, { maxLength: 1 }),
    )
    .map(([action, id, labels]) => operation(action as 'file.read', { id }, { labels })),
  fc.constantFrom('main', 'fix/a', 'fix/a/b').map((id) =>
    operation('git.push', {
      type: 'Branch',
      id,
      ancestors: [{ type: 'Repository', id: 'acme/web' }],
    }),
  ),
)

const TEMPLATE: WorkflowTemplate = {
  scope: {},
  ceiling: { paths: ['src/**', 'docs/**', '*.md'] },
  environment: 'laptop',
  lifetime: 2 * HOUR,
  maxLifetime: 12 * HOUR,
  budget: { calls: 1_000 },
}

/** Undefined = refused, as most that ask for more than there is are. */
function make(wish: NewTask, id: string, parent?: Task): Task | undefined {
  try {
    return makeTask(wish, {
      template: TEMPLATE,
      human: ADA.id,
      tenant: DEFAULT_TENANT,
      id: id as TaskId,
      now: NOW,
      origin: parent === undefined ? 'human-session' : 'parent-task',
      ...(parent === undefined ? {} : { parent }),
    })
  } catch (thrown) {
    if (thrown instanceof RemitError) return undefined
    throw thrown
  }
}

/**
 * Whatever a chain of delegations was asked to be: what the child is allowed, its parent is; nothing of it outlives or
 * outspends what it came from.
 * @returns how often a child was allowed something, so that a test can say that it tried.
 */
export function childrenAreWithinParents(set: PolicySet, runs: number): number {
  let allowed = 0
  fc.assert(
    fc.property(
      fc.array(wishes, { minLength: 2, maxLength: 4 }),
      operations,
      fc.constantFrom('files', 'git'),
      (asked, op, server) => {
        const chain: Task[] = []
        for (const wish of asked) {
          const task = make(wish, `tsk_${chain.length}`, chain[0])
          if (task !== undefined) chain.unshift(task)
        }
        let before: { readonly task: Task; readonly passes: boolean } | undefined
        for (let at = chain.length - 1; at >= 0; at -= 1) {
          const [task, ...ancestors] = chain.slice(at)
          if (task === undefined) continue
          // The child's own scope alone must already be within: its ancestors are asked on top of that.
          const alone = isInside([task.scope], server, op)
          const passes = decide(set, { task, ancestors }, { server, op })
          if (passes && before !== undefined) allowed += 1
          if (before !== undefined && !isWithin(task, before.task)) return false
          if (before !== undefined && alone && !isInside([before.task.scope], server, op)) return false
          if (before !== undefined && passes && !before.passes) return false
          before = { task, passes }
        }
        return true
      },
    ),
    { numRuns: runs },
  )
  return allowed
}

function isWithin(child: Task, parent: Task): boolean {
  return (
    child.expires <= parent.expires &&
    child.environment === parent.environment &&
    child.human === parent.human &&
    BUDGET_KINDS.every((kind) => (child.budget[kind] ?? Infinity) <= (parent.budget[kind] ?? Infinity))
  )
}

function isInside(scopesOfChain: readonly Scope[], server: string, op: Operation): boolean {
  return outsideDimensions(scopesOfChain, { server, tool: 'x' }, op).length === 0
}

function decide(
  set: PolicySet,
  chain: TaskChain,
  { server, op }: { readonly server: string; readonly op: Operation },
): boolean {
  const chainScopes = [chain.task, ...chain.ancestors].map(({ scope }) => scope)
  const outside = [outsideDimensions(chainScopes, { server, tool: 'x' }, op)]
  return set.decide(request([op], { chain, facts: { outside } })).effect === 'allow'
}
