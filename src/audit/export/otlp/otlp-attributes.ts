import type { JsonObject } from '../../../core/json.ts'
import type { FieldValue } from '../record-fields.ts'

export type Attributes = readonly (readonly [name: string, value: FieldValue | undefined])[]

/** `KeyValue`s of OTLP’s JSON encoding; integers are strings there (proto3 JSON, int64). */
export function keyValues(attributes: Attributes): readonly JsonObject[] {
  return attributes.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: anyValue(value) }]))
}

export function anyValue(value: FieldValue): JsonObject {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value !== 'number') return { arrayValue: { values: value.map((each) => anyValue(each)) } }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

/** Nanoseconds since the epoch, as OTLP writes them. @param micros added to `at`, in µs */
export function nanos(at: number, micros = 0): string {
  return String(BigInt(at) * 1_000_000n + BigInt(Math.round(micros)) * 1_000n)
}

/** What every batch says of where it comes from. */
export function resourceOf(tenant: string, version: string): JsonObject {
  return {
    attributes: keyValues([
      ['service.name', 'remit'],
      ['service.namespace', tenant],
      ['service.version', version],
    ]),
  }
}
