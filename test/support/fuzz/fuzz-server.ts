import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../src/core/canonical-json.ts'
import type { JsonObject } from '../../../src/core/json.ts'

export type Era = 'modern' | 'legacy'

/** Stands in whatever a fuzzed server says, and in no answer to somebody who proved nothing. */
export const CANARY = 'canary-9f2c'

export interface Rpc {
  readonly id?: number | string
  readonly method?: string
  readonly params?: JsonObject
}

/** What a call is known by on both sides: the server, what it asks for and with which arguments. */
export function callKey(server: string, call: { kind: string; name: string; arguments: unknown }): string {
  const held = [server, call.kind, call.name, call.arguments ?? {}]
  return createHash('sha256')
    .update(canonicalJson(held as never))
    .digest('base64url')
}

/** What ran, where the message is one that must have been decided. */
export function keyOf(server: string, { method, params = {} }: Rpc): string | undefined {
  const { name, uri, ref, argument, context } = params
  switch (method ?? '') {
    case 'tools/call':
      return callKey(server, { kind: 'tool', name: textOf(name), arguments: params['arguments'] })
    case 'prompts/get':
      return callKey(server, { kind: 'prompt', name: textOf(name), arguments: params['arguments'] })
    case 'resources/read':
    case 'resources/subscribe':
      return callKey(server, { kind: 'resource', name: textOf(uri), arguments: {} })
    case 'completion/complete': {
      const { name: prompt, uri: template } = ref as { readonly name?: string; readonly uri?: string }
      const sent = { argument, ...(context === undefined ? {} : { context }) }
      return callKey(server, { kind: 'completion', name: prompt ?? template ?? '', arguments: sent })
    }
    default:
      return undefined
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The result of a request, of a server with a tool, a prompt and a resource of each sort; undefined = unknown. */
export function resultOf(era: Era, { method, params = {} }: Rpc): JsonObject | undefined {
  const result = plainResult(era, method ?? '', params)
  if (result === undefined || era === 'legacy') return result
  return { resultType: 'complete', ttlMs: 60_000, cacheScope: 'private', ...result }
}

const CAPABILITIES = { tools: {}, prompts: {}, resources: { subscribe: true }, completions: {}, logging: {} }

function plainResult(era: Era, method: string, params: JsonObject): JsonObject | undefined {
  const text = { type: 'text', text: CANARY }
  switch (method) {
    case 'initialize':
      if (era === 'modern') return undefined
      return {
        protocolVersion: '2025-11-25',
        capabilities: CAPABILITIES,
        serverInfo: { name: CANARY, version: '1' },
      }
    case 'server/discover':
      return era === 'modern' ? { supportedVersions: ['2026-07-28'], capabilities: CAPABILITIES } : undefined
    case 'ping':
    case 'logging/setLevel':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return {}
    case 'tools/list':
      return { tools: TOOLS }
    case 'prompts/list':
      return { prompts: [{ name: 'greet', description: CANARY, arguments: [{ name: 'who' }] }] }
    case 'resources/list':
      return { resources: [{ uri: 'fuzz://one', name: CANARY }] }
    case 'resources/templates/list':
      return { resourceTemplates: [{ uriTemplate: 'fuzz://{id}', name: CANARY }] }
    case 'tools/call':
      return params['name'] === 'ask' && params['inputResponses'] === undefined && era === 'modern'
        ? QUESTION
        : { content: [text] }
    case 'prompts/get':
      return { messages: [{ role: 'user', content: text }] }
    case 'resources/read':
      return { contents: [{ uri: params['uri'] ?? '', text: CANARY }] }
    case 'completion/complete':
      return { completion: { values: [CANARY] } }
    default:
      return undefined
  }
}

const TOOLS = ['echo', 'wipe', 'ask'].map((name) => ({
  name,
  description: `${name}s its argument, ${CANARY}`,
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
}))

const QUESTION = {
  resultType: 'input_required',
  requestState: 'state-of-the-server',
  inputRequests: {
    q1: {
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message: 'which colour',
        requestedSchema: { type: 'object', properties: { colour: { type: 'string' } } },
      },
    },
  },
}
