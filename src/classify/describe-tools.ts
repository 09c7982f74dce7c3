import { isAction, type Action } from '../core/actions.ts'
import { RemitError } from '../core/errors.ts'
import type { FactDeclaration } from '../core/typed-facts.ts'
import type { CatalogueEntry, ToolEffect, ToolEntry } from './catalogue/entry.ts'
import { SHIPPED } from './catalogue/shipped.ts'
import { ARGUMENT_KINDS, type ArgumentKind } from './argument-kinds.ts'
import { extractorOf } from './extract.ts'

/** What an administrator says of one tool; it outranks the catalogue. */
interface ToolOverride {
  readonly actions?: readonly Action[] | undefined
  /**
   * Kind of each argument, by its name; one that is not listed makes a call opaque. Absent for a tool that no
   * catalogue describes = the actions are the whole truth about it, whatever its arguments.
   */
  readonly arguments?: Readonly<Record<string, string>> | undefined
  /** Arguments that policies read, by the name of the fact. */
  readonly facts?: Readonly<Record<string, Omit<FactDeclaration, 'name'>>> | undefined
}

export interface ServerDescription {
  /** Entry of the shipped catalogue. */
  readonly catalogue?: string | undefined
  /** Entry that configuration cannot name, since it is of no MCP server. */
  readonly built?: CatalogueEntry | undefined
  readonly tools?: Readonly<Record<string, ToolOverride>> | undefined
}

/** @throws RemitError `config_invalid`. */
export function describeTools(server: string, description: ServerDescription): CatalogueEntry {
  const shipped =
    description.catalogue === undefined
      ? new Map<string, ToolEntry>()
      : shippedEntry(server, description.catalogue)
  const tools = new Map([...shipped, ...(description.built ?? [])])
  for (const [name, override] of Object.entries(description.tools ?? {})) {
    // Facts alone do not say what the tool does.
    if (override.actions === undefined && override.arguments === undefined && override.facts !== undefined)
      continue
    tools.set(name, overridden(`${server}__${name}`, tools.get(name), override))
  }
  return tools
}

/** The facts that are declared, by tool. */
export function describeFacts(
  description: ServerDescription,
): ReadonlyMap<string, readonly FactDeclaration[]> {
  const tools = Object.entries(description.tools ?? {}).map(
    ([tool, { facts = {} }]): [string, readonly FactDeclaration[]] => [
      tool,
      Object.entries(facts).map(([name, fact]) => ({ ...fact, name })),
    ],
  )
  return new Map(tools.filter(([, facts]) => facts.length > 0))
}

function shippedEntry(server: string, name: string): CatalogueEntry {
  const entry = SHIPPED.get(name)
  if (entry !== undefined) return entry
  const known = [...SHIPPED.keys()].map((key) => `\`${key}\``).join(', ')
  throw new RemitError('config_invalid', `server \`${server}\`: no catalogue \`${name}\`; there are ${known}`)
}

/** A tool whose actions a reviewer named; how its arguments are read stays as it is known. */
export function reviewedEntry(known: ToolEntry | undefined, actions: readonly Action[]): ToolEntry {
  return overridden('', known, { actions })
}

/** Words for the actions replace the catalogue’s; words for an argument replace or add to it. */
function overridden(tool: string, known: ToolEntry | undefined, override: ToolOverride): ToolEntry {
  for (const action of override.actions ?? []) {
    if (!isAction(action))
      throw new RemitError('config_invalid', `tool \`${tool}\`: no action \`${String(action)}\``)
  }
  const kinds = new Map(
    Object.entries(override.arguments ?? {}).map(([name, kind]) => [name, checkedKind(tool, kind)]),
  )
  const actions = override.actions ?? [...new Set(known?.effects.flatMap((effect) => effect.actions) ?? [])]
  if (actions.length === 0 && known === undefined) {
    throw new RemitError(
      'config_invalid',
      `tool \`${tool}\`: say its \`actions\`; the catalogue does not know it`,
    )
  }
  const kept = (known?.effects ?? [])
    .filter(({ argument }) => argument === undefined || !kinds.has(argument))
    .map((effect) => (override.actions === undefined ? effect : { ...effect, actions }))
  const added = [...kinds]
    .filter(([, kind]) => kind !== 'plain')
    .map(([argument, kind]): ToolEffect => ({ argument, kind, actions }))
  const effects = [...kept, ...added]
  const plain = [
    ...(known?.plain ?? []),
    ...[...kinds].filter(([, kind]) => kind === 'plain').map(([name]) => name),
  ]
  // Actions on nothing that is named are actions on whatever the server keeps.
  return {
    effects: effects.length === 0 && actions.length > 0 ? [{ kind: 'plain', actions }] : effects,
    plain,
    ...(known?.derived === undefined || override.actions !== undefined ? {} : { derived: known.derived }),
    ...(known === undefined && override.arguments === undefined ? { vouched: true } : {}),
    ...(known?.edit === undefined ? {} : { edit: known.edit }),
    ...(known?.notes === undefined ? {} : { notes: known.notes.filter((name) => !kinds.has(name)) }),
  }
}

function checkedKind(tool: string, kind: string): ArgumentKind {
  if (extractorOf(kind) !== undefined) return kind as ArgumentKind
  const known = ARGUMENT_KINDS.map((name) => `\`${name}\``).join(', ')
  throw new RemitError(
    'config_invalid',
    `tool \`${tool}\`: no kind of argument \`${kind}\`; there are ${known}`,
  )
}
