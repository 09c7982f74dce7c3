import { z } from 'zod'
import { ARGUMENT_KINDS } from '../classify/argument-kinds.ts'
import { SHIPPED_NAMES } from '../classify/catalogue/shipped-names.ts'
import { FACT_NAME, FACT_TYPES } from '../core/typed-facts.ts'
import { TRUST } from '../gate/pins/trust.ts'
import {
  type CredentialsConfig,
  credentialsSchema,
  headersSchema,
  oauthSchema,
} from './config-credentials-schema.ts'
import { action, duration, word } from './config-fields.ts'

/** How an argument of a tool is read; each kind has an extractor in `classify/`. */
const argumentKind = z.enum(ARGUMENT_KINDS)

const pointer = z.string().regex(/^(?:\/(?:[^~/]|~[01])*)+$/, 'must be a JSON pointer, such as `/amount`')

const factSchema = z
  .strictObject({
    pointer: pointer.meta({ description: 'Where in the arguments, as a JSON pointer.' }),
    type: z.enum(FACT_TYPES).meta({
      description:
        'What must stand there. `decimal` has at most four digits after the point, as a number or as text; `path`, `url` and `recipient` are read in canonical form.',
    }),
    currency: z
      .string()
      .regex(/^(?:[A-Z]{3}|(?:\/(?:[^~/]|~[01])*)+)$/, 'must be an ISO 4217 code or a JSON pointer to one')
      .optional()
      .meta({ description: 'Of `money`: its currency, as a code or as a pointer to one.' }),
    optional: z.boolean().optional().meta({
      description:
        'Whether a call may come without it: policies ask `context.facts has …` first. Of another type it is denied all the same. Default: no.',
    }),
  })
  .check(({ value, issues }) => {
    if ((value.type === 'money') === (value.currency !== undefined)) return
    const message =
      value.type === 'money' ? 'needs `currency`' : 'cannot stand beside another type than `money`'
    issues.push({ code: 'custom', path: value.type === 'money' ? [] : ['currency'], message, input: value })
  })

export const toolSchema = z.strictObject({
  facts: z
    .record(z.string().regex(FACT_NAME, 'must be a name such as `amount`'), factSchema)
    .optional()
    .meta({
      description:
        'Arguments that policies read as `context.facts.<name>`. A call in which one is missing or of another type is denied.',
    }),
  actions: z.array(action).min(1).optional().meta({ description: 'What the tool does, in words of policy.' }),
  idempotent: z.boolean().optional().meta({
    description:
      'Whether a call may be sent once more when the server went away before it answered. Default: what its reviewed definition says (`idempotentHint`, `readOnlyHint`).',
  }),
  arguments: z
    .record(z.string().min(1), argumentKind)
    .optional()
    .meta({
      description: `What an argument is, by name: ${ARGUMENT_KINDS.map((kind) => `\`${kind}\``).join(', ')}. Left out for a tool that no catalogue describes, \`actions\` is the whole truth about it; given, an argument that is not listed makes a call opaque.`,
    }),
})

const grants = z.array(z.string().min(1)).default([])

const sandboxSchema = z.strictObject({
  mode: z.enum(['auto', 'required', 'off']).default('auto').meta({
    description:
      'Whether its program runs confined by bubblewrap: where that works (`auto`), or else not at all (`required`).',
  }),
  read: grants.meta({
    description: 'Files and folders that it may read beside the system, its program and its own home.',
  }),
  write: grants.meta({ description: 'Files and folders that it may write.' }),
  network: z
    .enum(['host', 'none'])
    .default('host')
    .meta({ description: 'Whether it has this machine’s network, or none.' }),
})

const STDIO_ONLY = ['args', 'env', 'cwd'] as const

/** One MCP server: a program to run (`command`) or a URL to call. */
export const serverSchema = z
  .strictObject({
    command: z.string().min(1).optional().meta({ description: 'Program to run, speaking MCP on stdio.' }),
    args: z.array(z.string()).optional().meta({ description: 'Its arguments.' }),
    env: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of an environment variable'),
        z.string(),
      )
      .optional()
      .meta({ description: 'Its environment beside PATH and HOME. `secret:name` stands for a secret.' }),
    cwd: z.string().min(1).optional().meta({
      description: 'Its working folder. Default: one of its own in the state folder.',
    }),
    sandbox: sandboxSchema
      .prefault({})
      .meta({ description: 'How its program is confined: docs/servers.md.' }),
    url: z
      .string()
      .refine(isHttpUrl, 'must be an http or https URL without credentials')
      .optional()
      .meta({ description: 'Endpoint of a server that speaks MCP over HTTP.' }),
    headers: headersSchema.optional().meta({
      description:
        'Headers sent with every request. `secret:name` or `Bearer secret:name` stand for a secret.',
    }),
    credentials: credentialsSchema.optional().meta({
      description:
        'Credentials that depend on the call. The first that fits counts; where none does, nothing is sent.',
    }),
    oauth: oauthSchema.optional().meta({
      description:
        'The server is reached as the human of the task, with a token that this human agreed to (`remit servers connect`).',
    }),
    allowPrivate: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether the name in `url` may lead to a private address.' }),
    era: z
      .enum(['auto', 'legacy', 'modern'])
      .default('auto')
      .meta({ description: 'Revision of MCP it speaks: `modern` is 2026-07-28, `legacy` what came before.' }),
    session: z.enum(['task', 'human', 'shared']).default('task').meta({
      description:
        'Who uses one session (or one process): each task its own, all tasks of one human, or all tasks.',
    }),
    fileSystem: z.enum(['shared', 'remote', 'none']).optional().meta({
      description:
        'Whether paths in its arguments are this machine’s, another’s, or do not occur. Default: `shared` with `command`, `remote` with `url`.',
    }),
    root: z.string().min(1).optional().meta({ description: 'Folder that its relative paths start from.' }),
    sampling: z.enum(['refuse', 'relay']).optional().meta({
      description:
        'Whether it may ask for the client’s model, where policy permits `sampling.create`. Default: `refuse`.',
    }),
    roots: z
      .union([z.literal('relay'), z.array(z.string().regex(/^file:\/\/\//, 'must be a file:/// URI'))])
      .optional()
      .meta({
        description:
          'File URIs that it is told as roots, or `relay` to ask the client, where policy permits `roots.list`. Default: none.',
      }),
    timeout: duration('60s').meta({ description: 'How long an answer may take; progress starts it anew.' }),
    catalogue: z
      .enum(SHIPPED_NAMES)
      .optional()
      .meta({ description: 'Entry of the shipped catalogue that describes its tools.' }),
    trust: z
      .enum(Object.keys(TRUST) as [keyof typeof TRUST])
      .default('first-use')
      .meta({
        description:
          'Which definitions of tools count unseen: `first-use` those of its first list, `updates` all that come later too, `review` none. Whatever the scan finds something in waits for `remit servers review`.',
      }),
    tools: z
      .record(z.string().min(1), toolSchema)
      .default({})
      .meta({ description: 'What its tools do, by name; outranks the catalogue.' }),
    owner: word.optional().meta({ description: 'Who answers for the server.' }),
    purpose: z.string().optional().meta({ description: 'What it is for.' }),
  })
  .check((context) => {
    const { command, url } = context.value
    const complain = (path: string[], message: string): void => {
      context.issues.push({ code: 'custom', path, message, input: context.value })
    }
    if (command === undefined && url === undefined) complain([], 'must have `command` or `url`')
    if (command !== undefined && url !== undefined) complain(['url'], 'cannot stand beside `command`')
    if (url !== undefined && command === undefined) {
      for (const key of STDIO_ONLY) {
        if (context.value[key] !== undefined) complain([key], 'needs `command`')
      }
    }
    if (command !== undefined && context.value.headers !== undefined) complain(['headers'], 'needs `url`')
    if (context.value.credentials !== undefined) {
      const wrong = credentialsProblem(context.value)
      if (wrong !== undefined) complain(['credentials'], wrong)
    }
    const wrong = oauthProblem(context.value)
    if (wrong !== undefined) complain(['oauth'], wrong)
  })

/** A session that others use too would carry the credential of whoever came first. */
function credentialsProblem(server: {
  readonly command?: string | undefined
  readonly session: 'task' | 'human' | 'shared'
  readonly credentials?: CredentialsConfig | undefined
}): string | undefined {
  const { command, session, credentials } = server
  if (command !== undefined) {
    return 'needs `url`: a program has one environment for all its calls; give each credential a server of its own'
  }
  if (session === 'shared') return 'cannot stand beside `session: shared`, whose calls are anybody’s'
  const perEnvironment = credentials?.some(({ when }) => when.environment !== undefined) === true
  if (session === 'human' && perEnvironment) {
    return 'cannot differ by environment beside `session: human`, whose tasks may be of several'
  }
  return undefined
}

/** A token belongs to one human, and is the only credential. */
function oauthProblem(server: {
  readonly url?: string | undefined
  readonly session: 'task' | 'human' | 'shared'
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly credentials?: CredentialsConfig | undefined
  readonly oauth?: { clientId?: string | undefined; clientSecret?: string | undefined } | undefined
}): string | undefined {
  const { oauth, url, session, headers, credentials } = server
  if (oauth === undefined) return undefined
  if (url === undefined) return 'needs `url`'
  if (session === 'shared')
    return 'cannot stand beside `session: shared`: each human has a token of their own'
  if (credentials !== undefined) return 'cannot stand beside `credentials`'
  if (Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'authorization')) {
    return 'cannot stand beside a header `Authorization`'
  }
  if (oauth.clientSecret !== undefined && oauth.clientId === undefined)
    return 'has a secret but no `clientId`'
  return undefined
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
}
