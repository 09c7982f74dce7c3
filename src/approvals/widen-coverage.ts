import { canonicalJson } from '../core/canonical-json.ts'
import type { Coverage } from '../core/grant.ts'
import type { Digest } from '../core/ids.ts'
import { type Slot, slotPattern, type Widening, wideningText } from '../core/widening.ts'
import { type CoverableCall, coverageOf, sameCall } from './coverage.ts'
import { argumentSlots, commandSlots, type FileSlot, withPatterns } from './file-slots.ts'
import { plainWords } from './command-words.ts'

/**
 * What an approver may choose instead of the same work, one for each axis along which this call can be widened safely;
 * of a later call, what it would have to be covered by. Both are made alike: a widened grant covers a call whose digest
 * along its axis is the same, so that all but the names of files in its slots is.
 */
export function widerCoverages(asked: CoverableCall, sha256: (text: string) => Digest): readonly Coverage[] {
  const exact = coverageOf(asked, sha256)
  const { call, operations } = asked
  if (exact === undefined || call.kind !== 'tool' || call.fileSystem !== 'shared') return []
  const read = argumentSlots(operations, exact.arguments)
  const anywhere = read?.map(({ slot: { pointer }, ...rest }) => ({ ...rest, slot: { pointer } }))
  const named = commandSlots(operations, exact.arguments)
  const widened = (axis: Widening, slots: readonly FileSlot[] | undefined): readonly Coverage[] =>
    slots === undefined ? [] : [widen(asked, exact, { axis, slots, sha256 })]
  return [
    ...widened('directory', read),
    ...widened('workspace', anywhere),
    ...widened('files-of-command', named),
  ]
}

/** The files in the slots of a call: what another one may be named instead. */
export function filesInSlots({ operations, call }: CoverableCall): readonly string[] {
  const slots = argumentSlots(operations, call.arguments) ?? commandSlots(operations, call.arguments)
  return slots?.map(({ file }) => file) ?? []
}

function widen(
  asked: CoverableCall,
  exact: Coverage,
  how: {
    readonly axis: Widening
    readonly slots: readonly FileSlot[]
    readonly sha256: (text: string) => Digest
  },
): Coverage {
  const { axis, sha256 } = how
  const slots = how.slots.map(({ slot }) => slot)
  const patterned = withPatterns(exact.arguments, patternsOf(slots))
  const operations = exact.operations.map((operation, at) => {
    const done = asked.operations[at]
    const place = how.slots.findIndex((each) => done !== undefined && each.operations.has(done))
    const slot = slots[place]
    return slot === undefined
      ? { operation }
      : { slot: place, operation: { ...operation, resource: { type: 'File', id: slotPattern(slot) } } }
  })
  const text = canonicalJson({
    '': 'remit-grant-wider-1',
    axis,
    ...sameCall(asked),
    arguments: patterned,
    slots: slots.map((slot) => ({ ...slot })),
    operations: operations.map(({ slot = null, operation: { action, resource, labels } }) => ({
      slot,
      action,
      resource: { ...resource },
      labels,
    })),
  })
  return {
    digest: sha256(text),
    operations: operations.map(({ operation }) => operation),
    arguments: patterned,
    notes: exact.notes,
    wider: { axis, slots, text: wideningText(axis, slots) },
  }
}

/** How the value of each argument that has slots is written with their patterns. */
function patternsOf(slots: readonly Slot[]): ReadonlyMap<string, (value: string) => string> {
  return new Map(
    slots.map(({ pointer }) => {
      const here = slots.filter((slot) => slot.pointer === pointer)
      return [
        pointer,
        (value: string) => {
          const [whole] = here
          if (whole?.word === undefined) return whole === undefined ? value : slotPattern(whole)
          const words = plainWords(value) ?? []
          return words
            .map(({ text }, at) => {
              const slot = here.find(({ word }) => word === at)
              return slot === undefined ? text : slotPattern(slot)
            })
            .join(' ')
        },
      ]
    }),
  )
}
