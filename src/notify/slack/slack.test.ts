import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FakeSlack, startFakeSlack } from '../../../test/support/fake-slack.ts'
import { byMona, NEVER, useGate } from '../../../test/support/gate-harness.ts'
import { buttonsOf, seen, slackGate } from '../../../test/support/slack-gate.ts'
import { AT, sampleApproval, sampleDelivery } from '../../../test/suites/sample-records.ts'
import type { Approval, Outline } from '../../core/approval.ts'
import type { Block } from '../../../test/support/fake-slack.ts'
import { ALWAYS_MASKED } from '../channel.ts'
import { ReviewDesk } from '../../gate/review/review-desk.ts'
import { tellOverdue } from '../../gate/review/tell-overdue.ts'
import { slackChannel } from './slack-channel.ts'
import { slackMessage } from './slack-message.ts'

const harness = useGate()
let slack: FakeSlack

beforeAll(async () => {
  slack = await startFakeSlack()
})
beforeEach(() => {
  slack.sent.length = 0
  slack.answers.length = 0
  slack.shown.clear()
})
afterAll(() => slack.close())

const DECIDABLE = ['remit.approve', 'remit.refuse', 'remit.open']
const only = () => [...slack.shown.values()][0]
const methods = (): readonly string[] => slack.sent.map(({ method }) => method)

describe('R-CON-4: a request in Slack', () => {
  test('is one message with all that an approver reads, which shows how it ended', async () => {
    const { ask, courier, administration } = slackGate(harness(), slack)
    const { id, prompt } = await ask(harness().write('package.json'))
    expect(await courier().round()).toBe(1)
    expect(buttonsOf(only()?.blocks)).toEqual(DECIDABLE)
    for (const line of prompt.split('\n'))
      expect(seen(only()?.blocks)).toContain(line.replaceAll('>', '&gt;'))
    await administration.approve(byMona, id, {})
    expect(await courier().round()).toBe(1)
    expect(methods()).toEqual(['chat.postMessage', 'chat.update'])
    expect(seen(only()?.blocks)).toMatch(/^Approved · medium\n[^]*1 of 1: mona/)
    expect(buttonsOf(only()?.blocks)).toEqual(['remit.open'])
    expect(seen(only()?.blocks)).not.toContain('Exact arguments')
  })

  test('R-AUD-4: stands beside a message that the review is overdue, in which nothing is a link or a mention', async () => {
    const { deps, courier } = slackGate(harness(), slack)
    const every = 86_400_000
    const review = { every, owner: '<!channel>' }
    const desk = new ReviewDesk({ ...deps, review, ownerOf: () => undefined, secretNames: async () => [] })
    await harness().callerOf()
    harness().now = (await desk.state()).due
    expect(await tellOverdue(deps, desk)).toBe(true)
    expect(await courier().round()).toBe(1)
    expect(methods()).toEqual(['chat.postMessage'])
    expect(seen(only()?.blocks)).toContain('&lt;!channel&gt; can. https://remit.example.com/console/review')
  })

  test('is told again later where Slack says so or fails, and is one message all the same', async () => {
    const { ask, courier, administration } = slackGate(harness(), slack)
    const { id } = await ask(harness().write('package.json'))
    const tell = courier()
    slack.answers.push(
      { status: 429, headers: { 'retry-after': '30' } },
      { body: { ok: false, error: 'not_in_channel' } },
      { status: 503 },
    )
    expect(await tell.round()).toBe(0)
    harness().now += 29_000
    expect(await tell.round()).toBe(0)
    expect(methods()).toHaveLength(1)
    for (const wait of [2_000, 20_000, 80_000]) {
      harness().now += wait
      await tell.round()
    }
    expect([methods().length, slack.shown.size]).toEqual([4, 1])
    // The same notice once more, as after a crash before it was forgotten: no second message.
    const { settings } = slackGate(harness(), slack)
    const approval = await settings.current(id)
    if (approval === undefined) throw new Error('it is gone')
    await slackChannel(settings).tell(sampleDelivery('dlv_again', { event: 'approval.requested' }), approval)
    expect(slack.shown.size).toBe(1)
    // Somebody deleted it: it is not tried for half a day.
    slack.shown.clear()
    await administration.refuse(byMona, id, 'no')
    await tell.round()
    expect(await harness().kinds()).toContain('notice.failed')
  })

  test('that is decided while it is posted, or twice at once, ends as it is', async () => {
    const { ask, courier, administration, settings } = slackGate(harness(), slack)
    const { id } = await ask(harness().write('package.json'))
    const { current } = settings
    let first = true
    Object.assign(settings, {
      current: async (asked: typeof id) => {
        if (first) {
          first = false
          await administration.refuse(byMona, id, 'no')
          // Its own notice finds no message that it could change… unless this one was kept before.
          await courier().round()
        }
        return current(asked)
      },
    })
    await courier().round()
    expect(seen(only()?.blocks)).toMatch(/^Refused · medium[^]*refused by mona\n$/)
    expect(slack.shown.size).toBe(1)
  })

  test('of which nobody was told is not told when it is over', async () => {
    const { ask, courier, administration } = slackGate(harness(), slack)
    const { id } = await ask(harness().write('package.json'))
    await administration.refuse(byMona, id, 'no')
    await courier().round()
    expect(slack.sent).toEqual([])
  })

  test('that Slack would not take is told bare, and answered on its page', async () => {
    const { ask, courier } = slackGate(harness(), slack)
    const { id } = await ask(harness().write('package.json'))
    slack.answers.push({ body: { ok: false, error: 'msg_blocks_too_long' } })
    expect(await courier().round()).toBe(1)
    expect(buttonsOf(only()?.blocks)).toEqual(['remit.open'])
    expect(JSON.stringify(only())).toContain(`https://remit.example.com/approvals/${id}`)
  })

  test('is answered on its page where it is grave, where nobody answers in Slack, or where it is not shown whole', async () => {
    const told = slackGate(harness(), slack, { decides: false })
    await told.ask(harness().write('package.json'))
    await told.courier().round()
    const { ask, courier } = slackGate(harness(), slack)
    await ask(harness().write('.github/workflows/ci.yml'))
    const lines = Array.from({ length: 200 }, (_, at) => `${String(at)} ${'long '.repeat(20)}`)
    await ask(harness().write('package.json', [...lines, 'THE-END'].join('\n')))
    await courier().round()
    const messages = [...slack.shown.values()]
    expect(messages).toHaveLength(3)
    for (const { blocks } of messages) expect(buttonsOf(blocks)).toEqual(['remit.open'])
    const said = messages.map(({ blocks }) => seen(blocks).match(/since ([^.]*)\./)?.[1])
    expect(new Set(said)).toEqual(
      new Set([
        'it is of high severity',
        'it is too long to be shown here whole',
        'nobody answers in Slack here',
      ]),
    )
    expect(messages.some(({ blocks }) => seen(blocks).includes('THE-END'))).toBe(true)
  })
})

const OUTLINE: Outline = {
  workflow: 'fix-tests',
  agent: 'claude-code',
  intent: 'mend the tests',
  origin: 'human-session',
  operations: [{ action: 'file.read', text: 'read File `hidden-name`', labels: ['source'] }],
  more: 0,
  labels: ['source'],
  read: ['source'],
}
const GATE = {
  scope: 'ci',
  reason: 'it is read',
  policy: 'p',
  severity: 'medium',
  quorum: 1,
  timeout: 60_000,
} as const
const TOLD = { adminUrl: 'https://remit.example.com', masked: new Set(ALWAYS_MASKED), decides: true }

function shownOf(change: Partial<Approval>): readonly Block[] {
  const base = {
    gates: [GATE],
    state: 'pending',
    votes: [],
    prompt: 'Exact arguments\n  hidden-argument\n',
  } as const
  return slackMessage(sampleApproval('apr_1', { outline: OUTLINE, ...base, ...change }), TOLD)
    .blocks as readonly Block[]
}

describe('R-CON-4: what Slack is shown', () => {
  test('is everything where no label is masked', () => {
    expect(seen(shownOf({}))).toContain('hidden-argument')
    expect(buttonsOf(shownOf({}))).toEqual(DECIDABLE)
  })

  test.each(ALWAYS_MASKED)(
    'is nothing that is %s, nor what could hold it, nor a button to agree to that',
    (label) => {
      const [operation] = OUTLINE.operations
      if (operation === undefined) throw new Error('none')
      const masked: readonly Outline[] = [
        { ...OUTLINE, labels: [label], operations: [{ ...operation, labels: [label] }] },
        { ...OUTLINE, read: [label] },
      ]
      for (const outline of masked) {
        const blocks = shownOf({ outline })
        expect(seen(blocks)).not.toMatch(/hidden-(name|argument)/)
        expect(seen(blocks)).toContain('stands on its page')
        expect(buttonsOf(blocks)).toEqual(['remit.open'])
      }
      // Of an operation that is not in the list; and where nobody knows which those are.
      const { labels: _, ...unknown } = OUTLINE
      for (const outline of [{ ...OUTLINE, more: 1, labels: [label] }, unknown]) {
        expect(seen(shownOf({ outline }))).not.toContain('hidden-argument')
        expect(buttonsOf(shownOf({ outline }))).toEqual(['remit.open'])
      }
    },
  )

  test('is text, whatever it says: no link, no mention, no end of the fence, and whole', () => {
    const evil = [
      '<!channel> <@U0MONA> <https://evil.example|Approve> &amp; @here *bold* :tada:',
      '```',
      '``````*not ours*',
      '<'.repeat(9_000),
    ].join('\n')
    const blocks = shownOf({ prompt: evil.slice(0, 400) })
    const texts = blocks.flatMap(({ text }) => (text?.type === 'mrkdwn' ? [text] : []))
    expect(texts.every(({ verbatim }) => verbatim === true)).toBe(true)
    for (const { text } of texts) {
      expect(text).not.toMatch(/<|>/)
      expect((text.match(/```/g) ?? []).length % 2).toBe(0)
    }
    const fence = texts[0]?.text ?? ''
    expect(fence.match(/```/g)).toHaveLength(2)
    expect(fence).toContain(String.raw`\u{60}\u{60}\u{60}`)
    // Long: cut into blocks of which each is a fence of its own, both ends kept.
    for (const { text } of shownOf({ prompt: `${evil}\nLAST` }))
      expect(text?.text.length ?? 0).toBeLessThan(3_000)
    expect(seen(shownOf({ prompt: `${evil}\nLAST` }))).toContain('LAST')
  })

  test('is who agreed and how many are still wanted', () => {
    const gates = [{ ...GATE, quorum: 2, by: 'maintainer' }]
    const blocks = shownOf({ gates, votes: [{ gate: 'ci', human: 'mona' as never, at: AT }] })
    expect(seen(blocks)).toContain('consent ci by maintainer: 1 of 2: mona')
  })
})

test('R-CON-4: what asks is not held up by Slack', async () => {
  const { gate } = slackGate(harness(), { ...slack, url: 'http://127.0.0.1:1/api' })
  const verdict = await gate.authorize(await harness().callerOf(), harness().write('package.json'), NEVER)
  expect(verdict.effect).toBe('consent')
})
