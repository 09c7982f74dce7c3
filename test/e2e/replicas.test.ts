import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { rawCall } from '../support/raw-call.ts'
import { startRecordingUpstream, type RecordingUpstream } from '../support/recording-upstream.ts'
import { freePort } from '../support/free-port.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

let postgres: TestPostgres
let upstream: RecordingUpstream
let first: RunningGateway
let second: RunningGateway

beforeAll(async () => {
  postgres = await startPostgres()
  upstream = await startRecordingUpstream()
  const url = await postgres.createDatabase()
  const publicUrl = `http://127.0.0.1:${String(await freePort())}`
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
`
  first = await startGateway({ config })
  // Replicas share the keys: a token or a checkpoint of one is good for the other.
  const prepare = (home: string): void => {
    mkdirSync(join(home, '.remit'), { mode: 0o700 })
    cpSync(join(first.home, '.remit', 'keys'), join(home, '.remit', 'keys'), { recursive: true })
  }
  second = await startGateway({ config, prepare })
})

afterAll(async () => {
  await Promise.all([first.remove(), second.remove()])
  upstream.close()
  await postgres.remove()
})

describe('R-REL-2: two gateways on one PostgreSQL', () => {
  test('R-ID-3: a task made at one works at the other, and revoked there ends here with the next call', async () => {
    const { task, token } = first.task()
    const call = { name: 'probe__echo', arguments: { text: 'hello' } }
    for (const gateway of [first, second]) {
      expect(await rawCall(gateway.agentUrl, token, call)).toMatchObject({
        status: 200,
        isError: false,
        text: 'done',
      })
    }
    expect(second.remit(['task', 'revoke', task.id]).status).toBe(0)
    expect((await rawCall(first.agentUrl, token, call)).status).toBe(401)
  })

  test('R-CON-3: an approval opened at one and given at the other is used once', async () => {
    const { token } = first.task()
    const call = { name: 'probe__wipe', arguments: { text: 'all of it' } }
    const held = await rawCall(first.agentUrl, token, call)
    const id = /apr_\w+/.exec(held.text)?.[0] ?? ''
    const given = second.remit(['approvals', 'approve', id], { REMIT_APPROVER: APPROVER_CODE })
    expect(given.stderr).toBe('')
    const answers = await Promise.all([first, second].map(({ agentUrl }) => rawCall(agentUrl, token, call)))
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1)
  })

  test('R-AUD-2: what both recorded is one ledger that verifies without any gateway', async () => {
    await Promise.all([first.kill('SIGKILL'), second.kill('SIGTERM')])
    const verified = first.remit(['audit', 'verify'])
    expect(verified.stdout).toContain('the ledger holds')
    expect(verified.status).toBe(0)
  })
})
