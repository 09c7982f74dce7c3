import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { compilerOf, packTexts } from '../../../test/policy/compiled.ts'
import { PACK } from '../../../test/policy/samples.ts'
import { CONVERSATION, type FakeSlack, ONCALL, startFakeSlack } from '../../../test/support/fake-slack.ts'
import { alice, byMona, mona, useGate } from '../../../test/support/gate-harness.ts'
import { buttonsOf, pressOf, seen, slackGate, startDoor } from '../../../test/support/slack-gate.ts'
import type { HumanId } from '../../core/ids.ts'
import { EscalationTeller } from '../../gate/tell-escalations.ts'

const h = useGate()
const LATER = '@consent_by("maintainer")\n@escalate_to("oncall")\n@escalate_after("5m")'
const escalating = compilerOf(
  packTexts(PACK).map(({ file, text }) => ({
    file,
    text: text.replace('@consent("dependencies")', `@consent("dependencies")\n${LATER}`),
  })),
)
const otto = { ...mona, id: 'otto' as HumanId, roles: ['approver'], teams: ['oncall'] }
const nobody = { ...mona, id: 'nell' as HumanId, roles: ['approver'], teams: ['oncall'] }
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
})
afterAll(async () => {
  door.close()
  await slack.close()
})

/** A request that waits, of which was told, and who may answer it later. */
async function escalatedIn(escalations: Readonly<Record<string, string>>) {
  h().policies = escalating()
  h().humans = [{ ...alice, teams: ['oncall'] }, mona, otto, nobody]
  const made = slackGate(h(), slack, { escalations })
  const { id } = await made.ask(h().write('package.json'))
  const courier = made.courier()
  await courier.round()
  const escalate = async (): Promise<void> => {
    h().now += 5 * 60_000
    expect(await new EscalationTeller(made.deps).tell()).toBe(1)
    await courier.round()
  }
  return { ...made, id, tell: () => courier.round(), escalate }
}

const messages = () => [...slack.shown.values()]
const channels = (): readonly unknown[] => messages().map((message) => message['channel'])

test('R-CON-4: a request that escalates is told anew where its group is, by name, and both messages end with it', async () => {
  const { id, escalate, endpoint, tell } = await escalatedIn({ oncall: ONCALL })
  expect(channels()).toEqual([CONVERSATION])
  await escalate()
  expect(slack.sent.map(({ method }) => method)).toEqual([
    'chat.postMessage',
    'chat.update',
    'chat.postMessage',
  ])
  expect(channels()).toEqual([CONVERSATION, ONCALL])
  // Neither the one whose task it is, nor who is nobody in Slack; and the first message calls nobody.
  const [first, second] = messages().map(({ blocks }) => seen(blocks))
  expect(second).toContain('<@U0OTTO> Nobody has answered yet; oncall may answer as well.')
  expect(first).not.toContain('<@')
  expect(buttonsOf(messages()[1]?.blocks)).toContain('remit.approve')
  // Told once, however often it is looked at.
  await tell()
  expect(messages()).toHaveLength(2)
  door.serve(endpoint())
  const ts = [...slack.shown.keys()][1] ?? ''
  const press = { member: 'U0OTTO', action: 'remit.approve', value: id, conversation: ONCALL, ts }
  expect((await fetch(door.url, pressOf(press, h().now))).status).toBe(200)
  await tell()
  for (const { blocks } of messages()) {
    expect(seen(blocks)).toMatch(/^Approved · medium\n[^]*1 of 1: otto/)
    expect(seen(blocks)).not.toContain('<@')
    expect(buttonsOf(blocks)).toEqual(['remit.open'])
  }
})

test('R-CON-4: without a place of its own the group is called where the request was told; refused elsewhere, both end', async () => {
  const { id, escalate, administration, tell } = await escalatedIn({})
  await escalate()
  expect(channels()).toEqual([CONVERSATION, CONVERSATION])
  await administration.refuse(byMona, id, 'no')
  await tell()
  expect(messages().map(({ blocks }) => seen(blocks).split('\n')[0])).toEqual([
    'Refused · medium',
    'Refused · medium',
  ])
})

test('R-CON-4: the group is told though the first message is gone, and not of what is decided by then', async () => {
  const gone = await escalatedIn({ oncall: ONCALL })
  slack.shown.clear()
  await gone.escalate()
  expect(channels()).toEqual([ONCALL])
  const decided = await escalatedIn({ oncall: ONCALL })
  slack.shown.clear()
  h().now += 5 * 60_000
  await new EscalationTeller(decided.deps).tell()
  await decided.administration.refuse(byMona, decided.id, 'no')
  await decided.tell()
  expect(channels()).toEqual([])
})

test('R-SEC-1: who presses where nobody is told answers nothing', async () => {
  const { id, endpoint, administration } = await escalatedIn({ oncall: ONCALL })
  door.serve(endpoint())
  const press = { member: 'U0MONA', action: 'remit.approve', value: id, conversation: 'C0OTHER' }
  await fetch(door.url, pressOf(press, h().now))
  expect(slack.sent.at(-1)).toMatchObject({ method: 'chat.postEphemeral', body: { channel: CONVERSATION } })
  expect((await administration.listApprovals(byMona, { limit: 1 }))[0]?.state).toBe('pending')
})
