import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BrowserDoor } from './browser-door.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { markup } from './html.ts'
import { type PageSending, sendPage } from './send-page.ts'

const CALLBACK = /^\/login\/oidc\/([a-z0-9-]{1,32})\/callback$/
/** Where the login is finished: what came back is not in its address, and so in no history. */
export const RETURNED_PATH = '/login/returned'

export function isCallback(path: string): boolean {
  return CALLBACK.test(path)
}

/** A browser comes back from a provider. Nobody is logged in by following a link: a page has to finish it. */
export async function answerCallback(
  ports: PageSending & { readonly browsers: BrowserDoor; readonly log: Log },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { browsers, base, log } = ports
  const [path = '', search = ''] = (request.url ?? '').split(/\?(.*)/s)
  try {
    const name = CALLBACK.exec(path)?.[1]
    if (name === undefined) throw new RemitError('not_found', 'there is no such page')
    const secret = browsers.trip.read(request.headers.cookie)
    await browsers.login.comeBack(name, new URLSearchParams(search), secret)
    const headers = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
    response.writeHead(303, { ...headers, location: `${base}${RETURNED_PATH}` }).end()
  } catch (thrown) {
    const { status, code, message, detail } = asRemitError(thrown)
    log.log(status >= 500 ? 'error' : 'warn', 'login.refused', { code, detail })
    const said = `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`
    const body = markup`<p class="error" role="alert">${said}</p>
      <p><a href="${base}/login">Back to the login</a></p>`
    sendPage(ports, response, { status, title: 'Not logged in', body })
  }
}
