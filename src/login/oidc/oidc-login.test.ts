import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Account,
  type IdentityProviderServer,
  startIdentityProvider,
} from '../../../test/support/identity-provider.ts'
import { newPageKey } from '../../../test/support/sign-request.ts'
import { SoftAuthenticator } from '../../../test/support/soft-authenticator.ts'
import { TripBrowser } from '../../../test/support/trip-browser.ts'
import { RemitError } from '../../core/errors.ts'
import { DEFAULT_TENANT, type HumanId, type TenantId } from '../../core/ids.ts'
import { type HumanDirectory, directoryOf } from '../../identity/human-directory.ts'
import { SYSTEM_ENTROPY } from '../../server/system-clock.ts'
import { createMemoryStore } from '../../store/memory/memory-store.ts'
import type { Store } from '../../store/store.ts'
import { type BegunLogin, Login } from '../login.ts'
import type { LoginDeps } from '../login-deps.ts'
import { SessionCookie } from '../session-cookie.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { joinClaims } from './prove-identity.ts'
import { ProvisionedPeople } from './provisioned-people.ts'
import { unlinkPerson } from './unlink-person.ts'

/** Passkeys want a name, and nothing listens there: no step of these needs it. */
const ADMIN = 'http://localhost:1'
const LASTS = 3_600_000
const ADA = 'ada@acme.example' as HumanId

let idp: IdentityProviderServer
let store: Store
let now: number
/** What the configuration says otherwise of the provider. */
let settings: Partial<IdentityProvider>

beforeAll(async () => {
  idp = await startIdentityProvider()
  const redirect = `${ADMIN}/login/oidc/corp/callback`
  idp.register({ id: 'remit', secret: 'a secret of the client', redirect })
})

afterAll(() => idp.close())

beforeEach(() => {
  store = createMemoryStore()
  now = Date.now()
  settings = {}
  delete idp.misdeeds.claims
})

/** One of several gateways on one store: what it knows of people is its own. */
function replica(configured: HumanDirectory = directoryOf([]), tenant: TenantId = DEFAULT_TENANT): Login {
  const place = {
    tenant,
    store: store.logins,
    clock: { now: () => now, micros: () => now * 1_000 },
    entropy: SYSTEM_ENTROPY,
  }
  const people = new ProvisionedPeople(place, new Map([['corp', corp().issuer]]))
  const humans: HumanDirectory = {
    find: (tenant, id) => configured.find(tenant, id) ?? people.find(tenant, id),
    list: (tenant) => [...configured.list(tenant), ...people.list(tenant)],
    catchUp: (revision) => people.catchUp(revision),
  }
  const seal = (name: string, text: string): string => `${name}\n${text}`
  const unseal = (name: string, text: string): string => {
    if (text.startsWith(`${name}\n`)) return text.slice(name.length + 1)
    throw new RemitError('key_unusable', 'sealed elsewhere')
  }
  return new Login(
    {
      ...place,
      protection: 'advisory',
      journal: store.journal,
      humans,
      configured,
      people,
      tasks: store.tasks,
      connections: { disconnectAll: async () => ({ servers: [], told: Promise.resolve() }) },
      identityProviders: new Map([['corp', corp()]]),
      sealing: { seal, unseal },
      hasCode: () => false,
      key: new Uint8Array(32),
      adminUrl: ADMIN,
      limits: { idle: LASTS, absolute: LASTS, fresh: 600_000 },
      require: 'any',
      secondPerson: false,
    },
    () => Promise.reject(new RemitError('credential_invalid', 'no such code')),
  )
}

function corp(): IdentityProvider {
  const { hostname } = new URL(idp.issuer)
  return {
    name: 'corp',
    label: 'Acme SSO',
    issuer: idp.issuer,
    clientId: 'remit',
    clientSecret: () => 'a secret of the client',
    scopes: ['openid', 'email', 'groups'],
    idClaim: 'email',
    groupsClaim: 'groups',
    teams: new Map([['payments-team', ['payments']]]),
    roles: new Map(),
    defaultRoles: ['member'],
    lasts: LASTS,
    adopt: false,
    guard: { named: [hostname], plainLoopback: true },
    ...settings,
  }
}

const ada = (groups: readonly string[] = [], sub = 'sub-ada'): Account => {
  return { sub, email: ADA, email_verified: true, groups }
}

/** A browser that was at the provider, and what the gateways have of it. */
async function atProvider(login: Login, account: Account) {
  idp.account = account
  const key = newPageKey().jwk
  const { url, secret } = await login.oidc.start('corp', key)
  const called = await new TripBrowser(ADMIN).agree(new URL(url))
  return { params: called.searchParams, secret, browser: { key, agent: 'a browser' } }
}

/** @param steps gateways at which it begins, comes back and is finished. */
async function logIn(account: Account, ...steps: readonly [Login, Login, Login]): Promise<BegunLogin> {
  const { params, secret, browser } = await atProvider(steps[0], account)
  await steps[1].comeBack('corp', params, secret)
  return steps[2].withProvider(secret, browser)
}

const teamsOf = ({ deps }: Login): readonly string[] | undefined =>
  deps.humans.find(DEFAULT_TENANT, ADA)?.teams

const revision = async (): Promise<number> => (await store.tasks.standing(DEFAULT_TENANT)).revision

describe('R-REL-2: a login on several gateways', () => {
  test('begins at one, comes back to another and is finished at a third; of two that finish it one does', async () => {
    const [first, second, third] = [replica(), replica(), replica()]
    const { params, secret, browser } = await atProvider(first, ada())
    await second.comeBack('corp', params, secret)
    const both = await Promise.allSettled([
      third.withProvider(secret, browser),
      second.withProvider(secret, browser),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({ code: 'login_closed' })
  })

  test('of two accounts with one name that come for the first time at once, one gets it', async () => {
    const [one, other] = [replica(), replica()]
    const trips = [
      await atProvider(one, ada([], 'sub-1')),
      await atProvider(other, ada([], 'sub-2')),
    ] as const
    await one.comeBack('corp', trips[0].params, trips[0].secret)
    await other.comeBack('corp', trips[1].params, trips[1].secret)
    const both = await Promise.allSettled([
      one.withProvider(trips[0].secret, trips[0].browser),
      other.withProvider(trips[1].secret, trips[1].browser),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'login_refused', message: expect.stringMatching(/another account/) as string },
    })
  })

  test('R-ID-6: what it changes, another gateway knows with the revision that the change has', async () => {
    const [here, there] = [replica(), replica()]
    await logIn(ada(['payments-team']), here, here, here)
    expect(teamsOf(there)).toBeUndefined()
    await there.deps.humans.catchUp?.(await revision())
    expect(teamsOf(there)).toEqual(['payments'])

    const before = await revision()
    await logIn(ada(), here, here, here)
    expect(await revision()).toBeGreaterThan(before)
    // Whoever decides with the older revision is refused when it is recorded; with the newer one nobody decides before.
    expect(there.deps.humans.catchUp?.(before)).toBeUndefined()
    await there.deps.humans.catchUp?.(await revision())
    expect(teamsOf(there)).toEqual([])
  })

  test('R-ID-6: the same said again changes no revision, and is known elsewhere all the same', async () => {
    const [here, there] = [replica(), replica()]
    await logIn(ada(['payments-team']), here, here, here)
    await there.deps.humans.catchUp?.()
    const before = await revision()
    now += LASTS / 2
    await logIn(ada(['payments-team']), here, here, here)
    expect(await revision()).toBe(before)
    now += LASTS / 2
    expect(teamsOf(there)).toBeUndefined()
    await there.deps.humans.catchUp?.()
    expect(teamsOf(there)).toEqual(['payments'])
  })
})

test('R-POL-11: a login of one tenant comes back to and ends at that tenant alone, and its people are nobody elsewhere', async () => {
  const [own, other] = [replica(), replica(directoryOf([]), 'other' as TenantId)]
  const { params, secret, browser } = await atProvider(own, ada())
  await expect(other.comeBack('corp', params, secret)).rejects.toMatchObject({ code: 'login_closed' })
  await own.comeBack('corp', params, secret)
  await expect(other.withProvider(secret, browser)).rejects.toMatchObject({ code: 'login_closed' })
  await own.withProvider(secret, browser)
  await other.deps.humans.catchUp?.()
  expect(other.deps.humans.find('other' as TenantId, ADA)).toBeUndefined()
  expect(other.deps.humans.find(DEFAULT_TENANT, ADA)).toBeUndefined()
  expect(await other.oidc.people()).toEqual([])
})

test('R-SEC-1: over TLS the cookie of a trip is bound to its host, and has the name of its tenant', () => {
  const cookie = new SessionCookie(true, 'acme', 'trip')
  const secret = 's'.repeat(43)
  expect(cookie.give(secret)).toBe(
    `__Host-remit_login_acme=${secret}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600`,
  )
  expect(cookie.read(`__Host-remit_login_acme=${secret}`)).toBe(secret)
  expect(cookie.read(`__Host-remit_login_acme=${secret}; __Host-remit_login_acme=${'t'.repeat(43)}`)).toBe(
    undefined,
  )
  expect(cookie.read(`__Host-remit_login=${secret}; __Host-remit_session_acme=${secret}`)).toBe(undefined)
})

describe('R-ID-4: a provider', () => {
  test('is asked for a proof that is not older than configured, and is not believed without one', async () => {
    settings = { maxAge: 60 }
    const login = replica()
    const { url } = await login.oidc.start('corp', newPageKey().jwk)
    expect(new URL(url).searchParams.get('max_age')).toBe('60')
    await logIn(ada(), login, login, login)
    const ago = Math.floor(Date.now() / 1000) - 600
    for (const auth_time of [ago, undefined]) {
      idp.misdeeds.claims = (claims) => ({ ...claims, auth_time })
      await expect(logIn(ada(), login, login, login)).rejects.toMatchObject({ code: 'provider_refused' })
    }
  })

  test('that cannot be asked is said to be out of reach, with its name, and nothing is begun', async () => {
    const key = newPageKey().jwk
    settings = { issuer: 'http://127.0.0.1:9' }
    await expect(replica().oidc.start('corp', key)).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringMatching(/^logging in with `Acme SSO` failed: .*could not be asked/) as string,
    })
    // An address of this machine that the configuration does not name itself.
    settings = { guard: { plainLoopback: true } }
    await expect(replica().oidc.start('corp', key)).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await expect(replica().oidc.start('other', key)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('may be configured with a `/` behind the name of its host', async () => {
    settings = { issuer: `${idp.issuer}/` }
    const login = replica()
    await logIn(ada(['payments-team']), login, login, login)
    expect(teamsOf(login)).toEqual(['payments'])
  })

  test('has verified the address of which it says so, and no other', () => {
    const said = { sub: 'sub-ada', email: 'boss@acme.example' }
    const more = { email: ADA, email_verified: true, groups: ['g'] }
    expect(joinClaims(said, more)).toEqual({ ...said, groups: ['g'] })
    expect(joinClaims({ ...said, email: ADA }, more)).toMatchObject({ email: ADA, email_verified: true })
    expect(joinClaims({ sub: 'sub-ada', email_verified: true }, { email: ADA })).not.toMatchObject({
      email: ADA,
      email_verified: true,
    })
  })

  test('whose secret this gateway lacks lets nobody in, and says why', async () => {
    settings = {
      clientSecret: () => {
        throw new RemitError('upstream_unavailable', 'this gateway lacks its client secret')
      },
    }
    const login = replica()
    await expect(logIn(ada(), login, login, login)).rejects.toThrow(
      /`Acme SSO` failed: this gateway lacks its/,
    )
  })
})

describe('R-ID-6: what a provider says', () => {
  test('ends: nobody is known longer than it counts, with whatever they come, until they log in with it again', async () => {
    const login = replica()
    const { session, secret } = await logIn(ada(), login, login, login)
    const passkey = await enrol(login, session.human)
    now += LASTS - 1
    expect(teamsOf(login)).toEqual([])
    now += 1
    expect(teamsOf(login)).toBeUndefined()
    expect(login.deps.people.enrolled(DEFAULT_TENANT)).toEqual([ADA])
    expect(await login.sessions.find(secret)).toBeUndefined()
    const response = passkey.get(await login.passkeys.loginOptions())
    await expect(login.withPasskey(response, { key: newPageKey().jwk, agent: '' })).rejects.toThrow(
      /logs in with it once more/,
    )
    await logIn(ada(), login, login, login)
    expect(teamsOf(login)).toEqual([])
  })

  test('R-CON-3: makes no passkey beside one that its human has, nor removes it', async () => {
    const login = replica()
    const { session } = await logIn(ada(), login, login, login)
    await login.requireForPasskeys(session)
    const passkey = await enrol(login, session.human)
    await expect(login.requireForPasskeys(session)).rejects.toMatchObject({ code: 'passkey_refused' })
    passkey.counter = 1
    const response = passkey.get(await login.passkeys.loginOptions())
    const own = await login.withPasskey(response, { key: newPageKey().jwk, agent: '' })
    await login.requireForPasskeys(own.session)
  })

  test('is nothing against the file: whoever is in it now is not who was linked before', async () => {
    const login = replica()
    await logIn(ada(['payments-team']), login, login, login)
    const mona = { tenant: DEFAULT_TENANT, id: ADA, teams: ['ops'], roles: [] }
    const after = replica(directoryOf([mona]))
    await expect(logIn(ada(['payments-team']), after, after, after)).rejects.toThrow(/may not log in/)
    expect(teamsOf(after)).toEqual(['ops'])
  })

  test('that was unlinked is gone with sessions and passkeys, and the name is free for another account', async () => {
    const login = replica()
    const { session, secret } = await logIn(ada(['payments-team']), login, login, login)
    const { link } = await login.invitations.make(ADA, 'mona' as HumanId)
    const passkey = await enrol(login, session.human)
    await expect(logIn(ada([], 'sub-new'), login, login, login)).rejects.toThrow(/another account/)
    const before = await revision()
    await login.oidc.unlink(ADA, 'mona' as HumanId)
    expect(await revision()).toBeGreaterThan(before)
    expect(teamsOf(login)).toBeUndefined()
    await logIn(ada([], 'sub-new'), login, login, login)
    expect(teamsOf(login)).toEqual([])
    expect(await login.sessions.find(secret)).toBeUndefined()
    const invited = login.invitations.open(new URL(link).hash.slice(1))
    await expect(invited).rejects.toMatchObject({ code: 'invitation_closed' })
    const response = passkey.get(await login.passkeys.loginOptions())
    await expect(login.withPasskey(response, { key: newPageKey().jwk, agent: '' })).rejects.toThrow(
      /not enrolled/,
    )
    await expect(logIn(ada(), login, login, login)).rejects.toThrow(/another account/)
    await expect(login.oidc.unlink('nobody', 'mona' as HumanId)).rejects.toMatchObject({ code: 'not_found' })
    const [record] = await store.records.query({ tenant: DEFAULT_TENANT, kind: 'person.unlinked' })
    expect(record?.envelope).toMatchObject({ actor: ADA, data: { by: 'mona' } })
  })
})

test('R-ID-6: no session that somebody begins while they are unlinked is that of whoever gets the name next', async () => {
  const [here, there] = [replica(), replica()]
  await logIn(ada(), here, here, here)
  const { session } = await logIn(ada(), there, there, there)
  const begin = () =>
    there.sessions.begin({ human: ADA, method: 'oidc', key: session.key, browser: 'a browser' })
  let started = false
  const commit: LoginDeps['journal']['commit'] = async (work) => {
    if (!started) {
      started = true
      await begin()
    }
    return store.journal.commit(work)
  }
  await unlinkPerson({ ...here.deps, journal: { commit } }, ADA, 'mona' as HumanId)
  // It has not heard of that yet.
  expect(teamsOf(there)).toEqual([])
  await expect(begin()).rejects.toMatchObject({ code: 'login_refused' })
  await logIn(ada([], 'sub-new'), here, here, here)
  expect(await here.sessions.list(ADA)).toHaveLength(1)
})

async function enrol(login: Login, human: BegunLogin['session']['human']): Promise<SoftAuthenticator> {
  const passkey = new SoftAuthenticator(ADMIN, `key of ${human.id}`)
  const response = passkey.create(await login.passkeys.enrolOptions(human, 'a session'))
  await login.passkeys.enrol(human, { subject: 'a session', response, name: 'a key', by: human.id })
  return passkey
}
