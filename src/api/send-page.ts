import type { ServerResponse } from 'node:http'
import { Html, markup, NOTHING } from './html.ts'
import { ENTRY_SCRIPTS, type EntryScript, type PageScripts, SCRIPT_PREFIX } from './page-scripts.ts'
import { PAGE_STYLE } from './page-style.ts'

/** One page to send. */
export interface Page {
  readonly status: number
  readonly title: string
  readonly body: Html
  readonly script?: EntryScript
  /** Who is logged in; shown at the top. */
  readonly human?: string
}

export interface PageSending {
  readonly scripts: PageScripts
  /** Path below which the plane is reached, such as `/t/acme`; empty = at its host’s root. */
  readonly base: string
  readonly random: (size: number) => Uint8Array
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Sends a page that loads nothing but its own scripts, each of which is what it was when the gateway started. */
export function sendPage(sending: PageSending, response: ServerResponse, page: Page): void {
  if (response.destroyed) return
  const nonce = Buffer.from(sending.random(16)).toString('base64')
  const head = page.script === undefined ? NOTHING : scriptsOf(sending, page.script, nonce)
  const text = pageOf(page, head, nonce)
  response.writeHead(page.status, {
    ...pageHeaders(nonce),
    'content-length': Buffer.byteLength(text),
    ...(response.req.complete ? {} : { connection: 'close' }),
  })
  response.end(text)
}

/** What every page is sent with: it loads what carries this nonce, and talks to nobody but the plane that it is from. */
export function pageHeaders(nonce: string): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'publickey-credentials-get=(self), publickey-credentials-create=(self)',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-type': 'text/html; charset=utf-8',
  }
}

/** What is preloaded stands first: its integrity then holds for what the entry imports. */
function scriptsOf({ scripts, base, now }: PageSending, entry: EntryScript, nonce: string): Html {
  const isEntry = (name: string): boolean => (ENTRY_SCRIPTS as readonly string[]).includes(name)
  const imported = [...scripts].filter(([name]) => !isEntry(name))
  const links = imported.map(
    ([name, { integrity }]) =>
      markup`<link rel="modulepreload" href="${base}${SCRIPT_PREFIX}${name}" integrity="${integrity}" nonce="${nonce}" />`,
  )
  const integrity = scripts.get(entry)?.integrity ?? ''
  return markup`<meta name="remit-now" content="${String(now())}" />
    <meta name="remit-base" content="${base}" />
    ${links}
    <script type="module" src="${base}${SCRIPT_PREFIX}${entry}" integrity="${integrity}" nonce="${nonce}"></script>`
}

function pageOf({ title, body, human, script }: Page, head: Html, nonce: string): string {
  const who = human === undefined ? NOTHING : markup`<span>logged in as <b>${human}</b></span>`
  const noScript =
    script === undefined
      ? NOTHING
      : markup`<noscript>
          <p class="error">
            This page needs JavaScript: it signs what you send with a key that only this browser has. Nothing
            can be sent without it. The command line (<code>remit</code>) does without a browser.
          </p>
        </noscript>`
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Remit</title>
        <style nonce="${nonce}">
          ${new Html(PAGE_STYLE)}
        </style>
        ${head}
      </head>
      <body>
        <header>
          <div><b>Remit</b>${who}</div>
        </header>
        <main>
          <h1>${title}</h1>
          ${noScript}${body}
        </main>
      </body>
    </html> `.text
}
