import type { Action } from '../../core/actions.ts'
import { NO_HISTORY } from '../../core/facts.ts'
import type { HumanId, TaskId } from '../../core/ids.ts'
import type { Human, Task } from '../../core/identity.ts'
import type { Label } from '../../core/labels.ts'
import { outsideDimensions } from '../../core/scope-check.ts'
import type { ToolPin } from '../../core/tool-pin.ts'
import { SERVER_PIN } from '../../core/tool-pin.ts'
import type { WorkflowTemplate } from '../../identity/workflow.ts'
import type { GateDeps } from '../gate-deps.ts'
import type { ReachedTool, WorkflowReach } from './look-at-surface.ts'
import { bringsUntrusted, goesOut } from './tally-records.ts'

export type ReachDeps = Pick<GateDeps, 'settings' | 'classifier' | 'policies' | 'clock'> & {
  readonly ownerOf: (server: string) => string | undefined
}

/** Reading any of these may read what is private: which file, row or page a call names is not known before. */
const MAY_READ_PRIVATE: ReadonlySet<Action> = new Set<Action>([
  'file.read',
  'data.read',
  'sql.read',
  'secret.read',
  'infra.read',
  'repo.read',
])
const READ_BEFORE: readonly Label[] = ['untrusted', 'secret', 'customer-data', 'private']
/** As no task is called. */
const NOBODY = 'nobody' as HumanId

/**
 * What a task of a workflow could do by scope, ceiling and rules, tool by tool, when no argument is known: an upper bound.
 * What goes out is asked after the task has read untrusted and private content, so that rules against that count.
 */
export function workflowReach(
  deps: ReachDeps,
  [name, template]: readonly [string, WorkflowTemplate],
  pins: readonly ToolPin[],
): WorkflowReach {
  const task = taskOf(deps, name, template)
  const found = { untrusted: [] as ReachedTool[], private: [] as ReachedTool[], outward: [] as ReachedTool[] }
  for (const pin of pins) {
    if (pin.name === SERVER_PIN || pin.trusted === undefined) continue
    const actions = deps.classifier.actionsOf(pin.server, { ...pin.trusted.definition, name: pin.name })
    const may = (wanted: (action: Action) => boolean, read: readonly Label[]): boolean =>
      actions.some((action) => wanted(action) && isOpen(deps, task, { pin, action, read }))
    const owner = deps.ownerOf(pin.server)
    const tool = { tool: `${pin.server}__${pin.name}`, ...(owner === undefined ? {} : { owner }) }
    if (may((action) => bringsUntrusted(action, []), [])) found.untrusted.push(tool)
    if (may((action) => MAY_READ_PRIVATE.has(action), [])) found.private.push(tool)
    if (may(goesOut, READ_BEFORE)) found.outward.push(tool)
  }
  return { workflow: name, ...(template.owner === undefined ? {} : { owner: template.owner }), ...found }
}

function isOpen(
  { policies, clock, settings }: ReachDeps,
  { task, human }: { readonly task: Task; readonly human: Human },
  { pin, action, read }: { readonly pin: ToolPin; readonly action: Action; readonly read: readonly Label[] },
): boolean {
  const { server, name: tool } = pin
  const resource = { type: 'Tool', id: `${server}/${tool}`, ancestors: [] } as const
  const probe = { action, resource, labels: [], opaque: false, origin: { pointer: '' } }
  const called = { ...probe, action: 'tool.call' as const }
  const outside = [called, probe].flatMap((each) => outsideDimensions([task.scope], { server, tool }, each))
  if (outside.some((dimension) => ['servers', 'tools', 'actions'].includes(dimension))) return false
  const facts = {
    now: clock.now(),
    door: 'mcp',
    kind: 'tool',
    protection: settings.protection,
    environment: task.environment,
    sandboxed: false,
    holderBound: true,
    hooked: false,
    taskState: 'active',
    loop: 'none',
    budgetExhausted: false,
    history: { ...NO_HISTORY, labels: read },
    provenance: [],
    inferred: false,
    pinned: true,
  } as const
  return (
    policies
      .current()
      .visible({ chain: { task, ancestors: [] }, human, server, tool, actions: [action], facts }) !== 'never'
  )
}

/** Of somebody in every role, so that a rule that asks for one does not hide what those who have it could do. */
function taskOf(
  { settings: { tenant }, clock }: ReachDeps,
  workflow: string,
  { scope, ceiling, environment, lifetime, budget, teams = [] }: WorkflowTemplate,
): { readonly task: Task; readonly human: Human } {
  const human: Human = {
    tenant,
    id: NOBODY,
    teams: teams.map(({ team }) => team),
    roles: ['member', 'approver', 'auditor', 'admin', 'maintainer'],
  }
  const now = clock.now()
  const task: Task = {
    tenant,
    id: 'tsk_review' as TaskId,
    human: NOBODY,
    agent: { id: 'review', kind: 'review' },
    workflow,
    intent: '',
    // A ceiling says more surely what no task goes beyond than what is given when nobody asks for more.
    scope: { ...scope, ...ceiling },
    environment,
    environmentProved: true,
    budget,
    origin: 'human-session',
    created: now,
    expires: now + lifetime,
  }
  return { task, human }
}
