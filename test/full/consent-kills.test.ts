import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { holdTask, type HeldTask } from '../support/held-task.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'
import { rawCall } from '../support/raw-call.ts'
import { startRecordingUpstream, type RecordingUpstream } from '../support/recording-upstream.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const STATES = ['pending', 'granted', 'forwarded'] as const
/** Of each state, retried at the one that was killed and at the other in turn. */
const ROUNDS = 4

let postgres: TestPostgres
let upstream: RecordingUpstream
let first: RunningGateway
let second: RunningGateway
let agent: HeldTask
/** Text of the call whose gateway is killed as soon as the call is at the server. */
let doomed: string | undefined

beforeAll(async () => {
  postgres = await startPostgres()
  upstream = await startRecordingUpstream({
    arrived: async ({ text }) => {
      if (text !== doomed) return
      doomed = undefined
      await first.kill('SIGKILL')
      await new Promise(() => {})
    },
  })
  const url = await postgres.createDatabase()
  const known = `http://127.0.0.1:${String(await freePort())}`
  const config = (): string => `store: ${url}
publicUrl: ${known}
consent: { hold: 10m }
servers:
  probe:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools:
      wipe: { actions: [money.send] }
`
  first = await startGateway({ config })
  const prepare = (home: string): void => {
    mkdirSync(join(home, '.remit'), { mode: 0o700 })
    cpSync(join(first.home, '.remit', 'keys'), join(home, '.remit', 'keys'), { recursive: true })
  }
  second = await startGateway({ config, prepare })
  agent = await holdTask(first.task().token, { dialled: new URL(first.agentUrl).origin, known })
})

afterAll(async () => {
  await Promise.all([first.remove(), second.remove()])
  upstream.close()
  await postgres.remove()
})

const call = (gateway: RunningGateway, text: string): ReturnType<typeof rawCall> =>
  rawCall(gateway.agentUrl, agent.token, { name: 'probe__wipe', arguments: { text } }, agent.send)

async function admin(
  gateway: RunningGateway,
  path: string,
  method = 'GET',
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${gateway.adminUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${APPROVER_CODE}`, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: '{}' }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Record<string, unknown>
}

/** The only request that waits, but for those that are known. */
async function requested(gateway: RunningGateway, known: ReadonlySet<string>): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const { approvals } = await admin(gateway, '/approvals?state=pending&limit=100')
    return (approvals as readonly { readonly id: string }[]).map(({ id }) => id).find((id) => !known.has(id))
  }
  await expect.poll(find, { timeout: 60_000 }).toBeDefined()
  return (await find())!
}

test('R-CON-3, R-REL-1: gateways that are killed with SIGKILL while a call is pending, granted, or at its server', async () => {
  const asked = new Set<string>()
  const played: { readonly name: string; readonly ran: number; readonly answer: string }[] = []
  for (const state of STATES) {
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `${state}-${String(round)}`
      if (state === 'forwarded') doomed = name
      const held = call(first, name).then(
        ({ text }) => text,
        () => 'lost',
      )
      const id = await requested(second, asked)
      asked.add(id)
      if (state === 'pending') await first.kill('SIGKILL')
      // It stands still, and hears of nothing before it dies.
      if (state === 'granted') first.child.kill('SIGSTOP')
      await admin(second, `/approvals/${id}/approve`, 'POST')
      if (state === 'granted') await first.kill('SIGKILL')
      expect(await held).toBe('lost')
      first = await first.restart()
      const at = round % 2 === 0 ? first : second
      let answer = 'done'
      if (state === 'forwarded') {
        const { approval } = (await admin(at, `/approvals/${id}`)) as {
          readonly approval: { readonly state: string }
        }
        answer = approval.state
      } else answer = (await call(at, name)).text
      played.push({ name, ran: upstream.ran.filter((one) => one === `wipe:${name}`).length, answer })
    }
  }
  console.log(
    `${played.length} kills: ${played.map(({ name, ran, answer }) => `${name} ran ${ran}, ${answer}`).join('; ')}`,
  )
  expect(played).toEqual(
    played.map(({ name }) => ({ name, ran: 1, answer: name.startsWith('forwarded') ? 'used' : 'done' })),
  )
  await first.kill('SIGTERM')
  await second.kill('SIGTERM')
  const verified = first.remit(['audit', 'verify'])
  expect(verified.stdout).toContain('the ledger holds')
})
