import { groupsOf } from '../core/actions.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { pointerStep, valueAt } from '../core/json-pointer.ts'
import type { Operation } from '../core/operation.ts'
import type { Slot } from '../core/widening.ts'
import { isFileOperand, isPlainPath, isSteadyPath, plainWords } from './command-words.ts'

/** A place for another file, with the operations on the file that stands there now. */
export interface FileSlot {
  readonly slot: Slot
  readonly operations: ReadonlySet<Operation>
  /** The file, relative to the workspace. */
  readonly file: string
}

const TOUCHES = new Set(['file.read', 'file.list', 'file.write'])
/** Of a file that may be swapped for another nothing else may be known: no secret, manifest, pipeline, link, … */
const ORDINARY = new Set(['source', 'generated'])

/**
 * The arguments of a tool that are each the name of an ordinary file which is read; undefined unless that, and the call
 * itself, is all that it does.
 */
export function argumentSlots(
  operations: readonly Operation[],
  input: JsonObject,
): readonly FileSlot[] | undefined {
  const done = operations.filter(({ action, origin }) => !(action === 'tool.call' && origin.pointer === ''))
  const whole = done.every(
    ({ action, origin }) =>
      groupsOf(action).includes('read') && origin.pointer !== '' && origin.span === undefined,
  )
  if (done.length === 0 || !whole) return undefined
  const slots = [...new Set(done.map(({ origin }) => origin.pointer))].map((pointer) => {
    const value = valueAt(input, pointer)
    const here = done.filter(({ origin }) => origin.pointer === pointer)
    return typeof value === 'string' && isSteadyPath(value) ? slotOf({ pointer }, here) : undefined
  })
  return allOf(slots)
}

/** The words of a plain command that are each the name of an ordinary file; undefined = there are none. */
export function commandSlots(
  operations: readonly Operation[],
  input: JsonObject,
): readonly FileSlot[] | undefined {
  const pointers = new Set(operations.map(({ origin }) => origin.pointer).filter((each) => each !== ''))
  const [pointer] = pointers
  const command = pointer === undefined ? undefined : valueAt(input, pointer)
  if (pointers.size !== 1 || pointer === undefined || typeof command !== 'string') return undefined
  const words = plainWords(command)
  if (words === undefined) return undefined
  const slots = words.flatMap(({ span, text }, word) => {
    if (!isFileOperand(words, word)) return []
    const here = operations.filter(({ origin }) => isSpan(origin.span, span))
    const slot = slotOf({ pointer, word }, here)
    // The file that was found is the one that is named.
    return slot === undefined || nameOf(slot.file) !== nameOf(text) ? [] : [slot]
  })
  return slots.length === 0 ? undefined : slots
}

/** The arguments with each slot as its pattern. */
export function withPatterns(
  input: JsonObject,
  patterns: ReadonlyMap<string, (value: string) => string>,
): JsonObject {
  const walk = (value: Json, at: string): Json => {
    if (typeof value === 'string') return patterns.get(at)?.(value) ?? value
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item: Json, index) => walk(item, `${at}/${index}`))
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, walk(item, `${at}/${pointerStep(name)}`)]),
    )
  }
  return Object.fromEntries(
    Object.entries(input).map(([name, item]) => [name, walk(item, `/${pointerStep(name)}`)]),
  )
}

function slotOf(place: Pick<Slot, 'pointer' | 'word'>, here: readonly Operation[]): FileSlot | undefined {
  const file = here[0]?.resource.id
  if (file === undefined || file.startsWith('/') || !isPlainPath(file)) return undefined
  const same = here.every(
    ({ action, resource, labels, opaque }) =>
      TOUCHES.has(action) &&
      resource.type === 'File' &&
      resource.id === file &&
      !opaque &&
      labels.length > 0 &&
      labels.every((label) => ORDINARY.has(label)),
  )
  if (!same) return undefined
  const name = nameOf(file)
  const folder = file === name ? '.' : file.slice(0, -name.length - 1)
  const dot = name.lastIndexOf('.')
  const slot = { ...place, folder, ending: dot === -1 ? '' : name.slice(dot) }
  return { slot, operations: new Set(here), file }
}

function isSpan(one: Operation['origin']['span'], other: readonly [number, number]): boolean {
  return one !== undefined && one[0] === other[0] && one[1] === other[1]
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function allOf<T>(list: readonly (T | undefined)[]): readonly T[] | undefined {
  const there = list.filter((each) => each !== undefined)
  return there.length === list.length && there.length > 0 ? there : undefined
}
