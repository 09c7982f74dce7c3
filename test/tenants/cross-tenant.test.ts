import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../src/api/routes.ts'
import { NOTIFICATIONS, REQUESTS } from '../../src/mcp/message-table.ts'
import { exportOffline, verifyOffline } from '../../src/server/offline-ledger.ts'
import { filesBelow } from '../support/files-below.ts'
import { forged } from '../support/forge-key.ts'
import { startMarkedUpstream, type MarkedUpstream } from '../support/marked-upstream.ts'
import { startInstallation, type Installation } from '../support/two-tenants.ts'
import { METHOD_CASES, TOKEN_CASES, type MethodCase } from './agent-cases.ts'
import { ask, mcp, type Answer, type Question } from './ask.ts'
import { fillTenant, neverOf, resultOf, type Filled, type Traces } from './fill-tenant.ts'
import { approveInSlack, inSlack, signingSecrets } from './slack-of-tenants.ts'
import { ROUTE_CASES, routeName, type RouteCase } from './route-cases.ts'

const MARKS = { acme: 'mark9acme7f3a', beta: 'mark9beta1c22' } as const
/** What must not be seen of acme; what beta itself asks about, it may find in its own log. */
const ACME = /mark9acme/

const INTROSPECTING = 'a-resource-server-of-beta-which-asks'

let installation: Installation
let upstreams: readonly MarkedUpstream[]
let acme: Filled
let beta: Filled
let never: Traces

beforeAll(async () => {
  upstreams = await Promise.all([startMarkedUpstream(MARKS.acme), startMarkedUpstream(MARKS.beta)])
  const configOf = (name: keyof typeof MARKS, at: number): string => `${inSlack(name)}consent: { hold: 1ms }
servers:
  only-${name}:
    url: ${upstreams[at]?.url ?? ''}
    era: modern
    trust: first-use
    fileSystem: none
    tools:
      run: { actions: [shell.execute], arguments: { text: command } }
      echo: { actions: [issue.read] }
`
  installation = await startInstallation({
    tenants: {
      acme: configOf('acme', 0),
      beta: `${configOf('beta', 1)}oauth: { introspection: { rs: { secret: "secret:rs" } } }\n`,
    },
    environ: { REMIT_TENANT_BETA__SECRET_RS: INTROSPECTING, ...signingSecrets('acme', 'beta') },
  })
  acme = await fillTenant(installation, 'acme', MARKS.acme)
  beta = await fillTenant(installation, 'beta', MARKS.beta)
  never = neverOf(acme.traces)
}, 120_000)

afterAll(async () => {
  await installation.remove()
  for (const each of upstreams) each.close()
})

const admin = (tenant: string): string => installation.urls(tenant).admin
const agent = (tenant: string): string => installation.urls(tenant).agent

/** An answer with what was asked about taken out, so that two of them can be the same. */
function without(answer: Answer, named: string, { server }: Traces): Answer {
  const plain = (text: string): string => text.replaceAll(named, '…').replaceAll(server, '…')
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, plain(value)])
  return { status: answer.status, headers: Object.fromEntries(headers), text: plain(answer.text) }
}

interface Compared {
  /** What beta was answered about things of acme, and whether acme's mark is in it. */
  readonly answers: readonly unknown[]
  /** What it was answered about the same things that never were. */
  readonly expected: readonly unknown[]
}

/** @param names absent = nothing can be named: nothing of acme is expected in the answer. */
async function answersTo(
  names: keyof Traces | readonly (keyof Traces)[] | undefined,
  question: (name: string) => Promise<Answer>,
): Promise<Compared> {
  const answers: unknown[] = []
  const expected: unknown[] = []
  const keep = (to: unknown[], name: string, answer: Answer): void =>
    void to.push({ name, ...steady(answer), marked: ACME.test(JSON.stringify(answer)) })
  if (names === undefined) {
    const answer = await question('')
    keep(answers, '', answer)
    expected.push({ name: '', ...steady(answer), marked: false })
  }
  for (const name of [names ?? []].flat()) {
    const [theirs, none] = [acme.traces[name], never[name]]
    keep(expected, name, without(await question(none), none, never))
    keep(answers, name, without(await question(theirs), theirs, acme.traces))
  }
  return { answers, expected }
}

/** What is new in every answer: ids that are made for it, and times. */
function steady({ status, headers, text }: Answer): Answer {
  const plain = text
    .replaceAll(/\b([a-z]{3})_[0-9a-z]{26}\b/g, '$1_…')
    .replaceAll(/nonce="[^"]+"/g, 'nonce')
    .replaceAll(/(name="remit-now" content=)"\d+"/g, '$1…')
    .replaceAll(/"(token|at|created|expires|granted)":("[\w.-]+"|\d+)/g, '"$1":…')
  const { 'content-security-policy': _, 'mcp-session-id': __, ...rest } = headers
  return { status, headers: rest, text: plain }
}

describe('every route of the admin plane', () => {
  test('R-POL-11: has its case in test/tenants/route-cases.ts', () => {
    expect(Object.keys(ROUTE_CASES).toSorted()).toEqual(ROUTES.map(routeName).toSorted())
  })

  test.each(Object.entries(ROUTE_CASES))('R-POL-11: %s', async (route, { names, path, body }: RouteCase) => {
    const [kind = '', pattern = ''] = route.split(' ')
    const question = (name: string): Promise<Answer> =>
      ask({
        method: kind === 'PAGE' ? 'GET' : kind,
        url: `${admin('beta')}${path?.(name) ?? pattern}`,
        ...(kind === 'PAGE'
          ? { headers: { accept: 'text/html' } }
          : { credential: installation.code('beta') }),
        ...(body === undefined ? {} : { body: body(name) }),
      })
    const before = await whatIsThere('acme')
    const { answers, expected } = await answersTo(names, question)
    expect(answers).toEqual(expected)
    expect(await whatIsThere('acme')).toEqual(before)
  })

  test('R-POL-11: takes no credential of another tenant, and says the same to it as to one of nobody', async () => {
    const stored = readFileSync(join(installation.stateOf('beta'), 'local-credential'), 'utf8').trim()
    for (const route of ROUTES) {
      if (route.who.includes('anyone')) continue
      const question = (credential: string): Promise<Answer> =>
        ask({
          method: route.method,
          url: `${admin('acme')}${route.path.replaceAll(/:\w+/g, acme.traces.task)}`,
          credential,
          ...(route.method === 'POST' ? { body: {} } : {}),
        })
      const seconds = (answer: Answer): Answer => ({
        ...answer,
        text: answer.text.replaceAll(/\d+ s/g, '… s'),
      })
      const refused = seconds(await question('nobody:has-this-code-0001'))
      expect(refused.status).toBe(401)
      for (const credential of [installation.code('beta'), stored, beta.token, acme.token]) {
        const { status, text } = seconds(await question(credential))
        expect({ status, text: text.includes('credential_invalid') }).toEqual({ status: 401, text: true })
      }
    }
    // Guessing at one tenant keeps nobody of it out, and is not noticed at another one.
    for (const tenant of ['acme', 'beta']) {
      const url = `${admin(tenant)}/tasks`
      expect((await ask({ method: 'GET', url, credential: installation.code(tenant) })).status).toBe(200)
    }
  })
})

/** What people of a tenant see of it. */
async function whatIsThere(tenant: string): Promise<readonly unknown[]> {
  const paths = [
    '/tasks',
    '/approvals',
    '/grants',
    '/halts',
    '/glass',
    '/secrets',
    '/servers/review',
    '/policy/pending',
    '/keys',
  ]
  return Promise.all(
    paths.map(async (path) => {
      const url = `${admin(tenant)}${path}`
      const { status, text } = await ask({ method: 'GET', url, credential: installation.code(tenant) })
      expect(status).toBe(200)
      return JSON.parse(text) as unknown
    }),
  )
}

describe('every method of MCP', () => {
  test('R-POL-11: has its cases in test/tenants/agent-cases.ts', () => {
    const known = [...Object.keys(REQUESTS), ...Object.keys(NOTIFICATIONS)]
    expect(Object.keys(METHOD_CASES).toSorted()).toEqual(known.toSorted())
  })

  const cases = Object.entries(METHOD_CASES).flatMap(([method, each]) =>
    each.map((one) => [method, one.names ?? 'nothing', one] as const),
  )
  test.each(cases)('R-POL-11: %s about %s of another tenant', async (method, _names, one: MethodCase) => {
    const session =
      one.era === 'legacy' && method !== 'initialize' ? { 'mcp-session-id': beta.traces.session } : {}
    const question = (name: string): Promise<Answer> =>
      ask({
        url: `${agent('beta')}/mcp`,
        credential: beta.token,
        ...mcp(one.era, method, one.params?.(name, beta.traces) ?? {}, session),
      })
    const { answers, expected } = await answersTo(one.names, question)
    expect(answers).toEqual(expected)
  })
})

describe('the agent plane', () => {
  const list = mcp('modern', 'tools/list', {})

  test('R-POL-11: a token is good at its own tenant alone, whichever path it is brought to', async () => {
    const at = (tenant: string, path: string, credential: string, question: Partial<Question> = list) =>
      ask({ method: 'POST', url: `${agent(tenant)}${path}`, credential, ...question })
    expect((await at('acme', '/mcp', acme.token)).status).toBe(200)
    expect((await at('acme', '/mcp', acme.accessToken)).status).toBe(200)
    for (const token of [acme.token, acme.accessToken]) {
      for (const tenant of ['beta', 'home']) {
        const never = forged(token)
        for (const path of ['/mcp', ...(tenant === 'beta' ? ['/mcp/only-beta'] : [])]) {
          const refused = await at(tenant, path, token)
          expect(refused).toEqual(await at(tenant, path, never))
          expect(refused.status).toBe(401)
          expect(refused.text).not.toMatch(ACME)
        }
        for (const [path, body] of Object.entries(TOKEN_CASES)) {
          const told = await at(tenant, path, token, { body })
          expect(told).toEqual({ ...(await at(tenant, path, never, { body })), status: 401 })
        }
      }
    }
  })

  test('R-POL-11: a session of another tenant is one that never was', async () => {
    for (const method of ['POST', 'GET', 'DELETE']) {
      const { answers, expected } = await answersTo('session', (session) =>
        ask({
          url: `${agent('beta')}/mcp`,
          credential: beta.token,
          ...mcp('legacy', 'ping', {}, { 'mcp-session-id': session, 'last-event-id': '1' }),
          ...(method === 'POST' ? {} : { method, body: undefined }),
        }),
      )
      expect(answers).toEqual(expected)
      expect(answers).toMatchObject([{ status: 404 }])
    }
    const alive = mcp('legacy', 'ping', {}, { 'mcp-session-id': acme.traces.session })
    expect((await ask({ url: `${agent('acme')}/mcp`, credential: acme.token, ...alive })).status).toBe(200)
  })

  test('R-POL-11: a server of another tenant has no endpoint and no metadata', async () => {
    for (const path of ['/mcp/:', '/.well-known/oauth-protected-resource/mcp/:']) {
      const { answers, expected } = await answersTo('server', (server) =>
        ask({ method: 'GET', url: `${agent('beta')}${path.replace(':', server)}`, credential: beta.token }),
      )
      expect(answers).toEqual(expected)
      expect(answers).toMatchObject([{ status: 404 }])
    }
  })

  test('R-POL-11: each tenant is an issuer of its own, whose metadata say so', async () => {
    const { origin } = new URL(agent('acme'))
    for (const tenant of ['acme', 'beta']) {
      const read = async (path: string): Promise<unknown> =>
        JSON.parse((await ask({ method: 'GET', url: `${origin}${path}` })).text) as unknown
      const issuer = `${origin}/t/${tenant}`
      for (const path of [
        `/.well-known/oauth-authorization-server/t/${tenant}`,
        `/t/${tenant}/.well-known/openid-configuration`,
      ])
        expect(await read(path)).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth/token` })
      expect(await read(`/.well-known/oauth-protected-resource/t/${tenant}/mcp`)).toMatchObject({
        resource: `${issuer}/mcp`,
        authorization_servers: [issuer],
      })
    }
    const keys = await Promise.all(['acme', 'beta'].map((tenant) => jwks(tenant)))
    expect(keys[0]).not.toEqual(keys[1])
  })

  test('R-POL-11: codes, refresh tokens, device codes and clients of another tenant were never given', async () => {
    const form = (path: string, fields: Record<string, string>): Promise<Answer> =>
      ask({ method: 'POST', url: `${agent('beta')}${path}`, body: new URLSearchParams(fields) })
    const token = (fields: Record<string, string>): Promise<Answer> => form('/oauth/token', fields)
    const { client, deviceClient } = beta.traces
    const redirect_uri = 'http://127.0.0.1:33418/callback'
    const code_verifier = 'v'.repeat(43)
    const compare = async (
      name: keyof Traces,
      question: (name: string) => Promise<Answer>,
    ): Promise<void> => {
      const { answers, expected } = await answersTo(name, question)
      expect(answers).toEqual(expected)
      expect(answers).not.toMatchObject([{ status: 500 }])
    }
    await compare('code', (code) =>
      token({ grant_type: 'authorization_code', code, client_id: client, redirect_uri, code_verifier }),
    )
    await compare('refresh', (refresh_token) =>
      token({ grant_type: 'refresh_token', refresh_token, client_id: client }),
    )
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    await compare('deviceCode', (device_code) => token({ grant_type, device_code, client_id: deviceClient }))
    await compare('client', (client_id) =>
      token({ grant_type: 'refresh_token', refresh_token: 'x', client_id }),
    )
    await compare('refresh', (one) => form('/oauth/revoke', { token: one, client_id: client }))
    const given = {
      response_type: 'code',
      redirect_uri,
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
    }
    await compare('client', (client_id) =>
      ask({
        method: 'GET',
        url: `${agent('beta')}/oauth/authorize?${new URLSearchParams({ ...given, client_id }).toString()}`,
      }),
    )
    await compare('interaction', (uid) =>
      ask({ method: 'GET', url: `${agent('beta')}/oauth/authorize/${uid}?handoff=x` }),
    )
    await compare('interaction', (uid) => ask({ method: 'GET', url: `${admin('beta')}/delegate/${uid}` }))
    const asked = (tenant: string, token: string): Promise<Answer> =>
      ask({
        method: 'POST',
        url: `${agent(tenant)}/oauth/introspect`,
        headers: { authorization: `Basic ${Buffer.from(`rs:${INTROSPECTING}`).toString('base64')}` },
        body: new URLSearchParams({ token }),
      })
    expect((await asked('beta', beta.accessToken)).text).toContain('"active":true')
    for (const token of [acme.accessToken, acme.token]) {
      expect(await asked('beta', token)).toEqual(await asked('beta', forged(token)))
    }
    expect((await asked('acme', acme.accessToken)).status).toBe(404)
    // It still works where it belongs.
    const own = {
      grant_type: 'refresh_token',
      refresh_token: acme.traces.refresh,
      client_id: acme.verifier.refresh,
    }
    const url = `${agent('acme')}/oauth/token`
    expect((await ask({ method: 'POST', url, body: new URLSearchParams(own) })).status).toBe(200)
  })
})

async function jwks(tenant: string): Promise<unknown> {
  return JSON.parse((await ask({ method: 'GET', url: `${agent(tenant)}/oauth/jwks` })).text) as unknown
}

describe('what is left behind', () => {
  test('R-POL-11: nothing of one tenant is in metrics, log, files, records or export of another one', async () => {
    const metrics = await ask({
      method: 'GET',
      url: `${admin('beta')}/metrics`,
      credential: installation.code('beta'),
    })
    expect(metrics.text).toContain('remit_decisions_total{tenant="beta",effect="allow"}')
    expect(metrics.text).not.toMatch(ACME)
    const lines = installation.log.filter(({ fields }) => fields['tenant'] === 'beta')
    expect(lines.length).toBeGreaterThan(0)
    expect(JSON.stringify(lines)).not.toMatch(ACME)
    const marked = filesBelow(installation.stateOf('beta')).filter((path) =>
      ACME.test(readFileSync(path, 'latin1')),
    )
    expect(marked).toEqual([])
    let exported = ''
    const where = { environ: {}, cwd: installation.folder, tenant: 'beta' }
    for await (const line of exportOffline(where)) exported += line
    expect(exported).toContain(MARKS.beta)
    expect(ACME.test(exported)).toBe(false)
  })

  test('R-POL-11, R-AUD-2: each ledger has its own chain and key, and all of them hold', async () => {
    const report = await verifyOffline({ environ: {}, cwd: installation.folder })
    expect(report).toMatchObject({ ok: true, findings: [] })
    expect(report.tenants.map(({ tenant }) => tenant).toSorted()).toEqual(['acme', 'beta', 'home'])
    expect(report.tenants.every(({ checkpoints }) => checkpoints > 0)).toBe(true)
    const keys = ['home', 'acme', 'beta'].map((tenant) =>
      readFileSync(join(installation.stateOf(tenant), 'keys', 'checkpoint.pem'), 'utf8'),
    )
    expect(new Set(keys).size).toBe(3)
  })

  test('R-POL-11: what acme had works for acme as before', async () => {
    const call = mcp('modern', 'tools/call', { name: acme.traces.toolName, arguments: { text: 'again' } })
    const { text } = await ask({ url: `${agent('acme')}/mcp`, credential: acme.token, ...call })
    expect(JSON.stringify(resultOf(text))).toContain(`done by ${MARKS.acme}`)
  })
})

test('R-POL-11, R-CON-4: Slack of one tenant answers nothing of another one', async () => {
  const { approval } = acme.traces
  const question = { method: 'GET', url: `${admin('acme')}/approvals/${approval}` } as const
  const shown = async () => (await ask({ ...question, credential: installation.code('acme') })).text
  expect(await approveInSlack(admin('beta'), 'acme', approval)).toBe(401)
  expect(await approveInSlack(admin('home'), 'acme', approval)).toBe(404)
  expect(await approveInSlack(admin('beta'), 'beta', approval)).toBe(200)
  expect(await shown()).toContain('"state":"pending"')
  expect(await approveInSlack(admin('acme'), 'acme', approval)).toBe(200)
  expect(await shown()).toMatch(/"state":"granted".*"human":"acme-mona".*"channel":"slack"/)
})
