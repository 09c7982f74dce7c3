import type { Json, JsonObject } from '../../core/json.ts'
import { pointerStep } from '../../core/json-pointer.ts'
import type { SecretSpan } from '../../core/outcome.ts'
import type { SecretFind } from './find-secrets.ts'

/** What stands in the place of a secret. */
export function redactionOf(kind: string): string {
  return `[redacted: ${kind}]`
}

/** @param finds in order and without overlap. */
export function redactText(text: string, finds: readonly SecretFind[]): string {
  let redacted = ''
  let at = 0
  for (const { kind, start, end } of finds) {
    redacted += text.slice(at, start) + redactionOf(kind)
    at = end
  }
  return redacted + text.slice(at)
}

/** A copy with every find replaced; what holds none is shared. */
export function redactJson<Value extends Json>(value: Value, finds: readonly SecretSpan[]): Value {
  if (finds.length === 0) return value
  const byPointer = Map.groupBy(finds, ({ pointer }) => pointer)
  return redactValue(value, '', byPointer) as Value
}

type Finds = ReadonlyMap<string, readonly SecretSpan[]>

function redactValue(value: Json, pointer: string, finds: Finds): Json {
  if (typeof value === 'string') {
    const here = finds.get(pointer)
    return here === undefined ? value : redactText(value, here)
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, at) => redactValue(item, `${pointer}/${at}`, finds))
  }
  const members: Record<string, Json> = {}
  const holder = value as JsonObject
  for (const [key, member] of Object.entries(holder)) {
    const below = `${pointer}/${pointerStep(key)}`
    const inName = finds.get(`${below}#`)
    const name = inName === undefined ? key : redactText(key, inName)
    if (member !== undefined) members[name] = redactMember(member, { key, below, finds, beside: holder })
  }
  return members
}

function redactMember(
  member: Json,
  { key, below, finds, beside }: { key: string; below: string; finds: Finds; beside: JsonObject },
): Json {
  const here = finds.get(below)
  // A blob must stay base64, or clients refuse the whole result.
  const blob = key === 'blob' || (key === 'data' && typeof beside['mimeType'] === 'string')
  if (blob && typeof member === 'string' && here !== undefined) {
    const text = here.map(({ kind }) => redactionOf(kind)).join('\n')
    return Buffer.from(text).toString('base64')
  }
  return redactValue(member, below, finds)
}
