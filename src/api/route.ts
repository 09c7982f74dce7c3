import type { z } from 'zod'
import { RemitError } from '../core/errors.ts'
import type { Human } from '../core/identity.ts'
import type { Json } from '../core/json.ts'
import type { Actor } from '../gate/administration.ts'
import type { StreamEvent } from './event-stream.ts'
import type { Page } from './send-page.ts'
import type { AdminPorts } from './admin-ports.ts'
import type { May } from './may.ts'

/**
 * What they have shown. `human` proved a code or a session; `bound` a code that is good for a single task; `stored` is the
 * credential on disk; `local` is anything on this machine, where the configuration opened the route to it; `anyone` has
 * shown nothing.
 */
export type Shown = 'human' | 'bound' | 'stored' | 'local' | 'anyone'

export interface RouteRequest {
  /** Absent on routes that answer `anyone` or `local`. */
  readonly actor?: Actor
  /** On pages: whom the cookie names. It proves nothing. */
  readonly viewer?: Human
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Json | undefined
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  /** Whether who asks is still logged in, and in the same roles and teams; looking at it does not keep a session alive. */
  stillThere(): Promise<boolean>
}

export type PlainReply = { readonly headers?: Readonly<Record<string, string | string[]>> } & (
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly text: string; readonly type: string }
)

export type Reply =
  | PlainReply
  | { readonly status: number; readonly page: Page }
  | { readonly status: 200; readonly events: AsyncIterable<StreamEvent | 'beat'> }

export type Handler = (ports: AdminPorts, request: RouteRequest) => Promise<Reply>

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Segments that start with `:` are parameters. */
  readonly path: string
  readonly who: readonly Shown[]
  /** What of it is for which role; asked about a `human`. */
  readonly may: May
  readonly handle: Handler
  /** True = only for clients that ask for HTML and show no credential. */
  readonly page: boolean
}

export function shownBy(actor: Actor): Shown {
  if (actor.credential === 'stored') return 'stored'
  return actor.onlyTask === undefined ? 'human' : 'bound'
}

/** The actor of a route that has one. @throws RemitError `credential_missing`. */
export function actorOf(request: RouteRequest): Actor {
  if (request.actor !== undefined) return request.actor
  throw new RemitError('credential_missing', 'this needs a credential')
}

/** @throws RemitError `input_invalid` that names the field. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  return parseWith(schema, body ?? {}, 'the body')
}

/** @throws RemitError `input_invalid` that names the parameter; each may be given once. */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: URLSearchParams,
): z.output<Schema> {
  const names = [...query.keys()]
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined)
    throw new RemitError('input_invalid', `\`${repeated}\` is given twice; give it once`)
  return parseWith(schema, Object.fromEntries(query), 'the query')
}

function parseWith<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where =
    issue === undefined || issue.path.length === 0 ? what : `\`${issue.path.map(String).join('.')}\``
  throw new RemitError(
    'input_invalid',
    `${where} is not accepted: ${lowerFirst(issue?.message ?? 'unknown')}`,
  )
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
