import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startSampleServer, type SampleServer } from '../../test/support/sample-server.ts'
import { httpUpstream, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import { SILENT } from '../core/log.ts'
import type { LinkCredentials } from './bridge-link.ts'
import { runConnect } from './connect-bridge.ts'

let sample: SampleServer
let door: TestDoor

beforeEach(async () => {
  sample = await startSampleServer()
  door = await startTestDoor({ upstreams: [httpUpstream('demo', sample.url)] })
})

afterEach(async () => {
  await door.close()
  await sample.close()
})

interface Rpc {
  readonly id?: number | null
  readonly method?: string
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number; readonly message: string }
}

/** A stdio client of the bridge: a line out, a line in. */
class StdioClient {
  readonly received: Rpc[] = []
  readonly done: Promise<void>
  readonly #input = new PassThrough()

  constructor(url: string, token = 'task-a', runtimeDeadline?: number) {
    const output = new PassThrough()
    createInterface({ input: output }).on('line', (line) => {
      this.received.push(JSON.parse(line) as Rpc)
    })
    const credentials: LinkCredentials = {
      headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
      asksForNonce: () => false,
    }
    this.done = runConnect({ url, credentials, input: this.#input, output, log: SILENT, runtimeDeadline })
  }

  send(message: object | string): void {
    this.#input.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`)
  }

  async ask(id: number, method: string, params: object = {}): Promise<Rpc> {
    this.send({ jsonrpc: '2.0', id, method, params })
    return vi.waitFor(() => {
      const answer = this.received.find((message) => message.id === id)
      if (answer === undefined) throw new Error(`no answer to ${method}`)
      return answer
    }, 20_000)
  }

  async end(): Promise<void> {
    this.#input.end()
    await this.done
  }
}

const HELLO = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

describe('remit connect', () => {
  test('R-MCP-1: a legacy stdio client lists, calls, and hears of changes', async () => {
    const client = new StdioClient(`${door.url}/mcp`)
    // Sent at once, as some clients do: the bridge keeps the order that the session needs.
    client.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: HELLO })
    client.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    const listed = await client.ask(2, 'tools/list')
    expect(JSON.stringify(listed.result)).toContain('demo__echo')
    const called = await client.ask(3, 'tools/call', { name: 'demo__echo', arguments: { text: 'hi' } })
    expect(JSON.stringify(called.result)).toContain('hi')
    await expect.poll(() => door.streams()).toBe(1)
    door.gate.policyChanged()
    await expect
      .poll(() => client.received.some((message) => message.method === 'notifications/tools/list_changed'))
      .toBe(true)
    await client.end()
  })

  test('R-UX-1: a client that frames messages by headers hears of it by the end, not by its own time-out', async () => {
    const client = new StdioClient(`${door.url}/mcp`)
    client.send('Content-Length: 20\r\n\r\n')
    await expect(client.done).rejects.toMatchObject({ code: 'input_invalid' })
    expect(client.received).toEqual([])
  })

  test('R-MCP-1: a modern stdio client calls, with progress, and cancels', async () => {
    const client = new StdioClient(`${door.url}/mcp/demo`)
    const meta = { ...META, progressToken: 'p' }
    const called = await client.ask(1, 'tools/call', { name: 'slow', arguments: {}, _meta: meta })
    expect(called.result?.['resultType']).toBe('complete')
    expect(client.received.some((message) => message.method === 'notifications/progress')).toBe(true)
    client.send({
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'slow', arguments: { steps: 1_000 }, _meta: META },
    })
    await expect.poll(() => sample.ran.filter((name) => name === 'slow').length).toBe(2)
    client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2, _meta: META } })
    await expect.poll(() => sample.ran.at(-1)).toBe('slow aborted')
    expect(client.received.some((message) => message.id === 2)).toBe(false)
    await client.end()
  })

  test('R-MCP-1: what the gateway refuses, and what is no message, is answered as JSON-RPC', async () => {
    const client = new StdioClient(`${door.url}/mcp`, 'expired')
    const refused = await client.ask(1, 'initialize', HELLO)
    expect(refused.error?.message).toContain('expired')
    client.send('{"jsonrpc": "2.0", ')
    await expect.poll(() => client.received.at(-1)?.error?.code).toBe(-32700)
    await client.end()
  })

  test('a gateway that is not there answers with what to do, and a call is not sent again', async () => {
    const client = new StdioClient('http://127.0.0.1:9/mcp')
    const answer = await client.ask(1, 'initialize', HELLO)
    expect(answer.error?.message).toContain('remit status')
    await client.end()
  })

  test('a gateway that forgot the session gets a new one, and the client is told to send the call again', async () => {
    const client = new StdioClient(`${door.url}/mcp`)
    await client.ask(1, 'initialize', HELLO)
    door.door.close()
    const call = { name: 'demo__echo', arguments: { text: 'again' } }
    const first = await client.ask(2, 'tools/call', call)
    expect(first.error?.message).toContain('send it again')
    expect(sample.ran).toEqual([])
    expect(JSON.stringify((await client.ask(3, 'tools/call', call)).result)).toContain('again')
    await client.end()
  })

  describe('R-AGT-1: a runtime that asks whether a tool may run is told no, in words that Codex takes for one', () => {
    const asked = { name: 'remit_authorize', arguments: { agent: 'codex', hook_event_name: 'PreToolUse' } }
    const REFUSED = String.raw`\"permissionDecision\":\"deny\"`

    test('when the gateway is not there', async () => {
      const client = new StdioClient('http://127.0.0.1:9/mcp')
      const answer = await client.ask(1, 'tools/call', asked)
      expect(JSON.stringify(answer.result)).toContain(REFUSED)
      expect(answer.error).toBeUndefined()
      await client.end()
    })

    test('when the token is no good any more', async () => {
      const client = new StdioClient(`${door.url}/mcp`, 'expired')
      const claude = { ...asked, arguments: { ...asked.arguments, agent: 'claude-code' }, _meta: META }
      for (const [id, params] of [asked, claude].entries()) {
        expect(JSON.stringify((await client.ask(id, 'tools/call', params)).result)).toContain(REFUSED)
      }
      await client.end()
    })

    test('when what it says is too loose to be decided on', async () => {
      const client = new StdioClient(`${door.url}/mcp`)
      client.send(
        '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"remit_authorize","arguments":{"a":1,"a":2}}}',
      )
      await expect.poll(() => JSON.stringify(client.received.at(-1)?.result)).toContain(REFUSED)
      await client.end()
    })

    test('when no answer comes in time', async () => {
      const silent = createServer(() => undefined).listen(0, '127.0.0.1')
      await once(silent, 'listening')
      const { port } = silent.address() as AddressInfo
      const client = new StdioClient(`http://127.0.0.1:${String(port)}/mcp`, 'task-a', 50)
      expect(JSON.stringify((await client.ask(1, 'tools/call', asked)).result)).toContain(REFUSED)
      await client.end()
      silent.close()
    })
  })
})
