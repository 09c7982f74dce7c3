import { z } from 'zod'
import { scopeSchema } from '../../api/contract.ts'
import { RemitError } from '../../core/errors.ts'
import { BUDGET_COUNTS, type BudgetCount, ENVIRONMENTS } from '../../core/identity.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { parseStrictJson } from '../../net/strict-json.ts'

const name = z.string().min(1).max(256)
const names = z.array(name).max(100)
const object = z.custom<JsonObject>(isJsonObject, 'must be an object')
const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

/** Wider than a key of `remit.yaml`, since a recording names servers as others named them; never with `__`. */
const server = z
  .string()
  .regex(/^(?!.*__)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, `.`, `_`, `-`, without `__`')

const count = z.int().min(0)

const taskSchema = z.strictObject({
  human: name.optional(),
  teams: names.optional(),
  agent: name.optional(),
  workflow: name.optional(),
  intent: z.string().optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  sandboxed: z.boolean().optional(),
  holderBound: z.boolean().optional(),
  hooked: z.boolean().optional(),
  scope: scopeSchema.optional(),
  budget: z
    .strictObject(
      Object.fromEntries(BUDGET_COUNTS.map((kind) => [kind, count.optional()])) as {
        [K in BudgetCount]: z.ZodOptional<typeof count>
      },
    )
    .optional(),
  parent: name.optional(),
})

const callSchema = z.strictObject({
  door: z.enum(['mcp', 'hook', 'egress', 'authzen', 'workspace']).default('mcp'),
  server,
  tool: name,
  arguments: object.default({}),
})

const at = moment.optional()
const line = { at, session: name, id: name }

/** Members beside those named are left to the stream's own bookkeeping. */
const SCHEMAS = {
  open: z.looseObject({ at, open: name, task: taskSchema.default({}), prompt: z.string().optional() }),
  tools: z.looseObject({
    at,
    session: name,
    tools: z.array(
      z.custom<JsonObject & { readonly server: string }>(isToolOfServer, 'must have a `server`'),
    ),
  }),
  call: z.looseObject({ ...line, call: callSchema }),
  result: z.looseObject({ ...line, result: z.union([z.string(), object]) }),
  approve: z.looseObject({
    ...line,
    approve: name,
    teams: names.optional(),
    gate: name.optional(),
    grant: z.literal('task').optional(),
  }),
  refuse: z.looseObject({
    ...line,
    refuse: name,
    teams: names.optional(),
    reason: z.string().min(1).max(2_000).default('no reason given'),
  }),
} as const

type Kind = keyof typeof SCHEMAS

/** A line of the input by what it asks; shared/eval-format is described in docs/eval.md. */
export type InputLine = {
  [K in Kind]: { readonly kind: K; readonly line: z.output<(typeof SCHEMAS)[K]> }
}[Kind]

export type LineOf<K extends Kind> = Extract<InputLine, { readonly kind: K }>['line']
export type TaskWish = z.output<typeof taskSchema>

const KINDS = Object.keys(SCHEMAS) as readonly Kind[]

/** @throws RemitError `json_*` for text that is no strict JSON, `input_invalid` for what is no line of the format. */
export function parseInputLine(text: string): InputLine {
  const json = parseStrictJson(text)
  const kind = kindOf(json)
  const parsed = SCHEMAS[kind].safeParse(json)
  if (parsed.success) return { kind, line: parsed.data } as InputLine
  const issues = parsed.error.issues.map(({ path, message }) => `\`${path.join('.') || kind}\`: ${message}`)
  throw new RemitError('input_invalid', issues.join('; '))
}

function kindOf(json: Json): Kind {
  const found = isJsonObject(json) ? KINDS.filter((kind) => Object.hasOwn(json, kind)) : []
  const [kind, second] = found
  if (kind !== undefined && second === undefined) return kind
  throw new RemitError(
    'input_invalid',
    `a line is an object with exactly one of ${KINDS.map((each) => `\`${each}\``).join(', ')}`,
  )
}

function isToolOfServer(value: unknown): boolean {
  return isJsonObject(value) && server.safeParse(value['server']).success
}
