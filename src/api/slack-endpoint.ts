import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { ApprovalId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import type { Actor, Administration } from '../gate/administration.ts'
import { discardBody } from '../net/discard-body.ts'
import { readBody } from '../net/read-body.ts'
import { DECIDING, reachOf } from './may.ts'
import type { PlainReply } from './route.ts'
import { sendReply } from './send-reply.ts'
import { readPress, type SlackPress } from './slack-interaction.ts'
import { type SignedBySlack, verifySlack } from './slack-signature.ts'

export const SLACK_PATH = '/slack/interactions'

/** Bytes; Slack sends the whole message back, as a form. */
const MOST_BODY = 262_144
/** Slack waits for three seconds, in ms; what takes longer goes on, and is told. */
const PATIENCE = 2_000

export interface SlackPorts {
  readonly administration: Pick<Administration, 'approve' | 'refuse'>
  /** Asked at each request: what is rotated counts at once. @throws RemitError `config_invalid`. */
  readonly signingSecret: () => string
  /** Ids of Slack: who is of no other workspace, and where people are told; the first of them also of what comes from elsewhere. */
  readonly workspace: string
  readonly conversations: readonly [string, ...string[]]
  /** Who a member of Slack is here, as the configuration says now. */
  readonly humanOf: (member: string) => Human | undefined
  /** Why a request that waits is answered on its page only, as half a sentence; undefined = it is answered there. */
  readonly whyNotThere: (id: ApprovalId) => Promise<string | undefined>
  /** Takes a request of Slack's for this one time, over all replicas. @returns false = it was taken. */
  readonly take: (signed: SignedBySlack) => Promise<boolean>
  /** Makes a message of a conversation anew, as its request is now. */
  readonly renew: (
    id: ApprovalId,
    message: { readonly conversation: string; readonly ts: string },
  ) => Promise<void>
  /** Says something to one member alone, in the conversation. */
  readonly whisper: (
    to: { readonly member: string; readonly conversation: string },
    text: string,
  ) => Promise<void>
  /** @returns URL of its page. */
  readonly pageOf: (id: ApprovalId) => string
  readonly now: () => number
  /** How long an answer may take that Slack waits for, in ms; default two seconds. */
  readonly patience?: number
  readonly log: Log
}

export function servesSlack(url: string | undefined): boolean {
  return (url ?? '').split('?')[0] === SLACK_PATH
}

/**
 * `POST /slack/interactions`, the one path of this plane that Slack has to reach. Its signature is all the authority
 * there is to say who pressed what, once; whether they may decide it, the gate says.
 */
export function createSlackEndpoint(
  ports: SlackPorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void serve(ports, request, response)
  }
}

async function serve(ports: SlackPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const reply = await answer(ports, request).catch((thrown: unknown) => refusal(ports, thrown))
    await discardBody(request, MOST_BODY)
    sendReply(response, reply)
  } catch (thrown) {
    ports.log.log('error', 'slack.answer_failed', { detail: asRemitError(thrown).detail })
    response.destroy()
  }
}

async function answer(ports: SlackPorts, request: IncomingMessage): Promise<PlainReply> {
  if (request.method !== 'POST') {
    throw new RemitError('http_method_refused', 'use POST', { data: { allow: 'POST' } })
  }
  const body = await readBody(request, MOST_BODY)
  const signed = verifySlack({ headers: request.headersDistinct, body }, ports.signingSecret(), ports.now())
  const press = readPress(body)
  if (press === undefined) return HEARD
  if (!(await ports.take(signed))) {
    throw new RemitError('signature_replayed', 'this was heard before; an interaction counts once')
  }
  await inTime(decide(ports, press), ports.patience ?? PATIENCE)
  return HEARD
}

const HEARD: PlainReply = { status: 200, text: '', type: 'text/plain' }

/** Never rejects: whoever pressed is told why nothing came of it. The message itself changes by way of the outbox. */
async function decide(ports: SlackPorts, press: SlackPress): Promise<void> {
  const { user, what, approval } = press
  try {
    const actor = actorOf(ports, press)
    const why = await ports.whyNotThere(approval)
    if (why !== undefined) {
      throw new RemitError(
        'approver_refused',
        `it is answered on its page, since ${why}: ${ports.pageOf(approval)}`,
      )
    }
    if (what === 'refuse')
      await ports.administration.refuse(actor, approval, press.reason ?? 'refused in Slack')
    else
      await ports.administration.approve(
        actor,
        approval,
        press.reason === undefined ? {} : { comment: press.reason },
      )
    ports.log.log('info', 'slack.decided', { approval, what, human: actor.human.id })
  } catch (thrown) {
    const { code, message, detail } = asRemitError(thrown)
    ports.log.log('warn', 'slack.refused', { approval, what, member: user, code, detail })
    const known = ports.conversations.includes(press.conversation)
    const conversation = known ? press.conversation : ports.conversations[0]
    await Promise.all([
      ports.whisper({ member: user, conversation }, `Nothing was decided: ${message}.`),
      // A message that still asks about what is over, as after a crash, does so no longer.
      code === 'approval_closed' ? ports.renew(approval, { conversation, ts: press.message }) : undefined,
    ]).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      ports.log.log('warn', 'slack.not_told', { approval, reason })
    })
  }
}

/** @throws RemitError `approver_refused`, `role_missing`. */
function actorOf(ports: SlackPorts, { user, workspace, conversation, approval }: SlackPress): Actor {
  const here = workspace === ports.workspace && ports.conversations.includes(conversation)
  const human = here ? ports.humanOf(user) : undefined
  if (human === undefined) {
    throw new RemitError(
      'approver_refused',
      `nobody here is this member of Slack; an administrator can add \`slack\` to somebody in \`humans\`, or decide it on its page: ${ports.pageOf(approval)}`,
    )
  }
  const reach = reachOf(human, DECIDING, 'answering requests')
  return { human, credential: 'approver', channel: 'slack', reach }
}

/** Resolves when the work is done or took too long; it is never given up. */
async function inTime(work: Promise<void>, patience: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

function refusal({ log }: SlackPorts, thrown: unknown): PlainReply {
  const { code, message, status, detail } = asRemitError(thrown)
  log.log(status >= 500 ? 'error' : 'warn', 'slack.refused', { code, detail })
  return { status, json: { error: { code, message } } }
}
