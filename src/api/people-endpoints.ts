import type { BrowserDoor } from './browser-door.ts'
import { type FromSession, textOf } from './login-request.ts'
import type { PlainReply } from './route.ts'

/** People whom accounts of providers are linked with. */
export async function listLinks({ login }: BrowserDoor): Promise<PlainReply> {
  const people = await login.oidc.people()
  const now = login.deps.clock.now()
  const known = people.map((person) => ({ ...person, known: now < (person.until ?? Infinity) }))
  return { status: 200, json: { people: known } }
}

/** Takes the link away, with all that somebody could come in with as this person. */
export async function unlink({ login }: BrowserDoor, { session, body }: FromSession): Promise<PlainReply> {
  login.requireFresh(session)
  // A session of whoever has to enrol first decides nothing.
  const { human } = login.actorOf(session)
  await login.oidc.unlink(textOf(body, 'human'), human.id)
  return { status: 200, json: {} }
}
