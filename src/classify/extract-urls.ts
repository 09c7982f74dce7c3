import { groupsOf, type Action } from '../core/actions.ts'
import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import { extractPath } from './extract-paths.ts'
import type { ExtractionContext } from './extract.ts'
import { readHost, readUrl, type NetworkTarget } from './hosts.ts'

const MAX_TARGETS = 200
/** Schemes that hold their content, and go nowhere. */
const INLINE = /^(?:data:|about:blank$)/i

/** An absolute URL, or a list of them. A `file:` URL is a path. */
export function extractUrl(value: Json, context: ExtractionContext): readonly Operation[] {
  return each(value, context, (text, here) => {
    if (/^file:/i.test(text)) return extractPath(text, { ...here, actions: here.actions.map(onFiles) })
    if (INLINE.test(text)) return []
    return operationsOn(readUrl(text), here)
  })
}

/** A host, with or without a port, or a list of them; a URL counts as its own. */
export function extractHost(value: Json, context: ExtractionContext): readonly Operation[] {
  return each(value, context, (text, here) =>
    operationsOn(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? readUrl(text) : readHost(text), here),
  )
}

function each(
  value: Json,
  context: ExtractionContext,
  read: (text: string, context: ExtractionContext) => readonly Operation[],
): readonly Operation[] {
  if (typeof value === 'string') return read(value, context)
  if (!Array.isArray(value)) return operationsOn(undefined, context)
  const items = value as readonly Json[]
  const found = items.slice(0, MAX_TARGETS).flatMap((item, at) => {
    const here = { ...context, pointer: `${context.pointer}/${at}` }
    return typeof item === 'string' ? read(item, here) : operationsOn(undefined, here)
  })
  return items.length > MAX_TARGETS ? [...found, ...operationsOn(undefined, context)] : found
}

function operationsOn(target: NetworkTarget | undefined, context: ExtractionContext): readonly Operation[] {
  const { actions, pointer, control } = context
  if (target === undefined) {
    return actions.map((action) => ({
      action,
      resource: { type: 'Host', id: '?', ancestors: [] },
      labels: [],
      opaque: true,
      origin: { pointer },
    }))
  }
  const ours = target.loopback && control.ports.has(target.port)
  return actions.map((action) => ({
    action,
    resource: target.resource,
    labels: ours ? [...target.labels, 'remit-control'] : target.labels,
    opaque: false,
    origin: { pointer },
  }))
}

/** What doing that to a URL is when the URL names a file of this machine. */
function onFiles(action: Action): Action {
  return groupsOf(action).includes('write') ? 'file.write' : 'file.read'
}
