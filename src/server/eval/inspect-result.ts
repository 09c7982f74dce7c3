import { findSecrets, MAX_SEARCHED } from '../../classify/secrets/find-secrets.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Label } from '../../core/labels.ts'
import type { Operation } from '../../core/operation.ts'

/** What an inspection found in a result, as the stream is told. */
export interface Inspection {
  readonly labels: readonly Label[]
  readonly secrets: readonly { readonly kind: string; readonly start: number; readonly end: number }[]
  readonly redacted: boolean
}

/** Labels of what others may have written, wherever an operation of the call met them. */
const FROM_ELSEWHERE: readonly Label[] = ['outside-workspace', 'unresolved', 'unclassified', 'inferred']

/** Families of actions whose answers come from the workspace, which the human’s own project is. */
const LOCAL = new Set(['file', 'code', 'shell', 'process', 'tool'])
const LOCAL_ACTIONS = new Set(['git.read', 'git.commit', 'git.branch', 'git.rewrite', 'git.delete'])

/**
 * Whether the answer to a call may hold text from somebody other than the delegating human. Only an answer that came
 * from the workspace alone, by operations that were understood whole, does not.
 */
export function bringsUntrusted(operations: readonly Operation[]): boolean {
  const targets = operations.filter(({ action }) => action !== 'tool.call')
  if (targets.length === 0) return true
  return operations.some(
    ({ action, labels, opaque }) =>
      opaque ||
      FROM_ELSEWHERE.some((label) => labels.includes(label)) ||
      !(LOCAL.has(action.split('.', 1)[0] ?? '') || LOCAL_ACTIONS.has(action)),
  )
}

/** All text of a result, blocks apart by a line feed: what positions of findings count in. */
function textOf(result: string | JsonObject): string {
  if (typeof result === 'string') return result
  const { content } = result
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return (content as readonly Json[])
    .map((block) => (isJsonObject(block) && typeof block['text'] === 'string' ? block['text'] : undefined))
    .filter((text) => text !== undefined)
    .join('\n')
}

/** Slices overlap by more than any secret but a private key is long, so that none is cut in two unseen. */
const OVERLAP = 8_192

/** What is in a result: labels that flow into the session, and where secrets stand in its text. */
export function inspectResult(result: string | JsonObject, untrusted: boolean): Inspection {
  const text = textOf(result)
  const secrets = new Map<number, Inspection['secrets'][number]>()
  for (let from = 0; from === 0 || from + OVERLAP < text.length; from += MAX_SEARCHED - OVERLAP) {
    for (const { kind, start, end } of findSecrets(text.slice(from, from + MAX_SEARCHED))) {
      if (!secrets.has(from + start))
        secrets.set(from + start, { kind, start: from + start, end: from + end })
    }
  }
  const labels: Label[] = [
    ...(secrets.size > 0 ? ['secret' as const] : []),
    ...(untrusted ? ['untrusted' as const] : []),
  ]
  return { labels, secrets: [...secrets.values()], redacted: false }
}
