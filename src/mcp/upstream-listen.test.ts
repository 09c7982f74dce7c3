import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { toNodeHandler, type NodeIncomingMessageLike } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer, type ServerNotifier } from '@modelcontextprotocol/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { httpUpstream, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'

const URI = 'remit://new/note://one'

let door: TestDoor
let server: ModernServer

beforeEach(async () => {
  server = await startModernServer()
  door = await startTestDoor({ upstreams: [httpUpstream('new', server.url, { era: 'modern' })] })
})

afterEach(async () => {
  await door.close()
  await server.close()
})

interface ModernServer {
  readonly url: string
  readonly notify: ServerNotifier
  /** Subscriptions that are open now, one of them to changes of the list. */
  readonly listening: () => number
  close(): Promise<void>
}

/** A server of 2026-07-28 by the official SDK, whose resource can be subscribed to. */
async function startModernServer(): Promise<ModernServer> {
  const handler = createMcpHandler(
    () => {
      const capabilities = { resources: { subscribe: true } }
      const made = new McpServer({ name: 'new', version: '1.0.0' }, { capabilities })
      made.registerResource('one', 'note://one', {}, (uri) => ({
        contents: [{ uri: uri.href, text: 'one' }],
      }))
      return made
    },
    { legacy: 'reject' },
  )
  const serve = toNodeHandler(handler)
  let open = 0
  const http = createServer((request, response) => {
    if (request.headers['mcp-method'] === 'subscriptions/listen') {
      open += 1
      response.once('close', () => {
        open -= 1
      })
    }
    void serve(request as NodeIncomingMessageLike, response)
  })
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/mcp`,
    notify: handler.notify,
    listening: () => open,
    close: async () => {
      await handler.close()
      http.closeAllConnections()
      await new Promise<void>((resolve) => {
        http.close(() => resolve())
      })
    },
  }
}

async function connect(heard: string[]): Promise<Client> {
  const client = new Client({ name: 'test-agent', version: '1.0.0' })
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.push(params.uri)
  })
  const requestInit = { headers: { authorization: 'Bearer task-a' } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${door.url}/mcp`), { requestInit }))
  return client
}

test('R-MCP-1: a client of the initialize era hears of a resource of a server of 2026-07-28, until it unsubscribes', async () => {
  const heard: string[] = []
  const client = await connect(heard)
  await client.subscribeResource({ uri: URI })
  await expect
    .poll(() => {
      server.notify.resourceUpdated('note://one')
      return heard
    })
    .toContain(URI)
  expect(server.listening()).toBe(2)
  await client.unsubscribeResource({ uri: URI })
  await expect.poll(() => server.listening()).toBe(1)
  expect(door.gate.calls.map(({ kind, tool }) => `${kind} ${tool}`)).toEqual(['resource note://one'])
  await client.close()
})

test('R-MCP-3: a resource that policy refuses is not subscribed to upstream', async () => {
  const client = await connect([])
  await expect(client.subscribeResource({ uri: 'remit://new/note://secret' })).rejects.toThrow(/secrets/)
  expect(server.listening()).toBeLessThanOrEqual(1)
  await client.close()
})
