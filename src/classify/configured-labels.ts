import { isLabel, type Label } from '../core/labels.ts'
import type { Operation } from '../core/operation.ts'
import { matchesPattern, overlap } from '../core/pattern.ts'
import type { EntityRef } from '../core/resource.ts'
import { foldText } from './fold-name.ts'

/** What an administrator can name. */
export const LABELLED = [
  'paths',
  'hosts',
  'urls',
  'databases',
  'tables',
  'clusters',
  'branches',
  'servers',
] as const
type Labelled = (typeof LABELLED)[number]

/** Labels that say what a thing is. Where it lies, and what is not known of it, is for Remit to say. */
export const CONFIGURABLE_LABELS = [
  'secret',
  'ci',
  'agent-config',
  'git-hook',
  'editor-task',
  'lockfile',
  'manifest',
  'auth',
  'security-control',
  'infra',
  'infra-state',
  'executable',
  'customer-data',
  'production',
  'protected',
  'internal',
] as const satisfies readonly Label[]

/** Everything that one of the patterns names carries the label, beside those that it has. */
export type LabelRule = { readonly label: string } & {
  readonly [K in Labelled]?: readonly string[] | undefined
}

/** Adds what the configuration says of the things that operations reach; takes nothing away. */
export function createLabeller(
  rules: readonly LabelRule[],
): (operations: readonly Operation[], server: string) => readonly Operation[] {
  if (rules.length === 0) return (operations) => operations
  return (operations, server) =>
    operations.map((operation) => {
      const more = rules.filter((rule) => covers(rule, operation, server)).map(({ label }) => label)
      const added = more.filter(isLabel).filter((label) => !operation.labels.includes(label))
      return added.length === 0
        ? operation
        : { ...operation, labels: [...operation.labels, ...new Set(added)] }
    })
}

/** The labels of a file by its path in a repository. */
export function labelsOfPath(rules: readonly LabelRule[], path: string): readonly Label[] {
  return rules
    .filter(({ paths = [] }) => paths.some((pattern) => coversPath(pattern, path, false)))
    .map(({ label }) => label)
    .filter(isLabel)
}

function covers(rule: LabelRule, { resource, action }: Operation, server: string): boolean {
  if (rule.servers?.some((pattern) => matchesPattern(pattern, server)) === true) return true
  const folder = resource.type === 'Directory' && action !== 'file.list'
  if (resource.type === 'File' || resource.type === 'Directory')
    return rule.paths?.some((pattern) => coversPath(pattern, resource.id, folder)) === true
  return [{ type: resource.type, id: resource.id }, ...resource.ancestors].some((entity) =>
    namesOf(entity).some(([kind, name]) =>
      rule[kind]?.some((pattern) => matchesPattern(pattern.toLowerCase(), name)),
    ),
  )
}

/** A folder counts for all that lies in it, wherever that is done to it as a whole. */
function coversPath(pattern: string, path: string, whole: boolean): boolean {
  const folded = [foldText(pattern), foldText(path)] as const
  if (matchesPattern(...folded)) return true
  return whole && overlap(folded[0], folded[1] === '.' ? '**' : `${folded[1]}/**`)
}

/** What an entity may be called in patterns, in lower case: with and without the server or program that leads. */
function namesOf({ type, id }: EntityRef): readonly (readonly [Labelled, string])[] {
  const name = id.toLowerCase()
  switch (type) {
    case 'Host':
    case 'Domain':
      return [['hosts', name.replace(/:\d+$/, '')]]
    case 'Url':
      return [
        ['urls', name],
        ['urls', name.replace(/[?#].*$/, '')],
      ]
    case 'Database':
      return [name, afterFirst(name, '/')].map((each) => ['databases', each])
    case 'Table': {
      const table = afterFirst(name, '/')
      return [name, table, table.slice(table.lastIndexOf('.') + 1)].map((each) => ['tables', each])
    }
    case 'Cluster':
    case 'Account':
      return [name, afterFirst(name, ':')].map((each) => ['clusters', each])
    case 'Server':
      return [['servers', name]]
    case 'Branch':
      return [['branches', name]]
    default:
      return []
  }
}

function afterFirst(text: string, sign: string): string {
  return text.slice(text.indexOf(sign) + 1)
}
