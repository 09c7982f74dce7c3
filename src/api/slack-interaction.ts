import { RemitError } from '../core/errors.ts'
import type { ApprovalId } from '../core/ids.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import { SLACK_ACTIONS, SLACK_REASON } from '../core/slack-words.ts'
import { parseStrictJson } from '../net/strict-json.ts'

/** A member of Slack pressed a button of a request. Nothing in it is good for more than Slack's word that they did. */
export interface SlackPress {
  readonly user: string
  /** The workspace that they are of. */
  readonly workspace: string
  readonly conversation: string
  /** Slack's id of the message that it was pressed in. */
  readonly message: string
  readonly what: 'approve' | 'refuse'
  readonly approval: ApprovalId
  /** What they wrote beside it. */
  readonly reason: string | undefined
}

/**
 * The body of an interaction: a form with one `payload` (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload).
 * @returns undefined = nothing is to be decided: somebody followed a link, or it is of another kind.
 * @throws RemitError `input_invalid`, `json_*`.
 */
export function readPress(body: Buffer): SlackPress | undefined {
  const payloads = new URLSearchParams(body.toString('utf8')).getAll('payload')
  const [text] = payloads
  if (text === undefined || payloads.length !== 1) throw unreadable('one `payload`')
  const payload = parseStrictJson(text)
  if (at(payload, 'type') !== 'block_actions') return undefined
  const actions = at(payload, 'actions')
  if (!Array.isArray(actions) || actions.length !== 1) throw unreadable('one action')
  const action: Json = actions[0] as Json
  const what = meant(at(action, 'action_id'))
  if (what === undefined) return undefined
  const user = textAt(payload, 'user', 'id')
  const approval = textAt(action, 'value')
  if (!/^apr_[A-Za-z0-9_-]{1,64}$/.test(approval)) throw unreadable('a request in `value`')
  const reason = at(payload, 'state', 'values', SLACK_REASON, SLACK_REASON, 'value')
  return {
    user,
    workspace: textAt(payload, 'user', 'team_id'),
    conversation: textAt(payload, 'container', 'channel_id'),
    message: textAt(payload, 'container', 'message_ts'),
    what,
    approval: approval as ApprovalId,
    reason: typeof reason === 'string' && reason.trim() !== '' ? reason.trim().slice(0, 300) : undefined,
  }
}

function meant(action: Json | undefined): SlackPress['what'] | undefined {
  if (action === SLACK_ACTIONS.approve) return 'approve'
  return action === SLACK_ACTIONS.refuse ? 'refuse' : undefined
}

function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found: Json | undefined = value
  for (const name of path) found = isJsonObject(found) && Object.hasOwn(found, name) ? found[name] : undefined
  return found
}

function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path)
  if (typeof found === 'string') return found
  throw unreadable(`a text in \`${path.join('.')}\``)
}

function unreadable(wanted: string): RemitError {
  return new RemitError('input_invalid', `an interaction of Slack has ${wanted}`)
}
