import { beforeEach, describe, expect, test } from 'vitest'
import { SoftAuthenticator } from '../../test/support/soft-authenticator.ts'
import { newPageKey } from '../../test/support/sign-request.ts'
import { RemitError } from '../core/errors.ts'
import { DEFAULT_TENANT, type HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import type { RecordKind } from '../core/record.ts'
import { directoryOf } from '../identity/human-directory.ts'
import { SYSTEM_ENTROPY } from '../server/system-clock.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import type { Store } from '../store/store.ts'
import { Login } from './login.ts'
import { ProvisionedPeople } from './oidc/provisioned-people.ts'
import { recoveryOf } from './recovery.ts'
import { createStepUp } from './step-up.ts'

const ADMIN = 'https://remit.example'
const CODE = 'the-code-of-mona'
const MINUTE = 60_000
const IDLE = 30 * MINUTE
const ABSOLUTE = 12 * 60 * MINUTE

const mona: Human = { tenant: DEFAULT_TENANT, id: 'mona' as HumanId, teams: [], roles: ['maintainer'] }
const ada: Human = { ...mona, id: 'ada' as HumanId, roles: ['admin'] }
const browser = { key: newPageKey().jwk, agent: 'a browser' } as const

let now: number
/** Who is not known any more. */
let gone: string | undefined
let store: Store

beforeEach(() => {
  now = 1_700_000_000_000
  gone = undefined
  store = createMemoryStore()
})

function open(require: 'any' | 'passkey' = 'any', secondPerson = false): Login {
  const place = {
    tenant: DEFAULT_TENANT,
    store: store.logins,
    clock: { now: () => now, micros: () => now * 1_000 },
    entropy: SYSTEM_ENTROPY,
  }
  const plain = (_name: string, text: string): string => text
  return new Login(
    {
      ...place,
      protection: 'advisory',
      journal: store.journal,
      humans: directoryOf([mona, ada].filter(({ id }) => id !== gone)),
      configured: directoryOf([mona, ada]),
      people: new ProvisionedPeople(place, new Map()),
      tasks: store.tasks,
      connections: {
        disconnectAll: async () => ({ servers: [], told: Promise.resolve() }),
      },
      identityProviders: new Map(),
      sealing: { seal: plain, unseal: plain },
      hasCode: (human) => human === 'mona',
      key: new Uint8Array(32),
      adminUrl: ADMIN,
      limits: { idle: IDLE, absolute: ABSOLUTE, fresh: 10 * MINUTE },
      require,
      secondPerson,
    },
    async (authorization) => {
      if (authorization === `Bearer ${CODE}`) return { human: mona, credential: 'approver' }
      throw new RemitError('credential_invalid', 'no such code')
    },
  )
}

async function enrol(
  login: Login,
  name: string,
  human = mona,
): Promise<{ id: string; passkey: SoftAuthenticator }> {
  const passkey = new SoftAuthenticator(ADMIN, name)
  const response = passkey.create(await login.passkeys.enrolOptions(human, 'a session'))
  const { id } = await login.passkeys.enrol(human, { subject: 'a session', response, name, by: 'mona' })
  return { id, passkey }
}

async function logIn(login: Login, passkey: SoftAuthenticator, counter: number): Promise<string> {
  passkey.counter = counter
  const response = passkey.get(await login.passkeys.loginOptions())
  const { session } = await login.withPasskey(response, browser)
  return session.human.id
}

async function recorded(kind: RecordKind): Promise<readonly unknown[]> {
  const records = await store.records.query({ tenant: DEFAULT_TENANT, kind })
  return records.map(({ envelope }) => envelope)
}

describe('R-ID-4: a passkey that counts', () => {
  test('is a copy, refused and recorded, when its counter stands still or goes back', async () => {
    const login = open()
    const { passkey } = await enrol(login, 'key')
    expect(await logIn(login, passkey, 5)).toBe('mona')
    await expect(logIn(login, passkey, 5)).rejects.toMatchObject({ code: 'passkey_refused' })
    await expect(logIn(login, passkey, 4)).rejects.toMatchObject({ code: 'passkey_refused' })
    expect(await recorded('login.failed')).toMatchObject([
      { data: { method: 'passkey', reason: 'passkey_refused' } },
      { data: { method: 'passkey', reason: 'passkey_refused' } },
    ])
    expect(await logIn(login, passkey, 6)).toBe('mona')
  })

  test('is refused and recorded under a decision too', async () => {
    const login = open()
    const { passkey } = await enrol(login, 'key')
    await logIn(login, passkey, 5)
    const stepUp = createStepUp(login)
    const actor = { human: mona, credential: 'approver', session: 'a session' } as const
    const digest = 'd'.repeat(64)
    const answer = async () => ({
      assertion: passkey.get(await login.passkeys.stepUpOptions(mona.id, digest)),
    })
    await expect(stepUp.confirm(actor, digest, await answer())).rejects.toMatchObject({
      code: 'passkey_refused',
    })
    expect(await recorded('login.failed')).toMatchObject([{ actor: 'mona', data: { method: 'passkey' } }])
    passkey.counter = 6
    expect(await stepUp.confirm(actor, digest, await answer())).toMatchObject({ digest })
  })

  test('may stay at nought, as synced ones do', async () => {
    const login = open()
    const { passkey } = await enrol(login, 'synced')
    expect(await logIn(login, passkey, 0)).toBe('mona')
    expect(await logIn(login, passkey, 0)).toBe('mona')
  })
})

describe('R-ID-4: a session', () => {
  test('ends after so long without a request', async () => {
    const login = open()
    const { secret, session } = await login.withCode(CODE, browser)
    now += IDLE - 1
    expect(await login.sessions.find(secret)).toMatchObject({ id: session.id })
    now += IDLE - 1
    expect(await login.sessions.find(secret)).toBeDefined()
    now += IDLE
    expect(await login.sessions.find(secret)).toBeUndefined()
    expect(await login.sessions.list(mona.id)).toEqual([])
  })

  test('ends at its age, whatever is done', async () => {
    const login = open()
    const { secret } = await login.withCode(CODE, browser)
    const end = now + ABSOLUTE
    for (; now < end; now += 20 * MINUTE) expect(await login.sessions.find(secret)).toBeDefined()
    now = end
    expect(await login.sessions.find(secret)).toBeUndefined()
  })
})

describe('R-ID-4: login.require: passkey', () => {
  test('lets a code in to enrol the first passkey, and for nothing else', async () => {
    const login = open('passkey')
    const { session } = await login.withCode(CODE, browser)
    expect(() => login.actorOf(session)).toThrow(/enrol a passkey/)
    const { passkey } = await enrol(login, 'first')
    await expect(login.withCode(CODE, browser)).rejects.toMatchObject({ code: 'login_refused' })
    const begun = await login.withPasskey(passkey.get(await login.passkeys.loginOptions()), browser)
    expect(login.actorOf(begun.session)).toMatchObject({ credential: 'approver', session: begun.session.id })
  })

  test('takes no code under what is grave, in a browser or on the command line', async () => {
    const login = open('passkey')
    await expect(login.confirmCode(mona.id, CODE)).rejects.toMatchObject({ code: 'step_up_needed' })
    const stepUp = createStepUp(login)
    const actor = { human: mona, credential: 'approver' } as const
    await expect(stepUp.confirm(actor, 'd', { code: CODE })).rejects.toMatchObject({ code: 'step_up_needed' })
    await expect(stepUp.confirm({ ...actor, session: 's' }, 'd', { code: CODE })).rejects.toMatchObject({
      code: 'passkey_unknown',
    })
  })

  test('keeps the last passkey, since a code alone could enrol the next', async () => {
    const login = open('passkey')
    const [one, two] = [await enrol(login, 'one'), await enrol(login, 'two')]
    await login.passkeys.remove(mona.id, one.id)
    await expect(login.passkeys.remove(mona.id, two.id)).rejects.toThrow(/your last one; add another first/)
    expect(await login.passkeys.list(mona.id)).toHaveLength(1)
    await open('any').passkeys.remove(mona.id, two.id)
  })
})

test('R-ID-4: passkeys are renamed and removed by their human alone, on record', async () => {
  const login = open()
  const { id, passkey } = await enrol(login, 'laptop')
  const eve = 'eve' as HumanId
  await expect(login.passkeys.rename(eve, id, 'mine')).rejects.toMatchObject({ code: 'passkey_unknown' })
  await expect(login.passkeys.remove(eve, id)).rejects.toMatchObject({ code: 'passkey_unknown' })
  await login.passkeys.rename(mona.id, id, 'phone')
  expect(await login.passkeys.list(mona.id)).toMatchObject([{ name: 'phone', created: now }])
  expect(await logIn(login, passkey, 1)).toBe('mona')
  await login.passkeys.remove(mona.id, id)
  expect(await login.passkeys.list(mona.id)).toEqual([])
  await expect(logIn(login, passkey, 2)).rejects.toMatchObject({ code: 'passkey_refused' })
  await expect(login.passkeys.remove(mona.id, id)).rejects.toMatchObject({ code: 'passkey_unknown' })
  expect(await recorded('passkey.renamed')).toMatchObject([{ actor: 'mona', data: { passkey: id } }])
  expect(await recorded('passkey.removed')).toMatchObject([{ actor: 'mona', data: { passkey: id } }])
})

test('R-ID-4: who logged in a while ago proves it anew before credentials change', async () => {
  const login = open()
  const { session } = await login.withCode(CODE, browser)
  now += 10 * MINUTE - 1
  expect(() => login.requireFresh(session)).not.toThrow()
  now += 1
  expect(() => login.requireFresh(session)).toThrow(/log out and in again/)
})

describe('R-ID-4: somebody who lost their only passkey', () => {
  /** Ada, an admin who came with her own passkey, and what mona has lost. */
  async function lost(login: Login) {
    const { passkey: old, id } = await enrol(login, 'lost')
    const { passkey: own } = await enrol(login, 'own', ada)
    const begun = await login.withPasskey(own.get(await login.passkeys.loginOptions()), browser)
    const before = await login.withPasskey(old.get(await login.passkeys.loginOptions()), browser)
    return { old, id, admin: begun.session, before }
  }

  async function follow(login: Login, link: string, name: string) {
    const secret = link.split('#')[1] ?? ''
    const passkey = new SoftAuthenticator(ADMIN, name)
    const { human, id, recovers } = await login.invitations.open(secret)
    const response = passkey.create(await login.passkeys.enrolOptions(human, id, recovers))
    return { passkey, ...(await login.withLink(secret, { response, name }, browser)) }
  }

  test('gets a link of another admin, once: the old passkeys and sessions end, on record, and they are told', async () => {
    const login = open('passkey')
    const { old, id, admin, before } = await lost(login)
    await expect(login.invitations.make('mona', ada.id)).rejects.toThrow(/has a passkey already/)
    const { link } = await login.invitations.makeRecovery('mona', admin)
    expect(await recoveryOf(login.deps, 'mona')).toEqual({ by: 'ada', made: now, state: 'open' })
    // Nothing is taken from them before it is used.
    expect(await login.sessions.find(before.secret)).toBeDefined()
    const { session, passkey } = await follow(login, link, 'new')
    expect(await login.sessions.find(before.secret)).toBeUndefined()
    await expect(logIn(login, old, 0)).rejects.toThrow(/removed or replaced/)
    expect(await logIn(login, passkey, 0)).toBe('mona')
    expect(await login.passkeys.list('mona')).toMatchObject([{ name: 'new' }])
    expect(session.human.id).toBe('mona')
    expect(await recoveryOf(login.deps, 'mona')).toEqual({ by: 'ada', made: now, state: 'used' })
    await expect(follow(login, link, 'twice')).rejects.toMatchObject({ code: 'invitation_closed' })
    expect(await recorded('login.invited')).toMatchObject([
      { actor: 'ada', data: { invited: 'mona', recovers: true } },
    ])
    expect(await recorded('passkey.removed')).toMatchObject([
      { actor: 'mona', data: { passkey: id, recovery: 'ada' } },
    ])
    expect(await recorded('login.ended')).toMatchObject([{ data: { recovery: 'ada' } }])
  })

  test('has lost none if they log in with it: the link is void from then on, and they are told who made it', async () => {
    const login = open('passkey')
    const { old, admin } = await lost(login)
    const { link } = await login.invitations.makeRecovery('mona', admin)
    expect(await logIn(login, old, 0)).toBe('mona')
    expect(await recoveryOf(login.deps, 'mona')).toMatchObject({ by: 'ada', state: 'void' })
    await expect(follow(login, link, 'late')).rejects.toMatchObject({ code: 'invitation_closed' })
    expect(await recorded('login.uninvited')).toMatchObject([{ actor: 'mona' }])
  })

  test('gets none from themselves, from who came without a passkey, or where loosening takes two', async () => {
    const login = open()
    const { admin, before } = await lost(login)
    const { invitations } = login
    await expect(invitations.makeRecovery('ada', admin)).rejects.toThrow(/nobody replaces their own/)
    await expect(invitations.makeRecovery('mona', before.session)).rejects.toThrow(/their own/)
    const coded = { ...admin, method: 'code' as const }
    await expect(invitations.makeRecovery('mona', coded)).rejects.toThrow(/log in with your passkey/)
    await expect(invitations.makeRecovery('nobody', admin)).rejects.toMatchObject({ code: 'input_invalid' })
    const two = open('any', true).invitations.makeRecovery('mona', admin)
    await expect(two).rejects.toThrow(/second-person/)
    expect(await recorded('login.invited')).toEqual([])
  })

  test('gets nothing with the link of an admin who is none any more', async () => {
    const login = open()
    const { admin } = await lost(login)
    const { link } = await login.invitations.makeRecovery('mona', admin)
    gone = 'ada'
    await expect(follow(open(), link, 'new')).rejects.toMatchObject({ code: 'invitation_closed' })
  })

  test('and is the only admin, has the way of the configuration: a code, another passkey, the old one removed', async () => {
    const { id } = await enrol(open('passkey'), 'lost')
    await expect(open('passkey').withCode(CODE, browser)).rejects.toMatchObject({ code: 'login_refused' })
    const login = open('any')
    const { session } = await login.withCode(CODE, browser)
    await login.requireForPasskeys(session)
    await enrol(login, 'new')
    await login.passkeys.remove(mona.id, id)
    expect(await open('passkey').passkeys.list(mona.id)).toMatchObject([{ name: 'new' }])
  })
})
