import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, describe, expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { ServerSettings } from './door-deps.ts'

let door: TestDoor

afterEach(async () => {
  await door.close()
})

async function connect(era: 'modern' | 'legacy', asked: unknown[] = []): Promise<Client> {
  const client = new Client(
    { name: 'test-agent', version: '1.0.0' },
    {
      capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} },
      versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
    },
  )
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params)
    return { action: 'accept', content: { name: 'Ada' } }
  })
  const requestInit = { headers: { authorization: 'Bearer task-a' } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${door.url}/mcp`), { requestInit }))
  return client
}

const QUESTION = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'who are you?',
    requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
  },
}
const said = (value: unknown): JsonObject => ({ content: [{ type: 'text', text: JSON.stringify(value) }] })
const textOf = (result: unknown): string => {
  const { content } = result as { content: readonly { text: string }[] }
  return content.map((part) => part.text).join('')
}

describe('a legacy server asks while a call is open', () => {
  /** Tells what came of each question in the tool's result. */
  async function start(
    method: string,
    params: JsonObject,
    settings: Partial<ServerSettings> = {},
  ): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream('old', 'legacy')
    upstream.script = async (request) => {
      try {
        return said(await request.onServerRequest!(method, params))
      } catch (error) {
        return said(`refused: ${(error as Error).message}`)
      }
    }
    const serverSettings = new Map([['old' as ServerKey, { fileSystem: 'none' as const, ...settings }]])
    door = await startTestDoor({ upstreams: [upstream], serverSettings })
    return upstream
  }

  test('R-MCP-3: a question reaches a legacy client that declared it, and says which server asks', async () => {
    await start(QUESTION.method, QUESTION.params)
    const asked: unknown[] = []
    const client = await connect('legacy', asked)
    expect(textOf(await client.callTool({ name: 'old__ask', arguments: {} }))).toContain('Ada')
    expect(asked).toMatchObject([{ message: '[server old asks] who are you?' }])
    await client.close()
  })

  test('R-MCP-3, R-AUD-1: a question is a call of its own to the gate: decided first, settled with the answer', async () => {
    await start(QUESTION.method, QUESTION.params)
    const client = await connect('legacy')
    await client.callTool({ name: 'old__ask', arguments: {} })
    expect(door.gate.calls).toMatchObject([
      { kind: 'tool', tool: 'ask' },
      {
        kind: 'elicitation',
        tool: 'elicitation/create',
        server: 'old',
        arguments: { message: 'who are you?' },
      },
    ])
    expect(door.gate.outcomes[0]).toMatchObject({
      decision: 'dec_2',
      outcome: { status: 'ok', result: { action: 'accept', content: { name: 'Ada' } } },
    })
    await client.close()
  })

  test('R-MCP-3: what policy refuses never reaches the client, and the server may go on', async () => {
    await start(QUESTION.method, QUESTION.params)
    door.gate.denied.add('elicitation/create')
    const asked: unknown[] = []
    const client = await connect('legacy', asked)
    expect(textOf(await client.callTool({ name: 'old__ask', arguments: {} }))).toContain('refused')
    expect(asked).toEqual([])
    await client.close()
  })

  test('R-MCP-3: what a modern client did not declare it is not asked', async () => {
    const upstream = await start('roots/list', {}, { roots: 'relay' })
    const client = new Client(
      { name: 'test-agent', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    const requestInit = { headers: { authorization: 'Bearer task-a' } }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${door.url}/mcp`), { requestInit }))
    expect(textOf(await client.callTool({ name: 'old__ask', arguments: {} }))).toContain('refused')
    expect(upstream.requests[0]?.clientCapabilities).toEqual({})
    await client.close()
  })

  test('R-MCP-3: unless configuration says otherwise, sampling is refused and roots are empty', async () => {
    const upstream = await start('sampling/createMessage', { messages: [] })
    const client = await connect('legacy')
    expect(textOf(await client.callTool({ name: 'old__ask', arguments: {} }))).toContain('refused')
    expect(upstream.requests[0]?.clientCapabilities).toEqual({ elicitation: { form: {} } })
    expect(door.gate.calls.map(({ kind }) => kind)).toEqual(['tool'])
    await client.close()
    await door.close()
    await start('roots/list', {})
    const other = await connect('legacy')
    expect(textOf(await other.callTool({ name: 'old__ask', arguments: {} }))).toBe('{"roots":[]}')
    await other.close()
  })

  test('R-MCP-3: configured to, sampling reaches the client by way of the gate and names its origin', async () => {
    const upstream = await start(
      'sampling/createMessage',
      { messages: [], maxTokens: 5 },
      { sampling: 'relay' },
    )
    const client = await connect('legacy')
    const sampled: unknown[] = []
    client.setRequestHandler('sampling/createMessage', ({ params }) => {
      sampled.push(params)
      return { model: 'm', role: 'assistant', content: { type: 'text', text: 'thought' } }
    })
    expect(textOf(await client.callTool({ name: 'old__ask', arguments: {} }))).toContain('thought')
    expect(upstream.requests[0]?.clientCapabilities).toMatchObject({ sampling: {} })
    expect(sampled).toMatchObject([{ metadata: { 'remit/server': 'old' } }])
    expect(door.gate.calls.map(({ kind }) => kind)).toEqual(['tool', 'sampling'])
    await client.close()
  })

  test.each(['modern', 'legacy'] as const)(
    'R-MCP-3: roots of the configuration are told to the server, whoever the client is (%s)',
    async (era) => {
      const roots = [{ uri: 'file:///srv/project' }]
      const upstream = await start('roots/list', {}, { roots })
      const client = await connect(era)
      expect(textOf(await client.callTool({ name: 'old__ask', arguments: {} }))).toBe(
        JSON.stringify({ roots }),
      )
      expect(upstream.requests[0]?.clientCapabilities).toMatchObject({ roots: {} })
      await client.close()
    },
  )
})

describe('a modern server answers input_required', () => {
  async function start(): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream('new', 'modern')
    upstream.script = (request) => {
      const { inputResponses, requestState } = request.params
      if (inputResponses !== undefined) return Promise.resolve(said({ inputResponses, requestState }))
      return Promise.resolve({
        resultType: 'input_required',
        inputRequests: { who: QUESTION },
        requestState: 'the-state-of-the-server',
      })
    }
    door = await startTestDoor({ upstreams: [upstream] })
    return upstream
  }

  test.each(['modern', 'legacy'] as const)(
    'R-MCP-1: a %s client is asked, and the server gets its own state back',
    async (era) => {
      const upstream = await start()
      const asked: unknown[] = []
      const client = await connect(era, asked)
      const text = textOf(await client.callTool({ name: 'new__ask', arguments: {} }))
      expect(text).toContain('Ada')
      expect(text).toContain('the-state-of-the-server')
      expect(asked).toMatchObject([{ message: '[server new asks] who are you?' }])
      expect(upstream.requests[0]?.clientCapabilities).toEqual({ elicitation: { form: {} } })
      const settled = door.gate.outcomes.map(({ decision }) => decision)
      expect(new Set(settled).size).toBe(door.gate.calls.length)
      await client.close()
    },
  )

  test('R-MCP-3: what the gateway answered itself goes with the answers of the client', async () => {
    const upstream = await start()
    upstream.script = (request) =>
      Promise.resolve(
        request.params['inputResponses'] === undefined
          ? {
              resultType: 'input_required',
              inputRequests: { who: QUESTION, where: { method: 'roots/list', params: {} } },
            }
          : said(request.params['inputResponses']),
      )
    const client = await connect('modern')
    const text = textOf(await client.callTool({ name: 'new__ask', arguments: {} }))
    expect(JSON.parse(text)).toMatchObject({ who: { action: 'accept' }, where: { roots: [] } })
    await client.close()
  })

  test('R-MCP-3: a question that policy refuses ends the call with a reason, settled', async () => {
    await start()
    door.gate.denied.add('elicitation/create')
    const client = await connect('modern')
    await expect(client.callTool({ name: 'new__ask', arguments: {} })).rejects.toThrow(/elicitation\/create/)
    expect(door.gate.outcomes).toMatchObject([{ outcome: { error: 'upstream_interactive' } }])
    await client.close()
  })

  test('R-MCP-3: a request for sampling ends the call with an error, settled', async () => {
    const upstream = await start()
    upstream.script = () =>
      Promise.resolve({
        resultType: 'input_required',
        inputRequests: { x: { method: 'sampling/createMessage', params: {} } },
      })
    const client = await connect('modern')
    await expect(client.callTool({ name: 'new__ask', arguments: {} })).rejects.toMatchObject({ code: -32021 })
    expect(door.gate.outcomes).toMatchObject([
      { outcome: { status: 'error', error: 'upstream_interactive' } },
    ])
    await client.close()
  })

  test('an unknown kind of result is garbage, and its outcome unknown', async () => {
    const upstream = await start()
    upstream.script = () => Promise.resolve({ resultType: 'task', taskId: '1' })
    const client = await connect('modern')
    await expect(client.callTool({ name: 'new__ask', arguments: {} })).rejects.toMatchObject({ code: -32603 })
    expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'unknown' } }])
    await client.close()
  })
})
