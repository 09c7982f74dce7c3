import type { ServerKey } from '../core/ids.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { PREFIXED, type Naming } from './names.ts'

/**
 * A result whose resource URIs can be read again at this endpoint: links and embedded resources of tools and
 * prompts, and the contents of a read resource.
 */
export function exposeUris(naming: Naming, server: ServerKey, result: JsonObject): JsonObject {
  const { content, contents, messages } = result
  const block = (value: Json): Json => exposeBlock(naming, server, value)
  if (Array.isArray(content) && content.some(mentionsResource))
    return { ...result, content: content.map(block) }
  if (Array.isArray(contents)) {
    return { ...result, contents: contents.map((item: Json) => withUri(naming, server, item)) }
  }
  if (!Array.isArray(messages)) return result
  const exposed = messages.map((message: Json) =>
    isJsonObject(message) && message['content'] !== undefined
      ? { ...message, content: block(message['content']) }
      : message,
  )
  return { ...result, messages: exposed }
}

function mentionsResource(block: Json): boolean {
  return isJsonObject(block) && (block['type'] === 'resource' || block['type'] === 'resource_link')
}

function exposeBlock(naming: Naming, server: ServerKey, block: Json): Json {
  if (!isJsonObject(block)) return block
  if (block['type'] === 'resource_link') return withUri(naming, server, block)
  const { resource } = block
  if (block['type'] !== 'resource' || resource === undefined) return block
  return { ...block, resource: withUri(naming, server, resource) }
}

function withUri(naming: Naming, server: ServerKey, item: Json): Json {
  if (!isJsonObject(item) || typeof item['uri'] !== 'string') return item
  // One that this endpoint does not show is still told apart from those of other servers.
  const uri = naming.exposeUri(server, item['uri']) ?? PREFIXED.exposeUri(server, item['uri'])
  return { ...item, uri }
}
