import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RunningGateway } from '../../src/server/compose.ts'
import type { IdentityProviderServer } from '../support/identity-provider.ts'
import { ADA, CLIENT_SECRET, type OidcGateway, refusal, startOidcGateway } from '../support/oidc-gateway.ts'
import { rawCall } from '../support/raw-call.ts'

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

test('R-ID-4, R-ID-6: somebody whom the file does not name logs in, with teams and roles by their groups', async () => {
  const browser = running.browser()
  const page = await browser.get(new URL(`${gateway.urls.admin}/login`))
  expect(page.text).toContain('Log in with Acme SSO')
  const done = await browser.logIn('corp')
  expect(done).toMatchObject({ status: 200, json: { human: 'ada@acme.example' } })
  const me = await browser.post('/login/me', {})
  expect(me.json).toMatchObject({
    human: 'ada@acme.example',
    teams: ['payments'],
    roles: ['approver'],
    sessions: [{ method: 'oidc', current: true }],
  })
  expect(JSON.stringify(await running.records('person.linked'))).toContain('"adopted":false')
  expect(JSON.stringify(await running.records('person.synced'))).toContain('payments')
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
    const browser = running.browser()
    const refused = await browser.logIn('corp')
    expect(refusal(refused)).toMatch(/^login_refused: /)
    expect(refusal(refused)).toMatch(why)
    expect(browser.cookies.has('localhost remit_session')).toBe(false)
  })

  test('an account stays who it is when its address changes, and nobody else gets a name that is taken', async () => {
    idp.account = bob
    expect((await running.browser().logIn('corp')).json).toMatchObject({ human: 'bob@acme.example' })
    idp.account = { ...bob, email: 'robert@acme.example' }
    expect((await running.browser().logIn('corp')).json).toMatchObject({ human: 'bob@acme.example' })
    idp.account = { ...bob, sub: 'sub-another-bob' }
    expect(refusal(await running.browser().logIn('corp'))).toMatch(
      /`bob@acme.example` is linked to another account/,
    )
    // Nor does another provider, that lets anybody in.
    evil.account = { ...bob, sub: 'sub-bob' }
    expect(refusal(await running.browser().logIn('partner'))).toMatch(/is linked to another account/)
  })

  test('somebody of the file, where the provider may adopt them; what they may do the file still says', async () => {
    evil.account = {
      sub: 'sub-carl',
      email: 'carl@acme.example',
      email_verified: true,
      groups: ['engineers'],
    }
    const browser = running.browser()
    expect((await browser.logIn('partner')).status).toBe(200)
    expect((await browser.post('/login/me', {})).json).toMatchObject({
      teams: ['payments'],
      roles: ['approver'],
    })
    evil.account = { ...evil.account, sub: 'sub-another-carl' }
    expect(refusal(await running.browser().logIn('partner'))).toMatch(/is linked to another account/)
  })
})

test('R-ID-6: a team that the provider takes away is gone from running tasks, and whoever may not come in any more is nobody', async () => {
  const eve = { sub: 'sub-eve', email: 'eve@acme.example', email_verified: true, groups: ['payments-team'] }
  idp.account = eve
  const browser = running.browser()
  expect((await browser.logIn('corp')).status).toBe(200)
  const made = await browser.post('/tasks', { workflow: 'fix-tests', intent: 'mend' })
  expect(made.status).toBe(201)
  const token = String(made.json['token'])
  const call = () =>
    rawCall(`${gateway.urls.agent}/mcp`, token, { name: 'probe__echo', arguments: { text: 'x' } })
  expect(await call()).toMatchObject({ status: 200, isError: false })

  idp.account = { ...eve, groups: ['engineers'] }
  expect((await running.browser().logIn('corp')).status).toBe(200)
  expect(await call()).toMatchObject({
    isError: true,
    text: expect.stringMatching(/human|ceiling/i) as string,
  })
  expect((await browser.post('/login/me', {})).json).toMatchObject({ teams: [] })

  idp.account = { ...eve, groups: ['payments-team'] }
  await running.browser().logIn('corp')
  expect(await call()).toMatchObject({ isError: false })

  idp.account = { ...eve, groups: [] }
  expect(refusal(await running.browser().logIn('corp'))).toMatch(/in none of the groups/)
  expect((await call()).status).toBe(401)
  expect((await browser.post('/login/me', {})).json.error?.code).toBe('login_needed')
  expect((await running.records('person.ended'))[0]?.envelope['actor']).toBe('eve@acme.example')
})

test('R-CON-3: what is grave takes a passkey: who came with a provider has no code, and is told to enrol one', async () => {
  const browser = running.browser()
  await browser.logIn('corp')
  const made = await browser.post('/tasks', { workflow: 'fix-tests', intent: 'pay' })
  const wipe = { name: 'probe__wipe', arguments: { text: 'x' } }
  const asked = await rawCall(`${gateway.urls.agent}/mcp`, String(made.json['token']), wipe)
  const id = /apr_[0-9a-z]+/.exec(asked.text)?.[0] ?? ''
  const page = await running.browser().get(new URL(`${gateway.urls.admin}/approvals/${id}`))
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

test('R-ID-6: who maintains the gateway sees who came, and unlinks; nobody else', async () => {
  const own = running.browser()
  await own.logIn('corp')
  for (const [path, body] of [
    ['/login/people', {}],
    ['/login/people/unlink', { human: 'bob@acme.example' }],
  ] as const) {
    expect((await own.post(path, body)).json.error?.code).toBe('role_missing')
  }
  const mona = running.browser()
  await mona.post('/login/code', { code: 'the-code-of-mona-0001', key: mona.key.jwk })
  const { people } = (await mona.post('/login/people', {})).json as {
    people: { human: string; known: boolean }[]
  }
  expect(people).toContainEqual(expect.objectContaining({ human: 'ada@acme.example', known: true }))
  expect(people).toContainEqual(
    expect.objectContaining({ human: 'carl@acme.example', adopted: true, provider: 'partner' }),
  )
  expect(people).toContainEqual(expect.objectContaining({ human: 'eve@acme.example', known: false }))
  expect((await mona.post('/login/people/unlink', { human: 'ada@acme.example' })).status).toBe(200)
  expect((await own.post('/login/me', {})).json.error?.code).toBe('login_needed')
  // Another account may be linked with somebody of the file now.
  expect((await mona.post('/login/people/unlink', { human: 'carl@acme.example' })).status).toBe(200)
  expect((await running.browser().logIn('partner')).json).toMatchObject({ human: 'carl@acme.example' })
  expect((await running.records('person.unlinked')).map(({ envelope }) => envelope['actor'])).toEqual([
    'carl@acme.example',
    'ada@acme.example',
  ])
})

test('R-AUD-1: logins, and those that failed, are on record; neither log nor records have the secret or a code', async () => {
  const succeeded = JSON.stringify(await running.records('login.succeeded'))
  expect(succeeded).toContain('"method":"oidc"')
  const failed = JSON.stringify(await running.records('login.failed'))
  expect(failed).toContain('login_refused')
  for (const text of [running.log.join('\n'), succeeded, failed]) expect(text).not.toContain(CLIENT_SECRET)
  expect(running.log.join('\n')).toContain('login_refused')
})
