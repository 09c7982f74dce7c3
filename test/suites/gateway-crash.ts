import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordEnvelope, RecordPayload } from '../../src/core/record.ts'
import { rawCall } from '../support/raw-call.ts'
import { startRecordingUpstream } from '../support/recording-upstream.ts'
import type { SickDisk, Trouble } from '../support/sick-disk.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

/** A line of the export that holds a record: texts as they were hashed. */
interface ExportedLine {
  readonly record?: { readonly body: string; readonly payload?: { readonly text: string } }
}

interface ReadRecord {
  readonly envelope: RecordEnvelope
  readonly payload: RecordPayload
}

/** What the ledger and the upstream disagree about; all of it must be empty. */
export interface CrashFindings {
  /** Calls that reached the upstream. */
  readonly ran: number
  /** Exit code and complaint of `remit audit verify`. */
  readonly verify: string
  readonly undecided: readonly string[]
  readonly usedTwice: readonly string[]
  readonly ranTwice: readonly string[]
  readonly withoutOutcome: number
}

export const NOTHING_FOUND = {
  verify: '0',
  undecided: [],
  usedTwice: [],
  ranTwice: [],
  withoutOutcome: 0,
} as const

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

export interface DiskTrouble {
  readonly disk: SickDisk
  readonly trouble: Trouble
}

/**
 * Kills the gateway with SIGKILL at random moments under load, `rounds` times on one state folder, and then holds
 * its ledger against what really reached the upstream.
 * @param sick in every second round the disk is sick when it is killed, in the others it has just become well again.
 */
export async function crashUnderLoad(rounds: number, sick?: DiskTrouble): Promise<CrashFindings> {
  const upstream = await startRecordingUpstream()
  let gateway = await startGateway({
    ...(sick === undefined ? {} : { env: sick.disk.env }),
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
      const stop = new AbortController()
      const call = (name: string, argument: string): Promise<unknown> =>
        rawCall(gateway.agentUrl, token, { name, arguments: { text: argument } }).catch(() => undefined)
      const echoes = Array.from({ length: 12 }, async () => {
        while (!stop.signal.aborted) {
          sent += 1
          await call('probe__echo', `echo-${sent}`)
        }
      })
      const racers = Array.from({ length: 4 }, async () => {
        await pause(Math.random() * 300)
        for (const wipe of wipes) await call('probe__wipe', wipe)
      })
      await pause(50 + Math.random() * 500)
      if (sick !== undefined) {
        sick.disk.begin(sick.trouble)
        await pause(Math.random() * 300)
        if (round % 2 === 1) {
          sick.disk.end(sick.trouble)
          await pause(Math.random() * 500)
        }
      }
      await gateway.kill('SIGKILL')
      sick?.disk.end(sick.trouble)
      stop.abort()
      await Promise.all([...echoes, ...racers])
      gateway = await gateway.restart()
    }
    return inspect(gateway, upstream.ran)
  } finally {
    await gateway.remove()
    upstream.close()
  }
}

function inspect(gateway: RunningGateway, ran: readonly string[]): CrashFindings {
  const verified = gateway.remit(['audit', 'verify'])
  const file = join(gateway.home, 'export.jsonl')
  const exported = gateway.remit(['audit', 'export', '--output', file])
  if (exported.status !== 0) throw new Error(exported.stderr)
  const records = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line): ReadRecord[] => {
      const { record } = JSON.parse(line) as ExportedLine
      if (record === undefined) return []
      return [{ envelope: JSON.parse(record.body), payload: JSON.parse(record.payload?.text ?? '{}') }]
    })
  const allowed = records.filter(
    ({ envelope }) => envelope.kind === 'decision' && envelope.decision?.effect === 'allow',
  )
  const decided = new Set(allowed.map((record) => record.payload.arguments?.['text']))
  const used = allowed.flatMap(({ envelope }) => envelope.approval?.id ?? [])
  const outcomes = new Set(
    records.filter(({ envelope }) => envelope.kind === 'outcome').map(({ envelope }) => envelope.id),
  )
  return {
    ran: ran.length,
    verify: `${verified.status} ${verified.stderr}`.trim(),
    undecided: ran.filter((entry) => !decided.has(entry.slice(entry.indexOf(':') + 1))),
    usedTwice: repeated(used),
    ranTwice: repeated(ran.filter((entry) => entry.startsWith('wipe:'))),
    withoutOutcome: allowed.filter(({ envelope }) => !outcomes.has(envelope.id)).length,
  }
}

function repeated(list: readonly string[]): readonly string[] {
  return list.filter((entry, index) => list.indexOf(entry) !== index)
}
