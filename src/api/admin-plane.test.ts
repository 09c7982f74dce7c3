import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SILENT } from '../core/log.ts'
import { composeGateway, type RunningGateway } from '../server/compose.ts'
import { parseConfig } from '../server/load-config.ts'
import { ROUTES } from './routes.ts'

const CONFIG = `
listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
humans:
  - { id: alice, roles: [member] }
  - { id: mona, roles: [maintainer] }
workflows:
  demo: {}
  fix-tests: {}
`
const APPROVER = 'mona-approver-code-0001'
const MEMBER = 'alice-approver-code-001'

let folder: string
let gateway: RunningGateway
let stored: string
let token: string
let taskId: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remit-api-'))
  const loaded = { ...parseConfig('remit.yaml', CONFIG, {}), folder }
  const environ = { REMIT_APPROVER: `mona:${APPROVER},alice:${MEMBER}` }
  gateway = await composeGateway({ loaded, environ, log: SILENT, demo: true })
  stored = readFileSync(join(folder, '.remit', 'local-credential'), 'utf8').trim()
  const made = await ask('POST', '/tasks', {
    as: stored,
    body: { workflow: 'demo', intent: 'try the plane' },
  })
  token = String(made.json['token'])
  taskId = (made.json['task'] as { id: string }).id
})

afterAll(async () => {
  await gateway.stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Asked {
  readonly as?: string
  readonly body?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly plane?: 'admin' | 'agent'
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: Record<string, unknown>
}

/** Raw `node:http`, since `fetch` lets nobody forge a Host header. */
function ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
  const url = new URL(gateway.urls[asked.plane ?? 'admin'])
  const text = asked.text ?? (asked.body === undefined ? '' : JSON.stringify(asked.body))
  const headers = {
    ...(asked.as === undefined ? {} : { authorization: `Bearer ${asked.as}` }),
    ...(text === '' ? {} : { 'content-type': 'application/json' }),
    ...asked.headers,
  }
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port: url.port, method, path, headers: { host: url.host, ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString()
          const isJson = response.headers['content-type'] === 'application/json'
          const json = isJson ? (JSON.parse(body) as Record<string, unknown>) : {}
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: body, json })
        })
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

const codeOf = (answer: Answer): unknown => (answer.json['error'] as { code?: string } | undefined)?.code
const concrete = (path: string): string => path.replace(/:\w+/, 'apr_0000000000000000000000000x')
const guarded = ROUTES.filter((route) => !route.who.includes('anyone'))
const named = (route: (typeof ROUTES)[number]): string => `${route.method} ${route.path}`

describe('R-SEC-1: nothing is answered without a credential', () => {
  test('but health, readiness, the read-only pages and what comes back from an issuer', () => {
    const open = ROUTES.filter((route) => route.who.includes('anyone')).map(named)
    expect(open).toEqual([
      'GET /healthz',
      'GET /readyz',
      'GET /servers/:server/connect',
      'GET /oauth/callback',
      'GET /approvals/:id',
    ])
  })

  test.each(guarded.map((route) => [named(route), route] as const))('%s', async (_, route) => {
    const path = concrete(route.path)
    expect(codeOf(await ask(route.method, path))).toBe('credential_missing')
    const byAgent = await ask(route.method, path, { as: token })
    expect([byAgent.status, codeOf(byAgent)]).toEqual([401, 'credential_invalid'])
    const forged = await ask(route.method, path, { as: `remit_local_${'a'.repeat(43)}` })
    expect(forged.status).toBe(401)
  })

  test.each(
    guarded.filter((route) => !route.who.includes('stored')).map((route) => [named(route), route] as const),
  )('R-CON-2: %s is not for the credential on disk', async (_, route) => {
    const answer = await ask(route.method, concrete(route.path), { as: stored, body: {} })
    expect([answer.status, codeOf(answer)]).toEqual([403, 'role_missing'])
  })

  test('guessing is slowed down, and the table of guesses above has not locked out who was right', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, index) => ask('GET', '/status', { as: `mona:guess-number-${index}` })),
    )
    const limited = guesses.filter((answer) => /too many/.test(answer.text))
    expect(limited.length).toBeGreaterThanOrEqual(3)
    expect(Number(limited[0]?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await ask('GET', '/status', { as: stored })).status).toBe(200)
  })
})

describe('R-ID-6: what changes the gateway itself takes a maintainer, however well somebody else proves who they are', () => {
  test.each([
    ['/secrets', { name: 'forge', value: 'a-value-of-its-own' }],
    ['/secrets/forge/rotate', { value: 'a-value-of-its-own' }],
    ['/secrets/forge/remove', {}],
    ['/secrets/reseal', {}],
    ['/keys/rotate', {}],
    ['/servers/git/review', { verdict: 'approve', tool: 'push', digest: 'e'.repeat(64) }],
    ['/servers/git/disconnect', { human: 'mona' }],
    ['/halts/lift', { target: 'agent', id: 'claude-code', reason: 'because' }],
  ])('POST %s', async (path, body) => {
    const member = await ask('POST', path, { as: MEMBER, body })
    expect(member.status).toBe(403)
    expect(member.text).toContain('maintainer')
    // A maintainer comes further: what they meet is about what they asked for.
    expect((await ask('POST', path, { as: APPROVER, body })).status).not.toBe(403)
  })
})

describe('who is who', () => {
  test('a task made with the stored credential is its owner’s and says so', async () => {
    const { json } = await ask('GET', `/tasks/${taskId}`, { as: stored })
    expect(json['task']).toMatchObject({ human: 'alice', origin: 'stored-credential', workflow: 'demo' })
  })

  test('a demo approver decides for one demo task only, and cannot be made for another', async () => {
    const made = await ask('POST', '/demo-approver', { as: stored, body: { task: taskId } })
    expect(made.status).toBe(201)
    expect(made.json['notice']).toContain('only in demo mode')
    const code = String(made.json['code'])
    expect((await ask('GET', '/approvals', { as: code })).status).toBe(200)
    for (const path of ['/tasks', '/status', '/records', '/metrics']) {
      expect(codeOf(await ask('GET', path, { as: code }))).toBe('role_missing')
    }
    expect(codeOf(await ask('POST', '/demo-approver', { as: stored, body: { task: 'tsk_none' } }))).toBe(
      'task_not_found',
    )
    const other = await ask('POST', '/tasks', { as: stored, body: { workflow: 'fix-tests', intent: 'x' } })
    const task = (other.json['task'] as { id: string }).id
    expect(codeOf(await ask('POST', '/demo-approver', { as: stored, body: { task } }))).toBe('role_missing')
    const records = await ask('GET', '/records?kind=approver.added', { as: stored })
    expect(records.text).toContain('demo-maintainer')
  })
})

describe('R-SEC-1: what a browser or a neighbour could send', () => {
  test.each([
    ['a foreign Host', { host: 'evil.example' }, 'host_refused'],
    ['a foreign Origin', { origin: 'https://evil.example' }, 'origin_refused'],
  ])('%s is refused', async (_, headers, code) => {
    const answer = await ask('GET', '/status', { as: stored, headers })
    expect([answer.status, codeOf(answer)]).toEqual([403, code])
  })

  test.each([
    ['not JSON', '{', 'json_invalid'],
    ['a repeated key', '{"workflow":"a","workflow":"b","intent":"x"}', 'json_duplicate_key'],
    ['an unknown key', '{"workflow":"demo","intent":"x","human":"mona"}', 'input_invalid'],
    ['nothing', '', 'input_invalid'],
    ['too much', JSON.stringify({ workflow: 'demo', intent: 'x'.repeat(300_000) }), 'body_too_large'],
  ])('a body that is %s is refused', async (_, text, code) => {
    expect(codeOf(await ask('POST', '/tasks', { as: stored, text }))).toBe(code)
  })

  test('a body of a type that a foreign form can send is refused', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await ask('POST', '/tasks', { as: stored, text: '{}', headers })
    expect(answer.status).toBe(415)
  })

  test('other methods and paths are refused, with what would do', async () => {
    const wrong = await ask('DELETE', '/tasks', { as: stored })
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'POST, GET'])
    for (const path of ['/', '/tasks/../status', '/tasks/%2e%2e', '//status', '/tasks/']) {
      expect((await ask('GET', path, { as: stored })).status).toBe(404)
    }
  })

  test('the agent plane serves no route of this one', async () => {
    for (const route of ROUTES) {
      const answer = await ask(route.method, concrete(route.path), { plane: 'agent', as: stored })
      expect(answer.status).toBe(404)
    }
  })
})

describe('operations', () => {
  test('alive and ready without a credential, and no more than that', async () => {
    expect((await ask('GET', '/healthz')).text).toBe('ok\n')
    const ready = await ask('GET', '/readyz')
    expect(ready.json).toEqual({
      ready: true,
      checks: ['ledger', 'policy', 'planes'].map((name) => ({ name, ok: true })),
    })
  })

  test('status says where it listens, what protects it and why', async () => {
    const { json } = await ask('GET', '/status', { as: stored })
    expect(json).toMatchObject({
      ready: true,
      planes: { agent: `${gateway.urls.agent}/mcp`, admin: gateway.urls.admin },
      protection: { level: 'advisory', reason: expect.stringContaining('outside a sandbox') },
      demo: true,
    })
    expect(JSON.stringify(json)).not.toContain(stored)
  })

  test('metrics are Prometheus text with every series from the start', async () => {
    const { text, headers } = await ask('GET', '/metrics', { as: stored })
    expect(headers['content-type']).toContain('version=0.0.4')
    expect(text).toContain('remit_decisions_total{effect="deny"} 0\n')
    expect(text).toMatch(/^remit_decision_seconds_bucket\{le="\+Inf"\} 0$/m)
    expect(text).toMatch(/^remit_ledger_records [1-9]\d*$/m)
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [-+\d.e]+)$/)
    }
  })

  test('R-CON-2: the page of a request says nothing of whether there is one, and needs no credential', async () => {
    const page = await ask('GET', '/approvals/apr_none', { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.text).toContain('Log in to see this request')
    const api = await ask('GET', '/approvals/apr_none', { headers: { accept: 'text/html' }, as: APPROVER })
    expect(codeOf(api)).toBe('approval_unknown')
  })
})
