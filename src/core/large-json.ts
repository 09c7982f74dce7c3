import type { JsonObject } from './json.ts'

/** Bytes of a message above which the thread that calls run on neither parses, searches nor writes it. */
export const LARGE = 262_144

/** Where most of an object is while it is kept as text. */
export type LargeBody =
  /** UTF-8 of the JSON-RPC response whose result it is, past the strict parser and not inspected yet. */
  | { readonly kind: 'response'; readonly bytes: Uint8Array }
  /**
   * Its members as JSON text in UTF-8, without braces and without those of the head.
   * `uris` belong at the offsets `cuts`, in order, as JSON strings.
   */
  | {
      readonly kind: 'members'
      readonly bytes: Uint8Array
      readonly cuts: readonly number[]
      readonly uris: readonly string[]
    }
  /** The whole of it as a record keeps it: canonical (RFC 8785). */
  | { readonly kind: 'record'; readonly text: string }

const BODY = Symbol('body')

/**
 * An object of which this thread has only some members; the others are in its body. A copy by spreading keeps the body,
 * `JSON.stringify` and `Object.entries` do not see it: whoever writes such an object asks for its body first.
 */
export function withBody(head: JsonObject, body: LargeBody): JsonObject {
  return { ...head, [BODY]: body }
}

export function bodyOf(value: JsonObject): LargeBody | undefined {
  return (value as { readonly [BODY]?: LargeBody })[BODY]
}
