import type { Json } from '../../src/core/json.ts'
import { callExtension } from '../../src/policy/extensions/call-extension.ts'
import { long } from '../../src/policy/extensions/long.ts'
import { CedarSet, EntityUid, recordOf, type CedarRecord, type Value } from '../../src/policy/values.ts'
import type { Entity, EntitySource } from '../../src/policy/evaluation.ts'

/** JSON with integers beyond 2^53 as bigint, which Cedar's tests have. */
export function parseCedarJson(text: string): unknown {
  return JSON.parse(text, ((_key: string, value: unknown, context: { readonly source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) ? BigInt(context.source ?? value) : value) as (
    key: string,
    value: unknown,
  ) => unknown)
}

interface JsonRecord {
  readonly [key: string]: unknown
}

/** Cedar's own JSON form of values with its escapes. Remit itself has no such reader: facts are native. */
export function valueOf(json: unknown): Value {
  if (typeof json === 'string' || typeof json === 'boolean') return json
  if (typeof json === 'number' || typeof json === 'bigint') return long(BigInt(json))
  if (Array.isArray(json)) return new CedarSet(json.map(valueOf))
  const object = json as JsonRecord
  if (Object.hasOwn(object, '__entity')) return uidOf(object['__entity'])
  if (Object.hasOwn(object, '__extn')) {
    const { fn, arg, args } = object['__extn'] as { fn: string; arg?: unknown; args?: unknown[] }
    return callExtension(fn, (args ?? [arg]).map(valueOf))
  }
  return recordFrom(object)
}

export function recordFrom(json: unknown): CedarRecord {
  return recordOf(Object.entries((json ?? {}) as JsonRecord).map(([name, value]) => [name, valueOf(value)]))
}

export function uidOf(json: unknown): EntityUid {
  const object = json as JsonRecord
  const { type, id } = (object['__entity'] ?? object) as { type: string; id: string }
  return new EntityUid(type, id)
}

export interface JsonEntity {
  readonly uid: unknown
  readonly attrs?: unknown
  readonly tags?: unknown
  readonly parents: readonly unknown[]
}

/** Any number of entities, with ancestors worked out from parents. */
export class EntityTable implements EntitySource {
  readonly #entities = new Map<string, Entity>()

  constructor(list: readonly JsonEntity[]) {
    const parents = new Map(
      list.map((entity) => [uidOf(entity.uid).toString(), entity.parents.map(uidOf)] as const),
    )
    for (const entity of list) {
      const uid = uidOf(entity.uid)
      const ancestors = new Map<string, EntityUid>()
      const queue = [...(parents.get(uid.toString()) ?? [])]
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        if (ancestors.has(next.toString())) continue
        ancestors.set(next.toString(), next)
        queue.push(...(parents.get(next.toString()) ?? []))
      }
      this.#entities.set(uid.toString(), {
        uid,
        attributes: recordFrom(entity.attrs),
        tags: recordFrom(entity.tags),
        ancestors: [...ancestors.values()],
      })
    }
  }

  find(uid: EntityUid): Entity | undefined {
    return this.#entities.get(uid.toString())
  }
}

const MARK = '@integer:'

/**
 * The wasm engine hands integers to JavaScript as doubles, so literals beyond 2^53 are smuggled past it as
 * decimals that `restoreIntegers` turns back.
 */
export function markIntegers(text: string): string {
  return text.replace(
    /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|(?:(?<=[(,=<>&|+*[{:-]\s*|when\s*\{\s*)-\s*)?\b\d{16,}\b/gsu,
    (token) => (/^[-\d]/.test(token) ? `decimal("${MARK}${token.replaceAll(/\s/g, '')}")` : token),
  )
}

export function restoreIntegers(est: Json): Json {
  if (Array.isArray(est)) return (est as readonly Json[]).map(restoreIntegers)
  if (typeof est !== 'object' || est === null) return est
  const entries = Object.entries(est)
  const [first] = entries
  if (first?.[0] === 'decimal') {
    const literal = JSON.stringify(first[1])
    const match = /^\[\{"Value":"@integer:(-?\d+)"\}\]$/.exec(literal)
    if (match !== null) return { Value: BigInt(match[1]!) as unknown as Json }
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, restoreIntegers(value)]))
}
