import { readFileSync } from 'node:fs'
import {
  preparsePolicySet,
  preparseSchema,
  policyToJson,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs'
import { array, assert, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { loadPolicySet } from '../../src/policy/load-policy-set.ts'
import type { DecisionRequest } from '../../src/policy/policy-set.ts'
import { BUILTIN_POLICIES } from '../../src/policy/builtin-policies.ts'
import { toPlainCedar } from '../../src/policy/plain-cedar.ts'
import { splitPolicies } from '../../src/policy/split-policies.ts'
import type { Est } from '../../src/policy/est.ts'
import { ADA, FACTS, PACK, SCHEMA_FILE } from './samples.ts'
import { Tape } from './random-cedar.ts'
import { randomPackRequest } from './random-request.ts'
import { parsedBefore } from '../support/shared-caches.ts'

/**
 * The three-valued decision against plain Cedar in the official engine: gates become `unless
 * { context.approvals.contains(scope) }`, consent means "denied now, and allowed once those scopes are granted".
 * The official engine also checks each request against the schema, so facts that Remit would make wrongly fail.
 */
const texts = [
  BUILTIN_POLICIES,
  ...['policies', 'gates', 'humans'].map((name) => readFileSync(`${PACK}/${name}.cedar`, 'utf8')),
]
const policies = new Map<string, Est & { annotations: Record<string, string>; conditions: unknown[] }>()
for (const { text } of texts.flatMap(splitPolicies)) {
  const answer = policyToJson(text)
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
  const est = answer.json as never as Est & { annotations: Record<string, string>; conditions: unknown[] }
  policies.set(est.annotations['id']!, est)
}
/** What `remit policy export` prints. */
const plain = Object.fromEntries([...policies].map(([id, est]) => [id, toPlainCedar(est)]))

/** The same request in Cedar's JSON, written down a second time on purpose. */
function inWasm(call: DecisionRequest, approvals: readonly string[]) {
  const [op] = call.operations
  const { facts } = call
  const acting = call.chain.task
  const uid = (type: string, id: string) => ({ type, id })
  const trusted = acting.environmentProved || acting.environment === 'production'
  const entities = [
    {
      uid: uid('Task', acting.id),
      attrs: {
        agent: { __entity: uid('Agent', 'claude-1') },
        depth: 0,
        environment: trusted ? acting.environment : 'laptop',
        human: { __entity: uid('Human', 'ada') },
        intent: acting.intent,
        origin: acting.origin,
        workflow: acting.workflow,
      },
      parents: [uid('Workflow', acting.workflow), uid('AgentKind', 'claude-code')],
    },
    {
      uid: uid('Human', 'ada'),
      attrs: { id: 'ada' },
      parents: ADA.teams.map((team) => uid('Team', team)).concat(ADA.roles.map((role) => uid('Role', role))),
    },
    { uid: uid('Agent', 'claude-1'), attrs: { id: 'claude-1' }, parents: [uid('AgentKind', 'claude-code')] },
    { uid: uid(op!.resource.type, 'x'), attrs: { labels: op!.labels, name: 'x' }, parents: [] },
  ]
  const { now, history, ...context } = FACTS
  const { calls, consents, denials, errors, labels, writes } = history
  const answer = statefulIsAuthorized({
    principal: uid('Task', acting.id),
    action: uid('Action', op!.action),
    resource: uid(op!.resource.type, 'x'),
    context: {
      ...context,
      history: { calls, consents, denials, errors, labels, writes },
      approvals,
      loop: facts.loop,
      budgetExhausted: facts.budgetExhausted,
      callLabels: op!.labels,
      facts: {},
      environment: facts.environment,
      hour: 10,
      weekday: 7,
      now: { __extn: { fn: 'datetime', arg: new Date(now).toISOString() } },
      opaque: op!.opaque,
      outside: facts.outside[0],
      pinned: facts.pinned,
      sandboxed: facts.sandboxed,
      taskState: facts.taskState,
    },
    entities,
    preparsedPolicySetId: 'plain',
    preparsedSchemaName: 'remit',
    validateRequest: true,
  } as never)
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
  return answer.response
}

test('R-POL-4: one pass decides as two passes of plain Cedar would', async () => {
  expect(preparsePolicySet('plain', { staticPolicies: plain as never }).type).toBe('success')
  expect(preparseSchema('remit', readFileSync(SCHEMA_FILE, 'utf8')).type).toBe('success')
  const set = await loadPolicySet({ folders: [PACK], schemaFile: SCHEMA_FILE, ...parsedBefore() })
  const seen = { allow: 0, consent: 0, deny: 0 }
  assert(
    property(array(nat({ max: 65_535 }), { minLength: 20, maxLength: 20 }), (numbers) => {
      const call = randomPackRequest(new Tape(numbers))
      const decision = set.decide(call)
      seen[decision.effect]++
      const now = inWasm(call, call.facts.approvals)
      expect(now.decision).toBe(decision.effect === 'allow' ? 'allow' : 'deny')
      expect(now.diagnostics.errors).toEqual([])
      const permits = now.diagnostics.reason.filter((id) => policies.get(id)?.effect === 'permit')
      expect(permits.sort()).toEqual(decision.effect === 'allow' ? decision.policies : [])
      const reasons = now.diagnostics.reason.filter((id) => policies.get(id)?.effect === 'forbid')
      const scopes = reasons.flatMap((id) => policies.get(id)?.annotations['consent'] ?? [])
      const later = inWasm(call, [...call.facts.approvals, ...scopes])
      const consent = now.decision === 'deny' && later.decision === 'allow'
      expect(decision.effect === 'consent').toBe(consent)
      expect(decision.gates.map(({ policy }) => policy).sort()).toEqual(consent ? reasons.sort() : [])
    }),
    { numRuns: 2500 },
  )
  // About one request in thirteen is allowed: 180 ± 13, so that 60 lie far outside chance.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(60)
}, 240_000)
