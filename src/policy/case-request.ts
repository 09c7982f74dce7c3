import type { Approval } from '../core/approval.ts'
import type { Gate } from '../core/decision.ts'
import { RemitError } from '../core/errors.ts'
import { NO_HISTORY, type Facts } from '../core/facts.ts'
import { DEFAULT_TENANT, type ApprovalId, type DecisionId, type Digest, type HumanId } from '../core/ids.ts'
import type { ServerKey, TaskId } from '../core/ids.ts'
import type { Human, Task } from '../core/identity.ts'
import type { Operation } from '../core/operation.ts'
import { RESOURCE_TYPES, type EntityRef } from '../core/resource.ts'
import type { Workload } from '../core/workload.ts'
import type { ApproveFacts } from './approve.ts'
import type { ApproveCase, CallCase, CaseOperation } from './case-schema.ts'
import { parseEntityText } from './entity-text.ts'
import type { DecisionRequest } from './policy-set.ts'

/** When a case says nothing of time: a Wednesday, 10:00 UTC. */
const NOON = Date.UTC(2026, 0, 7, 10)
const HOUR = 3_600_000
const SOME_WORKLOAD: Workload = {
  name: 'ci',
  kind: 'github',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'case',
}

/** A case as the request that it stands for; whatever it leaves out is ordinary. */
export function requestOf(each: Omit<CallCase, 'name' | 'expect'>): DecisionRequest {
  const human = humanOf(each.task?.human ?? { id: 'ada' })
  const operations = operationsOf(each)
  const { now, history, ...facts } = each.facts ?? {}
  const at = now === undefined ? NOON : Date.parse(now)
  const given: Facts = {
    now: at,
    door: facts.door ?? 'mcp',
    kind: facts.kind ?? 'tool',
    server: each.server ?? 'files',
    tool: each.tool ?? 'any',
    pinned: facts.pinned ?? true,
    inferred: facts.inferred ?? false,
    protection: facts.protection ?? 'advisory',
    environment: facts.environment ?? 'laptop',
    sandboxed: facts.sandboxed ?? false,
    holderBound: facts.holderBound ?? true,
    hooked: facts.hooked ?? false,
    taskState: facts.taskState ?? 'active',
    loop: facts.loop ?? 'none',
    budgetExhausted: facts.budgetExhausted ?? false,
    history: { ...NO_HISTORY, ...definedOf(history ?? {}) },
    provenance: facts.provenance ?? [],
    ...(facts.typed === undefined && facts.faults === undefined
      ? {}
      : { typed: { found: facts.typed ?? {}, faults: facts.faults ?? [] } }),
    ...(facts.workload === undefined ? {} : { workload: { ...SOME_WORKLOAD, ...definedOf(facts.workload) } }),
    approvals: facts.approvals ?? [],
    outside: operations.map(({ outside }) => outside),
  }
  return {
    chain: { task: taskOf(each, human, at), ancestors: [] },
    human,
    operations: operations.map(({ operation }) => operation),
    facts: given,
  }
}

/**
 * @param gateOf the gate that a policy of the set makes.
 * @throws RemitError `policy_invalid` for a policy that makes none.
 */
export function approvalOf(
  each: ApproveCase,
  gateOf: (policy: string) => Gate | undefined,
): { readonly human: Human; readonly approval: Approval; readonly facts: ApproveFacts } {
  const { approve } = each
  const now = approve.now === undefined ? NOON : Date.parse(approve.now)
  const gates = approve.policies?.map((id) => knownGate(id, gateOf)) ?? madeUpGates(approve)
  const approval: Approval = {
    tenant: DEFAULT_TENANT,
    id: 'apr_case' as ApprovalId,
    task: 'tsk_case' as TaskId,
    human: approve.task as HumanId,
    server: 'files' as ServerKey,
    tool: 'any',
    call: '0'.repeat(64) as Digest,
    decision: 'dec_case' as DecisionId,
    gates,
    prompt: '',
    state: 'pending',
    votes: [],
    created: now,
    expires: now + HOUR,
  }
  return { human: humanOf(approve.human), approval, facts: { now, alone: approve.alone } }
}

function knownGate(policy: string, gateOf: (policy: string) => Gate | undefined): Gate {
  const gate = gateOf(policy)
  if (gate !== undefined) return gate
  throw new RemitError('policy_invalid', `\`${policy}\` is no policy with \`@consent\``)
}

function madeUpGates({ gates = ['case'], severity }: ApproveCase['approve']): readonly Gate[] {
  return gates.map((scope) => ({
    scope,
    delegator: 'yes',
    quorum: 1,
    severity,
    timeout: 3600,
    policy: scope,
    reason: scope,
  }))
}

function humanOf(human: {
  readonly id: string
  readonly teams?: readonly string[] | undefined
  readonly roles?: readonly string[] | undefined
}): Human {
  const { id, teams = [], roles = [] } = human
  return { tenant: DEFAULT_TENANT, id: id as HumanId, teams, roles }
}

function taskOf(each: Pick<CallCase, 'task'>, human: Human, now: number): Task {
  const { task } = each
  return {
    tenant: DEFAULT_TENANT,
    id: 'tsk_case' as TaskId,
    human: human.id,
    agent: { id: 'agent', kind: task?.agent ?? 'claude-code' },
    workflow: task?.workflow ?? 'default',
    intent: task?.intent ?? 'a policy case',
    scope: {},
    environment: task?.environment ?? 'laptop',
    environmentProved: task?.environment !== undefined,
    workspace: '/workspace',
    budget: {},
    origin: 'evaluation',
    created: now,
    expires: now + HOUR,
  }
}

interface PlacedOperation {
  readonly operation: Operation
  readonly outside: Facts['outside'][number]
}

/** Actions that are the call itself. */
const CALLS = new Set<string>(['tool.call', 'prompt.get', 'resource.read', 'completion.complete'])

function operationsOf(each: Omit<CallCase, 'name' | 'expect'>): readonly PlacedOperation[] {
  const operations = each.operations.map(operationOf)
  if (operations.some(({ operation }) => CALLS.has(operation.action))) return operations
  const server = each.server ?? 'files'
  const call = operationOf({
    action: 'tool.call',
    resource: `Tool::${JSON.stringify(`${server}/${each.tool ?? 'any'}`)}`,
    in: [`Server::${JSON.stringify(server)}`],
  })
  return [call, ...operations]
}

function operationOf(operation: CaseOperation): PlacedOperation {
  const { type, id } = entityOf(operation.resource)
  const known = RESOURCE_TYPES.find((each) => each === type)
  if (known === undefined) throw new RemitError('policy_invalid', `\`${type}\` is no resource type`)
  return {
    operation: {
      action: operation.action,
      resource: { type: known, id, ancestors: (operation.in ?? []).map(entityOf) },
      labels: operation.labels ?? [],
      opaque: operation.opaque ?? false,
      origin: { pointer: '' },
    },
    outside: operation.outside ?? [],
  }
}

/** @throws RemitError `policy_invalid` for text that is not `Type::"id"`. */
function entityOf(text: string): EntityRef {
  const entity = parseEntityText(text)
  if (entity === undefined)
    throw new RemitError('policy_invalid', `\`${text}\` is no entity; write \`Type::"id"\``)
  return entity
}

/** Without the members that are undefined, so that a default is not overwritten. */
function definedOf<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}
