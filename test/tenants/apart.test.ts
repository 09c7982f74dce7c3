import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/cli/run-command.ts'
import { CookieBrowser, type Seen } from '../support/cookie-browser.ts'
import { askForDevice } from '../support/device-flow.ts'
import { CALLBACK, OAuthAgent } from '../support/oauth-agent.ts'
import { OAuthFlow } from '../support/oauth-flow.ts'
import { codeOf, startInstallation, tenantOf, type Installation } from '../support/two-tenants.ts'
import { startMarkedUpstream, type MarkedUpstream } from '../support/marked-upstream.ts'
import { ask, mcp, type Answer } from './ask.ts'

let installation: Installation
let upstream: MarkedUpstream

beforeAll(async () => {
  upstream = await startMarkedUpstream('shared')
  const servers = `servers:\n  work: { url: "${upstream.url}", era: modern, trust: first-use, fileSystem: none }\n`
  installation = await startInstallation({
    tenants: {
      acme: `${tenantOf('acme')}${servers}`,
      beta: `${tenantOf('beta')}${servers}`,
      hosted: tenantOf('hosted'),
      broken: `${tenantOf('broken')}servers: { work: { sandbox: 1 } }\n`,
    },
    entries: { hosted: ', publicUrl: "http://hosted.localhost", adminUrl: "http://hosted-admin.localhost"' },
  })
}, 120_000)

afterAll(async () => {
  await installation.remove()
  upstream.close()
})

interface Ran {
  readonly status: number
  readonly out: string
  readonly err: string
}

async function remit(args: readonly string[], environ: Record<string, string> = {}): Promise<Ran> {
  let [out, err] = ['', '']
  const status = await runCommand(args, {
    environ,
    cwd: installation.folder,
    out: (text) => (out += text),
    err: (text) => (err += text),
    colour: false,
    stopped: new AbortController().signal,
  })
  return { status, out, err }
}

async function tokenOf(tenant: string): Promise<string> {
  const made = await remit([
    'task',
    'create',
    '--workflow',
    'code',
    '--intent',
    'x',
    '--json',
    '--tenant',
    tenant,
  ])
  return (JSON.parse(made.out) as { token: string }).token
}

function listTools(tenant: string, credential: string): Promise<Answer> {
  return ask({
    url: `${installation.urls(tenant).agent}/mcp`,
    credential,
    ...mcp('modern', 'tools/list', {}),
  })
}

interface Status {
  readonly tenant: string
  readonly policy: { readonly hash: string }
  readonly servers: readonly { readonly key: string }[]
}

async function statusOf(tenant: string): Promise<Status> {
  return JSON.parse((await remit(['status', '--json', '--tenant', tenant])).out) as Status
}

test('R-API-1, R-POL-11: each tenant is a decision point of its own for applications', async () => {
  const { agent } = installation.urls('acme')
  const found = await fetch(new URL('/.well-known/authzen-configuration/t/acme', agent))
  expect(await found.json()).toMatchObject({
    policy_decision_point: agent,
    access_evaluation_endpoint: `${agent}/access/v1/evaluation`,
  })
  const body = {
    subject: { type: 'task', id: 'self' },
    action: { name: 'data.read' },
    resource: { type: 'Record', id: 'one' },
  }
  const url = `${agent}/access/v1/evaluation`
  const { text } = await ask({ method: 'POST', url, credential: await tokenOf('acme'), body })
  expect(JSON.parse(text)).toMatchObject({ decision: true })
})

describe('commands', () => {
  test('R-POL-11: `--tenant` and REMIT_TENANT say whose gateway is meant', async () => {
    expect((await statusOf('acme')).tenant).toBe('acme')
    expect((await statusOf('home')).tenant).toBe('home')
    const status = async (args: readonly string[], environ = {}): Promise<unknown> =>
      (JSON.parse((await remit(['status', '--json', ...args], environ)).out) as Status).tenant
    expect(await status([])).toBe('home')
    expect(await status([], { REMIT_TENANT: 'beta' })).toBe('beta')
    const { admin } = installation.gateway.urls
    expect(await status(['--admin-url', admin, '--tenant', 'acme'])).toBe('acme')
    expect(await status([], { REMIT_ADMIN_URL: admin, REMIT_TENANT: 'acme' })).toBe('acme')
    expect(await status(['--admin-url', admin])).toBe('home')
    expect((await remit(['status', '--tenant', 'nobody'])).err).toContain('there is no tenant `nobody`')
    expect((await remit(['start', '--tenant', 'acme'])).err).toContain('leave `--tenant` out')
  })

  test('R-POL-11, R-THR-1: `kill --tenant` stops everything of one tenant, and `lift` lets go of it', async () => {
    const [acme, beta] = [await tokenOf('acme'), await tokenOf('beta')]
    expect((await listTools('acme', acme)).status).toBe(200)
    const killed = await remit(['kill', '--tenant', 'acme', '--reason', 'incident'])
    expect(killed.out).toBe('stopped tenant acme\n')
    expect((await listTools('acme', acme)).text).toContain('task_halted')
    expect((await listTools('beta', beta)).status).toBe(200)
    const agent = await remit(['kill', '--tenant', 'beta', '--agent', 'somebody', '--reason', 'incident'])
    expect(agent.out).toBe('stopped agent somebody\n')
    expect((await listTools('beta', beta)).status).toBe(200)
    const code = { REMIT_APPROVER: codeOf('acme-mona') }
    expect(await remit(['lift', '--tenant', 'acme', '--reason', 'over'], code)).toMatchObject({ status: 0 })
    expect((await listTools('acme', acme)).status).toBe(200)
  })

  test('R-POL-11: an export is of one tenant, and servers are changed in its own file', async () => {
    const { out } = await remit(['audit', 'export', '--tenant', 'beta'])
    expect(out).toContain('{"format":"remit-ledger/1","tenant":"beta"}')
    const removed = await remit(['servers', 'remove', 'work', '--tenant', 'nobody'])
    expect(removed.err).toContain('there is no tenant `nobody`')
  })
})

describe('agents with nothing but the URL of a tenant', () => {
  const code = codeOf('beta-mona')
  const delegate = { action: 'delegate', code, workflow: 'code', intent: 'mend it' }

  test('R-POL-11, R-ID-4: find its issuer, and get a task that its human made on its page', async () => {
    const { agent: base, admin } = installation.urls('beta')
    const agent = new OAuthAgent('tester')
    const transport = await agent.dial(`${base}/mcp`)
    const browser = new CookieBrowser(CALLBACK)
    const login = await browser.go(agent.wants ?? '')
    expect(login.url.href).toMatch(new RegExp(`^${admin}/delegate/`))
    const welcome = await browser.logIn(login, code)
    expect(welcome.headers.get('set-cookie')).toMatch(/^remit_session_beta=/)
    await browser.submit(login, delegate)
    expect(browser.called?.searchParams.get('iss')).toBe(base)
    await transport.finishAuth(browser.called?.searchParams ?? new URLSearchParams())
    const client = await agent.connect(`${base}/mcp`)
    expect((await client.listTools()).tools.length).toBe(3)
    await client.close()
    expect(
      await ask({ method: 'GET', url: `${installation.urls('acme').admin}/tasks`, credential: code }),
    ).toMatchObject({
      status: 401,
    })
  })

  test('R-POL-11, R-ID-4: a terminal’s code is typed on the page of its tenant', async () => {
    const { agent: base, admin } = installation.urls('beta')
    const device = await askForDevice(new OAuthFlow(base))
    expect(device).toMatchObject({ status: 200, verification_uri: `${admin}/device` })
    const browser = new CookieBrowser(CALLBACK)
    const entered = async (page: string): Promise<Seen> => {
      const form = await browser.submit(await browser.go(`${page}/device`), { action: 'login', code })
      return browser.submit(form, { user_code: device.user_code })
    }
    const found = await entered(admin)
    expect(found.url.href).toMatch(new RegExp(`^${admin}/delegate/`))
    expect((await browser.submit(found, { ...delegate, seen: 'yes' })).status).toBe(200)
    // Whoever is logged in to one tenant is nobody at another one, whatever cookie goes there.
    const elsewhere = await ask({
      method: 'GET',
      url: `${installation.urls('acme').admin}/device`,
      headers: { cookie: browser.cookies().replaceAll('remit_session_beta', 'remit_session_acme') },
    })
    expect(elsewhere.text).not.toContain('name="user_code"')
  })
})

describe('while the gateway runs', () => {
  test('R-POL-11, R-POL-3: policies and servers of one tenant change, or are refused, without another one noticing', async () => {
    const before = await statusOf('beta')
    const policy = join(installation.folder, 'acme-policies', 'more.cedar')
    const acme = await statusOf('acme')
    writeFileSync(policy, 'nonsense')
    await expect
      .poll(() =>
        installation.log
          .filter(({ event }) => event === 'policy.refused')
          .map(({ fields }) => fields['tenant']),
      )
      .toEqual(['acme'])
    expect((await statusOf('acme')).policy).toEqual(acme.policy)
    writeFileSync(
      policy,
      '@id("more") @reason("no")\nforbid (principal is Task, action == Action::"git.push", resource);\n',
    )
    await expect.poll(async () => (await statusOf('acme')).policy.hash).not.toBe(acme.policy.hash)
    writeFileSync(join(installation.folder, 'acme.yaml'), tenantOf('acme'))
    await expect.poll(async () => (await statusOf('acme')).servers).toEqual([])
    expect(await statusOf('beta')).toMatchObject({ policy: before.policy, servers: before.servers })
    const told = installation.log.filter(({ event }) => /^(policy|servers|config)\./.test(event))
    expect(new Set(told.map(({ fields }) => fields['tenant']))).toEqual(new Set(['acme']))
  })

  test('R-POL-11: a tenant that cannot be opened is closed alone, says why, and opens when its file is mended', async () => {
    const closed = installation.gateway.tenants().find(({ name }) => name === 'broken')
    expect(closed?.closed).toContain('broken.yaml')
    expect(installation.log).toContainEqual(
      expect.objectContaining({
        event: 'tenant.closed',
        fields: expect.objectContaining({ tenant: 'broken' }),
      }),
    )
    const { admin } = installation.urls('broken')
    const ready = async (): Promise<number> => (await ask({ method: 'GET', url: `${admin}/readyz` })).status
    expect(await ready()).toBe(503)
    writeFileSync(join(installation.folder, 'broken.yaml'), tenantOf('broken'))
    await expect.poll(ready).toBe(200)
    expect((await statusOf('broken')).tenant).toBe('broken')
    expect(installation.gateway.tenants().filter((tenant) => tenant.closed !== undefined)).toEqual([])
  })
})

describe('a tenant with a host of its own', () => {
  const at = (plane: 'agent' | 'admin', host: string, path: string, credential?: string): Promise<number> => {
    const { port } = new URL(installation.gateway.urls[plane])
    const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` }
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, headers: { host, ...authorization } },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      asked.on('error', reject)
      asked.end()
    })
  }

  test('R-POL-11: is reached there and nowhere else, and its host leads to no other tenant', async () => {
    const code = installation.code('hosted')
    expect(await at('admin', 'hosted-admin.localhost', '/tasks', code)).toBe(200)
    expect(await at('agent', 'hosted.localhost', '/.well-known/oauth-protected-resource/mcp')).toBe(200)
    expect(await at('agent', 'hosted.localhost', '/.well-known/oauth-authorization-server')).toBe(200)
    expect(await at('admin', 'hosted-admin.localhost', '/tasks', installation.code('acme'))).toBe(401)
    expect(await at('admin', 'hosted-admin.localhost', '/t/acme/tasks', installation.code('acme'))).toBe(404)
    const { host } = new URL(installation.gateway.urls.admin)
    expect(await at('admin', host, '/t/hosted/tasks', code)).toBe(404)
    expect(await at('admin', host, '/tasks', code)).toBe(401)
    expect(await at('admin', 'other.localhost', '/tasks', code)).toBe(403)
  })
})
