import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ExtractionContext } from './extract.ts'

const MAX_RECORDS = 1_000
const MAX_NAME = 256

/** The name of a record that a server keeps, or a list of names. */
export function extractRecord(value: Json, context: ExtractionContext): readonly Operation[] {
  if (typeof value === 'string') return recordOperations(value, context)
  if (!Array.isArray(value)) return collectionOperations(context, true)
  const items = value as readonly Json[]
  const named = items
    .slice(0, MAX_RECORDS)
    .flatMap((item, at) =>
      typeof item === 'string'
        ? recordOperations(item, { ...context, pointer: `${context.pointer}/${at}` })
        : collectionOperations(context, true),
    )
  return items.length > MAX_RECORDS ? [...named, ...collectionOperations(context, true)] : named
}

/** Everything that the server keeps. */
export function collectionOperations(
  { server, actions, pointer }: Pick<ExtractionContext, 'server' | 'actions' | 'pointer'>,
  opaque: boolean,
): readonly Operation[] {
  return actions.map((action) => ({
    action,
    resource: { type: 'Collection', id: server, ancestors: [] },
    labels: [],
    opaque,
    origin: { pointer },
  }))
}

function recordOperations(
  name: string,
  { server, actions, pointer }: ExtractionContext,
): readonly Operation[] {
  const known = name.length <= MAX_NAME && name.isWellFormed()
  return actions.map((action) => ({
    action,
    resource: {
      type: 'Record',
      id: `${server}/${name.slice(0, MAX_NAME).toWellFormed()}`,
      ancestors: [{ type: 'Collection', id: server }],
    },
    labels: [],
    opaque: !known,
    origin: { pointer },
  }))
}
