import { stoppedServers } from '../core/standing.ts'
import { outsideDimensions } from '../core/scope-check.ts'
import type { Operation } from '../core/operation.ts'
import type { Scope } from '../core/scope.ts'
import type { Correlation } from '../core/tool-call.ts'
import type { Caller, ListedItem } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'
import { gatherTaskFacts } from './gather-facts.ts'
import { listRecord } from './list-record.ts'

/** The prompts, resources or templates that this caller may ever use; recorded as lists of tools are. */
export async function visibleItems<Item extends ListedItem>(
  deps: GateDeps,
  caller: Caller,
  list: {
    readonly kind: 'prompt' | 'resource'
    readonly items: readonly Item[]
    readonly correlation: Correlation
  },
): Promise<readonly Item[]> {
  const { kind, items, correlation } = list
  const common = await gatherTaskFacts(deps, caller, { door: 'mcp', kind })
  const facts = { ...common, pinned: true, inferred: false }
  const policies = deps.policies.current()
  const scopes = [caller.chain.task, ...caller.chain.ancestors].map((task) => task.scope)
  const { chain, human, standing } = caller
  const stopped = stoppedServers(standing)
  const shown = items.filter((item) => {
    const { server, name } = item
    if (stopped.includes(server)) return false
    if (!isInsideScope(scopes, kind, item)) return false
    const request = {
      chain,
      human,
      server,
      actions: [],
      facts,
      ...(name === undefined ? {} : { tool: name }),
    }
    return policies.visible(request) !== 'never'
  })
  const kept = new Set(shown.map(nameOf))
  const hidden = items.map(nameOf).filter((name) => !kept.has(name))
  const record = listRecord(deps, caller, { shown: shown.length, hidden, correlation, now: facts.now })
  await deps.journal.commit({ records: [record], changes: [] })
  return shown
}

const nameOf = ({ server, name, template }: ListedItem): string => `${server}/${name ?? template ?? ''}`

/** Of a template, only what holds for all that it expands to is known: nothing that its scope says of names. */
function isInsideScope(
  scopes: readonly Scope[],
  kind: 'prompt' | 'resource',
  { server, name }: ListedItem,
): boolean {
  const operation: Operation = {
    action: kind === 'prompt' ? 'prompt.get' : 'resource.read',
    resource: { type: kind === 'prompt' ? 'Prompt' : 'McpResource', id: name ?? '', ancestors: [] },
    labels: [],
    opaque: false,
    origin: { pointer: '' },
  }
  const left = outsideDimensions(scopes, { server, tool: name ?? '' }, operation)
  return left.every((dimension) => name === undefined && dimension === 'tools')
}
