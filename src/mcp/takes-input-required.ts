import type { ClientClaim } from './client-claim.ts'

/**
 * Clients that declare `elicitation.url` in 2026-07-28 and yet take `input_required` for a broken result of a tool, seen in
 * Copilot CLI 1.0.102. They are held, as those that declare nothing.
 */
const TAKE_NONE: ReadonlySet<string> = new Set(['copilot-cli'])

export function takesInputRequired({ client }: ClientClaim): boolean {
  return !TAKE_NONE.has(client?.split('/')[0] ?? '')
}
