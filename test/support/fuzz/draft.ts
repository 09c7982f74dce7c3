import type { Random } from './random.ts'

/** What the fuzzer has learnt of the gateway that it works on; handles are gathered from answers. */
export interface Known {
  readonly ports: { readonly agent: number; readonly admin: number }
  /** Tokens of live tasks: each request uses one, or another's where it should not. */
  readonly tokens: string[]
  readonly revoked: string
  readonly credentials: { readonly approver: string; readonly stored: string }
  /** Live sessions of the initialize era, by token. */
  readonly sessions: Map<string, string>
  readonly handles: Record<HandleKind, string[]>
}

export type HandleKind = 'requestState' | 'session' | 'approval' | 'task' | 'decision' | 'grant'

/** One request before it is bytes. Mutations change it in place. */
export interface Draft {
  readonly plane: 'agent' | 'admin'
  method: string
  target: string
  version: string
  headers: [name: string, value: string][]
  /** Becomes the body, unless `bytes` does; undefined = none. */
  json: unknown
  bytes: Buffer | undefined
  framing: 'length' | 'chunked'
  /** Set where both sides may see other ends of the message, so that nothing can be counted on behind it. */
  garble: ((whole: Buffer) => readonly Buffer[]) | undefined
  /** What was done to it, in order. */
  readonly done: string[]
}

export type Mutation = (draft: Draft, random: Random, known: Known) => void

export function setHeader(draft: Draft, name: string, value: string | undefined): void {
  draft.headers = draft.headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase())
  if (value !== undefined) draft.headers.push([name, value])
}

export function headerOf(draft: Draft, name: string): string | undefined {
  return draft.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
}

/** The body as text, to be changed as text. */
export function bodyText(draft: Draft): string {
  return draft.bytes?.toString('utf8') ?? (draft.json === undefined ? '' : JSON.stringify(draft.json))
}

export function bodyBytes(draft: Draft): Buffer {
  return draft.bytes ?? Buffer.from(bodyText(draft))
}

/** The members of the message's `params`, made where they are missing. */
export function paramsOf(draft: Draft): Record<string, unknown> {
  const message = messageOf(draft)
  const { params } = message
  if (isObject(params)) return params
  const made: Record<string, unknown> = {}
  message['params'] = made
  return made
}

export function messageOf(draft: Draft): Record<string, unknown> {
  if (!isObject(draft.json)) draft.json = { jsonrpc: '2.0' }
  return draft.json as Record<string, unknown>
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
