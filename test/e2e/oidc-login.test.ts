import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { generateKeyPair, SignJWT } from 'jose'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RunningGateway } from '../../src/server/compose.ts'
import type { IdentityProviderServer } from '../support/identity-provider.ts'
import { ADA, CLIENT_SECRET, type OidcGateway, refusal, startOidcGateway } from '../support/oidc-gateway.ts'
import { faultsOf } from '../support/page-faults.ts'
import { findProgram } from '../support/required-programs.ts'
import { ROOT } from '../support/running-gateway.ts'
import type { TripBrowser } from '../support/trip-browser.ts'
import { addAuthenticator } from '../support/virtual-authenticator.ts'

const chromiumProgram = findProgram('chromium')
/** A folder to leave screenshots in, for people to look at. */
const SHOTS = process.env['REMIT_SCREENSHOTS']

let running: OidcGateway
let idp: IdentityProviderServer
let evil: IdentityProviderServer
let gateway: RunningGateway

beforeAll(async () => {
  running = await startOidcGateway()
  ;({ gateway, corp: idp, partner: evil } = running)
}, 60_000)

afterAll(() => running.stop())

beforeEach(() => {
  idp.account = ADA
})

afterEach(() => {
  for (const { misdeeds } of [idp, evil]) {
    delete misdeeds.claims
    delete misdeeds.token
    delete misdeeds.answer
  }
})

test('R-ID-4: the cookie of the trip is `Lax` and gone at the end; that of the session is new and `Strict`', async () => {
  const browser = running.browser()
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

describe('R-SEC-1: nobody is logged in by', () => {
  const sessionsOf = (browser: TripBrowser): string | undefined =>
    browser.cookies.get('localhost remit_session')

  test('following a link: coming back opens no session until the page that began it finishes', async () => {
    const browser = running.browser()
    const back = await browser.get(await browser.agree(await browser.start('corp')))
    expect(back.headers.getSetCookie()).toEqual([])
    expect(sessionsOf(browser)).toBeUndefined()
  })

  test('coming back without the cookie of the trip, or in another browser with one of its own', async () => {
    const browser = running.browser()
    const called = await browser.agree(await browser.start('corp'))
    const stranger = running.browser()
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
    const browser = running.browser()
    await browser.get(await browser.agree(await browser.start('corp')))
    const thief = running.browser()
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value)
    expect((await thief.finish()).json.error?.code).toBe('login_closed')
    expect(sessionsOf(thief)).toBeUndefined()
    expect((await browser.finish()).status).toBe(200)
  })

  test('planting the cookie of a login of one’s own into somebody else’s browser (login CSRF)', async () => {
    const attacker = running.browser()
    await attacker.get(await attacker.agree(await attacker.start('corp')))
    const victim = running.browser()
    await victim.start('corp')
    for (const [name, value] of attacker.cookies) victim.cookies.set(name, value)
    expect((await victim.finish()).json.error?.code).toBe('login_closed')
  })

  test('bringing back the same again, or finishing twice', async () => {
    const browser = running.browser()
    const called = await browser.agree(await browser.start('corp'))
    expect((await browser.get(called)).status).toBe(303)
    expect((await browser.get(called)).status).toBe(409)
    const trip = browser.cookies.get('localhost remit_login') ?? ''
    expect((await browser.finish()).status).toBe(200)
    browser.cookies.set('localhost remit_login', trip)
    expect((await browser.finish()).json.error?.code).toBe('login_closed')
  })

  test('another state, or none', async () => {
    const browser = running.browser()
    const called = await browser.agree(await browser.start('corp'))
    const other = await running.browser().start('corp')
    called.searchParams.set('state', other.searchParams.get('state') ?? '')
    expect((await browser.get(called)).status).toBe(409)
    called.searchParams.delete('state')
    expect((await browser.get(called)).status).toBe(409)
  })

  test('a code of another login, injected: verifier and nonce are not of it', async () => {
    const [attacker, victim] = [running.browser(), running.browser()]
    const [stolen, own] = [
      await attacker.agree(await attacker.start('corp')),
      await victim.agree(await victim.start('corp')),
    ]
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    expect((await victim.get(own)).status).toBe(303)
    expect(refusal(await victim.finish())).toMatch(/^provider_refused: .*`Acme SSO` failed: invalid_grant/)
  })

  test('the answer of one provider brought back as that of another (mix-up)', async () => {
    const browser = running.browser()
    const called = await browser.agree(await browser.start('corp'))
    called.pathname = '/login/oidc/partner/callback'
    expect((await browser.get(called)).status).toBe(409)
    // RFC 9207: the issuer that the answer names.
    idp.misdeeds.answer = (params) => params.set('iss', evil.issuer)
    expect(refusal(await running.browser().logIn('corp'))).toMatch(/^provider_refused: .*"iss"/)
    idp.misdeeds.answer = (params) => params.delete('iss')
    expect(refusal(await running.browser().logIn('corp'))).toMatch(/^provider_refused: .*"iss"/)
  })

  const hour = 3600
  const now = (): number => Math.floor(Date.now() / 1000)
  test.each([
    ['the nonce of another login', (claims) => ({ ...claims, nonce: 'n'.repeat(43) })],
    ['no nonce', (claims) => ({ ...claims, nonce: undefined })],
    ['a token for another client', (claims) => ({ ...claims, aud: 'somebody-else' })],
    ['a token for several clients that names no party', (claims) => ({ ...claims, aud: ['remit', 'x'] })],
    ['a token of another issuer', (claims) => ({ ...claims, iss: evil.issuer })],
    ['a token that has ended', (claims) => ({ ...claims, iat: now() - 2 * hour, exp: now() - hour })],
    ['a token without an end', (claims) => ({ ...claims, exp: undefined })],
    ['a token for nobody', (claims) => ({ ...claims, sub: undefined })],
  ] as const satisfies readonly [string, (claims: Record<string, unknown>) => Record<string, unknown>][])(
    '%s',
    async (_, claims) => {
      idp.misdeeds.claims = claims
      expect(refusal(await running.browser().logIn('corp'))).toMatch(/^provider_refused: /)
    },
  )

  test('a token that is not signed, signed with the client’s secret, or with a key of somebody else', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const none = (claims: object): string => `${part({ alg: 'none' })}.${part(claims)}.`
    const shared = (claims: object): Promise<string> =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(CLIENT_SECRET))
    const { privateKey } = await generateKeyPair('ES256')
    const foreign = (claims: object): Promise<string> =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    for (const token of [none, shared, foreign]) {
      idp.misdeeds.token = token
      expect(refusal(await running.browser().logIn('corp'))).toMatch(/^provider_refused: /)
    }
  })

  test('a provider that says no', async () => {
    idp.misdeeds.answer = (params) => {
      params.delete('code')
      params.set('error', 'access_denied')
    }
    expect(refusal(await running.browser().logIn('corp'))).toMatch(
      /^provider_refused: .*failed: access_denied/,
    )
  })
})

test('R-ID-4: keys that the provider changes between two logins need no restart', async () => {
  expect((await running.browser().logIn('corp')).status).toBe(200)
  await idp.rotate()
  expect((await running.browser().logIn('corp')).status).toBe(200)
})

describe.skipIf(chromiumProgram === undefined)('R-ID-4: in a real browser', () => {
  let chrome: Browser
  let page: Page
  const refusedByPolicy: string[] = []
  const shoot = async (name: string): Promise<void> => {
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `oidc-${name}.png`), fullPage: true })
  }

  beforeAll(async () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'ensure-console.mjs')], { stdio: 'ignore' })
    chrome = await chromium.launch({ executablePath: chromiumProgram ?? '', args: ['--no-sandbox'] })
    page = await (await chrome.newContext()).newPage()
    page.setDefaultTimeout(20_000)
    page.on('console', (message) => {
      if (/Content.Security|Trusted|integrity|Refused/i.test(message.text()))
        refusedByPolicy.push(message.text())
    })
    page.on('pageerror', (error) => refusedByPolicy.push(error.message))
  }, 60_000)

  afterAll(() => chrome.close())

  test('a button leads to the provider and back to where one was, and what failed is said', async () => {
    idp.account = { ...ADA, sub: 'sub-stranger', email: 'stranger@acme.example', groups: [] }
    await page.goto(`${gateway.urls.admin}/login?next=/console/tasks`)
    await shoot('login')
    await page.click('button[data-provider=corp]')
    await page.waitForSelector('#returned-problem:not([hidden])')
    expect(page.url()).toBe(`${gateway.urls.admin}/login/returned`)
    expect(await page.textContent('#returned-problem')).toMatch(/none of the groups that may come in here/)
    await shoot('refused')
    await page.click('#again-link')
    idp.account = ADA
    // The provider still knows the other one.
    await page.context().clearCookies({ domain: '127.0.0.1' })
    // To where they were going, whose name the link back to the login has forgotten.
    await page.goto(`${gateway.urls.admin}/login?next=/console/tasks`)
    await page.click('button[data-provider=corp]')
    await page.waitForSelector('h1 >> text=Tasks')
    expect(page.url()).toBe(`${gateway.urls.admin}/console/tasks`)
    await page.click('header >> text=Account of ada@acme.example')
    await page.waitForSelector('#account:not([hidden])')
    expect(await page.textContent('header')).toContain('ada@acme.example')
    expect(await page.textContent('#roles')).toContain('Teams: payments')
    const names = (await page.context().cookies(gateway.urls.admin)).map(({ name }) => name)
    expect(names).toEqual(['remit_session'])
    await addAuthenticator(page)
    await page.click('#enrol-form button')
    await page.waitForSelector('#passkeys li b')
    await shoot('account')
    await page.click('#log-out')
    await page.waitForSelector('#use-passkey')
    await page.click('#use-passkey')
    await page.waitForSelector('#account:not([hidden])')
    expect(await page.isVisible('#people')).toBe(false)
    await page.click('#log-out')
    await page.fill('#code', 'the-code-of-mona-0001')
    await page.click('#code-form button')
    await page.waitForSelector('#linked li b')
    expect(await faultsOf(page)).toEqual([])
    await shoot('people')
    page.once('dialog', (dialog) => void dialog.accept())
    await page.click('button[aria-label="Unlink ada@acme.example"]')
    await page.waitForSelector('#people', { state: 'hidden' })
    expect(refusedByPolicy).toEqual([])
  })
})
