import { createHmac } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { VerifyReport } from '../../src/audit/verify.ts'
import { startReceiver, type Received, type Receiver } from '../support/notified-gate.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const SECRET = 'a secret of the auditor, long enough'
const LATER = pathToFileURL(join(ROOT, 'test', 'support', 'shifted-clock.ts')).href
const HOUR = 3_600_000

let receiver: Receiver
let gateway: RunningGateway
/** Read by the gateway's clock, and by that of every command, when they start. */
const env: NodeJS.ProcessEnv = { REMIT_SECRET_AUDITOR: SECRET, NODE_OPTIONS: `--import=${LATER}` }

beforeAll(async () => {
  receiver = await startReceiver()
  gateway = await startGateway({
    env,
    config: () => `ledger:
  heartbeat: 1s
  checkpoints:
    - { file: kept.log }
    - { https: "${receiver.url}", secret: secret:auditor, privateAddresses: true }
`,
  })
})
afterAll(async () => {
  await gateway.remove()
  await receiver.close()
})

function verified(args: readonly string[] = []): VerifyReport {
  return JSON.parse(gateway.remit(['audit', 'verify', '--json', ...args]).stdout) as VerifyReport
}

test('R-AUD-2: a gateway that nobody calls says that it runs, and its checkpoints are kept outside', async () => {
  // Nothing but heartbeats makes the ledger grow by now.
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBeGreaterThan(1)
  const [first, next] = receiver.received.map(({ body }) => JSON.parse(body) as Told)
  expect(next).toMatchObject({ type: 'ledger.checkpoint', data: { origin: 'remit/default' } })
  expect(next?.data.size).toBeGreaterThan(first?.data.size ?? Infinity)
  expect(signatureOf(receiver.received[1])).toBe(receiver.received[1]?.headers['webhook-signature'])

  const file = join(gateway.home, 'kept.log')
  expect(readFileSync(file, 'utf8')).toContain(JSON.stringify(first?.data.note).slice(1, -1))
  const beats = ['audit', 'tail', '--json', '--kind', 'ledger.heartbeat']
  await expect.poll(() => gateway.remit(beats).stdout, { timeout: 20_000 }).toContain('"interval":1000')
  // What the endpoint was sent is good for an auditor who has nothing else.
  const note = join(gateway.home, 'sent.note')
  writeFileSync(note, next?.data.note ?? '')
  const report = verified(['--checkpoints', note])
  expect([report.ok, report.findings, report.tenants[0]?.outside]).toEqual([true, [], 1])
})

test('R-AUD-2: a gateway that was killed is missed while it is away and when it is back, and what a place did not take is told', async () => {
  await gateway.kill('SIGKILL')
  // The next answers: none is good.
  receiver.answers.push(...Array.from({ length: 20 }, () => ({ status: 507 })))
  env['REMIT_TEST_CLOCK_AHEAD'] = String(HOUR)
  const away = gateway.remit(['audit', 'verify'], env)
  expect(away).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(
      /nothing on record since \S+, after record \d+, though the gateway had not stopped/,
    ),
  })

  gateway = await gateway.restart()
  await expect.poll(() => receiver.answers.length, { timeout: 20_000 }).toBeLessThan(20)
  let said = ''
  const status = (): string => (said = gateway.remit(['status']).stdout)
  await expect.poll(status, { timeout: 20_000 }).toContain('; not reached now: it answered 507')
  expect(said).toMatch(/^checkpoints file .*kept\.log: \d+ records, copied \S+$/m)
  expect(said).toMatch(/^checkpoints https 127\.0\.0\.1:\d+: \d+ records, copied \S+; not reached now: /m)
  // A machine that stands still for seconds may have made others.
  const silences = [...said.matchAll(/nothing on record from (\S+) to (\S+)$/gm)]
  const long = silences.filter(([, from, until]) => Date.parse(until ?? '') - Date.parse(from ?? '') >= HOUR)
  expect(long).toHaveLength(1)
  const report = verified()
  expect(report.ok).toBe(true)
  expect(report.cautions.join('\n')).toContain(`nothing on record from ${long[0]?.[1] ?? ''} to `)
})

function signatureOf(sent: Received | undefined): string {
  const { 'webhook-id': id, 'webhook-timestamp': at } = sent?.headers ?? {}
  const signed = `${String(id)}.${String(at)}.${sent?.body ?? ''}`
  return `v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`
}

interface Told {
  readonly type: string
  readonly data: { readonly origin: string; readonly size: number; readonly note: string }
}
