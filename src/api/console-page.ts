import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import type { BrowserDoor } from './browser-door.ts'
import { type ConsoleBuild, type ConsoleFile, CONSOLE_PREFIX } from './console-build.ts'
import { markup } from './html.ts'
import { refusal } from './login-pages.ts'
import { type PageSending, pageHeaders, sendPage } from './send-page.ts'
import { sendReply } from './send-reply.ts'

export interface ConsolePorts extends PageSending {
  /** Undefined = it was not built. */
  readonly console: ConsoleBuild | undefined
  readonly browsers: BrowserDoor
  readonly hostGuard: HostGuard
  readonly log: Log
}

/** Addresses of its screens; whatever else comes is none of ours. */
const SCREEN = /^\/console\/(?:[a-z]+(?:\/[A-Za-z0-9_-]{1,128})?\/?)?$/

export function servesConsole(url: string | undefined): boolean {
  return /^\/console(\/|\?|$)/.test(url ?? '')
}

/** The console: one page for all of its screens, shown to who has a session, and the files that it loads. */
export function createConsole(
  ports: ConsolePorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(ports, request, response).catch((thrown: unknown) => {
      ports.log.log('error', 'console.answer_failed', { detail: asRemitError(thrown).detail })
      response.destroy()
    })
  }
}

async function serve(ports: ConsolePorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    checkHost(request.headers, ports.hostGuard)
    if (request.method !== 'GET') throw new RemitError('http_method_refused', 'use GET')
    const path = (request.url ?? '').split('?')[0] ?? ''
    const file = ports.console?.files.get(path)
    if (file !== undefined) sendFile(request, response, file)
    else if (path === '/console') redirect(response, ports.base + CONSOLE_PREFIX)
    else if (!SCREEN.test(path)) throw new RemitError('not_found', 'the console has no such page')
    else await sendScreen(ports, request, response)
  } catch (thrown) {
    sendReply(response, refusal(ports.log, thrown))
  }
}

/** What a browser that shows no session sees is where to log in. The page holds no data; that takes signed requests. */
async function sendScreen(
  ports: ConsolePorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { base, console: built } = ports
  const path = (request.url ?? '').split('?')[0] ?? ''
  if ((await ports.browsers.glance(request)) === undefined) {
    redirect(response, `${base}/login?next=${encodeURIComponent(path)}`)
  } else if (built === undefined) {
    const body = markup`<p>
      The console was not built. <code>npm start</code> does it, and so does <code>npm run build</code>; then start the
      gateway again. The command line (<code>remit</code>) does all that the console does.
    </p>`
    sendPage(ports, response, { status: 503, title: 'No console here', body })
  } else {
    const nonce = Buffer.from(ports.random(16)).toString('base64')
    const text = pageText(ports, built, nonce)
    response.writeHead(200, { ...pageHeaders(nonce), 'content-length': Buffer.byteLength(text) })
    response.end(text)
  }
}

function pageText({ base, now }: ConsolePorts, { script, style }: ConsoleBuild, nonce: string): string {
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="remit-now" content="${String(now())}" />
        <meta name="remit-base" content="${base}" />
        <meta property="csp-nonce" nonce="${nonce}" />
        <title>Remit</title>
        <link rel="stylesheet" href="${base}${style.path}" integrity="${style.integrity}" nonce="${nonce}" />
        <script type="module" src="${base}${script.path}" integrity="${script.integrity}" nonce="${nonce}"></script>
      </head>
      <body>
        <div id="console"></div>
        <noscript>The console needs JavaScript; the command line (<code>remit</code>) does without.</noscript>
      </body>
    </html> `.text
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  response.end()
}

function sendFile({ headers }: IncomingMessage, response: ServerResponse, file: ConsoleFile): void {
  const packs = /\bgzip\b/.test(headers['accept-encoding'] ?? '')
  const body = packs ? file.packed : file.bytes
  response.writeHead(200, {
    'cache-control': 'public, max-age=31536000, immutable',
    'content-length': body.length,
    'content-type': file.type,
    'cross-origin-resource-policy': 'same-origin',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    ...(packs ? { 'content-encoding': 'gzip' } : {}),
  })
  response.end(body)
}
