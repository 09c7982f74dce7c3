import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export const SLACK_TOKEN = 'xoxb-of-a-test'
export const SLACK_SIGNING_SECRET = 'signing-secret-of-a-test'
export const WORKSPACE = 'T0WORKSPACE'
export const CONVERSATION = 'C0CONVERSATION'
/** Of those whom requests escalate to. */
export const ONCALL = 'C0ONCALL'

interface Text {
  readonly type: string
  readonly text: string
  readonly verbatim?: boolean
}
interface Element {
  readonly action_id?: string
  readonly value?: string
  readonly url?: string
}
export interface Block {
  readonly type: string
  readonly text?: Text
  readonly elements?: readonly Element[]
}
interface Sent {
  readonly method: string
  readonly body: Record<string, unknown> & { readonly text: string; readonly blocks?: readonly Block[] }
}
interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

/** As much of Slack's Web API as is asked of it, with its limits: what it would not take it refuses in its words. */
export interface FakeSlack {
  readonly url: string
  readonly sent: Sent[]
  /** What is answered next instead. */
  readonly answers: Answer[]
  /** Messages as people see them now, by `ts`. */
  readonly shown: Map<string, Sent['body']>
  close(): Promise<void>
}

export async function startFakeSlack(): Promise<FakeSlack> {
  const sent: Sent[] = []
  const answers: Answer[] = []
  const shown = new Map<string, Sent['body']>()
  const answer = (method: string, body: Sent['body'], token: string | undefined): unknown => {
    if (token !== `Bearer ${SLACK_TOKEN}`) return { ok: false, error: 'invalid_auth' }
    if (body['channel'] !== CONVERSATION && body['channel'] !== ONCALL)
      return { ok: false, error: 'channel_not_found' }
    const fault = faultOf(body.blocks ?? [])
    if (fault !== undefined) return { ok: false, error: fault }
    if (method === 'chat.postEphemeral') return { ok: true, message_ts: '1.1' }
    const ts =
      method === 'chat.update' ? String(body['ts']) : `1795000000.${String(shown.size + 1).padStart(6, '0')}`
    if (method === 'chat.update' && shown.get(ts)?.['channel'] !== body['channel'])
      return { ok: false, error: 'message_not_found' }
    shown.set(ts, body)
    return { ok: true, channel: body['channel'], ts }
  }
  const server = createServer((request, response) => {
    void (async () => {
      const method = (request.url ?? '').replace('/api/', '')
      const body = JSON.parse(await textOf(request)) as Sent['body']
      sent.push({ method, body })
      const given = answers.shift()
      const said =
        given?.body ??
        (given?.status === undefined ? answer(method, body, request.headers.authorization) : {})
      response.writeHead(given?.status ?? 200, { 'content-type': 'application/json', ...given?.headers })
      response.end(JSON.stringify(said))
    })()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api`,
    sent,
    answers,
    shown,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

/** Limits as Slack documents them; the last one is measured, not documented. */
function faultOf(blocks: readonly Block[]): string | undefined {
  const texts = blocks.map(({ type, text }) => [type, text?.text.length ?? 1] as const)
  if (blocks.length > 50 || texts.some(([, length]) => length === 0)) return 'invalid_blocks'
  if (texts.some(([type, length]) => length > (type === 'header' ? 150 : 3_000))) return 'invalid_blocks'
  return JSON.stringify(blocks).length > 13_000 ? 'msg_blocks_too_long' : undefined
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** A member presses a button. */
export interface Pressed {
  readonly member: string
  readonly action: string
  readonly value: string
  readonly ts?: string
  readonly workspace?: string
  readonly conversation?: string
  readonly reason?: string
  /** Tells two alike apart, as Slack's `trigger_id` does. */
  readonly trigger?: string
}

/** The body that Slack sends of it. */
export function pressBody(pressed: Pressed): string {
  const { member, action, value, ts = '1795000000.000001', workspace = WORKSPACE, reason = null } = pressed
  const payload = {
    type: 'block_actions',
    team: { id: workspace, domain: 'example' },
    user: { id: member, username: member.toLowerCase(), team_id: workspace },
    api_app_id: 'A0APP',
    trigger_id: pressed.trigger ?? '1.2.3',
    container: { type: 'message', message_ts: ts, channel_id: pressed.conversation ?? CONVERSATION },
    state: { values: { 'remit.reason': { 'remit.reason': { type: 'plain_text_input', value: reason } } } },
    actions: [{ type: 'button', action_id: action, block_id: 'b', value, action_ts: '1795000001.000001' }],
  }
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
}

/** As Slack's documents have it, not as the code under test does. @param now milliseconds since the epoch. */
export function slackHeaders(
  body: string,
  now: number,
  secret: string = SLACK_SIGNING_SECRET,
): Record<string, string> {
  const seconds = String(Math.floor(now / 1_000))
  const signature = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': seconds,
    'x-slack-signature': `v0=${signature}`,
  }
}
