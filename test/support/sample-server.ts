import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { toNodeHandler, type NodeIncomingMessageLike } from '@modelcontextprotocol/node'
import { z } from 'zod'

export interface SampleServer {
  readonly url: string
  /** Names of the tools that ran, in order. */
  readonly ran: string[]
  /** Headers of the last request. */
  lastHeaders: NodeJS.Dict<string | string[]>
  close(): Promise<void>
}

/** A real MCP server of the official SDK, both eras, with one of everything that the door bridges. */
export async function startSampleServer(): Promise<SampleServer> {
  const ran: string[] = []
  const handler = toNodeHandler(createMcpHandler(() => build(ran)))
  const http: Server = createServer((request, response) => {
    sample.lastHeaders = request.headers
    void handler(request as NodeIncomingMessageLike, response)
  })
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  const { port } = http.address() as AddressInfo
  const sample: SampleServer = {
    url: `http://127.0.0.1:${String(port)}/mcp`,
    ran,
    lastHeaders: {},
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
  return sample
}

function build(ran: string[]): McpServer {
  const server = new McpServer({ name: 'sample', version: '1.0.0' }, { instructions: 'Sample instructions.' })
  const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] })
  const tool = (name: string): void => {
    server.registerTool(name, { inputSchema: z.object({ text: z.string() }) }, ({ text: said }) => {
      ran.push(name)
      return text(said)
    })
  }
  for (const name of ['echo', 'secret-thing', 'guarded-thing', 'hidden-thing']) tool(name)
  server.registerTool('fails', { inputSchema: z.object({}) }, () => ({ ...text('no'), isError: true }))
  server.registerTool(
    'slow',
    { inputSchema: z.object({ steps: z.number().default(12) }) },
    async ({ steps }, ctx) => {
      ran.push('slow')
      const token = ctx.mcpReq._meta?.progressToken
      for (let progress = 1; progress <= steps && !ctx.mcpReq.signal.aborted; progress++) {
        if (token !== undefined) {
          await ctx.mcpReq.notify({
            method: 'notifications/progress',
            params: { progressToken: token, progress },
          })
        }
        await new Promise((resolve) => {
          setTimeout(resolve, 40)
        })
      }
      ran.push(ctx.mcpReq.signal.aborted ? 'slow aborted' : 'slow done')
      return text('done')
    },
  )
  server.registerTool('links', { inputSchema: z.object({}) }, () => ({
    content: [{ type: 'resource_link' as const, uri: 'note://one', name: 'one' }],
  }))
  server.registerResource('one', 'note://one', {}, (uri) => ({
    contents: [{ uri: uri.href, text: 'note one' }],
  }))
  server.registerResource('secret', 'note://secret', {}, (uri) => ({
    contents: [{ uri: uri.href, text: 'never read' }],
  }))
  server.registerResource(
    'any',
    new ResourceTemplate('note://any/{id}', {
      list: undefined,
      complete: { id: () => ['alpha', 'beta'] },
    }),
    {},
    (uri) => ({ contents: [{ uri: uri.href, text: `any ${uri.href}` }] }),
  )
  server.registerPrompt('greet', { argsSchema: z.object({ who: z.string() }) }, ({ who }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `hello ${who}` } }],
  }))
  return server
}
