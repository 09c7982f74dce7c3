import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { DoorContext } from '../door-context.ts'
import { correlationOf, type Exchange } from '../exchange.ts'
import { exposerOf } from '../expose-uris.ts'
import { LONGEST_URI } from '../names-of-request.ts'
import { locateResource, mediateUri } from '../read-resource.ts'
import { garbage } from '../upstream-message.ts'
import { wordsWithheld } from '../withhold-words.ts'
import { exposeUri } from './expose-skill.ts'
import { readsDirectories } from './skills-of.ts'

/**
 * `resources/directory/read` (SEP-2640): one page of what is directly in a directory, less what this task may never read.
 * Decided on the directory's URI; pages and their cursors are the server's own.
 * @throws RemitError `method_unknown` when the server reads no directories, `params_invalid`, and what mediation throws.
 */
export async function readDirectory(door: DoorContext, exchange: Exchange): Promise<JsonObject> {
  const { uri } = exchange.params
  const result = await mediateUri(door, exchange, {
    method: 'resources/directory/read',
    uri,
    args: cursorOf(exchange.params),
    requires: (server, info) => {
      if (readsDirectories(info)) return
      throw new RemitError('method_unknown', `the server \`${server}\` reads no directories`)
    },
  })
  const { resources, nextCursor, _meta = {} } = result
  if (!Array.isArray(resources)) throw garbage('it holds no `resources`')
  const { server } = locateResource(exchange, uri)
  const entries = await wordsWithheld(
    door.deps,
    { server, list: 'resources' },
    resources.filter(isJsonObject),
  )
  const items = entries.flatMap((raw) =>
    typeof raw['uri'] === 'string' ? [{ server, name: raw['uri'], raw }] : [],
  )
  const shown = await door.deps.gate.visibleItems(exchange.caller, {
    kind: 'resource',
    items,
    correlation: correlationOf(exchange),
  })
  const expose = exposerOf(exchange.naming, server)
  return {
    resources: shown.map(({ raw }) => exposeUri(expose, raw)),
    ...(typeof nextCursor === 'string' ? { nextCursor } : {}),
    _meta,
  }
}

function cursorOf({ cursor }: JsonObject): JsonObject {
  if (cursor === undefined) return {}
  if (typeof cursor === 'string' && cursor.length <= LONGEST_URI) return { cursor }
  throw new RemitError('params_invalid', '`cursor` must be one that the server gave')
}
