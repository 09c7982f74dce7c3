import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'

export type Expose = (uri: string) => string

/** A result with every URI that it offers to read mapped: links and embedded resources of tools and prompts, and the contents of a read resource. */
export function mapUris(result: JsonObject, expose: Expose): JsonObject {
  const { content, contents, messages } = result
  const block = (value: Json): Json => exposeBlock(expose, value)
  if (Array.isArray(content) && content.some(mentionsResource))
    return { ...result, content: content.map(block) }
  if (Array.isArray(contents)) {
    return { ...result, contents: contents.map((item: Json) => withUri(expose, item)) }
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

function exposeBlock(expose: Expose, block: Json): Json {
  if (!isJsonObject(block)) return block
  if (block['type'] === 'resource_link') return withUri(expose, block)
  const { resource } = block
  if (block['type'] !== 'resource' || resource === undefined) return block
  return { ...block, resource: withUri(expose, resource) }
}

function withUri(expose: Expose, item: Json): Json {
  if (!isJsonObject(item) || typeof item['uri'] !== 'string') return item
  return { ...item, uri: expose(item['uri']) }
}
