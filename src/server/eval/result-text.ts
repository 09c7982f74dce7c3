import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { SecretSpan } from '../../core/outcome.ts'

/**
 * Where finds stand in the text of a result, which is its text blocks joined by line feeds. What was found elsewhere
 * (structured content, embedded resources) stands behind it, at the position in its own string.
 */
export function positionsInText(
  result: JsonObject,
  finds: readonly SecretSpan[],
): readonly { readonly kind: string; readonly start: number; readonly end: number }[] {
  const { starts, length } = textStarts(result)
  return finds.map(({ kind, pointer, start, end }) => {
    const from = starts.get(pointer) ?? length
    return { kind, start: from + start, end: from + end }
  })
}

function textStarts({ content }: JsonObject): {
  readonly starts: ReadonlyMap<string, number>
  readonly length: number
} {
  if (typeof content === 'string') return { starts: new Map([['/content', 0]]), length: content.length + 1 }
  const starts = new Map<string, number>()
  let length = 0
  for (const [at, block] of (Array.isArray(content) ? (content as readonly Json[]) : []).entries()) {
    if (!isJsonObject(block) || typeof block['text'] !== 'string') continue
    starts.set(`/content/${at}/text`, length)
    length += block['text'].length + 1
  }
  return { starts, length }
}
