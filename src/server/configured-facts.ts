import type { FactType } from '../core/typed-facts.ts'
import type { FactTypes } from '../policy/facts-schema.ts'
import type { Config } from './config-schema.ts'

export interface FactConflict {
  readonly path: readonly string[]
  readonly message: string
}

/** Every fact that some tool declares, by name. */
export function configuredFacts(config: Config): FactTypes {
  return Object.fromEntries(declarations(config).map(({ name, type }) => [name, type]))
}

/** Policies read a fact by its name, whatever the tool, so a name must mean one type. */
export function factConflicts(config: Config): readonly FactConflict[] {
  const first = new Map<string, { readonly type: FactType; readonly tool: string }>()
  const conflicts: FactConflict[] = []
  for (const { name, type, tool, path } of declarations(config)) {
    const known = first.get(name)
    if (known === undefined) first.set(name, { type, tool })
    else if (known.type !== type)
      conflicts.push({
        path: [...path, 'type'],
        message: `must be \`${known.type}\`, as for \`${known.tool}\`, or the fact needs another name`,
      })
  }
  return conflicts
}

/** Where `after` declares a fact of which `before` knows nothing, or another type. */
export function newFacts(before: Config, after: Config): readonly (readonly string[])[] {
  const known = configuredFacts(before)
  return declarations(after)
    .filter(({ name, type }) => !Object.hasOwn(known, name) || known[name] !== type)
    .map(({ path }) => path)
}

function declarations(config: Config): readonly {
  readonly name: string
  readonly type: FactType
  readonly tool: string
  readonly path: readonly string[]
}[] {
  const described = [
    ...Object.entries(config.servers).map(([key, { tools }]) => ({ key, tools, at: ['servers', key] })),
    { key: 'authzen', tools: config.authzen.tools, at: ['authzen'] },
  ]
  return described.flatMap(({ key, tools, at }) =>
    Object.entries(tools).flatMap(([tool, { facts = {} }]) =>
      Object.entries(facts).map(([name, { type }]) => ({
        name,
        type,
        tool: `${key}__${tool}`,
        path: [...at, 'tools', tool, 'facts', name],
      })),
    ),
  )
}
