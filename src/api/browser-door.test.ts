import { expect, test } from 'vitest'
import { DEFAULT_TENANT, type HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import { directoryOf, type HumanDirectory } from '../identity/human-directory.ts'
import type { Login } from '../login/login.ts'
import { SessionCookie } from '../login/session-cookie.ts'
import { BrowserDoor } from './browser-door.ts'

const mona: Human = { tenant: DEFAULT_TENANT, id: 'mona' as HumanId, teams: ['core'], roles: ['auditor'] }

/** What `holds` asks of a login: who is known, and which sessions of theirs go on. */
function doorOf(humans: HumanDirectory, sessions: readonly string[]): BrowserDoor {
  const login = { deps: { humans }, sessions: { list: async () => sessions.map((id) => ({ id })) } }
  const cookies = { cookie: new SessionCookie(false), trip: new SessionCookie(false, undefined, 'trip') }
  return new BrowserDoor(login as unknown as Login, cookies, '')
}

test('R-ID-6: whoever listens does so no longer once they lose a role or team, are gone, or their session is', async () => {
  const holds = (now: readonly Human[], sessions = ['here']): Promise<boolean> =>
    doorOf(directoryOf(now), sessions).holds({ human: mona, credential: 'approver', session: 'here' })
  expect(await holds([mona])).toBe(true)
  expect(await holds([{ ...mona, roles: ['member'] }])).toBe(false)
  expect(await holds([{ ...mona, roles: [] }])).toBe(false)
  expect(await holds([{ ...mona, teams: ['core', 'more'] }])).toBe(false)
  expect(await holds([])).toBe(false)
  expect(await holds([mona], ['elsewhere'])).toBe(false)
})
