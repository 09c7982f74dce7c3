import { z } from 'zod'
import { ACTIONS, type Action } from '../core/actions.ts'
import { SEVERITIES } from '../core/decision.ts'
import { ENVIRONMENTS, TASK_STATES } from '../core/identity.ts'
import { LABELS, type Label } from '../core/labels.ts'
import { LOOP_STATES } from '../core/loop.ts'
import { SCOPE_DIMENSIONS } from '../core/scope.ts'
import { CALL_KINDS } from '../core/tool-call.ts'
import { FACT_NAME } from '../core/typed-facts.ts'
import { WORKLOAD_CLAIMS, WORKLOAD_KINDS } from '../core/workload.ts'

const label = z.enum(Object.keys(LABELS) as [Label, ...Label[]])
const names = z.array(z.string())
const decimal = z.string().regex(/^-?\d+\.\d{1,4}$/, 'must be text such as "12.50"')
const human = z.strictObject({ id: z.string(), teams: names.optional(), roles: names.optional() })

const operation = z.strictObject({
  action: z.enum(Object.keys(ACTIONS) as [Action, ...Action[]]),
  /** `File::"src/a.ts"` */
  resource: z.string(),
  /** The hierarchy above the resource, nearest first. */
  in: names.optional(),
  labels: z.array(label).optional(),
  opaque: z.boolean().optional(),
  outside: z.array(z.enum(SCOPE_DIMENSIONS)).optional(),
})

const task = z.strictObject({
  agent: z.string().optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  human: human.optional(),
  intent: z.string().optional(),
  workflow: z.string().optional(),
})

const name = z.string().regex(FACT_NAME)
const typedFact = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['string', 'path', 'url', 'recipient']), value: z.string() }),
  z.strictObject({ type: z.literal('boolean'), value: z.boolean() }),
  z.strictObject({ type: z.literal('integer'), value: z.int() }),
  z.strictObject({ type: z.literal('decimal'), value: decimal }),
  z.strictObject({ type: z.literal('set'), value: names }),
  z.strictObject({ type: z.literal('money'), value: decimal, currency: z.string() }),
])

const claim = z.string().optional()
const workload = z.strictObject({
  issuer: claim,
  kind: z.enum(WORKLOAD_KINDS).optional(),
  name: claim,
  subject: claim,
  ...(Object.fromEntries(WORKLOAD_CLAIMS.map((each) => [each, claim])) as {
    [C in (typeof WORKLOAD_CLAIMS)[number]]: typeof claim
  }),
})

const facts = z.strictObject({
  approvals: names.optional(),
  budgetExhausted: z.boolean().optional(),
  door: z.enum(['mcp', 'hook', 'egress', 'authzen', 'workspace']).optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  holderBound: z.boolean().optional(),
  hooked: z.boolean().optional(),
  inferred: z.boolean().optional(),
  kind: z.enum(CALL_KINDS).optional(),
  loop: z.enum(LOOP_STATES).optional(),
  /** RFC 3339. */
  now: z.iso.datetime().optional(),
  pinned: z.boolean().optional(),
  protection: z.enum(['advisory', 'enforced']).optional(),
  provenance: z.array(label).optional(),
  sandboxed: z.boolean().optional(),
  taskState: z.enum([...TASK_STATES, 'halted']).optional(),
  /** What the configuration types of the arguments, by name. */
  typed: z.record(name, typedFact).optional(),
  /** Declared facts that are missing or of another type, in words. */
  faults: names.optional(),
  /** As if a workload had begun the task; `issuer`, `kind`, `name` and `subject` may be left out. */
  workload: workload.optional(),
  history: z
    .strictObject({
      calls: z.int().optional(),
      consents: z.int().optional(),
      denials: z.int().optional(),
      errors: z.int().optional(),
      labels: z.array(label).optional(),
      writes: z.int().optional(),
    })
    .optional(),
})

const expectation = z.strictObject({
  effect: z.enum(['allow', 'consent', 'deny']),
  /** Exactly the policies that decided. */
  policies: names.optional(),
  /** Exactly the scopes of the gates that stand open. */
  gates: names.optional(),
})

const callCase = z.strictObject({
  name: z.string(),
  task: task.optional(),
  facts: facts.optional(),
  /** The call's own operation, `tool.call` on this tool, goes first unless `operations` has one. */
  server: z.string().optional(),
  tool: z.string().optional(),
  operations: z.array(operation).default([]),
  expect: expectation,
})

const approveCase = z.strictObject({
  name: z.string(),
  approve: z.strictObject({
    human,
    /** Whose task waits. */
    task: z.string(),
    /** The gates that these policies make, as a call would meet them. */
    policies: names.optional(),
    /** Or gates made up for the case, which any approver may close. */
    severity: z.enum(SEVERITIES).default('medium'),
    gates: names.optional(),
    /** The task runs on a laptop, and nobody but its human is enrolled. */
    alone: z.boolean().default(false),
    now: z.iso.datetime().optional(),
  }),
  expect: z.strictObject({ effect: z.enum(['allow', 'deny']) }),
})

/** A cases file: what a pack must answer. `docs/policy.md` describes it. */
export const casesSchema = z.array(z.union([approveCase, callCase])).min(1)

/** One request without a name and an expectation; a whole case may stand in its place. */
export const requestSchema = callCase.partial({ name: true, expect: true })

export type PolicyCase = z.infer<typeof casesSchema>[number]
export type CallCase = z.infer<typeof callCase>
export type ApproveCase = z.infer<typeof approveCase>
export type CaseOperation = z.infer<typeof operation>
