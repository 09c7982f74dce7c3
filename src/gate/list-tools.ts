import type { ACTIONS } from '../core/actions.ts'
import { newId } from '../core/ids.ts'
import { RECORD_VERSION, type NewRecord } from '../core/record.ts'
import type { Scope } from '../core/scope.ts'
import { outsideDimensions } from '../core/scope-check.ts'
import type { Operation } from '../core/operation.ts'
import type { Correlation } from '../core/tool-call.ts'
import { identityOf } from './build-records.ts'
import type { Caller, ListedTool } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'
import { gatherTaskFacts } from './gather-facts.ts'

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
    records: [listRecord(deps, caller, { tools, shown, correlation, now: facts.now })],
    changes: [],
  })
  return shown
}

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

function listRecord(
  deps: GateDeps,
  caller: Caller,
  listing: {
    readonly tools: readonly ListedTool[]
    readonly shown: readonly ListedTool[]
    readonly correlation: Correlation
    readonly now: number
  },
): NewRecord {
  const { tools, shown, correlation, now } = listing
  const kept = new Set(shown)
  const hidden = tools
    .filter((tool) => !kept.has(tool))
    .map((tool) => `${tool.server}/${tool.definition.name}`)
  return {
    envelope: {
      v: RECORD_VERSION,
      kind: 'list',
      id: newId('lst', deps.entropy.bytes(16)),
      tenant: caller.chain.task.tenant,
      at: new Date(now).toISOString(),
      identity: identityOf(caller.chain),
      correlation,
      protection: deps.settings.protection,
      data: { shown: shown.length, hidden: hidden.length, policyHash: deps.policies.current().hash },
    },
    detail: { data: { hidden } },
  }
}
