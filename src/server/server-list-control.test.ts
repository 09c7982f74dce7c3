import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PendingAnswer, ServersReloadAnswer, StatusAnswer } from '../api/contract.ts'
import { SILENT } from '../core/log.ts'
import { composeGateway, type RunningGateway } from './compose.ts'
import { loadConfig } from './load-config.ts'

const CODE = 'mona-approver-code-00001'
const environ = { REMIT_APPROVER: `mona:${CODE}` }

let folder: string
let gateway: RunningGateway

const PEOPLE = '  - { id: alice, roles: [maintainer] }\n  - { id: mona, roles: [maintainer] }\n'

function save(servers: string, people = PEOPLE): void {
  writeFileSync(
    join(folder, 'remit.yaml'),
    `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
loosening: second-person
humans:
${people}${servers}`,
  )
}

const REMOTE = 'servers:\n  a: { url: "https://a.example/mcp", owner: mona }\n'

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remit-servers-'))
  save(`${REMOTE}  b: { url: "https://b.example/mcp" }\n`)
  const loaded = loadConfig({ environ, cwd: folder })
  gateway = await composeGateway({ loaded, environ, log: SILENT, demo: false })
}, 60_000)

afterAll(async () => {
  await gateway.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const stored = readFileSync(join(folder, '.remit', 'local-credential'), 'utf8').trim()
  const answer = await fetch(`${gateway.urls.admin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${path === '/policy/accept' ? CODE : stored}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return (await answer.json()) as Body
}

const reload = () => ask<ServersReloadAnswer & { error?: { message: string } }>('POST', '/servers/reload', {})

const status = () => ask<StatusAnswer>('GET', '/status')

test('R-POL-8: where loosening takes a second person, a server that is added waits for one, and one that goes does not', async () => {
  save(REMOTE.replace('mona', 'alice'))
  await reload()
  expect((await status()).servers).toMatchObject([{ key: 'a', owner: 'alice' }])
  save(`${REMOTE.replace('mona', 'alice')}  c: { url: "https://c.example/mcp" }\n`)
  const held = await reload()
  expect(held).toMatchObject({ status: 'held', changes: { added: ['c'] }, servers: ['a'] })
  const { servers } = await ask<PendingAnswer>('GET', '/policy/pending')
  expect(servers).toMatchObject({ hash: held.waiting, added: ['c'] })
  expect((await status()).policy.waiting).toEqual([held.waiting])
  await ask('POST', '/policy/accept', { hash: held.waiting })
  expect(await reload()).toMatchObject({ status: 'unchanged', servers: ['a', 'c'] })
})

test('R-POL-8: what a server may do, whom it may ask and where it is wait, words about it do not', async () => {
  const waits = [
    'url: "https://b.example/mcp"',
    'url: "https://a.example/mcp", fileSystem: none',
    'url: "https://a.example/mcp", trust: updates',
    'url: "https://a.example/mcp", tools: { x: { actions: [tool.call] } }',
  ]
  for (const text of waits) {
    save(`servers:\n  a: { ${text} }\n`)
    expect(await reload()).toMatchObject({ status: 'held' })
  }
  save('servers:\n  a: { url: "https://a.example/mcp", trust: review, purpose: tickets }\n')
  await reload()
  expect(await status()).toMatchObject({
    policy: { waiting: [] },
    servers: [{ key: 'a', purpose: 'tickets' }],
  })
})

test('R-REL-1: a secret that is missing and a fact that policies do not know keep the old servers, with their place', async () => {
  save(`${REMOTE}  b:\n    url: https://b.example/mcp\n    headers: { Authorization: secret:none }\n`)
  expect((await reload()).error?.message).toMatch(/^remit\.yaml:10:31: .*needs the secret `none`/)
  save(
    `${REMOTE}  b:\n    url: https://b.example/mcp\n    tools:\n      pay: { facts: { sum: { pointer: /sum, type: decimal } } }\n`,
  )
  expect((await reload()).error?.message).toMatch(
    /^remit\.yaml:11:\d+: .*a fact that policies do not know yet/,
  )
  expect((await status()).servers.map(({ key }) => key)).toEqual(['a'])
  save(`${REMOTE}tenant: other\n`)
  expect(await reload()).toMatchObject({ needsRestart: ['tenant'] })
})

test('R-ID-6, R-POL-8: where loosening takes a second person, another role or team waits for one, and a human who is gone does not', async () => {
  const { servers } = await status()
  const same = servers.map(({ key }) => `servers:\n  ${key}: { url: "https://a.example/mcp" }\n`).join('')
  save(same, `${PEOPLE}  - { id: eve, roles: [maintainer] }\n`)
  const held = await reload()
  expect(held).toMatchObject({ status: 'held', directory: { humans: { added: ['eve'] } } })
  expect(await ask('GET', '/policy/pending')).toMatchObject({
    servers: { directory: { humans: { added: ['eve'] } } },
  })
  await ask('POST', '/policy/accept', { hash: held.waiting })
  expect(await reload()).toMatchObject({ status: 'unchanged' })
  save(same, PEOPLE.replace('id: alice', 'teams: [payments], id: alice'))
  // Whoever reads the file first, the gateway by itself or this, she goes with it.
  expect(await reload()).toMatchObject({ status: 'held' })
  // The rest waits; she is gone.
  expect(await reload()).toMatchObject({ directory: { humans: { removed: [], changed: ['alice'] } } })
  const { records } = await ask<{ records: { envelope: { data: unknown } }[] }>(
    'GET',
    '/records?kind=directory.changed',
  )
  expect(records[0]?.envelope.data).toEqual({ humans: { removed: ['eve'] } })
  await ask('POST', '/policy/accept', { hash: (await reload()).waiting })
  expect(await reload()).toMatchObject({ status: 'unchanged' })
})
