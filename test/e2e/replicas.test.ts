import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { holdTask } from '../support/held-task.ts'
import { rawCall } from '../support/raw-call.ts'
import { startTattlingServer, type TattlingServer } from '../support/tattling-http.ts'
import { WireClient } from '../support/wire-client.ts'
import { startRecordingUpstream, type RecordingUpstream } from '../support/recording-upstream.ts'
import { freePort } from '../support/free-port.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

let postgres: TestPostgres
let upstream: RecordingUpstream
let first: RunningGateway
let second: RunningGateway
let third: RunningGateway
let asker: TattlingServer
/** By which all of them are known. */
let publicUrl: string
/** Of a task whose client comes to whichever replica there is. */
let token: string

beforeAll(async () => {
  postgres = await startPostgres()
  upstream = await startRecordingUpstream()
  asker = await startTattlingServer('legacy')
  const url = await postgres.createDatabase()
  publicUrl = `http://127.0.0.1:${String(await freePort())}`
  const config = (): string => `store: ${url}
publicUrl: ${publicUrl}
consent: { hold: 1s }
servers:
  probe:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools:
      echo: { actions: [data.read] }
      wipe: { actions: [money.send] }
  asker:
    url: ${asker.url}
    era: legacy
    fileSystem: none
    tools:
      ask: { actions: [data.read] }
      murmur: { actions: [data.read] }
`
  first = await startGateway({ config })
  // Replicas share the keys: a token or a checkpoint of one is good for the other.
  const prepare = (home: string): void => {
    mkdirSync(join(home, '.remit'), { mode: 0o700 })
    cpSync(join(first.home, '.remit', 'keys'), join(home, '.remit', 'keys'), { recursive: true })
  }
  ;[second, third] = await Promise.all([startGateway({ config, prepare }), startGateway({ config, prepare })])
  token = first.task().token
}, 180_000)

afterAll(async () => {
  await Promise.all([first, second, third].map((gateway) => gateway.remove()))
  upstream.close()
  await asker.close()
  await postgres.remove()
})

describe('R-REL-2: three gateways on one PostgreSQL', () => {
  test('R-ID-3: a task made at one works at the other, and revoked there ends here with the next call', async () => {
    const { task, token } = first.task()
    const call = { name: 'probe__echo', arguments: { text: 'hello' } }
    for (const gateway of [first, second, third]) {
      expect(await rawCall(gateway.agentUrl, token, call)).toMatchObject({
        status: 200,
        isError: false,
        text: 'done',
      })
    }
    expect(second.remit(['task', 'revoke', task.id]).status).toBe(0)
    expect((await rawCall(first.agentUrl, token, call)).status).toBe(401)
  })

  test('R-ID-3: a stream at one ends when its task is revoked at the other, before the next keep-alive', async () => {
    const { task, token: own } = first.task()
    const clients = (['modern', 'legacy'] as const).map(
      (era) => new WireClient(first.agentUrl, { token: own, era, marker: 'm' }),
    )
    let ended = 0
    for (const client of clients) await client.begin([], () => (ended += 1))
    expect(ended).toBe(0)
    expect(second.remit(['task', 'revoke', task.id]).status).toBe(0)
    await expect.poll(() => ended, { timeout: 10_000 }).toBe(2)
  })

  test('R-ID-4: signing keys that are rotated at one are those of all', async () => {
    const env = { REMIT_APPROVER: APPROVER_CODE }
    const rotated = first.remit(['keys', 'rotate', '--compromised', '--json'], env)
    expect(rotated.stderr).toBe('')
    token = first.task().token
    const call = { name: 'probe__echo', arguments: { text: 'hello' } }
    for (const { agentUrl } of [first, second, third])
      await vi.waitFor(async () => {
        expect((await rawCall(agentUrl, token, call)).status).toBe(200)
      }, 20_000)
  })

  test('R-CON-3: an approval opened at one and given at the other is used once', async () => {
    const call = { name: 'probe__wipe', arguments: { text: 'all of it' } }
    const bare = first.task().token
    const held = await holdTask(bare, { dialled: new URL(first.agentUrl).origin, known: publicUrl })
    const asked = await rawCall(first.agentUrl, held.token, call, held.send)
    const id = /apr_\w+/.exec(asked.text)?.[0] ?? ''
    const given = second.remit(['approvals', 'approve', id], { REMIT_APPROVER: APPROVER_CODE })
    expect(given.stderr).toBe('')
    const answers = await Promise.all(
      [first, second, third].map(({ agentUrl }) => rawCall(agentUrl, held.token, call, held.send)),
    )
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1)
  })

  test('R-MCP-1: requests of one client go round all three: 2026-07-28 has no state, so all are answered', async () => {
    const call = { name: 'probe__echo', arguments: { text: 'round' } }
    for (let round = 0; round < 5; round += 1) {
      for (const { agentUrl } of [first, second, third])
        expect(await rawCall(agentUrl, token, call)).toMatchObject({ status: 200, isError: false })
    }
  })

  test('R-MCP-1: a session of the initialize era is one replica’s: elsewhere it is a clear 404, on which clients begin anew', async () => {
    const at = (gateway: RunningGateway): WireClient =>
      new WireClient(gateway.agentUrl, { token, era: 'legacy', marker: 'mine' })
    const clients = [first, second, third].map(at)
    const [own, ...others] = clients
    await own!.begin([])
    for (const other of others) {
      other.sessionId = own!.sessionId
      const refused = await other.post({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
      expect(refused.status).toBe(404)
      expect(await refused.text()).toContain('send `initialize` for a new one')
      other.sessionId = undefined
      await other.begin([])
      expect(other.sessionId).not.toBe(own!.sessionId)
    }
    // Having begun anew at each, all go on, also the first: nothing here ends a session there.
    for (const client of clients)
      expect((await client.call('asker__murmur', 1)).result).toMatchObject({ content: [{ type: 'text' }] })
    await Promise.all(clients.map((client) => client.drop()))
  })

  test('R-MCP-1: a call that waits for an answer waits at one replica: elsewhere it is refused, says so, and runs nowhere twice', async () => {
    const at = (gateway: RunningGateway): WireClient =>
      new WireClient(gateway.agentUrl, { token, era: 'modern', marker: 'mine' })
    const [here, elsewhere] = [at(first), at(second)]
    const params = { name: 'asker__ask', arguments: { marker: 'mine' } }
    const parked = (await here.request('tools/call', params)).result ?? {}
    expect(parked).toMatchObject({ resultType: 'input_required' })
    const answered = { ...params, ...here.answers(parked) }
    const refused = await elsewhere.request('tools/call', answered)
    expect(refused.error?.message).toContain('waits at another replica); send the call anew')
    const done = await here.request('tools/call', answered)
    expect(JSON.stringify(done.result)).toContain('mine was answered')
    // Anew, without the state, it runs at the other replica as well.
    expect(JSON.stringify(await elsewhere.call('asker__ask', 1))).toContain('mine was answered')
    await Promise.all([here.drop(), elsewhere.drop()])
  })

  test('R-AUD-2: what both recorded is one ledger that verifies without any gateway', async () => {
    await Promise.all([first.kill('SIGKILL'), second.kill('SIGTERM'), third.kill('SIGTERM')])
    const verified = first.remit(['audit', 'verify'])
    expect(verified.stdout).toContain('the ledger holds')
    expect(verified.status).toBe(0)
  })
})
