import type { ACTIONS } from '../core/actions.ts'
import type { Scope } from '../core/scope.ts'
import { stoppedServers } from '../core/standing.ts'
import { outsideDimensions } from '../core/scope-check.ts'
import type { Operation } from '../core/operation.ts'
import type { Correlation } from '../core/tool-call.ts'
import type { PolicySet, VisibilityRequest } from '../policy/policy-set.ts'
import type { Caller, ListedTool } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'
import { gatherTaskFacts } from './gather-facts.ts'
import { listRecord } from './list-record.ts'
import type { ListQuestion, ListVerdict, RememberedLists } from './remembered-lists.ts'

/** A list of tools and who asks for it. */
interface ToolList<Tool extends ListedTool> {
  readonly caller: Caller
  readonly tools: readonly Tool[]
  readonly correlation: Correlation
}

/** The tools that this caller may ever use, less those of servers that are stopped. What was hidden is recorded as numbers and, erasably, as names. */
export async function visibleTools<Tool extends ListedTool>(
  deps: GateDeps,
  lists: RememberedLists,
  { caller, tools, correlation }: ToolList<Tool>,
): Promise<readonly Tool[]> {
  const common = await gatherTaskFacts(deps, caller, { door: 'mcp', kind: 'tool' })
  const facts = { ...common, inferred: false }
  const policies = deps.policies.current()
  const question = questionOf(deps, caller, { tools, policies, facts })
  const found = (): ListVerdict<Tool> => judge(deps, caller, { tools, policies, facts })
  const { shown, hidden } =
    question === undefined ? found() : (lists.find(question) ?? lists.keep(question, found()))
  const record = listRecord(deps, caller, { shown: shown.length, hidden, correlation, now: facts.now })
  await deps.journal.commit({ records: [record], changes: [] })
  return shown
}

interface Judged<Tool extends ListedTool> {
  readonly tools: readonly Tool[]
  readonly policies: PolicySet
  readonly facts: Omit<VisibilityRequest['facts'], 'pinned'>
}

/** Undefined = something that the verdict depends on cannot be told from what it was before. */
function questionOf<Tool extends ListedTool>(
  { classifier, pins }: GateDeps,
  { chain, human, standing }: Caller,
  { tools, policies, facts }: Judged<Tool>,
): ListQuestion<Tool> | undefined {
  const key = policies.visibilityKey?.({ chain, facts: { ...facts, pinned: true } })
  if (key === undefined || pins.edition === undefined || classifier.edition === undefined) return undefined
  return {
    tools,
    for: JSON.stringify([chain.task, chain.ancestors, human, key, stoppedServers(standing)]),
    ground: { policies, pins: pins.edition, classifier: classifier.edition },
  }
}

function judge<Tool extends ListedTool>(
  deps: GateDeps,
  { chain, human, standing }: Caller,
  { tools, policies, facts }: Judged<Tool>,
): ListVerdict<Tool> {
  const byPin = { pinned: { ...facts, pinned: true }, changed: { ...facts, pinned: false } }
  const scopes = [chain.task, ...chain.ancestors].map((task) => task.scope)
  const limited = scopes.some(({ servers, tools, actions }) => (servers ?? tools ?? actions) !== undefined)
  const stopped = stoppedServers(standing)
  const isVisible = ({ server, definition }: Tool): boolean => {
    if (stopped.includes(server)) return false
    const actions = deps.classifier.actionsOf(server, definition)
    if (limited && !isInsideScope(scopes, server, definition.name, actions)) return false
    const pinned = deps.pins.isPinned(server, definition.name, definition.digest)
    const request = {
      chain,
      human,
      server,
      tool: definition.name,
      actions,
      facts: pinned ? byPin.pinned : byPin.changed,
    }
    return policies.visible(request) !== 'never'
  }
  const shown: Tool[] = []
  const hidden: string[] = []
  for (const tool of tools) {
    if (isVisible(tool)) shown.push(tool)
    else hidden.push(`${tool.server}/${tool.definition.name}`)
  }
  return { shown, hidden }
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
