import type { FactType } from '../core/typed-facts.ts'
import { RemitError } from '../core/errors.ts'

/** What the configuration types, by name; a name means the same type for every tool. */
export type FactTypes = Readonly<Record<string, FactType>>

const CEDAR_TYPES: Readonly<Record<FactType, string>> = {
  string: 'String',
  boolean: 'Bool',
  integer: 'Long',
  decimal: 'decimal',
  set: 'Set<String>',
  path: 'String',
  url: 'String',
  recipient: 'String',
  money: '{ amount: decimal, currency: String }',
}
/** How the schema says that nothing is typed. */
const NONE = 'type ToolFacts = {};'

/**
 * The schema with the configured facts as optional members of `context.facts`, so that policies must ask `has` first.
 * @throws RemitError `policy_engine_failed` for a schema without the place for them.
 */
export function withFacts(schemaText: string, facts: FactTypes): string {
  const members = Object.entries(facts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, type]) => `  "${name}"?: ${CEDAR_TYPES[type]},`)
  if (members.length === 0) return schemaText
  if (!schemaText.includes(NONE))
    throw new RemitError(
      'policy_engine_failed',
      `the policy schema must say \`${NONE}\` for facts to have a place`,
    )
  return schemaText.replace(NONE, () => `type ToolFacts = {\n${members.join('\n')}\n};`)
}
