import type { ServerResponse } from 'node:http'
import { type Html, markup } from './html.ts'
import { pageOf } from './page-html.ts'

/** One page to send. */
export interface Page {
  readonly status: number
  readonly title: string
  readonly body: Html
  readonly cookie?: string
  /** Where the browser goes at once. */
  readonly next?: string
}

/** By a page, not a redirect: browsers hold the targets of a form’s redirects against its policy. */
export function goOn(title: string, next: string, words = 'Back to your agent'): Page {
  return { status: 200, title, next, body: markup`<p><a href="${next}">${words}</a></p>` }
}

/** Without script, framed by nobody, loading nothing, its forms to its own origin only. */
export function sendPage(
  ports: { readonly random: (size: number) => Uint8Array },
  response: ServerResponse,
  page: Page,
): void {
  if (response.destroyed) return
  const nonce = Buffer.from(ports.random(16)).toString('base64')
  const text = pageOf(page.title, page.body, {
    nonce,
    ...(page.next === undefined ? {} : { next: page.next }),
  })
  response.writeHead(page.status, {
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // Not `no-referrer`, under which browsers hide the origin of a form.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...(page.cookie === undefined ? {} : { 'set-cookie': page.cookie }),
    ...(response.req.complete ? {} : { connection: 'close' }),
  })
  response.end(text)
}
