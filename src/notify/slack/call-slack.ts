import { isJsonObject, type JsonObject } from '../../core/json.ts'
import { guardedFetch, type GuardedFetchOptions } from '../../net/guarded-fetch.ts'
import { parseStrictJson } from '../../net/strict-json.ts'
import { Untold } from '../channel.ts'
import { retryAfter } from '../retry-after.ts'

/** How the Web API of one workspace is asked. */
export interface SlackApi {
  /** Base URL of the methods, without a slash at its end. */
  readonly url: string
  /** Asked at each call: what is rotated counts at once. @throws RemitError `config_invalid`. */
  readonly token: () => string
  readonly fetching: GuardedFetchOptions
}

/** The message is gone, or may not be changed any more: trying again changes nothing. */
const FINAL: ReadonlySet<string> = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed'])

/** Slack took the request and not what it asked. */
export class SlackError extends Untold {
  /** Slack's word for it. */
  readonly slack: string

  constructor(method: string, slack: string, more: ConstructorParameters<typeof Untold>[1]) {
    super(`Slack answers \`${slack}\` to ${method}`, more)
    this.slack = slack
  }
}

/**
 * One call of the Web API (https://docs.slack.dev/apis/web-api). An error comes with status 200 and `ok: false`.
 * @throws SlackError; Untold for any other answer than a JSON object with `ok`; RemitError `upstream_unavailable`.
 */
export async function callSlack(api: SlackApi, method: string, body: object): Promise<JsonObject> {
  const answer = await guardedFetch(
    `${api.url}/${method}`,
    {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        authorization: `Bearer ${api.token()}`,
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'remit',
      },
    },
    api.fetching,
  )
  if (answer.status !== 200)
    throw new Untold(`Slack answers ${answer.status} to ${method}`, retryAfter(answer))
  const said = parsed(await answer.text())
  if (said?.['ok'] === true) return said
  const error = said?.['error']
  const word = typeof error === 'string' && /^[a-z_]{1,60}$/.test(error) ? error : 'nothing that Remit knows'
  throw new SlackError(method, word, { ...retryAfter(answer), final: FINAL.has(word) })
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = parseStrictJson(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
