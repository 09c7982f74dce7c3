import { escapeHtml } from '../net/escape-html.ts'
import { plainPage } from '../net/plain-page.ts'

/** Where no client can be told: the human reads what is wrong. */
export function errorPage(error: string, description: string | undefined): string {
  const words = escapeHtml(description ?? 'the request is not complete')
  return plainPage(
    'This cannot be delegated',
    `<p><code>${escapeHtml(error)}</code>: ${words}</p>
<p>Nothing was given to anybody. Start again in your agent.</p>`,
  )
}
