import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CookieBrowser } from '../support/cookie-browser.ts'
import { DELEGATE, OAuthFlow } from '../support/oauth-flow.ts'
import { realServers } from '../support/real-servers.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { answerDevice, askForDevice, pollDevice, typeCode } from '../support/device-flow.ts'

let gateway: RunningGateway
let base: string
let flow: OAuthFlow

beforeAll(async () => {
  gateway = await startGateway({ config: realServers })
  base = new URL(gateway.agentUrl).origin
  flow = new OAuthFlow(base)
}, 240_000)

afterAll(() => gateway.remove())

test('R-ID-4: a terminal gets the task that a human delegates to the code that it shows, once', async () => {
  const asked = await askForDevice(flow, { client_name: 'Terminal agent' })
  expect(asked).toMatchObject({
    status: 200,
    verification_uri: `${gateway.adminUrl}/device`,
    interval: 5,
    user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
  })
  expect(asked).not.toHaveProperty('verification_uri_complete')
  expect(await pollDevice(flow, asked)).toMatchObject({ status: 400, error: 'authorization_pending' })
  expect(await pollDevice(flow, asked)).toMatchObject({ status: 400, error: 'slow_down' })
  const { browser, form } = await typeCode(gateway, asked.user_code.toLowerCase().replace('-', ' '))
  expect(form.text).toContain(asked.user_code)
  expect(form.text).toContain('“Terminal agent”')
  expect(form.text).toMatch(/Only go on if you see this code on your own terminal/)
  expect((await browser.submit(form, DELEGATE)).text).toContain('look at your own terminal')
  const done = await browser.submit(form, { ...DELEGATE, seen: 'yes', 'scope.tools': 'filesystem__read_*' })
  expect(done.text).toContain('Go back to your terminal')
  expect((await browser.submit(form, { ...DELEGATE, seen: 'yes' })).status).toBe(409)
  const tokens = await pollDevice(flow, asked)
  expect(tokens.status).toBe(200)
  const claims = decodeJwt(tokens.access_token ?? '')
  expect(claims).toMatchObject({ iss: base, aud: gateway.agentUrl, sub: 'mona', scope: 'mcp' })
  const { stdout } = gateway.remit(['task', 'show', String(claims['txn']), '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    task: { origin: 'human-session', scope: { tools: ['filesystem__read_*'] } },
  })
  expect((await flow.call(tokens.access_token)).status).toBe(200)
  const refreshed = await flow.token({
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token ?? '',
    client_id: asked.client_id,
  })
  expect(refreshed.status).toBe(200)
  expect(await pollDevice(flow, asked)).toMatchObject({ status: 400, error: 'invalid_grant' })
  expect((await flow.call(refreshed.access_token)).status).toBe(401)
})

test('R-ID-4: a refusal reaches the terminal, and makes no task', async () => {
  const asked = await askForDevice(flow)
  const before = gateway.remit(['task', 'list', '--json']).stdout
  const { browser, form } = await typeCode(gateway, asked.user_code)
  expect((await browser.submit(form, { action: 'refuse' })).text).toContain('Nothing was given')
  expect(await pollDevice(flow, asked)).toMatchObject({ status: 400, error: 'access_denied' })
  expect(gateway.remit(['task', 'list', '--json']).stdout).toBe(before)
  expect((await typeCode(gateway, asked.user_code)).form.text).toContain('no terminal waits')
})

test('R-SEC-1: of many answers to one code one counts, whoever typed it how often', async () => {
  const asked = await askForDevice(flow)
  const first = await typeCode(gateway, asked.user_code)
  const second = await typeCode(gateway, asked.user_code)
  const answers = await Promise.all(
    [first, second, first].map(({ browser, form }) => browser.submit(form, { ...DELEGATE, seen: 'yes' })),
  )
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409])
  expect((await pollDevice(flow, asked)).status).toBe(200)
})

test('R-SEC-1: device phishing: a link is no way around typing the code, nor is another client’s use of it', async () => {
  const asked = await askForDevice(flow)
  const { form } = await typeCode(gateway, asked.user_code)
  const victim = new CookieBrowser('none:')
  expect((await victim.go(form.url)).status).toBe(409)
  const prefilled = await victim.go(`${gateway.adminUrl}/device?user_code=${asked.user_code}`)
  expect(prefilled.text).not.toContain(asked.user_code)
  expect((await victim.go(`${base}/oauth/device/none?user_code=${asked.user_code}`)).status).toBe(404)
  await answerDevice(gateway, asked.user_code)
  const other = await askForDevice(flow)
  expect(await pollDevice(flow, { ...asked, client_id: other.client_id })).toMatchObject({
    error: 'invalid_grant',
  })
  expect((await pollDevice(flow, asked)).status).toBe(200)
})

test('R-SEC-1: codes are typed by people who proved who they are, from this page, and guesses are counted', async () => {
  const asked = await askForDevice(flow)
  const browser = new CookieBrowser('none:')
  const page = await browser.go(`${gateway.adminUrl}/device`)
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
  const unknown = await browser.submit(page, { action: 'enter', user_code: asked.user_code })
  expect(unknown.status).toBe(401)
  const form = await browser.submit(page, { action: 'login', code: APPROVER_CODE })
  const enter = (user_code: string, headers: Record<string, string> = {}) =>
    browser.submit(form, { action: 'enter', user_code }, headers)
  const unsigned = { action: 'enter', user_code: asked.user_code }
  expect((await browser.submit(form, unsigned, { signature: '' })).status).toBe(401)
  expect((await enter(asked.user_code, { origin: 'http://localhost:3000' })).status).toBe(403)
  for (let guess = 0; guess < 10; guess += 1) await enter('BBBB-BBBB')
  expect((await enter(asked.user_code)).text).toContain('too many wrong codes')
})

test('R-ID-4: only a client that says so uses the device flow', async () => {
  const { client_id } = await flow.register()
  expect(await askForDevice(flow, {}, client_id)).toMatchObject({ status: 400, error: 'invalid_request' })
})
