import type { Entropy } from '../core/clock.ts'
import type { Entries } from './entries.ts'

/** What a human answered, as the protocol library wants to hear it. */
export type Answer =
  | {
      readonly login: { readonly accountId: string; readonly remember: false }
      readonly consent: { readonly grantId: string }
    }
  | { readonly error: 'access_denied'; readonly error_description: string }

const MODEL = 'RemitHandoff'
const LIFE = 300_000

/** Keeps an answer for the browser in which the request began. @returns what that browser shows, once. */
export async function giveHandoff(
  entries: Entries,
  entropy: Entropy,
  { uid, answer }: { readonly uid: string; readonly answer: Answer },
): Promise<string> {
  const secret = Buffer.from(entropy.bytes(32)).toString('base64url')
  await entries.put({ model: MODEL, id: secret, value: { uid, answer }, lifetime: LIFE })
  return secret
}

/** The answer behind a handoff, once, and for its own request only. */
export async function takeHandoff(
  entries: Entries,
  secret: string,
  uid: string,
): Promise<Answer | undefined> {
  const entry = await entries.get(MODEL, secret)
  if (entry === undefined || entry.consumed !== undefined) return undefined
  const kept = JSON.parse(entry.body) as { readonly uid: string; readonly answer: Answer }
  if (kept.uid !== uid || !(await entries.consume(MODEL, secret))) return undefined
  return kept.answer
}
