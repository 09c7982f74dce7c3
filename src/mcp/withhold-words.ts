import type { Clock } from '../core/clock.ts'
import type { JsonObject } from '../core/json.ts'
import type { DefinitionFlag } from '../core/tool-pin.ts'
import type { UpstreamInfo } from './upstream.ts'

type Scan = (texts: JsonObject) => readonly DefinitionFlag[]

/** What an item is used by, as against what is said of it. */
const IDENTITY = ['name', 'uri', 'uriTemplate', 'mimeType', 'size'] as const

/** Microseconds of scanning without a pause, since a server may list thousands. */
const MOST_AT_ONCE = 5_000

/**
 * Prompts, resources and templates without the words in which the scan found something: nobody reviews those, and
 * they work without. One whose very name is flagged is left out.
 */
export async function withholdWords(
  items: readonly JsonObject[],
  by: {
    readonly scan: Scan
    readonly clock: Clock
    readonly found: (flags: readonly DefinitionFlag[]) => void
  },
): Promise<readonly JsonObject[]> {
  const kept: JsonObject[] = []
  let since = by.clock.micros()
  for (const item of items) {
    const flags = by.scan(item)
    if (flags.length === 0) kept.push(item)
    else {
      by.found(flags)
      if (!flags.some(({ where }) => IDENTITY.some((member) => member === where)))
        kept.push(bare(item, flags))
    }
    if (by.clock.micros() - since < MOST_AT_ONCE) continue
    await new Promise((resolve) => {
      setTimeout(resolve)
    })
    since = by.clock.micros()
  }
  return kept
}

function bare(item: JsonObject, flags: readonly DefinitionFlag[]): JsonObject {
  const kinds = [...new Set(flags.map(({ kind }) => kind))].join(', ')
  const { arguments: parameters } = item
  return {
    ...Object.fromEntries(
      IDENTITY.flatMap((member) => (item[member] === undefined ? [] : [[member, item[member]]])),
    ),
    description: `Remit withholds what the server says of this (${kinds})`,
    ...(Array.isArray(parameters)
      ? { arguments: (parameters as readonly JsonObject[]).map(bareArgument) }
      : {}),
  }
}

function bareArgument({ name = '', required = false }: JsonObject): JsonObject {
  return { name, required }
}

const instructions = new WeakMap<UpstreamInfo, string | undefined>()

/** The server's own instructions, unless the scan finds something in them. */
export function instructionsOf(info: UpstreamInfo, scan: Scan): string | undefined {
  if (instructions.has(info)) return instructions.get(info)
  const text = info.instructions
  const flagged = text !== undefined && scan({ instructions: text }).length > 0
  const shown = flagged
    ? 'Remit withholds the server’s own instructions: they speak to you in a way that no honest server needs.'
    : text
  instructions.set(info, shown)
  return shown
}
