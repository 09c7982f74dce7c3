import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import {
  createMcpHandler,
  createRequestStateCodec,
  isLegacyRequest,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
  type RequestStateCodec,
  type ServerNotifier,
} from '@modelcontextprotocol/server'
import { memorySkillFiles, SkillCatalog } from '@modelcontextprotocol/server/ext/skills'
import { registerAskingModern, registerInputRequiredLegacy } from './register-across-eras.ts'
import { registerAskingTools } from './register-asking-tools.ts'
import { registerInputRequired } from './register-input-required.ts'
import { registerPrompts, registerResources } from './register-prompts.ts'
import { registerTools } from './register-tools.ts'

/** A skill with a folder in it, by path. */
const SKILL = {
  'conformance-skill/SKILL.md':
    '---\nname: conformance-skill\ndescription: Is read by the suite\n---\n\n# Conformance\n',
  'conformance-skill/references/GUIDE.md': '# Guide\n',
}

/**
 * The upstream that the official conformance suite expects behind the gateway: every fixture of its required
 * server scenarios, with sessions for the initialize era and without for 2026-07-28.
 */
export async function startConformanceServer(options: {
  port: number
}): Promise<{ url: string; close: () => Promise<void> }> {
  const skills = await SkillCatalog.load(memorySkillFiles(SKILL))
  const state = createRequestStateCodec({ key: randomBytes(32) })
  const modern = createMcpHandler(
    () => {
      const server = newServer({ requestState: { verify: (value, context) => state.verify(value, context) } })
      registerTools(server, modern.notify)
      registerInputRequired(server, state)
      registerAskingModern(server)
      registerPrompts(server)
      registerResources(server)
      skills.attach(server)
      return server
    },
    { legacy: 'reject' },
  )
  const legacy = new LegacySessions(skills)
  const serve = toNodeHandler({
    fetch: async (request, extra) =>
      (await isLegacyRequest(request)) ? legacy.fetch(request) : modern.fetch(request, extra),
  })
  const [hostIsLocal, originIsLocal] = [localhostHostValidation(), localhostOriginValidation()]
  const http = createServer((request, response) => {
    if (hostIsLocal(request, response) && originIsLocal(request, response)) {
      void serve(request as Parameters<typeof serve>[0], response)
    }
  })
  await new Promise<void>((resolve) => {
    http.listen(options.port, '127.0.0.1', resolve)
  })
  const close = async (): Promise<void> => {
    await modern.close()
    await legacy.close()
    http.closeAllConnections()
    await new Promise((resolve) => {
      http.close(resolve)
    })
  }
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, close }
}

class LegacySessions {
  readonly #transports = new Map<string, WebStandardStreamableHTTPServerTransport>()
  readonly #skills: SkillCatalog

  constructor(skills: SkillCatalog) {
    this.#skills = skills
  }

  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id')
    if (id === null) return this.#begin(request)
    const transport = this.#transports.get(id)
    if (transport !== undefined) return transport.handleRequest(request)
    const error = { code: -32001, message: 'Session not found' }
    return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 404 })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()))
  }

  async #begin(request: Request): Promise<Response> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => {
        this.#transports.set(id, transport)
      },
      onsessionclosed: (id) => {
        this.#transports.delete(id)
      },
    })
    const server = newServer({})
    const notify: ServerNotifier = {
      toolsChanged: () => {
        server.sendToolListChanged()
      },
      promptsChanged: () => {
        server.sendPromptListChanged()
      },
      resourcesChanged: () => {
        server.sendResourceListChanged()
      },
      resourceUpdated: () => {},
    }
    registerTools(server, notify)
    registerAskingTools(server)
    registerInputRequiredLegacy(server)
    registerPrompts(server)
    registerResources(server)
    this.#skills.attach(server)
    server.server.setRequestHandler('resources/subscribe', () => ({}))
    server.server.setRequestHandler('resources/unsubscribe', () => ({}))
    await server.connect(transport)
    return transport.handleRequest(request)
  }
}

function newServer(options: { requestState?: { verify: RequestStateCodec['verify'] } }): McpServer {
  return new McpServer(
    { name: 'conformance-upstream', version: '1.0.0' },
    {
      ...options,
      capabilities: {
        logging: {},
        completions: {},
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
      },
    },
  )
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
  const server = await startConformanceServer({ port: Number(values.port) })
  console.log(server.url)
}
