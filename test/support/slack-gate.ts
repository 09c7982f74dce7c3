import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSlackEndpoint, type SlackPorts } from '../../src/api/slack-endpoint.ts'
import type { Approval } from '../../src/core/approval.ts'
import type { Label } from '../../src/core/labels.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import type { ToolCall } from '../../src/core/tool-call.ts'
import { ALWAYS_MASKED } from '../../src/notify/channel.ts'
import { hearOnce } from '../../src/notify/slack/hear-once.ts'
import { keptMessages } from '../../src/notify/slack/kept-messages.ts'
import { renewMessage, whisper, whyNotInSlack } from '../../src/notify/slack/slack-answers.ts'
import { slackChannel, type SlackSettings } from '../../src/notify/slack/slack-channel.ts'
import {
  type Block,
  CONVERSATION,
  type FakeSlack,
  pressBody,
  type Pressed,
  SLACK_SIGNING_SECRET,
  SLACK_TOKEN,
  slackHeaders,
  WORKSPACE,
} from './fake-slack.ts'
import { type GateHarness, NEVER } from './gate-harness.ts'
import { notifiedGate } from './notified-gate.ts'

/** Ids of members, by the name of the human who they are; nobody is `U0STRANGER`. */
export const MEMBERS: Readonly<Record<string, string>> = {
  U0MONA: 'mona',
  U0ALICE: 'alice',
  U0BOB: 'bob',
  U0OTTO: 'otto',
}

/** A gate whose requests are told to Slack, and answered there. */
export function slackGate(
  harness: GateHarness,
  slack: Pick<FakeSlack, 'url' | 'shown' | 'sent'>,
  more: {
    readonly mask?: readonly Label[]
    readonly decides?: boolean
    readonly escalations?: Readonly<Record<string, string>>
  } = {},
) {
  const { clock } = harness.deps
  const { journal, oauth: entries, approvals } = harness.store
  const place = { tenant: DEFAULT_TENANT, journal, entries, clock }
  const settings: SlackSettings = {
    api: {
      url: slack.url,
      token: () => SLACK_TOKEN,
      fetching: { allowPrivate: true, plainLoopback: true, timeout: 2_000 },
    },
    conversation: CONVERSATION,
    escalation: {
      conversationOf: (group) => more.escalations?.[group] ?? CONVERSATION,
      membersOf: (group) =>
        harness.humans.flatMap(({ id, roles, teams }) => {
          const [member] = Object.entries(MEMBERS).find(([, human]) => human === id) ?? []
          const isOfIt = roles.includes(group) || teams.includes(group)
          return member !== undefined && isOfIt ? [{ human: id, member }] : []
        }),
    },
    adminUrl: 'https://remit.example.com',
    masked: new Set([...ALWAYS_MASKED, ...(more.mask ?? [])]),
    decides: more.decides ?? true,
    messages: keptMessages(place),
    current: (id) => approvals.get(DEFAULT_TENANT, id),
  }
  const made = notifiedGate(harness, [slackChannel(settings)])
  const endpoint = (change: Partial<SlackPorts> = {}) =>
    createSlackEndpoint({
      administration: made.administration,
      signingSecret: () => SLACK_SIGNING_SECRET,
      workspace: WORKSPACE,
      conversations: [CONVERSATION, ...Object.values(more.escalations ?? {})],
      humanOf: (member) => harness.humans.find(({ id }) => id === MEMBERS[member]),
      whyNotThere: (id) => whyNotInSlack(settings, id),
      take: (signed) => hearOnce(place, signed),
      renew: (id, message) => renewMessage(settings, id, message),
      whisper: (to, text) => whisper(settings, to, text),
      pageOf: (id) => `${settings.adminUrl}/approvals/${id}`,
      now: () => harness.now,
      log: SILENT,
      ...change,
    })
  const ask = async (call: ToolCall): Promise<Approval> => {
    const verdict = await made.gate.authorize(await harness.callerOf(), call, NEVER)
    if (verdict.effect !== 'consent') throw new Error(`expected consent, got ${verdict.effect}`)
    return verdict.approval
  }
  return { ...made, settings, endpoint, ask }
}

type Endpoint = ReturnType<ReturnType<typeof slackGate>['endpoint']>

/** Where Slack reaches whichever endpoint there is now. */
export async function startDoor() {
  let serving: Endpoint | undefined
  const server = createServer((request, response) => {
    serving?.(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}/slack/interactions`,
    serve: (endpoint: Endpoint) => {
      serving = endpoint
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** What a member of Slack sends by pressing a button. */
export function pressOf(pressed: Pressed, now: number) {
  const body = pressBody(pressed)
  return { method: 'POST', body, headers: slackHeaders(body, now) }
}

/** Buttons by what they are called where they are made. */
export function buttonsOf(blocks: readonly Block[] = []): readonly string[] {
  return blocks.flatMap(({ elements = [] }) => elements.flatMap(({ action_id: id }) => id ?? []))
}

/** Every text that is seen, as it is sent. */
export function seen(blocks: readonly Block[] = []): string {
  return blocks.map(({ text }) => text?.text ?? '').join('\n')
}
