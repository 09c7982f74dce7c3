import { escapeHtml } from '../net/escape-html.ts'
import { plainPage } from '../net/plain-page.ts'

/** How a human connects a server; shown to anybody, decides nothing. */
export function connectPage(server: string): string {
  return plainPage(
    'A server waits to be connected',
    `<p>An agent needs <code>${escapeHtml(server)}</code>, which this gateway reaches as the human for whom the agent
works. That human connects it once:</p>
<pre>remit servers connect ${escapeHtml(server)}</pre>
<p>This needs their approver code. This page cannot connect anything.</p>`,
  )
}

/** @param number only this browser is shown it. */
export function comeBackPage(server: string, number: string): string {
  const grouped = `${number.slice(0, 4)} ${number.slice(4)}`
  return plainPage(
    'Almost connected',
    `<p>To connect <code>${escapeHtml(server)}</code>, type this number where you ran <code>remit servers connect</code>:</p>
<pre>${grouped}</pre>
<p>If you did not run it, somebody else did: close this page and give the number to nobody.</p>`,
  )
}

export function failedPage(message: string): string {
  return plainPage('Not connected', `<p>${escapeHtml(message)}.</p>`)
}
