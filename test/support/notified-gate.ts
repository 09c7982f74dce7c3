import { randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { NOTICE_EVENTS } from '../../src/core/delivery.ts'
import { SILENT } from '../../src/core/log.ts'
import { adminRecord } from '../../src/gate/admin-records.ts'
import { createAdministration } from '../../src/gate/create-administration.ts'
import { createGate } from '../../src/gate/create-gate.ts'
import { ALWAYS_MASKED, type Channel } from '../../src/notify/channel.ts'
import { aboutOf, Courier } from '../../src/notify/courier.ts'
import { notifyingJournal } from '../../src/notify/notifying-journal.ts'
import { webhookChannel, type WebhookSettings } from '../../src/notify/webhook-channel.ts'
import type { GateHarness } from './gate-harness.ts'

export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

/** A gate whose approvals are told to `channels`, over the store of the harness. */
export function notifiedGate(harness: GateHarness, channels: readonly Channel[]) {
  const { clock, entropy, settings } = harness.deps
  const journal = notifyingJournal(harness.store.journal, channels, { clock, entropy })
  const deps = { ...harness.deps, journal }
  const courier = (): Courier =>
    new Courier({
      ...harness.store,
      journal,
      tenant: DEFAULT_TENANT,
      channels,
      clock,
      entropy,
      log: SILENT,
      givenUp: (delivery, why) =>
        adminRecord(settings, {
          kind: 'notice.failed',
          id: `ntc_${randomBytes(8).toString('hex')}`,
          at: harness.now,
          data: { event: delivery.event, ...aboutOf(delivery) },
          detail: { comment: why },
        }),
    })
  return { deps, gate: createGate(deps), administration: createAdministration(deps), courier }
}

export function webhookTo(url: string, harness: GateHarness, more: Partial<WebhookSettings> = {}): Channel {
  return webhookChannel({
    name: 'webhook:chat',
    events: new Set(NOTICE_EVENTS),
    masked: new Set(ALWAYS_MASKED),
    adminUrl: 'https://remit.example.com',
    place: () => ({ url, secret: WEBHOOK_SECRET }),
    fetching: { allowPrivate: true, plainLoopback: true, timeout: 2_000 },
    now: () => harness.now,
    ...more,
  })
}

export interface Received {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Whatever is posted to it, with answers to come. */
export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** Status, headers and body of the next answers; 200 when there is none. */
  readonly answers: {
    readonly status: number
    readonly headers?: Record<string, string>
    readonly body?: string
  }[]
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const answers: Receiver['answers'] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      })
      const { status, headers, body } = answers.shift() ?? { status: 200 }
      response.writeHead(status, headers).end(body)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}/hook`,
    received,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
