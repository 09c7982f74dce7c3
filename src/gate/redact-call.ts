import type { Classification } from '../classify/classify.ts'
import { redactJson, redactionOf } from '../classify/secrets/redact-secrets.ts'
import type { JsonSearch } from '../classify/secrets/secret-scanner.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { SecretSpan } from '../core/outcome.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { GateDeps } from './gate-deps.ts'
import { namelessPointers, searchInSteps, valuesOf } from './inspect-result.ts'

/** What records and approvers get to see of a call: everything but its secrets. */
export interface RedactedCall {
  readonly arguments: JsonObject
  readonly secrets: readonly SecretSpan[]
  /** False = they could not be searched whole, and nothing of them is shown. */
  readonly complete: boolean
  /** Whatever was made from the arguments, without the secrets that were in them. */
  scrub<Value>(value: Value): Value
}

const WITHHELD: JsonObject = { 'remit/withheld': 'the arguments are too large to be searched for secrets' }

/** Searches again, without blocking, what was too large for the classifier. */
export async function redactCall(
  { scanner, large }: Pick<GateDeps, 'scanner' | 'large'>,
  call: ToolCall,
  { secrets, tree }: { readonly secrets: Classification['secrets']; readonly tree: string },
): Promise<RedactedCall> {
  const search = secrets.complete ? secrets : await searchAgain()
  const values = new Map(valuesOf(call.arguments, search.finds))
  if (call.kind === 'resource') {
    for (const { start, end, kind } of scanner.search(call.tool, tree).finds) {
      values.set(call.tool.slice(start, end), kind)
    }
  }
  return {
    arguments: search.complete ? redactJson(call.arguments, search.finds) : WITHHELD,
    complete: search.complete,
    secrets: namelessPointers(call.arguments, search.finds),
    scrub: (value) => (values.size === 0 ? value : scrub(value, values)),
  }

  async function searchAgain(): Promise<JsonSearch> {
    if (large === undefined) return searchInSteps(scanner, call.arguments, tree)
    return large.search(call.arguments, tree).catch(() => ({ finds: [], complete: false }))
  }
}

function scrub<Value>(value: Value, values: ReadonlyMap<string, string>): Value {
  return scrubJson(value as Json, [...values]) as Value
}

function scrubJson(value: Json, values: readonly (readonly [string, string])[]): Json {
  if (typeof value === 'string') {
    let text = value
    for (const [secret, kind] of values) {
      text = text.replaceAll(secret, redactionOf(kind))
      // A canonical URL may write it otherwise.
      const encoded = encodeURIComponent(secret.toWellFormed())
      if (encoded !== secret) text = text.replaceAll(encoded, redactionOf(kind))
    }
    return text
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => scrubJson(item, values))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      member === undefined ? member : scrubJson(member, values),
    ]),
  )
}
