import { expect } from 'vitest'
import { rawCall } from '../support/raw-call.ts'
import { startRecordingUpstream } from '../support/recording-upstream.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

interface ExportedRecord {
  readonly envelope?: {
    readonly kind: string
    readonly id: string
    readonly decision?: { readonly effect: string }
    readonly approval?: { readonly id: string; readonly state: string }
  }
  readonly payload?: { readonly arguments?: { readonly text?: string } }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

/** Asks for a call that needs consent and approves it, as a maintainer would. */
async function approved(gateway: RunningGateway, token: string, text: string): Promise<string> {
  const asked = await rawCall(gateway.agentUrl, token, { name: 'probe__wipe', arguments: { text } })
  const id = /apr_[0-9a-z]+/.exec(asked.text)?.[0]
  if (id === undefined) throw new Error(`no approval was asked for: ${asked.text}`)
  const answer = await fetch(`${gateway.adminUrl}/approvals/${id}/approve`, {
    method: 'POST',
    headers: { authorization: `Bearer ${APPROVER_CODE}`, 'content-type': 'application/json' },
    body: '{}',
  })
  if (!answer.ok) throw new Error(`not approved: ${await answer.text()}`)
  return id
}

/**
 * Kills the gateway with SIGKILL at random moments under load, `rounds` times on one state folder, and then holds
 * its ledger against what really reached the upstream.
 */
export async function crashUnderLoad(rounds: number): Promise<void> {
  const upstream = await startRecordingUpstream()
  let gateway = await startGateway({
    config: () => `consent: { hold: 0s }
servers:
  probe:
    url: ${upstream.url}
    era: modern
    session: shared
    fileSystem: none
    tools:
      echo: { actions: [data.write] }
      wipe: { actions: [data.delete] }
`,
  })
  try {
    const { token } = gateway.task()
    let sent = 0
    const wipes: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      const text = `wipe-${round}`
      await approved(gateway, token, text)
      wipes.push(text)
      let running = true
      const call = (name: string, argument: string): Promise<unknown> =>
        rawCall(gateway.agentUrl, token, { name, arguments: { text: argument } }).catch(() => undefined)
      const echoes = Array.from({ length: 12 }, async () => {
        while (running) {
          sent += 1
          await call('probe__echo', `echo-${sent}`)
        }
      })
      const racers = Array.from({ length: 4 }, async () => {
        await pause(Math.random() * 300)
        for (const wipe of wipes) await call('probe__wipe', wipe)
      })
      await pause(50 + Math.random() * 500)
      await gateway.kill('SIGKILL')
      running = false
      await Promise.all([...echoes, ...racers])
      gateway = await gateway.restart()
    }
    checkLedger(gateway, upstream.ran)
  } finally {
    await gateway.remove()
    upstream.close()
  }
}

function checkLedger(gateway: RunningGateway, ran: readonly string[]): void {
  const verified = gateway.remit(['audit', 'verify'])
  expect(`${verified.status} ${verified.stderr}`).toMatch(/^0 /)
  const exported = gateway.remit(['audit', 'export', '--output', '-'])
  const records = exported.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as ExportedRecord)
    .filter((record) => record.envelope !== undefined)
  const allowed = records.filter(
    ({ envelope }) => envelope?.kind === 'decision' && envelope.decision?.effect === 'allow',
  )
  const texts = new Set(allowed.map((record) => record.payload?.arguments?.text))

  expect(ran.length).toBeGreaterThan(0)
  expect(ran.filter((entry) => !texts.has(entry.slice(entry.indexOf(':') + 1)))).toEqual([])

  const used = allowed.flatMap(({ envelope }) =>
    envelope?.approval === undefined ? [] : [envelope.approval.id],
  )
  expect(used).toEqual([...new Set(used)])
  const wiped = ran.filter((entry) => entry.startsWith('wipe:'))
  expect(wiped).toEqual([...new Set(wiped)])

  const outcomes = new Set(
    records.filter(({ envelope }) => envelope?.kind === 'outcome').map((record) => record.envelope?.id),
  )
  expect(allowed.filter(({ envelope }) => envelope !== undefined && !outcomes.has(envelope.id))).toEqual([])
}
