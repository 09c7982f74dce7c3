import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { PendingAnswer, RecordsAnswer, ReloadAnswer, StatusAnswer } from '../api/contract.ts'
import { SILENT } from '../core/log.ts'
import { composeGateway, type RunningGateway } from './compose.ts'
import { loadConfig } from './load-config.ts'

const CALL = '@id("call") @reason("r") permit (principal, action == Action::"tool.call", resource);\n'
const READ = '@id("read") @reason("r") permit (principal, action == Action::"file.read", resource);\n'
const WRITE = READ.replace('"read"', '"write"').replace('file.read', 'file.write')
const NO_PUSH = '@id("no") @reason("r") forbid (principal is Task, action == Action::"git.push", resource);\n'
const WAIT = { timeout: 60_000, interval: 50 }
const CODES = { alice: 'alice-approver-code-0001', mona: 'mona-approver-code-00001' }

let folder: string
let gateway: RunningGateway

function configure(observe: string, loosening = 'second-person'): void {
  writeFileSync(
    join(folder, 'remit.yaml'),
    `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
policies: [packs]
loosening: ${loosening}
humans:
  - { id: alice, roles: [maintainer] }
  - { id: mona, roles: [maintainer] }
${observe}`,
  )
}

const policies = (text: string): void => writeFileSync(join(folder, 'packs', 'p.cedar'), CALL + text)

async function start(approver: keyof typeof CODES = 'mona'): Promise<void> {
  const environ = { REMIT_APPROVER: `${approver}:${CODES[approver]}` }
  const loaded = loadConfig({ environ, cwd: folder })
  gateway = await composeGateway({ loaded, environ, log: SILENT, demo: false })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-control-'))
  mkdirSync(join(folder, 'packs'))
  policies(READ + NO_PUSH)
  configure('')
})

afterEach(async () => {
  await gateway.stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Answered<Body> {
  readonly status: number
  readonly body: Body
  readonly headers: Headers
}

async function ask<Body>(method: string, path: string, as?: string, body?: unknown): Promise<Answered<Body>> {
  const stored = readFileSync(join(folder, '.remit', 'local-credential'), 'utf8').trim()
  const response = await fetch(`${gateway.urls.admin}${path}`, {
    method,
    headers: { authorization: `Bearer ${as ?? stored}`, 'content-type': 'application/json' },
    ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
  })
  return { status: response.status, body: (await response.json()) as Body, headers: response.headers }
}

const reload = () => ask<ReloadAnswer>('POST', '/policy/reload')
const pending = async () => (await ask<PendingAnswer>('GET', '/policy/pending')).body
const accept = (hash: string, as?: string) => ask<ReloadAnswer>('POST', '/policy/accept', as, { hash })
const inForce = async () => (await ask<StatusAnswer>('GET', '/status')).body
const kinds = async (kind: string) =>
  (await ask<RecordsAnswer>('GET', `/records?kind=${kind}`)).body.records.map(({ envelope }) => envelope)

describe('R-POL-3: policies are read again when the API is asked to', () => {
  test('the answer says what is in force and what changed, and the record says who asked', async () => {
    configure('', 'allowed')
    await start()
    const before = (await inForce()).policy.policies
    policies(READ + WRITE + NO_PUSH)
    const { body } = await reload()
    const { hash } = (await inForce()).policy
    expect(['changed', 'unchanged']).toContain(body.status)
    expect(body).toMatchObject({ hash, waiting: [] })
    expect((await inForce()).policy.policies).toBe(before + 1)
    await vi.waitFor(async () => expect((await kinds('policy.loaded'))[0]?.data?.['hash']).toBe(hash), WAIT)
    expect(['alice', 'policy-files']).toContain((await kinds('policy.loaded'))[0]?.actor)
    expect((await reload()).body.status).toBe('unchanged')
  })

  test('every problem is answered with its place, and the old policies stay', async () => {
    await start()
    const before = (await inForce()).policy.hash
    policies(`${READ}@id("a") permit (principal, action, resource) when { resource.labls };\npermit (`)
    const { status, body } = await ask<{
      error: { code: string; message: string; data: { problems: unknown[] } }
    }>('POST', '/policy/reload')
    expect([status, body.error.code]).toEqual([400, 'policy_invalid'])
    expect(body.error.message).toMatch(/packs\/p\.cedar:\d+:\d+/)
    expect(body.error.data.problems[0]).toMatchObject({ file: 'packs/p.cedar', line: expect.any(Number) })
    expect((await inForce()).policy.hash).toBe(before)
    await vi.waitFor(async () => expect((await kinds('policy.refused')).length).toBeGreaterThan(0), WAIT)
  })
})

describe('R-POL-8: a loosening waits for a second person', () => {
  test('the owner of the stored credential cannot agree, another maintainer can, and all of it is on record', async () => {
    await start('alice')
    const before = (await inForce()).policy.hash
    policies(READ + WRITE)
    expect((await reload()).body).toMatchObject({ hash: before })
    const { policies: waits } = await pending()
    expect(waits?.loosens).toEqual([
      { what: 'write', how: 'permit added' },
      { what: 'no', how: 'forbid removed' },
    ])
    expect(waits?.comparison.loosened.length).toBeGreaterThan(0)
    expect(waits?.text.after).toContain('Action::"file.write"')
    const hash = waits?.hash ?? ''
    expect((await accept(hash)).status).toBe(403)
    expect((await accept(hash, CODES.alice)).status).toBe(403)
    expect((await inForce()).policy).toMatchObject({
      hash: before,
      waiting: [hash],
      loosening: 'second-person',
    })
    await gateway.stop()

    // Neither does a restart agree.
    await start('mona')
    expect((await inForce()).policy).toMatchObject({ hash: before, waiting: [hash] })
    expect((await accept('0'.repeat(64), CODES.mona)).status).toBe(409)
    expect((await accept(hash, CODES.mona)).body).toMatchObject({ status: 'changed', hash })
    expect((await inForce()).policy).toMatchObject({ hash, waiting: [] })
    await vi.waitFor(
      async () => expect((await kinds('policy.loaded'))[0]).toMatchObject({ actor: 'mona' }),
      WAIT,
    )
    expect((await kinds('policy.accepted'))[0]).toMatchObject({ actor: 'mona', data: { hash } })
    expect((await kinds('policy.held')).at(-1)?.data).toMatchObject({ hash, inForce: before })
  })

  test('so does observing more', async () => {
    await start()
    configure('observe: [{ policy: "no", until: 2099-01-01 }]')
    await vi.waitFor(async () => expect((await pending()).observe).toBeDefined(), WAIT)
    expect((await inForce()).observing).toEqual([])
    const { observe } = await pending()
    expect(observe).toMatchObject({ inForce: [], held: [{ policy: 'no' }] })
    await accept(observe?.hash ?? '', CODES.mona)
    expect((await inForce()).observing).toMatchObject([{ what: 'policy no' }])
    expect((await kinds('observe.changed'))[0]).toMatchObject({ actor: 'mona' })
    expect((await kinds('observe.held')).length).toBe(1)
  })
})

describe('R-POL-8: the observe setting follows the configuration file', () => {
  test('a change counts at once, what cannot be read enforces everything, and all of it is on record', async () => {
    configure('observe: [{ policy: "no", until: 2020-01-01 }]', 'allowed')
    await start()
    expect((await inForce()).observing).toEqual([])
    configure('observe: [{ policy: "no", until: 2099-01-01 }]', 'allowed')
    await vi.waitFor(async () => expect((await inForce()).observing).toHaveLength(1), WAIT)
    const { headers } = await ask('GET', '/approvals')
    expect(headers.get('remit-observing')).toBe('policy no until 2099-01-01T00:00:00.000Z')
    for (const broken of [
      'observe: [{ policy: "no" }]',
      'observe: [{ policy: "no", until: never }]',
      'observe: [',
      'observe: no',
    ]) {
      configure('observe: [{ policy: "no", until: 2099-01-01 }]', 'allowed')
      await vi.waitFor(async () => expect((await inForce()).observing).toHaveLength(1), WAIT)
      configure(broken, 'allowed')
      await vi.waitFor(async () => expect((await inForce()).observing).toEqual([]), WAIT)
    }
    rmSync(join(folder, 'remit.yaml'))
    expect((await reload()).status).toBe(400)
    const changes = await kinds('observe.changed')
    expect(changes[0]).toMatchObject({ actor: 'config-file', data: { observing: [] } })
    expect(changes.some(({ data }) => JSON.stringify(data).includes('2099'))).toBe(true)
  })
})
