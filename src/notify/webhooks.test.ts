import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import {
  notifiedGate,
  startReceiver,
  webhookTo,
  WEBHOOK_SECRET,
  type Received,
  type Receiver,
} from '../../test/support/notified-gate.ts'
import { backOff } from './back-off.ts'
import type { Outline } from '../core/approval.ts'
import { sampleApproval, sampleDelivery } from '../../test/suites/sample-records.ts'
import { ALWAYS_MASKED } from './channel.ts'
import { AgentPresence } from '../gate/fleet/agent-presence.ts'
import { ReviewDesk } from '../gate/review/review-desk.ts'
import { tellOverdue } from '../gate/review/tell-overdue.ts'
import { noticeOf, type Notice } from './notice.ts'
import { webhookKey } from './sign-webhook.ts'

const harness = useGate()
let receiver: Receiver

beforeAll(async () => {
  receiver = await startReceiver()
})
beforeEach(() => {
  receiver.received.length = 0
  receiver.answers.length = 0
})
afterAll(() => receiver.close())

function start(more: Parameters<typeof webhookTo>[2] = {}, url = receiver.url) {
  const made = notifiedGate(harness(), [webhookTo(url, harness(), more)])
  const ask = async (path: string, content?: string) => {
    const caller = await harness().callerOf()
    const verdict = await made.gate.authorize(caller, harness().write(path, content), NEVER)
    if (verdict.effect !== 'consent') throw new Error(`expected consent, got ${verdict.effect}`)
    return { caller, approval: verdict.approval }
  }
  return { ...made, ask }
}

interface Message {
  readonly type: string
  readonly timestamp: string
  readonly data: Notice
}

function messages(): readonly Message[] {
  return receiver.received.map(({ body }) => JSON.parse(body) as Message)
}

/** By the text of Standard Webhooks, not by the code under test. */
function isSigned({ headers, body }: Received): boolean {
  const key = Buffer.from(WEBHOOK_SECRET.slice(6), 'base64')
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

const CI = join('.github', 'workflows', 'ci.yml')

describe('R-CON-3: signed webhooks', () => {
  test('tell what is asked and how it ended, signed, with a key that does not change', async () => {
    const { ask, administration, courier } = start()
    const { approval } = await ask(CI)
    expect(await courier().round()).toBe(1)
    await administration.approve(byMona, approval.id, { comment: 'x' })
    expect(await courier().round()).toBe(1)
    const [asked, granted] = messages()
    expect(asked).toMatchObject({
      type: 'approval.requested',
      data: {
        approval: approval.id,
        state: 'pending',
        human: 'alice',
        intent: null,
        url: `https://remit.example.com/approvals/${approval.id}`,
        gates: [{ agreed: [] }],
        masked: false,
      },
    })
    expect(asked?.data.operations.map(({ text }) => text).join(' ')).toContain('ci.yml')
    expect(granted).toMatchObject({
      type: 'approval.granted',
      data: { state: 'granted', gates: [{ agreed: ['mona'] }] },
    })
    for (const each of receiver.received) {
      expect(isSigned(each)).toBe(true)
      expect(each.headers['idempotency-key']).toBe(each.headers['webhook-id'])
    }
    expect(await courier().round()).toBe(0)
  })

  test('that fail are tried again with the same id and body, later each time', async () => {
    const { ask, courier } = start()
    await ask(CI)
    receiver.answers.push({ status: 500 }, { status: 429, headers: { 'retry-after': '30' } })
    const tell = courier()
    expect(await tell.round()).toBe(0)
    expect(await tell.round()).toBe(0)
    harness().now += 7_000
    expect(await tell.round()).toBe(0)
    harness().now += 29_000
    expect(await tell.round()).toBe(0)
    harness().now += 2_000
    expect(await tell.round()).toBe(1)
    const [first, , last] = receiver.received
    expect(receiver.received).toHaveLength(3)
    expect(last?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(last?.body).toBe(first?.body)
    expect(last?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature'])
    expect(last === undefined || isSigned(last)).toBe(true)
  })

  test('are shared by replicas, and what one took before it died is told by another', async () => {
    const hang = new Promise<never>(() => {})
    const channel = webhookTo(receiver.url, harness())
    const { gate } = notifiedGate(harness(), [channel])
    const caller = await harness().callerOf()
    await gate.authorize(caller, harness().write(CI), NEVER)
    const dying = notifiedGate(harness(), [{ ...channel, tell: () => hang }]).courier()
    void dying.round()
    await new Promise((resolve) => setImmediate(resolve))
    const other = notifiedGate(harness(), [channel]).courier()
    expect(await other.round()).toBe(0)
    harness().now += 121_000
    const both = await Promise.all([other.round(), notifiedGate(harness(), [channel]).courier().round()])
    expect(both.toSorted((a, b) => a - b)).toEqual([0, 1])
    expect(receiver.received).toHaveLength(1)
  })

  test('are given up on record at last; who asks for no more is not told again', async () => {
    const { ask, administration, courier } = start({ events: new Set(['approval.refused']) })
    const { approval } = await ask(CI)
    await administration.refuse(byMona, approval.id, 'no')
    receiver.answers.push(...Array.from({ length: 12 }, () => ({ status: 503 })))
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await courier().round()
      harness().now += 12 * 3_600_000
    }
    expect(receiver.received).toHaveLength(9)
    expect(await harness().kinds()).toContain('notice.failed')
    receiver.answers.splice(0, 12, { status: 410 })
    const again = await ask(CI, 'other')
    await administration.refuse(byMona, again.approval.id, 'no')
    await courier().round()
    harness().now += 3_600_000
    await courier().round()
    expect(receiver.received).toHaveLength(10)
  })

  test('R-AUD-4, R-CON-4: tell of an overdue review once, and of a task that asks too much, with what is on record and no more', async () => {
    const { deps, ask, gate, courier } = start({ events: new Set(['review.overdue', 'task.flagged']) })
    await ask(CI)
    const review = { every: 86_400_000, owner: 'mona' }
    const desk = new ReviewDesk({ ...deps, review, ownerOf: () => undefined, secretNames: async () => [] })
    expect(await tellOverdue(deps, desk)).toBe(false)
    const { due } = await desk.state()
    harness().now = due
    expect([await tellOverdue(deps, desk), await tellOverdue(deps, desk)]).toEqual([true, false])
    receiver.answers.push({ status: 503 })
    expect(await courier().round()).toBe(0)
    harness().now += 7_000
    expect(await courier().round()).toBe(1)
    const [first, overdue] = messages()
    expect(overdue).toEqual(first)
    expect(overdue).toMatchObject({
      type: 'review.overdue',
      timestamp: new Date(due).toISOString(),
      data: {
        tenant: 'default',
        human: 'mona',
        due: new Date(due).toISOString(),
        url: 'https://remit.example.com/console/review',
      },
    })
    expect(receiver.received.every(isSigned)).toBe(true)

    harness().consentLimits = { open: 1, hourly: 20 }
    const caller = await harness().callerOf()
    for (const name of ['a', 'b', 'c'])
      await gate.authorize(caller, harness().write(join('.github', 'workflows', `${name}.yml`)), NEVER)
    expect(await courier().round()).toBe(1)
    const { id } = caller.chain.task
    expect(messages().at(-1)).toMatchObject({
      type: 'task.flagged',
      data: {
        task: id,
        human: 'alice',
        why: 'consent-flood',
        url: `https://remit.example.com/console/tasks/${id}`,
      },
    })
    expect(receiver.received.at(-1)?.body).not.toContain(caller.chain.task.intent)
  })

  test('R-AGT-1: tell of an irregular agent once, with its task and why, and without the name of its machine', async () => {
    const { deps, courier } = start({ events: new Set(['agent.irregular']) })
    const presence = new AgentPresence({ ...deps, fleet: harness().store.logins, fresh: 1_000, keep: 1_000 })
    const caller = await harness().callerOf()
    const machine = { id: '0'.repeat(32), name: 'alice-laptop', platform: 'linux' }
    for (let times = 0; times < 2; times += 1)
      await presence.report(caller, { agent: 'codex', machine, hooks: { files: 'missing' } })
    await presence.idle()
    expect(await courier().round()).toBe(1)
    const { id } = caller.chain.task
    const url = `https://remit.example.com/console/tasks/${id}`
    expect(messages()).toMatchObject([
      {
        type: 'agent.irregular',
        data: { agent: 'codex', task: id, human: 'alice', why: 'hooks-missing', url },
      },
    ])
    expect(receiver.received[0]?.body).not.toContain('alice-laptop')
  })

  test('ask nobody about what no longer waits', async () => {
    const { ask, administration, courier } = start({ events: new Set(['approval.requested']) })
    const { approval } = await ask(CI)
    await administration.refuse(byMona, approval.id, 'no')
    expect(await courier().round()).toBe(0)
    expect(receiver.received).toEqual([])
  })

  test('tell nothing that the agent wrote once its tree of tasks has read what is masked', async () => {
    const { deps, gate, courier } = start()
    const caller = await harness().callerOf()
    const { tenant, id: root } = caller.chain.task
    const read = { kind: 'add-facts' as const, tenant, root, add: { labels: ['customer-data' as const] } }
    await deps.journal.commit({ records: [], changes: [read] })
    await gate.authorize(caller, harness().write(CI, 'names of customers'), NEVER)
    await courier().round()
    const [message] = messages()
    expect(message?.data.masked).toBe(true)
    expect(message?.data.operations.map(({ text }) => text)).toContain(null)
    expect(message?.data.url).toContain('/approvals/apr_')
    expect(receiver.received[0]?.body).not.toContain('ci.yml')
  })

  test.each(ALWAYS_MASKED)('tell of no operation on what is %s, and of others beside it', (label) => {
    const outline: Outline = {
      workflow: 'fix-tests',
      agent: 'claude-code',
      intent: 'mend the tests',
      origin: 'human-session',
      operations: [
        { action: 'file.read', text: 'read File `hidden`', labels: ['source', label] },
        { action: 'file.read', text: 'read File `shown`', labels: ['source'] },
      ],
      more: 0,
      read: ['source'],
    }
    const told = { adminUrl: 'https://remit.example.com', masked: new Set(ALWAYS_MASKED) }
    const notice = noticeOf(sampleDelivery('dlv_1'), sampleApproval('apr_1', { outline }), told)
    expect(notice).toMatchObject({
      masked: true,
      intent: 'mend the tests',
      operations: [{ text: null, labels: ['source', label] }, { text: 'read File `shown`' }],
    })
    const { outline: _, ...bare } = sampleApproval('apr_1')
    expect(noticeOf(sampleDelivery('dlv_1'), bare, told)).toMatchObject({ masked: true, operations: [] })
  })

  test('carry no control characters or text that turns around', async () => {
    const { ask, courier } = start()
    await ask(join('.github', 'workflows', 'a\u202eb\u001b[2Jc.yml'))
    await courier().round()
    const [message] = messages()
    expect(JSON.stringify(message)).toContain('2Jc.yml')
    for (const hidden of ['\\u001b', '\u202e', '\u001b'])
      expect(JSON.stringify(message)).not.toContain(hidden)
  })

  test.each([
    ['a loopback address', () => receiver.url],
    ['the same over https', () => receiver.url.replace('http:', 'https:')],
    ['a metadata service', () => 'https://169.254.169.254/latest'],
    ['a private network', () => 'https://10.0.0.1/hook'],
    ['a name for one', () => receiver.url.replace('http://127.0.0.1', 'https://localhost')],
  ])('R-SEC-1: reach %s nowhere', async (_, url) => {
    const { ask, courier } = start({ fetching: { timeout: 1_000 } }, url())
    await ask(CI)
    expect(await courier().round()).toBe(0)
    expect(receiver.received).toEqual([])
  })

  test('do not follow a redirect, and wait no longer than they may', async () => {
    const { ask, courier } = start({ events: new Set(['approval.requested']) })
    await ask(CI)
    receiver.answers.push({ status: 307, headers: { location: receiver.url } })
    expect(await courier().round()).toBe(0)
    expect(receiver.received).toHaveLength(1)
  })

  test('need a secret that is one', () => {
    expect(() => webhookKey('short')).toThrow(/24 bytes/)
    expect(() => webhookKey('whsec_c2hvcnQ=')).toThrow(/24 bytes/)
    expect(webhookKey(WEBHOOK_SECRET)).toHaveLength(32)
  })

  test('wait longer each time, spread, and half a day in all', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => backOff(attempt, 0.5) ?? 0)
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(backOff(9, 0.5)).toBeUndefined()
    expect([backOff(1, 0), backOff(1, 1)]).toEqual([4_000, 6_000])
  })
})
