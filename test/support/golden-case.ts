import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { scopeSchema } from '../../src/api/contract.ts'
import { ENVIRONMENTS } from '../../src/core/identity.ts'
import { ROOT } from './running-gateway.ts'

const budget = z.strictObject({ calls: z.int().optional(), writes: z.int().optional() })

const call = z.strictObject({
  server: z.string().default('filesystem'),
  tool: z.string(),
  arguments: z.record(z.string(), z.json()).default({}),
})

/** What happened before, in order. `wait` in seconds. */
const step = z.union([
  z.strictObject({ call }),
  z.strictObject({
    approve: z.string(),
    gate: z.string().optional(),
    grant: z.literal('task').optional(),
  }),
  z.strictObject({ refuse: z.string(), reason: z.string() }),
  z.strictObject({ revoke: z.string() }),
  z.strictObject({ wait: z.number() }),
])

const goldenCase = z.strictObject({
  name: z.string(),
  /** Folder under `policies/`. */
  pack: z.string().default('coding-agent'),
  task: z
    .strictObject({ scope: scopeSchema.optional(), budget: budget.optional(), lifetime: z.int().optional() })
    .default({}),
  /** Set = the call is made by a task delegated from `task`, with this scope of its own. */
  child: z.strictObject({ scope: scopeSchema.optional() }).optional(),
  /** What the gateway proved of where the task runs. */
  proved: z.strictObject({ environment: z.enum(ENVIRONMENTS), sandboxed: z.boolean() }).optional(),
  /** False = the tool's definition is not the one on record. */
  pinned: z.boolean().default(true),
  before: z.array(step).default([]),
  call,
  expect: z.strictObject({
    effect: z.enum(['allow', 'consent', 'deny']),
    policies: z.array(z.string()),
    gates: z.array(z.string()).default([]),
    /** `action Type::"id" [labels]`, without the call itself. */
    operations: z.array(z.string()).default([]),
    /** The door knows already, before the gate is asked: the error's code. */
    door: z.enum(['task_revoked', 'task_expired']).optional(),
    /** Members that the audit record of the decision has. */
    record: z.record(z.string(), z.json()).default({}),
  }),
})

export type GoldenCase = z.output<typeof goldenCase>
export type GoldenStep = z.output<typeof step>

const FOLDER = join(ROOT, 'test', 'cases')

/** Every case of `test/cases/*.yaml`, by file. @throws for a file that is no list of cases. */
export function readGoldenCases(): readonly {
  readonly file: string
  readonly cases: readonly GoldenCase[]
}[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({
      file,
      cases: z.array(goldenCase).parse(parse(readFileSync(join(FOLDER, file), 'utf8'))),
    }))
}
