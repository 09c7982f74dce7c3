import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromium } from 'playwright-core'
import { findProgram } from '../support/required-programs.ts'
import { CookieBrowser, type Seen } from '../support/cookie-browser.ts'
import { CALLBACK, OAuthAgent } from '../support/oauth-agent.ts'
import { DELEGATE, OAuthFlow, type TokenAnswer } from '../support/oauth-flow.ts'
import { fillWorkspace, realServers } from '../support/real-servers.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

let gateway: RunningGateway
let base: string
let flow: OAuthFlow

beforeAll(async () => {
  gateway = await startGateway({ config: realServers })
  fillWorkspace(gateway.workspace)
  base = new URL(gateway.agentUrl).origin
  flow = new OAuthFlow(base)
}, 240_000)

afterAll(() => gateway.remove())

async function toForm(browser: CookieBrowser, url: string | URL): Promise<Seen> {
  const login = await browser.go(url)
  return browser.submit(login, { action: 'login', code: APPROVER_CODE })
}

const authorize: OAuthFlow['authorize'] = (...given) => flow.authorize(...given)
const register: OAuthFlow['register'] = (...given) => flow.register(...given)
const token: OAuthFlow['token'] = (fields) => flow.token(fields)
const call: OAuthFlow['call'] = (...given) => flow.call(...given)

async function delegated(): Promise<{ readonly tokens: TokenAnswer; readonly client_id: string }> {
  const { send, redeem, client_id } = await authorize()
  const code = (await send())?.searchParams.get('code') ?? ''
  return { tokens: await redeem(code), client_id }
}

test('R-ID-4: an agent with nothing but a URL gets the task that a human made for it', async () => {
  const agent = new OAuthAgent('Some <b>Agent</b>')
  const transport = await agent.dial(gateway.agentUrl)
  const browser = new CookieBrowser(CALLBACK)
  const form = await toForm(browser, agent.wants ?? '')
  expect(form.url.origin).toBe(gateway.adminUrl)
  expect(form.text).toContain('“Some &lt;b&gt;Agent&lt;/b&gt;”')
  expect(form.text).toContain(new URL(CALLBACK).host)
  await browser.submit(form, {
    ...DELEGATE,
    'scope.tools': 'filesystem__read_*',
    lifetime: '30',
    'budget.calls': '9',
  })
  await transport.finishAuth(browser.called?.searchParams ?? new URLSearchParams())
  const client = await agent.connect(gateway.agentUrl)
  const { tools } = await client.listTools()
  expect(tools.length).toBeGreaterThan(0)
  expect(tools.filter(({ name }) => !name.startsWith('filesystem__read_'))).toEqual([])
  await client.close()
  const access = agent.kept?.access_token ?? ''
  expect(decodeProtectedHeader(access)).toMatchObject({ typ: 'at+jwt', alg: 'EdDSA' })
  const claims = decodeJwt(access)
  expect(claims).toMatchObject({ iss: base, aud: gateway.agentUrl, sub: 'mona', scope: 'mcp' })
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(600)
  const tasks = gateway.remit(['task', 'list', '--json'])
  const task = (JSON.parse(tasks.stdout) as { tasks: { id: string }[] }).tasks.find(
    ({ id }) => id === claims['txn'],
  )
  expect(task).toMatchObject({
    human: 'mona',
    intent: 'mend the build',
    origin: 'human-session',
    budget: { calls: 9 },
    scope: { tools: ['filesystem__read_*'] },
  })
})

test('R-ID-4: each endpoint describes itself and names the issuer, whose metadata says what clients look for', async () => {
  for (const path of ['/mcp', '/mcp/filesystem']) {
    const refused = await call(undefined, path)
    const where =
      /resource_metadata="([^"]+)", scope="mcp"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ??
      ''
    expect(where).toBe(`${base}/.well-known/oauth-protected-resource${path}`)
    const metadata = (await (await fetch(where)).json()) as object
    expect(metadata).toMatchObject({
      resource: `${base}${path}`,
      authorization_servers: [base],
      scopes_supported: ['mcp'],
    })
  }
  expect((await fetch(`${base}/.well-known/oauth-protected-resource/mcp/nowhere`)).status).toBe(404)
  const server = (await (await fetch(`${base}/.well-known/oauth-authorization-server`)).json()) as object
  expect(server).toMatchObject({
    issuer: base,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    token_endpoint_auth_methods_supported: ['none'],
    grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token']),
    registration_endpoint: `${base}/oauth/register`,
    revocation_endpoint: `${base}/oauth/revoke`,
  })
})

test('R-ID-4: mix-up: the answer names its issuer, and carries the client’s state', async () => {
  const { send } = await authorize()
  const called = await send()
  expect(called?.searchParams.get('iss')).toBe(base)
  expect(called?.searchParams.get('state')).toBe('abc')
})

test('R-ID-4: a refusal reaches the client, and makes no task', async () => {
  const { browser, first } = await authorize()
  const form = await browser.submit(first, { action: 'login', code: APPROVER_CODE })
  const before = gateway.remit(['task', 'list', '--json']).stdout
  await browser.submit(form, { action: 'refuse' })
  expect(browser.called?.searchParams.get('error')).toBe('access_denied')
  expect(browser.called?.searchParams.get('iss')).toBe(base)
  expect(gateway.remit(['task', 'list', '--json']).stdout).toBe(before)
})

test('R-ID-4: code replay: the second use fails and ends what the first one got', async () => {
  const { send, redeem } = await authorize()
  const code = (await send())?.searchParams.get('code') ?? ''
  const first = await redeem(code)
  expect((await call(first.access_token ?? '')).status).toBe(200)
  expect(await redeem(code)).toMatchObject({ status: 400, error: 'invalid_grant' })
  expect((await call(first.access_token ?? '')).status).toBe(401)
})

test('R-ID-4: code double redemption: of many at once at most one gets a token, and it is not good for long', async () => {
  const { send, redeem } = await authorize()
  const code = (await send())?.searchParams.get('code') ?? ''
  const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(code)))
  const got = answers.flatMap(({ access_token: access }) => (access === undefined ? [] : [access]))
  expect(got.length).toBeLessThanOrEqual(1)
  for (const access of got) expect((await call(access)).status).toBe(401)
})

test('R-ID-4: refresh reuse: tokens rotate, and a used one ends the whole family and its task', async () => {
  const { tokens, client_id } = await delegated()
  const refresh = (refresh_token = '') => token({ grant_type: 'refresh_token', refresh_token, client_id })
  const second = await refresh(tokens.refresh_token)
  expect(second).toMatchObject({
    status: 200,
    refresh_token: expect.not.stringMatching(tokens.refresh_token ?? ''),
  })
  expect((await call(second.access_token ?? '')).status).toBe(200)
  expect(await refresh(tokens.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' })
  expect((await call(second.access_token ?? '')).status).toBe(401)
  expect(await refresh(second.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' })
})

test('R-ID-3: a revoked task gets no token any more, and its access token ends with the next call', async () => {
  const { tokens, client_id } = await delegated()
  const access = tokens.access_token ?? ''
  expect((await call(access)).status).toBe(200)
  gateway.remit(['task', 'revoke', String(decodeJwt(access)['txn']), '--reason', 'enough'])
  expect((await call(access)).status).toBe(401)
  const again = await token({
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token ?? '',
    client_id,
  })
  expect(again).toMatchObject({ status: 400, error: 'invalid_grant' })
})

test('R-ID-4: a token that its client gives back ends the task', async () => {
  const { tokens, client_id } = await delegated()
  await fetch(`${base}/oauth/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token: tokens.refresh_token ?? '', client_id }),
  })
  expect((await call(tokens.access_token ?? '')).status).toBe(401)
})

test('R-ID-4: what one browser delegates to a client again leaves what it delegated before', async () => {
  const first = await authorize()
  const code = (await first.send())?.searchParams.get('code') ?? ''
  const kept = await first.redeem(code)
  const again = await first.browser.go(first.url)
  await first.browser.submit(again, DELEGATE)
  expect(first.browser.called?.searchParams.get('code')).not.toBe(code)
  const refreshed = await token({
    grant_type: 'refresh_token',
    refresh_token: kept.refresh_token ?? '',
    client_id: first.client_id,
  })
  expect(refreshed).toMatchObject({ status: 200 })
})

test('R-ID-4: PKCE with S256 is required, and a code is good with its verifier, client and address only', async () => {
  for (const change of [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: 'plain' },
  ]) {
    const { browser } = await authorize(change)
    expect(browser.called?.searchParams.get('error')).toBe('invalid_request')
  }
  const other = await register()
  for (const more of [
    { code_verifier: 'x'.repeat(43) },
    { client_id: other.client_id },
    { redirect_uri: `${CALLBACK}/x` },
  ]) {
    const { send, redeem } = await authorize()
    const code = (await send())?.searchParams.get('code') ?? ''
    expect(await redeem(code, more)).toMatchObject({ status: 400, error: 'invalid_grant' })
  }
})

test.each([
  'https://evil.example/cb',
  `${CALLBACK}/../x`,
  `${CALLBACK}?x=1`,
  'http://127.0.0.1.evil.example/callback',
  'javascript:alert(1)',
])('R-ID-4: redirect tricks: `%s` is not called', async (redirect_uri) => {
  const { browser, first } = await authorize({ redirect_uri })
  expect(browser.called).toBeUndefined()
  expect(first).toMatchObject({ status: 400 })
  expect(first.url.origin).toBe(base)
})

test('R-ID-4: wrong audience: no token for another resource', async () => {
  const { browser } = await authorize({ resource: 'https://elsewhere.example/mcp' })
  expect(browser.called?.searchParams.get('error')).toBe('invalid_target')
})

test('R-ID-4: a token by another key, without a signature, of another algorithm, with its own key or in a query is refused', async () => {
  const { tokens } = await delegated()
  const genuine = tokens.access_token ?? ''
  const claims = decodeJwt(genuine)
  const header = decodeProtectedHeader(genuine) as { alg: string; typ: string; kid: string }
  const { privateKey } = generateKeyPairSync('ed25519')
  const jwks = (await (await fetch(`${base}/oauth/jwks`)).json()) as { keys: { x: string; d?: string }[] }
  expect(jwks.keys[0]).not.toHaveProperty('d')
  const forged = await Promise.all([
    new SignJWT(claims).setProtectedHeader(header).sign(privateKey),
    Promise.resolve(new UnsecuredJWT(claims).encode()),
    new SignJWT(claims)
      .setProtectedHeader({ ...header, alg: 'HS256' })
      .sign(Buffer.from(jwks.keys[0]?.x ?? '', 'base64url')),
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } })
      .sign(privateKey),
  ])
  for (const token of forged) expect((await call(token)).status).toBe(401)
  expect((await call(undefined, `/mcp?access_token=${genuine}`)).status).toBe(401)
  expect((await call(genuine)).status).toBe(200)
})

test('R-SEC-1: consent phishing: an answer is good only in the browser in which the request began', async () => {
  const { browser: victim, url } = await authorize()
  const attacker = new CookieBrowser(CALLBACK)
  const page = await attacker.go(url)
  const form = await toForm(victim, page.url)
  const sent = await victim.submit(form, DELEGATE)
  expect(victim.called).toBeUndefined()
  expect(sent.status).toBe(400)
  const resumed = await attacker.go(`${base}${sent.url.pathname}`)
  expect(attacker.called).toBeUndefined()
  expect(resumed.status).toBe(400)
})

test('R-SEC-1: an answer is given once, and a handoff is good once', async () => {
  const { browser, first } = await authorize()
  const form = await browser.submit(first, { action: 'login', code: APPROVER_CODE })
  const answers = await Promise.all([browser.submit(form, DELEGATE), browser.submit(form, DELEGATE)])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([0, 409])
})

test('R-SEC-1: only a proved human delegates: no code, a wrong one, the stored one, and no foreign form', async () => {
  const { browser, first } = await authorize()
  expect(first.text).not.toContain('fix-tests')
  const bad = await browser.submit(first, { action: 'login', code: 'not-the-code-of-anybody' })
  expect(bad.status).toBe(401)
  expect((await browser.submit(first, DELEGATE)).status).toBe(401)
  const form = await browser.submit(first, { action: 'login', code: APPROVER_CODE })
  expect((await browser.submit(form, { ...DELEGATE, code: '' })).status).toBe(403)
  expect((await browser.submit(form, { ...DELEGATE, code: 'not-the-code-of-anybody' })).status).toBe(401)
  expect((await browser.submit(form, DELEGATE, { signature: '' })).status).toBe(401)
  expect((await browser.submit(form, DELEGATE, { origin: 'http://localhost:3000' })).status).toBe(403)
  expect((await browser.submit(form, DELEGATE, { origin: 'null' })).status).toBe(403)
  expect(browser.called).toBeUndefined()
})

test('R-SEC-1: the page cannot be framed, loads only its own scripts, and its session is for itself only', async () => {
  const { browser, first } = await authorize()
  expect(first.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
  expect(first.headers.get('x-frame-options')).toBe('DENY')
  const scripts = first.text.match(/<(script|link)[^>]*>/g) ?? []
  expect(scripts.length).toBeGreaterThan(1)
  for (const script of scripts)
    expect(script).toMatch(/"\/pages\/[\w-]+\.js" integrity="sha384-[^"]+" nonce="/)
  const login = await browser.logIn(first, APPROVER_CODE)
  expect(login.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/)
})

test('R-ID-2: what goes beyond the workflow is refused with words for the form', async () => {
  const { browser, first } = await authorize()
  const form = await browser.submit(first, { action: 'login', code: APPROVER_CODE })
  const again = await browser.submit(form, { ...DELEGATE, lifetime: '999999', intent: 'a "quoted" intent' })
  expect(again.status).toBe(400)
  expect(again.text).toContain('"code":"scope_wider"')
})

test('R-ID-4: a lookalike client is shown as what it is: its name a claim, and nothing proved', async () => {
  const { client_id, status } = await register({ client_name: 'Claude Code\u202E' })
  expect(status).toBe(201)
  const { first } = await authorize({ client_id })
  expect(first.text).toContain('“Claude Code”')
  expect(first.text).toMatch(/that\s+is\s+its\s+own\s+claim/)
  expect(first.text).toMatch(/nothing\s+about\s+it\s+is\s+proved/)
  expect(first.text).toMatch(/Any\s+program\s+on\s+it\s+can\s+claim/)
})

test('R-SEC-1: a client’s document is fetched from public places only', async () => {
  for (const client_id of [
    `https://127.0.0.1:${new URL(base).port}/c`,
    'https://169.254.169.254/c',
    'https://localhost/c',
  ]) {
    const { first } = await authorize({ client_id })
    expect(first.status).toBe(400)
    expect(first.text).toContain('invalid_client')
  }
})

const program = findProgram('chromium')

test.skipIf(program === undefined)(
  'R-ID-4: in a real browser a human logs in, delegates, and the agent is called, with nothing refused by the page’s policy',
  async () => {
    const listener = createServer((_request, response) => {
      response.end('back at the agent')
    })
    await new Promise<void>((resolve) => {
      listener.listen(0, '127.0.0.1', resolve)
    })
    const callback = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/callback`
    const agent = new OAuthAgent('Browser agent', callback)
    const transport = await agent.dial(`${base}/mcp/filesystem`)
    const browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      const said: string[] = []
      page.on('console', (message) => said.push(message.text()))
      await page.goto(agent.wants?.href ?? '')
      await page.fill('#code', APPROVER_CODE)
      await page.click('#code-form button')
      await page.fill('#intent', 'look at the files')
      await page.fill('#code', APPROVER_CODE)
      await page.click('button[value=delegate]')
      await page.waitForURL(`${callback}**`)
      expect(said.filter((line) => /polic|refus|violat|error/i.test(line))).toEqual([])
      await transport.finishAuth(new URL(page.url()).searchParams)
    } finally {
      await browser.close()
      listener.close()
    }
    const client = await agent.connect(`${base}/mcp/filesystem`)
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('read_text_file')
    await client.close()
  },
  60_000,
)
