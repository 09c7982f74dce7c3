import type { Human } from '../core/identity.ts'
import type { Json } from '../core/json.ts'
import type { Reach } from '../gate/reach.ts'
import { recoveryOf } from '../login/recovery.ts'
import type { BrowserDoor } from './browser-door.ts'
import { begun, browserOf, fieldOf, type FromAnyone, type FromSession, textOf } from './login-request.ts'
import { type May, reachIn, THEIR_OWN } from './may.ts'
import { finishFromProvider, startAtProvider } from './oidc-endpoints.ts'
import { listLinks, unlink } from './people-endpoints.ts'
import type { PlainReply } from './route.ts'
import { ROUTES } from './routes.ts'

type Endpoint =
  | { readonly who: 'anyone'; readonly handle: (door: BrowserDoor, from: FromAnyone) => Promise<PlainReply> }
  | {
      readonly who: 'session'
      /** What of it is for which role. */
      readonly may: May
      readonly handle: (door: BrowserDoor, from: FromSession) => Promise<PlainReply>
    }

const INVITERS: May = '- - - a'

/**
 * What the pages of `/login` and `/enrol` send, all of it by POST, who may, and which role: member, approver, auditor,
 * admin (`may.ts`). Everybody has an account of their own.
 */
export const LOGIN_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/login/code', { who: 'anyone', handle: logInWithCode }],
  ['/login/passkey/options', { who: 'anyone', handle: passkeyOptions }],
  ['/login/passkey', { who: 'anyone', handle: logInWithPasskey }],
  ['/login/oidc/start', { who: 'anyone', handle: startAtProvider }],
  ['/login/oidc/finish', { who: 'anyone', handle: finishFromProvider }],
  ['/enrol/options', { who: 'anyone', handle: linkOptions }],
  ['/enrol/finish', { who: 'anyone', handle: logInWithLink }],
  ['/login/me', { who: 'session', may: THEIR_OWN, handle: showMe }],
  ['/login/out', { who: 'session', may: THEIR_OWN, handle: logOut }],
  ['/login/sessions/end', { who: 'session', may: THEIR_OWN, handle: endSession }],
  ['/login/passkeys/options', { who: 'session', may: THEIR_OWN, handle: enrolOptions }],
  ['/login/passkeys/add', { who: 'session', may: THEIR_OWN, handle: addPasskey }],
  ['/login/passkeys/rename', { who: 'session', may: THEIR_OWN, handle: renamePasskey }],
  ['/login/passkeys/remove', { who: 'session', may: THEIR_OWN, handle: removePasskey }],
  ['/login/invite', { who: 'session', may: INVITERS, handle: invite }],
  ['/login/people', { who: 'session', may: INVITERS, handle: listLinks }],
  ['/login/people/unlink', { who: 'session', may: INVITERS, handle: unlink }],
])

async function logInWithCode(door: BrowserDoor, from: FromAnyone): Promise<PlainReply> {
  const browser = await browserOf(from)
  return begun(door, await door.login.withCode(textOf(from.body, 'code'), browser))
}

async function passkeyOptions({ login }: BrowserDoor): Promise<PlainReply> {
  return { status: 200, json: { options: await login.passkeys.loginOptions() } }
}

async function logInWithPasskey(door: BrowserDoor, from: FromAnyone): Promise<PlainReply> {
  const browser = await browserOf(from)
  return begun(door, await door.login.withPasskey(fieldOf(from.body, 'response'), browser))
}

async function linkOptions({ login }: BrowserDoor, { body }: FromAnyone): Promise<PlainReply> {
  const { human, id, recovers } = await login.invitations.open(textOf(body, 'secret'))
  const options = await login.passkeys.enrolOptions(human, id, recovers)
  return { status: 200, json: { human: human.id, options } }
}

async function logInWithLink(door: BrowserDoor, from: FromAnyone): Promise<PlainReply> {
  const browser = await browserOf(from)
  const made = { response: fieldOf(from.body, 'response'), name: nameOf(from.body) }
  return begun(door, await door.login.withLink(textOf(from.body, 'secret'), made, browser))
}

async function showMe({ login }: BrowserDoor, { session }: FromSession): Promise<PlainReply> {
  const { human } = session
  const sessions = await login.sessions.list(human.id)
  const passkeys = await login.passkeys.list(human.id)
  const recovery = await recoveryOf(login.deps, human.id)
  return {
    status: 200,
    json: {
      human: human.id,
      roles: human.roles,
      teams: human.teams,
      mayInvite: reachIn(human, INVITERS) !== undefined,
      may: routesOf(human),
      ...(recovery === undefined ? {} : { recovery: { ...recovery } }),
      sessions: sessions.map(({ id, method, browser, began, seen, expires }) => {
        return { id, method, browser, began, seen, expires, current: id === session.id }
      }),
      passkeys: passkeys.map(({ id, name, created, used, backedUp }) => ({
        id,
        name,
        created,
        used,
        backedUp,
      })),
    },
  }
}

async function logOut({ login, cookie }: BrowserDoor, { session }: FromSession): Promise<PlainReply> {
  await login.sessions.end(session.human.id, session.id)
  return { status: 200, json: {}, headers: { 'set-cookie': cookie.take() } }
}

async function endSession({ login }: BrowserDoor, { session, body }: FromSession): Promise<PlainReply> {
  await login.sessions.end(session.human.id, textOf(body, 'id'))
  return { status: 200, json: {} }
}

async function enrolOptions({ login }: BrowserDoor, { session }: FromSession): Promise<PlainReply> {
  await login.requireForPasskeys(session)
  return { status: 200, json: { options: await login.passkeys.enrolOptions(session.human, session.id) } }
}

async function addPasskey({ login }: BrowserDoor, { session, body }: FromSession): Promise<PlainReply> {
  await login.requireForPasskeys(session)
  const { human, id: subject } = session
  const made = { subject, by: human.id, response: fieldOf(body, 'response'), name: nameOf(body) }
  const { id } = await login.passkeys.enrol(human, made)
  return { status: 200, json: { id } }
}

async function renamePasskey({ login }: BrowserDoor, { session, body }: FromSession): Promise<PlainReply> {
  await login.passkeys.rename(session.human.id, textOf(body, 'id'), nameOf(body))
  return { status: 200, json: {} }
}

async function removePasskey({ login }: BrowserDoor, { session, body }: FromSession): Promise<PlainReply> {
  await login.requireForPasskeys(session)
  await login.passkeys.remove(session.human.id, textOf(body, 'id'))
  return { status: 200, json: {} }
}

async function invite({ login }: BrowserDoor, { session, body }: FromSession): Promise<PlainReply> {
  login.requireFresh(session)
  // A session of whoever has to enrol first decides nothing.
  const { human } = login.actorOf(session)
  const invited = textOf(body, 'human')
  const { invitations } = login
  const recover = fieldOf(body, 'recover') === true
  const made = recover ? invitations.makeRecovery(invited, session) : invitations.make(invited, human.id)
  return { status: 200, json: await made }
}

/** Whose things the routes of the admin plane have for them, so that pages show what there is to do. */
function routesOf(human: Human): Readonly<Record<string, Reach>> {
  const found = ROUTES.map(({ method, path, may }) => [`${method} ${path}`, reachIn(human, may)] as const)
  return Object.fromEntries(found.flatMap(([route, reach]) => (reach === undefined ? [] : [[route, reach]])))
}

function nameOf(body: Json): string {
  const name = textOf(body, 'name').trim()
  return name === '' ? 'a passkey' : name.slice(0, 100)
}
