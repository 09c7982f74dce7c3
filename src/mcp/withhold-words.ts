import type { Clock } from '../core/clock.ts'
import type { ServerKey } from '../core/ids.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { DefinitionFlag } from '../core/tool-pin.ts'
import type { DoorDeps } from './door-deps.ts'
import type { UpstreamInfo } from './upstream.ts'

type Scan = (texts: JsonObject) => readonly DefinitionFlag[]

/** What an item is used by, as against what is said of it. */
const IDENTITY = ['name', 'uri', 'uriTemplate', 'mimeType', 'size'] as const

/** Microseconds of scanning without a pause, since a server may list thousands. */
const MOST_AT_ONCE = 5_000

/** The same for what a server lists or is asked for, with what was found in the log. */
export function wordsWithheld(
  { gate, clock, log }: Pick<DoorDeps, 'gate' | 'clock' | 'log'>,
  of: { readonly server: ServerKey; readonly list: string },
  items: readonly JsonObject[],
): Promise<readonly JsonObject[]> {
  return withholdWords(items, {
    scan: (texts) => gate.scan(texts),
    clock,
    found: (flags) => {
      log.log('warn', 'words withheld', { ...of, flags: flags.map(({ kind }) => kind) })
    },
  })
}

/**
 * Prompts, resources, templates and skills without the words in which the scan found something: nobody reviews those, and
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
      if (!flags.some(({ where }) => isIdentity(where))) kept.push(bare(item, flags))
    }
    if (by.clock.micros() - since < MOST_AT_ONCE) continue
    await new Promise((resolve) => {
      setTimeout(resolve)
    })
    since = by.clock.micros()
  }
  return kept
}

/** A skill is used by its name and its files. */
function isIdentity(where: string): boolean {
  return (
    IDENTITY.some((member) => member === where) ||
    where === 'frontmatter/name' ||
    where.startsWith('resources/')
  )
}

function bare(item: JsonObject, flags: readonly DefinitionFlag[]): JsonObject {
  const kinds = [...new Set(flags.map(({ kind }) => kind))].join(', ')
  const description = `Remit withholds what the server says of this (${kinds})`
  const { arguments: parameters, frontmatter, uri = '', resources = 'dynamic' } = item
  // Who compares it with the `SKILL.md` finds that it differs, and does not load the skill.
  if (isJsonObject(frontmatter))
    return { uri, frontmatter: { name: frontmatter['name'] ?? '', description }, resources }
  return {
    ...Object.fromEntries(
      IDENTITY.flatMap((member) => (item[member] === undefined ? [] : [[member, item[member]]])),
    ),
    description,
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
