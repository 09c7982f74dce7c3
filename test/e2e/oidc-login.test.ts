import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LogLevel } from '../../src/core/log.ts'
import { composeGateway, type RunningGateway } from '../../src/server/compose.ts'
import { parseConfig } from '../../src/server/load-config.ts'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type IdentityProviderServer, startIdentityProvider } from '../support/identity-provider.ts'
import { rawCall } from '../support/raw-call.ts'
import { type RecordingUpstream, startRecordingUpstream } from '../support/recording-upstream.ts'
import { findProgram } from '../support/required-programs.ts'
import { type Answer, TripBrowser } from '../support/trip-browser.ts'
import { addAuthenticator } from '../support/virtual-authenticator.ts'

const chromiumProgram = findProgram('chromium')
/** A folder to leave screenshots in, for people to look at. */
const SHOTS = process.env['REMIT_SCREENSHOTS']
const SECRET = 'the-secret-of-the-client-at-the-provider'
/** Humans have a ceiling by team, so that what a team is worth can be seen in a call. */
const POLICIES = `@id("tasks") permit (principal is Task, action, resource);
@id("payments") permit (principal is Human, action, resource) when { principal in Team::"payments" };
@id("pay") @reason("it sends money") @consent("pay") @severity("high") @delegator("yes")
forbid (principal is Task, action == Action::"money.send", resource);
`

let home: string
let idp: IdentityProviderServer
let evil: IdentityProviderServer
let upstream: RecordingUpstream
let gateway: RunningGateway
const log: string[] = []

beforeAll(async () => {
  ;[idp, evil, upstream] = await Promise.all([
    startIdentityProvider(),
    startIdentityProvider(),
    startRecordingUpstream(),
  ])
  home = mkdtempSync(join(tmpdir(), 'remit-oidc-'))
  mkdirSync(join(home, 'policies'))
  writeFileSync(join(home, 'policies', 'few.cedar'), POLICIES)
  const text = `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
policies: [${join(home, 'policies')}]
humans:
  - { id: mona@acme.example, roles: [maintainer] }
  - { id: carl@acme.example, teams: [payments], roles: [approver] }
consent: { hold: 1ms }
workflows: { fix-tests: { description: mend failing tests } }
login:
  oidc:
    corp:
      label: Acme SSO
      issuer: ${idp.issuer}
      clientId: remit
      clientSecret: secret:corp
      scopes: [openid, email, groups]
      groups: [engineers, payments-team]
      domains: [acme.example]
      teams: { payments-team: payments }
      roles: { engineers: [approver] }
    partner:
      issuer: ${evil.issuer}
      clientId: remit
      clientSecret: secret:corp
      scopes: [openid, email]
      anybody: true
      adopt: true
servers:
  probe:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools: { echo: { actions: [data.read] }, wipe: { actions: [money.send] } }
`
  gateway = await composeGateway({
    loaded: { ...parseConfig('remit.yaml', text, {}), folder: home },
    environ: { REMIT_SECRET_CORP: SECRET },
    log: { log: (_level: LogLevel, event, fields) => void log.push(`${event} ${JSON.stringify(fields)}`) },
    demo: false,
  })
  for (const [name, server] of [
    ['corp', idp],
    ['partner', evil],
  ] as const) {
    const redirect = `${gateway.urls.admin}/login/oidc/${name}/callback`
    server.register({ id: 'remit', secret: SECRET, redirect })
  }
}, 60_000)

afterAll(async () => {
  await gateway.stop()
  idp.close()
  evil.close()
  upstream.close()
  rmSync(home, { recursive: true, force: true })
})

const ada = {
  sub: 'sub-ada',
  email: 'Ada@acme.example',
  email_verified: true,
  groups: ['engineers', 'payments-team'],
}

beforeEach(() => {
  idp.account = ada
})

afterEach(() => {
  for (const server of [idp, evil]) {
    delete server.misdeeds.claims
    delete server.misdeeds.token
    delete server.misdeeds.answer
  }
})

const newBrowser = (): TripBrowser => new TripBrowser(gateway.urls.admin)
const refusal = ({ json }: Answer): string => `${json.error?.code ?? ''}: ${json.error?.message ?? ''}`

async function records(kind: string): Promise<readonly { readonly envelope: Record<string, unknown> }[]> {
  const credential = readFileSync(join(home, '.remit', 'local-credential'), 'utf8').trim()
  const answer = await fetch(`${gateway.urls.admin}/records?kind=${kind}`, {
    headers: { authorization: `Bearer ${credential}` },
  })
  return ((await answer.json()) as { records: { envelope: Record<string, unknown> }[] }).records
}

test('R-ID-4, R-ID-6: somebody whom the file does not name logs in, with teams and roles by their groups', async () => {
  const browser = newBrowser()
  const page = await browser.get(new URL(`${gateway.urls.admin}/login`))
  expect(page.text).toContain('Log in with Acme SSO')
  const done = await browser.logIn('corp')
  expect(done).toMatchObject({ status: 200, json: { human: 'ada@acme.example' } })
  const me = await browser.post('/login/me', {})
  expect(me.json).toMatchObject({
    human: 'ada@acme.example',
    teams: ['payments'],
    roles: ['member', 'approver'],
    sessions: [{ method: 'oidc', current: true }],
  })
  expect(JSON.stringify(await records('person.linked'))).toContain('"adopted":false')
  expect(JSON.stringify(await records('person.synced'))).toContain('payments')
})

test('R-ID-4: the cookie of the trip is `Lax` and gone at the end; that of the session is new and `Strict`', async () => {
  const browser = newBrowser()
  browser.cookies.set('localhost remit_session', 'A'.repeat(43))
  const called = await browser.agree(await browser.start('corp'))
  const trip = browser.cookies.get('localhost remit_login')
  const back = await browser.get(called)
  expect(back.status).toBe(303)
  expect(back.headers.get('location')).toBe('/login/returned')
  const done = await browser.finish()
  const set = done.headers.getSetCookie()
  expect(set[0]).toMatch(/^remit_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  expect(set[1]).toMatch(/^remit_login=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0$/)
  expect(['A'.repeat(43), trip]).not.toContain(browser.cookies.get('localhost remit_session'))
})

describe('R-ID-6: who comes in', () => {
  const bob = { sub: 'sub-bob', email: 'bob@acme.example', email_verified: true, groups: ['engineers'] }

  test.each([
    ['in none of the groups', { ...bob, groups: ['interns'] }, /in none of the groups/],
    ['without an e-mail address', { sub: 'sub-bob', groups: ['engineers'] }, /says no e-mail address/],
    ['with an unverified address', { ...bob, email_verified: false }, /has not verified your e-mail/],
    ['of another domain', { ...bob, email: 'bob@acme.example.evil.example' }, /is of no domain/],
    ['with an address that is no name', { ...bob, email: 'b b@acme.example' }, /cannot be a name here/],
    [
      'as somebody of the file',
      { ...bob, email: 'mona@acme.example' },
      /configuration, whom `Acme SSO` may not log in/,
    ],
  ])('nobody %s, and each is told why', async (_, account, why) => {
    idp.account = account
    const browser = newBrowser()
    const refused = await browser.logIn('corp')
    expect(refusal(refused)).toMatch(/^login_refused: /)
    expect(refusal(refused)).toMatch(why)
    expect(browser.cookies.has('localhost remit_session')).toBe(false)
  })

  test('an account stays who it is when its address changes, and nobody else gets a name that is taken', async () => {
    idp.account = bob
    expect((await newBrowser().logIn('corp')).json).toMatchObject({ human: 'bob@acme.example' })
    idp.account = { ...bob, email: 'robert@acme.example' }
    expect((await newBrowser().logIn('corp')).json).toMatchObject({ human: 'bob@acme.example' })
    idp.account = { ...bob, sub: 'sub-another-bob' }
    expect(refusal(await newBrowser().logIn('corp'))).toMatch(
      /`bob@acme.example` is linked to another account/,
    )
    // Nor does another provider, that lets anybody in.
    evil.account = { ...bob, sub: 'sub-bob' }
    expect(refusal(await newBrowser().logIn('partner'))).toMatch(/is linked to another account/)
  })

  test('somebody of the file, where the provider may adopt them; what they may do the file still says', async () => {
    evil.account = {
      sub: 'sub-carl',
      email: 'carl@acme.example',
      email_verified: true,
      groups: ['engineers'],
    }
    const browser = newBrowser()
    expect((await browser.logIn('partner')).status).toBe(200)
    expect((await browser.post('/login/me', {})).json).toMatchObject({
      teams: ['payments'],
      roles: ['approver'],
    })
    evil.account = { ...evil.account, sub: 'sub-another-carl' }
    expect(refusal(await newBrowser().logIn('partner'))).toMatch(/is linked to another account/)
  })
})

describe('R-SEC-1: nobody is logged in by', () => {
  const sessionsOf = (browser: TripBrowser): string | undefined =>
    browser.cookies.get('localhost remit_session')

  test('following a link: coming back opens no session until the page that began it finishes', async () => {
    const browser = newBrowser()
    const back = await browser.get(await browser.agree(await browser.start('corp')))
    expect(back.headers.getSetCookie()).toEqual([])
    expect(sessionsOf(browser)).toBeUndefined()
  })

  test('coming back without the cookie of the trip, or in another browser with one of its own', async () => {
    const browser = newBrowser()
    const called = await browser.agree(await browser.start('corp'))
    const stranger = newBrowser()
    expect((await stranger.get(called)).status).toBe(409)
    await stranger.start('corp')
    const refused = await stranger.get(called)
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('start again at /login')
    expect((await stranger.finish()).json.error?.code).toBe('login_closed')
    // The one who began it is not kept from finishing.
    expect((await browser.get(called)).status).toBe(303)
    expect((await browser.finish()).status).toBe(200)
  })

  test('finishing with the cookie alone, as a program on another port of the host has it: the key is missing', async () => {
    const browser = newBrowser()
    await browser.get(await browser.agree(await browser.start('corp')))
    const thief = newBrowser()
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value)
    expect((await thief.finish()).json.error?.code).toBe('login_closed')
    expect(sessionsOf(thief)).toBeUndefined()
    expect((await browser.finish()).status).toBe(200)
  })

  test('planting the cookie of a login of one’s own into somebody else’s browser (login CSRF)', async () => {
    const attacker = newBrowser()
    await attacker.get(await attacker.agree(await attacker.start('corp')))
    const victim = newBrowser()
    await victim.start('corp')
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value)
    expect((await victim.finish()).json.error?.code).toBe('login_closed')
  })

  test('bringing back the same again, or finishing twice', async () => {
    const browser = newBrowser()
    const called = await browser.agree(await browser.start('corp'))
    expect((await browser.get(called)).status).toBe(303)
    expect((await browser.get(called)).status).toBe(409)
    const trip = browser.cookies.get('localhost remit_login') ?? ''
    expect((await browser.finish()).status).toBe(200)
    browser.cookies.set('localhost remit_login', trip)
    expect((await browser.finish()).json.error?.code).toBe('login_closed')
  })

  test('another state, or none', async () => {
    const browser = newBrowser()
    const called = await browser.agree(await browser.start('corp'))
    const other = await newBrowser().start('corp')
    called.searchParams.set('state', other.searchParams.get('state') ?? '')
    expect((await browser.get(called)).status).toBe(409)
    called.searchParams.delete('state')
    expect((await browser.get(called)).status).toBe(409)
  })

  test('a code of another login, injected: verifier and nonce are not of it', async () => {
    const [attacker, victim] = [newBrowser(), newBrowser()]
    const [stolen, own] = [
      await attacker.agree(await attacker.start('corp')),
      await victim.agree(await victim.start('corp')),
    ]
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    expect((await victim.get(own)).status).toBe(303)
    expect(refusal(await victim.finish())).toMatch(/^provider_refused: .*`Acme SSO` failed: invalid_grant/)
  })

  test('the answer of one provider brought back as that of another (mix-up)', async () => {
    const browser = newBrowser()
    const called = await browser.agree(await browser.start('corp'))
    called.pathname = '/login/oidc/partner/callback'
    expect((await browser.get(called)).status).toBe(409)
    // RFC 9207: the issuer that the answer names.
    idp.misdeeds.answer = (params) => params.set('iss', evil.issuer)
    expect(refusal(await newBrowser().logIn('corp'))).toMatch(/^provider_refused: .*"iss"/)
    idp.misdeeds.answer = (params) => params.delete('iss')
    expect(refusal(await newBrowser().logIn('corp'))).toMatch(/^provider_refused: .*"iss"/)
  })

  const hour = 3600
  const now = (): number => Math.floor(Date.now() / 1000)
  test.each([
    ['the nonce of another login', (claims) => ({ ...claims, nonce: 'n'.repeat(43) })],
    ['no nonce', ({ nonce: _, ...claims }) => claims],
    ['a token for another client', (claims) => ({ ...claims, aud: 'somebody-else' })],
    ['a token for several clients that names no party', (claims) => ({ ...claims, aud: ['remit', 'x'] })],
    ['a token of another issuer', (claims) => ({ ...claims, iss: evil.issuer })],
    ['a token that has ended', (claims) => ({ ...claims, iat: now() - 2 * hour, exp: now() - hour })],
    ['a token without an end', ({ exp: _, ...claims }) => claims],
    ['a token for nobody', ({ sub: _, ...claims }) => claims],
  ] as const satisfies readonly [string, (claims: Record<string, unknown>) => Record<string, unknown>][])(
    '%s',
    async (_, claims) => {
      idp.misdeeds.claims = claims as (claims: Record<string, unknown>) => Record<string, unknown>
      expect(refusal(await newBrowser().logIn('corp'))).toMatch(/^provider_refused: /)
    },
  )

  test('a token that is not signed, signed with the client’s secret, or with a key of somebody else', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const none = (claims: object): string => `${part({ alg: 'none' })}.${part(claims)}.`
    const shared = (claims: object): Promise<string> =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET))
    const { privateKey } = await generateKeyPair('ES256')
    const foreign = (claims: object): Promise<string> =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    for (const token of [none, shared, foreign]) {
      idp.misdeeds.token = token
      expect(refusal(await newBrowser().logIn('corp'))).toMatch(/^provider_refused: /)
    }
  })

  test('a provider that says no', async () => {
    idp.misdeeds.answer = (params) => {
      params.delete('code')
      params.set('error', 'access_denied')
    }
    expect(refusal(await newBrowser().logIn('corp'))).toMatch(/^provider_refused: .*failed: access_denied/)
  })
})

test('R-ID-4: keys that the provider changes between two logins need no restart', async () => {
  expect((await newBrowser().logIn('corp')).status).toBe(200)
  await idp.rotate()
  expect((await newBrowser().logIn('corp')).status).toBe(200)
})

test('R-ID-6: a team that the provider takes away is gone from running tasks, and whoever may not come in any more is nobody', async () => {
  const eve = { sub: 'sub-eve', email: 'eve@acme.example', email_verified: true, groups: ['payments-team'] }
  idp.account = eve
  const browser = newBrowser()
  expect((await browser.logIn('corp')).status).toBe(200)
  const made = await browser.post('/tasks', { workflow: 'fix-tests', intent: 'mend' })
  expect(made.status).toBe(201)
  const token = String(made.json['token'])
  const call = () =>
    rawCall(`${gateway.urls.agent}/mcp`, token, { name: 'probe__echo', arguments: { text: 'x' } })
  expect(await call()).toMatchObject({ status: 200, isError: false })

  idp.account = { ...eve, groups: ['engineers'] }
  expect((await newBrowser().logIn('corp')).status).toBe(200)
  expect(await call()).toMatchObject({
    isError: true,
    text: expect.stringMatching(/human|ceiling/i) as string,
  })
  expect((await browser.post('/login/me', {})).json).toMatchObject({ teams: [] })

  idp.account = { ...eve, groups: ['payments-team'] }
  await newBrowser().logIn('corp')
  expect(await call()).toMatchObject({ isError: false })

  idp.account = { ...eve, groups: [] }
  expect(refusal(await newBrowser().logIn('corp'))).toMatch(/in none of the groups/)
  expect((await call()).status).toBe(401)
  expect((await browser.post('/login/me', {})).json.error?.code).toBe('login_needed')
  expect((await records('person.ended'))[0]?.envelope['actor']).toBe('eve@acme.example')
})

test('R-CON-3: what is grave takes a passkey: who came with a provider has no code, and is told to enrol one', async () => {
  const browser = newBrowser()
  await browser.logIn('corp')
  const made = await browser.post('/tasks', { workflow: 'fix-tests', intent: 'pay' })
  const wipe = { name: 'probe__wipe', arguments: { text: 'x' } }
  const asked = await rawCall(`${gateway.urls.agent}/mcp`, String(made.json['token']), wipe)
  const id = /apr_[0-9a-z]+/.exec(asked.text)?.[0] ?? ''
  const page = await newBrowser().get(new URL(`${gateway.urls.admin}/approvals/${id}`))
  expect(page.text).toContain('Log in with Acme SSO')
  for (const stepUp of [{}, { stepUp: { code: 'guess' } }]) {
    const refused = await browser.post(`/approvals/${id}/approve`, stepUp)
    expect(refusal(refused)).toBe(
      'passkey_unknown: this needs a passkey, and you have none; enrol one at /login',
    )
  }
  // A login of a moment ago may do that.
  const options = await browser.post('/login/passkeys/options', {})
  expect(options.json).toHaveProperty('options.challenge')
})

describe.skipIf(chromiumProgram === undefined)('R-ID-4: in a real browser', () => {
  let chrome: Browser
  let page: Page
  const refusedByPolicy: string[] = []
  const shoot = async (name: string): Promise<void> => {
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `oidc-${name}.png`), fullPage: true })
  }

  beforeAll(async () => {
    chrome = await chromium.launch({ executablePath: chromiumProgram ?? '', args: ['--no-sandbox'] })
    page = await (await chrome.newContext()).newPage()
    page.setDefaultTimeout(20_000)
    page.on('console', (message) => {
      if (/Content.Security|Trusted|integrity|Refused/i.test(message.text()))
        refusedByPolicy.push(message.text())
    })
    page.on('pageerror', (error) => refusedByPolicy.push(error.message))
    await addAuthenticator(page)
  }, 60_000)

  afterAll(() => chrome.close())

  test('a button leads to the provider and back to where one was, and what failed is said', async () => {
    idp.account = { ...ada, sub: 'sub-stranger', email: 'stranger@acme.example', groups: [] }
    await page.goto(`${gateway.urls.admin}/login?next=/console/tasks`)
    await shoot('login')
    await page.click('button[data-provider=corp]')
    await page.waitForSelector('#returned-problem:not([hidden])')
    expect(page.url()).toBe(`${gateway.urls.admin}/login/returned`)
    expect(await page.textContent('#returned-problem')).toMatch(/none of the groups that may come in here/)
    await shoot('refused')
    await page.click('#again-link')
    idp.account = ada
    // The provider still knows the other one.
    await page.context().clearCookies({ domain: '127.0.0.1' })
    await page.click('button[data-provider=corp]')
    await page.waitForSelector('#account:not([hidden])')
    expect(page.url()).toBe(`${gateway.urls.admin}/login`)
    expect(await page.textContent('header')).toContain('ada@acme.example')
    expect(await page.textContent('#roles')).toContain('Teams: payments')
    const names = (await page.context().cookies(gateway.urls.admin)).map(({ name }) => name)
    expect(names).toEqual(['remit_session'])
    await page.click('#enrol-form button')
    await page.waitForSelector('#passkeys li b')
    await shoot('account')
    await page.click('#log-out')
    await page.waitForSelector('#use-passkey')
    await page.click('#use-passkey')
    await page.waitForSelector('#account:not([hidden])')
    expect(refusedByPolicy).toEqual([])
  })
})

test('R-AUD-1: logins, and those that failed, are on record; neither log nor records have the secret or a code', async () => {
  const succeeded = JSON.stringify(await records('login.succeeded'))
  expect(succeeded).toContain('"method":"oidc"')
  const failed = JSON.stringify(await records('login.failed'))
  for (const reason of ['login_closed', 'login_refused']) expect(failed).toContain(reason)
  for (const text of [log.join('\n'), succeeded, failed]) expect(text).not.toContain(SECRET)
  expect(log.join('\n')).toContain('provider_refused')
})
