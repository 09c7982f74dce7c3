import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

/** `silent` accepts and never answers; `dying` hangs up on every tools/call after it has run. */
export type Health = 'well' | 'silent' | 'dying' | 'dying-once'

export interface SickUpstream {
  readonly url: string
  /** Tools that ran, in order, also those whose answer was lost. */
  readonly ran: string[]
  /** Methods of all requests that reached it. */
  readonly heard: string[]
  health: Health
  close(): Promise<void>
}

interface Message {
  readonly id?: number
  readonly method: string
  readonly params?: { readonly name?: string }
}

const TOOLS = [
  { name: 'look', annotations: { readOnlyHint: true } },
  { name: 'put', annotations: { idempotentHint: true } },
  { name: 'guarded-put', annotations: { idempotentHint: true } },
  { name: 'add', annotations: {} },
  { name: 'hang', annotations: {} },
].map((tool) => ({ ...tool, inputSchema: { type: 'object' } }))

/** A 2026-07-28 server that can be made to fail in the ways that gateways were seen to fail on. */
export async function startSickUpstream(): Promise<SickUpstream> {
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      if (body === '') return void response.writeHead(405).end()
      const message = JSON.parse(body) as Message
      const { id, method, params } = message
      sick.heard.push(method)
      if (sick.health === 'silent') return undefined
      if (method === 'tools/call') {
        sick.ran.push(params?.name ?? '')
        if (params?.name === 'hang') return undefined
        if (sick.health !== 'well') {
          if (sick.health === 'dying-once') sick.health = 'well'
          return void response.destroy()
        }
      }
      if (method === 'subscriptions/listen') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
        return undefined
      }
      response.writeHead(200, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answer(method) }))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const sick: SickUpstream = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`,
    ran: [],
    heard: [],
    health: 'well',
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return sick
}

function answer(method: string): object {
  const base = { resultType: 'complete' }
  if (method === 'server/discover')
    return { ...base, supportedVersions: ['2026-07-28'], capabilities: { tools: { listChanged: true } } }
  if (method === 'tools/list') return { ...base, tools: TOOLS }
  return { ...base, content: [{ type: 'text', text: 'done' }] }
}
