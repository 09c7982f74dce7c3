import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import type { BegunLogin, Browser } from '../login/login.ts'
import type { LoginSession } from '../login/sessions.ts'
import { readRequestKey, type RequestKey } from '../login/request-key.ts'
import type { BrowserDoor } from './browser-door.ts'
import type { PlainReply } from './route.ts'

/** What a page sends whose browser has no session. */
export interface FromAnyone {
  readonly body: Json
  /** `Cookie`. */
  readonly cookies: string | undefined
  /** `User-Agent`. */
  readonly agent: string
  /** @throws RemitError `signature_invalid`: the request is not signed with this key. */
  readonly prove: (key: RequestKey) => Promise<void>
}

/** What a page sends whose browser has one. */
export interface FromSession {
  readonly body: Json
  /** Proved by cookie and signature. */
  readonly session: LoginSession
}

export async function browserOf({ body, agent, prove }: FromAnyone): Promise<Browser> {
  const key = readRequestKey(fieldOf(body, 'key'))
  await prove(key)
  return { key, agent }
}

export function begun({ cookie }: BrowserDoor, { session, secret }: BegunLogin): PlainReply {
  const headers = { 'set-cookie': cookie.give(secret) }
  return { status: 200, json: { human: session.human.id }, headers }
}

export function fieldOf(body: Json, name: string): Json | undefined {
  return isJsonObject(body) ? body[name] : undefined
}

export function textOf(body: Json, name: string): string {
  const value = fieldOf(body, name)
  if (typeof value === 'string' && value.length <= 256) return value
  throw new RemitError('input_invalid', `\`${name}\` must be a short text`)
}
