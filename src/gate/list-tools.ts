import type { ACTIONS } from '../core/actions.ts'
import type { Scope } from '../core/scope.ts'
import { outsideDimensions } from '../core/scope-check.ts'
import type { Operation } from '../core/operation.ts'
import type { Correlation } from '../core/tool-call.ts'
import type { Caller, ListedTool } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'
import { gatherTaskFacts } from './gather-facts.ts'
import { listRecord } from './list-record.ts'

/** The tools that this caller may ever use. What was hidden is recorded as numbers and, erasably, as names. */
export async function visibleTools(
  deps: GateDeps,
  caller: Caller,
  tools: readonly ListedTool[],
  correlation: Correlation,
): Promise<readonly ListedTool[]> {
  const facts = await gatherTaskFacts(deps, caller, { door: 'mcp', kind: 'tool' })
  const policies = deps.policies.current()
  const common = { ...facts, inferred: false }
  const byPin = { pinned: { ...common, pinned: true }, changed: { ...common, pinned: false } }
  const scopes = [caller.chain.task, ...caller.chain.ancestors].map((task) => task.scope)
  const limited = scopes.some(({ servers, tools, actions }) => (servers ?? tools ?? actions) !== undefined)
  const shown = tools.filter(({ server, definition }) => {
    const actions = deps.classifier.actionsOf(server, definition)
    if (limited && !isInsideScope(scopes, server, definition.name, actions)) return false
    const pinned = deps.pins.isPinned(server, definition.name, definition.digest)
    const request = {
      chain: caller.chain,
      human: caller.human,
      server,
      tool: definition.name,
      actions,
      facts: pinned ? byPin.pinned : byPin.changed,
    }
    return policies.visible(request) !== 'never'
  })
  await deps.journal.commit({
    records: [
      listRecord(deps, caller, {
        listed: tools.map(nameOf),
        shown: shown.map(nameOf),
        correlation,
        now: facts.now,
      }),
    ],
    changes: [],
  })
  return shown
}

const nameOf = ({ server, definition }: ListedTool): string => `${server}/${definition.name}`

/** A tool whose every action lies outside the scope can never be called, whatever its arguments. */
function isInsideScope(
  scopes: readonly Scope[],
  server: string,
  tool: string,
  actions: readonly (keyof typeof ACTIONS)[],
): boolean {
  const resource = { type: 'Tool', id: `${server}/${tool}`, ancestors: [] } as const
  const probe = (action: keyof typeof ACTIONS): boolean => {
    const operation: Operation = { action, resource, labels: [], opaque: false, origin: { pointer: '' } }
    return outsideDimensions(scopes, { server, tool }, operation).length === 0
  }
  return probe('tool.call') && (actions.length === 0 || actions.some(probe))
}
