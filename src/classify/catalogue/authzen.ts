import { ACTIONS, isAction, type Action } from '../../core/actions.ts'
import type { ArgumentKind } from '../argument-kinds.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import { extractPath } from '../extract-paths.ts'
import { extractorOf } from '../extract.ts'
import { targetless } from '../targetless.ts'
import type { CatalogueEntry, DerivedEffect, ToolEntry } from './entry.ts'

/**
 * How the id of a resource is read, by the family of the action and the type of the resource, in lower case. Whatever
 * is not here is done to something unknown, and is not understood.
 */
const KINDS: Readonly<Record<string, Readonly<Record<string, ArgumentKind>>>> = {
  file: { file: 'path', directory: 'directory' },
  shell: { command: 'command', program: 'command' },
  net: { url: 'url', host: 'host' },
  git: { branch: 'branch' },
  sql: { statement: 'sql' },
  data: { record: 'record' },
  message: { recipient: 'recipient' },
  money: { account: 'money' },
}

/** Attributes of what is asked about: they say more of it, and never that something else is done. */
const ATTRIBUTES = ['type', 'id', 'properties', 'action', 'subject', 'context']

/** Actions of calls of MCP, which have no meaning for what an application does by itself. */
const NOT_FOR_APPLICATIONS: ReadonlySet<Action> = new Set([
  'approve',
  'tool.call',
  'prompt.get',
  'resource.read',
  'completion.complete',
  'sampling.create',
  'elicitation.create',
  'roots.list',
])

/** Whose id says by itself what is done: it may be other than was said, and is seen as what it is. */
const SPELLED_OUT: ReadonlySet<Action> = new Set(['shell.execute', 'sql.execute'])

/** Remit's own words as actions of an evaluation: `file.write` on a `File`, as `authzen/to-tool-call.ts` puts them. */
export const AUTHZEN: CatalogueEntry = new Map(
  Object.keys(ACTIONS)
    .filter(isAction)
    .filter((action) => !NOT_FOR_APPLICATIONS.has(action))
    .map((action): [string, ToolEntry] => [
      action,
      { effects: [], derived: onResource(action), plain: ATTRIBUTES },
    ]),
)

function onResource(action: Action): DerivedEffect {
  const kinds = KINDS[action.split('.', 1)[0] ?? ''] ?? {}
  const actions = [action]
  const moves = action === 'file.move'
  return {
    actions: moves ? ['file.move', 'file.write'] : actions,
    from({ type, id, properties }, context) {
      const named = typeof type === 'string' ? type.toLowerCase() : ''
      const kind = Object.hasOwn(kinds, named) ? kinds[named] : undefined
      const extract = kind === undefined ? undefined : extractorOf(kind)
      const unknown = targetless({ ...context, actions, pointer: '/type' })
      if (extract === undefined || id === undefined) return unknown
      const found = extract(id, { ...context, actions, pointer: '/id' })
      const seen = SPELLED_OUT.has(action) ? found.length > 0 : found.some((each) => each.action === action)
      return [...found, ...(seen ? [] : unknown), ...(moves ? written(properties, context) : [])]
    },
  }
}

/** Where something is moved to; one that is not told could be anywhere. */
function written(
  properties: Json | undefined,
  context: Parameters<DerivedEffect['from']>[1],
): readonly Operation[] {
  const destination = isJsonObject(properties) ? properties['destination'] : undefined
  return extractPath(destination ?? null, {
    ...context,
    actions: ['file.write'],
    pointer: '/properties/destination',
  })
}
