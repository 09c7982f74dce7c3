import type { BrowserDoor } from './browser-door.ts'
import { begun, browserOf, type FromAnyone, textOf } from './login-request.ts'
import type { PlainReply } from './route.ts'

/** Where the browser goes, and the cookie with which it has to come back. */
export async function startAtProvider(door: BrowserDoor, from: FromAnyone): Promise<PlainReply> {
  const { key } = await browserOf(from)
  const { url, secret } = await door.login.oidc.start(textOf(from.body, 'provider'), key)
  return { status: 200, json: { url }, headers: { 'set-cookie': door.trip.give(secret) } }
}

/** The page that began it, after its browser came back. */
export async function finishFromProvider(door: BrowserDoor, from: FromAnyone): Promise<PlainReply> {
  const browser = await browserOf(from)
  const reply = begun(door, await door.login.withProvider(door.trip.read(from.cookies), browser))
  const session = [reply.headers?.['set-cookie'] ?? []].flat()
  return { ...reply, headers: { 'set-cookie': [...session, door.trip.take()] } }
}
