import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { Message } from './json-rpc.ts'
import { findParamHeaders, paramHeadersOf, type ParamHeader } from './param-headers.ts'
import { headerText, mirroredName } from './upstream-envelope.ts'
import { KEYS } from './wire/rev-2026-07-28/keys.ts'

/** The HTTP headers that MCP wants and a stdio client does not know of. */
export class BridgeHeaders {
  /** Legacy session, once `initialize` gave one. */
  session: string | undefined
  #version: string | undefined
  readonly #declared = new Map<string, readonly ParamHeader[]>()

  ofMessage(message: Message): Record<string, string> {
    const base = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    if (message.kind === 'response') return { ...base, ...this.ofSession() }
    const meta = message.params['_meta']
    const version = isJsonObject(meta) ? meta[KEYS.protocolVersion] : undefined
    if (typeof version !== 'string') {
      return message.method === 'initialize' ? base : { ...base, ...this.ofSession() }
    }
    const name = mirroredName(message.method, message.params)
    return {
      ...base,
      ...this.#paramHeaders(message.method, message.params),
      'mcp-protocol-version': version,
      'mcp-method': message.method,
      ...(name === undefined ? {} : { 'mcp-name': headerText(name) }),
    }
  }

  ofSession(): Record<string, string> | undefined {
    if (this.session === undefined) return undefined
    return {
      'mcp-session-id': this.session,
      ...(this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version }),
    }
  }

  /** What later headers need from answers: the version agreed on, and arguments that headers repeat. */
  learn(request: { readonly method: string; readonly id: unknown }, message: JsonObject): void {
    const { result } = message
    if (message['id'] !== request.id || !isJsonObject(result)) return
    if (request.method === 'initialize' && typeof result['protocolVersion'] === 'string') {
      this.#version = result['protocolVersion']
    }
    if (request.method !== 'tools/list' || !Array.isArray(result['tools'])) return
    for (const tool of result['tools']) {
      if (!isJsonObject(tool) || typeof tool['name'] !== 'string') continue
      const schema = tool['inputSchema']
      const declared = findParamHeaders(isJsonObject(schema) ? schema : undefined)
      if (declared.length > 0) this.#declared.set(tool['name'], declared)
    }
  }

  #paramHeaders(method: string, params: JsonObject): Record<string, string> {
    const { name, arguments: args } = params
    if (method !== 'tools/call' || typeof name !== 'string' || !isJsonObject(args)) return {}
    return paramHeadersOf(this.#declared.get(name) ?? [], args)
  }
}
