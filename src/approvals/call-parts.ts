import type { JsonObject } from '../core/json.ts'
import { valueAt } from '../core/json-pointer.ts'
import type { Operation } from '../core/operation.ts'
import type { SecretSpan } from '../core/outcome.ts'
import { foldLines, foldText, visibleText } from '../core/visible-text.ts'
import { operationInWords } from './describe-operation.ts'

/** A piece of a command or query, and what it does. */
export interface CallPart {
  readonly pointer: string
  /** As it stands in the arguments; absent = a secret reaches into it, and not all of it. */
  readonly text?: string
  readonly does: readonly string[]
}

const MOST = 60

/**
 * The pieces of arguments which hold several: of a command line each command, in its order.
 * @param call.secrets where the arguments hold secrets; whoever shows the parts takes whole ones out.
 * @param piecesOf where the commands of a line stand.
 */
export function callParts(
  call: {
    readonly operations: readonly Operation[]
    readonly arguments: JsonObject
    readonly secrets: readonly SecretSpan[]
  },
  piecesOf: (text: string) => readonly Span[],
): readonly CallPart[] {
  const { operations, secrets } = call
  // A secret that cannot be placed could be in any of them.
  if (secrets.some(({ pointer }) => typeof valueAt(call.arguments, pointer) !== 'string')) return []
  const pointers = new Set(
    operations.flatMap(({ origin }) => (origin.span === undefined ? [] : [origin.pointer])),
  )
  return [...pointers].flatMap((pointer) => {
    const value = valueAt(call.arguments, pointer)
    if (typeof value !== 'string') return []
    const within = operations.filter(({ origin }) => origin.pointer === pointer)
    const parts = partsOf(within, isCommand(within) ? piecesOf(value) : [])
    // One piece says nothing that the arguments do not.
    if (parts.length < 2) return []
    return parts.map(({ span, does }) => {
      const cut = secrets.some((secret) => secret.pointer === pointer && isCut(secret, span))
      return { pointer, does, ...(cut ? {} : { text: value.slice(...span) }) }
    })
  })
}

/** Queries do things to data alone, and no shell reads them. */
function isCommand(operations: readonly Operation[]): boolean {
  return operations.some(({ action }) => !action.startsWith('data.'))
}

/** Each piece with the operations that stand in it and in no smaller one; what stands in none is a piece by itself. */
function partsOf(
  operations: readonly Operation[],
  pieces: readonly Span[],
): readonly { readonly span: Span; readonly does: readonly string[] }[] {
  const parts = new Map(pieces.map((span) => [span.join(' '), { span, does: [] as string[] }]))
  for (const operation of operations) {
    const { span } = operation.origin
    if (span === undefined) continue
    const around = pieces
      .filter(([from, to]) => from <= span[0] && to >= span[1])
      .toSorted((a, b) => a[1] - a[0] - (b[1] - b[0]))
    const own = around[0] ?? span
    const part = parts.get(own.join(' ')) ?? { span: own, does: [] }
    parts.set(own.join(' '), part)
    const words = operationInWords(operation)
    if (!part.does.includes(words)) part.does.push(words)
  }
  return [...parts.values()].toSorted((a, b) => a.span[0] - b.span[0] || b.span[1] - a.span[1])
}

type Span = readonly [number, number]

function isCut({ start, end }: SecretSpan, [from, to]: Span): boolean {
  return start < to && end > from && !(start >= from && end <= to)
}

/** @param parts without their secrets. */
export function partLines(parts: readonly CallPart[]): readonly string[] {
  const lines = parts.flatMap(({ pointer, text, does }) => [
    text === undefined
      ? `- a piece of ${visibleText(foldText(pointer, 80, 40))} that holds part of a secret`
      : `- ${visibleText(foldText(text, 300, 200))}`,
    ...does.map((words) => `    ▸ ${words}`),
  ])
  return foldLines(lines, MOST, MOST)
}
