import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_TENANT, type HumanId } from '../../src/core/ids.ts'
import type { Human } from '../../src/core/identity.ts'
import {
  CONVERSATION,
  type FakeSlack,
  type Pressed,
  slackHeaders,
  startFakeSlack,
} from '../support/fake-slack.ts'
import { alice, byMona, mona, useGate } from '../support/gate-harness.ts'
import { pressOf, seen, slackGate, startDoor } from '../support/slack-gate.ts'

const harness = useGate()
const bob: Human = { tenant: DEFAULT_TENANT, id: 'bob' as HumanId, teams: [], roles: ['member'] }
let slack: FakeSlack
let door: Awaited<ReturnType<typeof startDoor>>

beforeAll(async () => {
  slack = await startFakeSlack()
  door = await startDoor()
})
beforeEach(() => {
  slack.sent.length = 0
  slack.answers.length = 0
  slack.shown.clear()
  harness().humans = [alice, bob, mona]
})
afterAll(async () => {
  door.close()
  await slack.close()
})

/** A request that waits, told to Slack, and a way to press its buttons. */
async function asked(path = 'package.json', more: Parameters<typeof slackGate>[2] = {}) {
  const made = slackGate(harness(), slack, more)
  const { id } = await made.ask(harness().write(path))
  await made.courier().round()
  door.serve(made.endpoint())
  const [ts = ''] = slack.shown.keys()
  const pressed = (change: Partial<Pressed> = {}): Pressed => {
    return { member: 'U0MONA', action: 'remit.approve', value: id, ts, ...change }
  }
  const send = async (request: RequestInit): Promise<number> => (await fetch(door.url, request)).status
  const press = (change: Partial<Pressed> = {}): Promise<number> =>
    send(pressOf(pressed(change), harness().now))
  const state = async (): Promise<string | undefined> => (await made.settings.current(id))?.state
  const whispers = (): readonly string[] =>
    slack.sent.flatMap(({ method, body }) =>
      method === 'chat.postEphemeral' ? [`${String(body['user'])}: ${body.text}`] : [],
    )
  return { ...made, id, ts, pressed, send, press, state, whispers }
}

describe('R-CON-4: an answer in Slack', () => {
  test('is the human’s who is that member, on record as given in Slack, and the message shows it', async () => {
    const { press, state, courier, id } = await asked()
    expect(await press({ reason: 'looks right' })).toBe(200)
    expect(await state()).toBe('granted')
    const records = await harness().store.records.query({ tenant: DEFAULT_TENANT, limit: 100 })
    const record = records.find(({ envelope }) => envelope.kind === 'approval.granted')
    expect(record?.envelope).toMatchObject({ id, actor: 'mona', data: { channel: 'slack' } })
    expect(record?.detail).toMatchObject({ comment: 'looks right' })
    await courier().round()
    expect(seen([...slack.shown.values()][0]?.blocks)).toContain('1 of 1: mona')
  })

  test('refuses with the reason that was written beside it', async () => {
    const { press, settings, id } = await asked()
    await press({ action: 'remit.refuse', reason: 'not today' })
    const refusal = { human: 'mona', reason: 'not today', channel: 'slack' }
    expect(await settings.current(id)).toMatchObject({ state: 'refused', refusal })
  })

  test('to what is decided meanwhile is told to who pressed, and a message that still asks is mended', async () => {
    const { press, administration, id, whispers, state } = await asked()
    await administration.refuse(byMona, id, 'no')
    expect(await press()).toBe(200)
    expect(await state()).toBe('refused')
    expect(whispers()).toEqual([
      expect.stringMatching(/^U0MONA: Nothing was decided: .* is refused already\.$/),
    ])
    expect(seen([...slack.shown.values()][0]?.blocks)).toMatch(/^Refused/)
  })

  test('and one in the console at the same time make one decision', async () => {
    const { press, administration, id } = await asked()
    const [status, console] = await Promise.all([
      press(),
      administration.refuse(byMona, id, 'no').then(
        () => true,
        () => false,
      ),
      press({ trigger: '2' }),
    ])
    expect(status).toBe(200)
    const decided = (await harness().kinds()).filter((kind) => /approval\.(granted|refused)/.test(kind))
    expect(decided).toEqual([console ? 'approval.refused' : 'approval.granted'])
  })

  test('does not let Slack wait for a decision that takes long', async () => {
    const { pressed, endpoint, administration, send } = await asked()
    const never = new Promise<never>(() => {})
    door.serve(endpoint({ administration: { ...administration, approve: () => never }, patience: 10 }))
    expect(await send(pressOf(pressed(), harness().now))).toBe(200)
  })
})

describe('R-SEC-1: an answer that is forged', () => {
  test('replayed Slack payload: an interaction counts once, over restarts and replicas', async () => {
    const { pressed, send, endpoint, settings, ask, courier } = await asked()
    const request = pressOf(pressed({ member: 'U0ALICE' }), harness().now)
    const both = await Promise.all([send(request), send(request)])
    expect(both.toSorted((a, b) => a - b)).toEqual([200, 401])
    // Another gateway over the same store, as after a restart or as a replica.
    door.serve(slackGate(harness(), slack).endpoint())
    expect(await send(request)).toBe(401)
    // Headers written otherwise are no other request.
    expect(await send({ ...request, headers: { ...request.headers, 'X-Slack-Retry-Num': '1' } })).toBe(401)
    harness().now += 299_000
    expect(await send(request)).toBe(401)
    const { id } = await ask(harness().write('package.json', 'other'))
    await courier().round()
    door.serve(endpoint())
    expect(await send(pressOf(pressed({ value: id }), harness().now))).toBe(200)
    expect(await settings.current(id)).toMatchObject({ state: 'granted' })
  })

  test('forged Slack payload: old, of another secret, changed, signed twice or not at all, it is nobody’s', async () => {
    const { pressed, send, state } = await asked()
    const { now } = harness()
    const { body, headers, method } = pressOf(pressed(), now)
    const signature = headers['x-slack-signature'] ?? ''
    const twice = [
      ...Object.entries(headers),
      ['x-slack-signature', slackHeaders(body, now, 'another')['x-slack-signature'] ?? ''],
    ]
    const tried: readonly RequestInit[] = [
      pressOf(pressed(), now - 301_000),
      pressOf(pressed(), now + 301_000),
      { method, body, headers: slackHeaders(body, now, 'another-secret') },
      { method, body, headers: slackHeaders(body, now, '') },
      { method, body: `${body}&payload=%7B%7D`, headers },
      { method, body: body.replace('U0MONA', 'U0MONB'), headers },
      {
        method,
        body,
        headers: { ...headers, 'x-slack-request-timestamp': String(Math.floor(now / 1_000) - 1) },
      },
      {
        method,
        body,
        headers: { ...headers, 'x-slack-request-timestamp': ` 0${String(Math.floor(now / 1_000))}` },
      },
      { method, body, headers: { ...headers, 'x-slack-signature': signature.replace('v0=', 'v1=') } },
      { method, body, headers: { ...headers, 'x-slack-signature': signature.slice(0, -1) } },
      { method, body, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      { method, body, headers: twice as [string, string][] },
    ]
    const answers: number[] = []
    for (const request of tried) answers.push(await send(request))
    expect(answers).toEqual(tried.map(() => 401))
    expect(await state()).toBe('pending')
    expect(await send({ method: 'GET' })).toBe(405)
    expect(await send({ method, headers, body: 'x'.repeat(300_000) })).toBe(413)
  })

  test('signed, but by who is nobody here, of elsewhere, may not approve, or is the one whose task it is, it decides nothing', async () => {
    const { press, state, whispers } = await asked()
    const tried: readonly (readonly [Partial<Pressed>, RegExp])[] = [
      [{ member: 'U0STRANGER' }, /nobody here is this member of Slack/],
      [{ workspace: 'T0OTHER' }, /nobody here/],
      [{ conversation: `${CONVERSATION}2` }, /nobody here/],
      [{ member: 'U0BOB' }, /no approval .* yours or for you to decide/],
      [{ member: 'U0ALICE' }, /`alice` may not decide this request/],
      [{ member: 'U0MONA', value: 'apr_unknown' }, /no approval/],
    ]
    for (const [change, why] of tried) {
      expect(await press(change)).toBe(200)
      expect(whispers().at(-1)).toMatch(why)
    }
    harness().humans = [alice, bob]
    expect(await press()).toBe(200)
    harness().humans = [alice, bob, { ...mona, roles: ['auditor'] }]
    expect(await press({ trigger: 'again' })).toBe(200)
    expect(whispers().at(-1)).toContain('auditor')
    expect(await state()).toBe('pending')
  })

  test('for what is grave, masked, or not shown whole it decides nothing, whatever message it was pressed in', async () => {
    const grave = await asked('.github/workflows/ci.yml')
    for (const action of ['remit.approve', 'remit.refuse']) expect(await grave.press({ action })).toBe(200)
    expect(grave.whispers().at(-1)).toMatch(
      /since it is of high severity: https:\/\/remit\.example\.com\/approvals\/apr_/,
    )
    expect(await grave.state()).toBe('pending')
    // The gate says so too, whoever asks it.
    const bySlack = { ...byMona, channel: 'slack' as const }
    await expect(grave.administration.approve(bySlack, grave.id, {})).rejects.toMatchObject({
      code: 'step_up_needed',
    })
    const masked = await asked('package.json', { mask: ['manifest'] })
    await masked.press()
    expect(masked.whispers().at(-1)).toContain('holds what is not shown in Slack')
    const closed = await asked('package.json', { decides: false })
    await closed.press()
    expect(closed.whispers().at(-1)).toContain('nobody answers in Slack here')
    expect([await masked.state(), await closed.state()]).toEqual(['pending', 'pending'])
  })

  test('that is no press of a button of a request is heard, and does nothing', async () => {
    const { press, send, state } = await asked()
    expect(await press({ action: 'remit.open' })).toBe(200)
    expect(await press({ action: 'somebody.else' })).toBe(200)
    const signed = (body: string): RequestInit => ({
      method: 'POST',
      body,
      headers: slackHeaders(body, harness().now),
    })
    expect(await send(signed(`payload=${encodeURIComponent('{"type":"view_submission"}')}`))).toBe(200)
    for (const body of ['', 'payload=', 'payload=%7B', 'payload=%7B%22type%22%3A%22block_actions%22%7D']) {
      expect(await send(signed(body))).toBe(400)
    }
    expect(await press({ value: 'apr_../../x' })).toBe(400)
    expect(await state()).toBe('pending')
  })
})
