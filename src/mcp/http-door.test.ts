import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSampleServer, type SampleServer } from '../../test/support/sample-server.ts'
import { httpUpstream, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'

let sample: SampleServer
let door: TestDoor

beforeAll(async () => {
  sample = await startSampleServer()
  door = await startTestDoor({
    upstreams: [
      httpUpstream('demo', sample.url),
      httpUpstream('old', sample.url, { era: 'legacy', session: 'shared' }),
      httpUpstream('dead', 'http://127.0.0.1:9/mcp', { timeout: 500 }),
    ],
    limits: { listWait: 2_000 },
  })
})

afterAll(async () => {
  await door.close()
  await sample.close()
})

type Mode = 'modern' | 'auto' | 'legacy'

async function connect(mode: Mode, path = '/mcp', token = 'task-a'): Promise<Client> {
  const client = new Client(
    { name: 'test-agent', version: '1.0.0' },
    { versionNegotiation: { mode: mode === 'modern' ? { pin: '2026-07-28' } : mode } },
  )
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(door.url + path), { requestInit }))
  return client
}

const textOf = (result: unknown): string => {
  const { content } = result as { content: readonly { text?: string }[] }
  return content.map((part) => part.text ?? '').join('')
}

describe.each<Mode>(['modern', 'auto', 'legacy'])('official client v2, %s', (mode) => {
  test('R-MCP-1, R-MCP-2: lists what all servers offer, prefixed, without what is hidden or down', async () => {
    const client = await connect(mode)
    const { tools } = await client.listTools()
    const names = tools.map((tool) => tool.name)
    expect(names).toContain('demo__echo')
    expect(names).toContain('old__echo')
    expect(names).not.toContain('demo__hidden-thing')
    const { prompts } = await client.listPrompts()
    expect(prompts.map((prompt) => prompt.name)).toEqual(['demo__greet', 'old__greet'])
    const { resources } = await client.listResources()
    expect(resources.map((resource) => resource.uri)).toContain('remit://demo/note://one')
    await client.close()
  })

  test.each(['demo', 'old'])('R-MCP-1: a call of %s runs once, is answered and settled', async (server) => {
    const client = await connect(mode)
    const before = sample.ran.length
    const result = await client.callTool({ name: `${server}__echo`, arguments: { text: 'héllo' } })
    expect(textOf(result)).toBe('héllo')
    expect(sample.ran.slice(before)).toEqual(['echo'])
    const call = door.gate.calls.at(-1)
    expect(call).toMatchObject({
      door: 'mcp',
      kind: 'tool',
      server,
      tool: 'echo',
      arguments: { text: 'héllo' },
    })
    expect(call?.definition?.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(call?.correlation.client).toBe('test-agent/1.0.0')
    await expect.poll(() => door.gate.outcomes.at(-1)?.outcome).toMatchObject({ status: 'ok' })
    expect(door.gate.outcomes.at(-1)?.outcome.bytes).toBeGreaterThan(20)
    await client.close()
  })

  test('R-UX-1: a denied tool call is a result that says why, and nothing runs', async () => {
    const client = await connect(mode)
    const before = sample.ran.length
    const result = await client.callTool({ name: 'demo__secret-thing', arguments: { text: 'x' } })
    expect(result.isError).toBe(true)
    expect(textOf(result)).toContain('secrets are not for agents')
    expect(sample.ran.length).toBe(before)
    await client.close()
  })

  test('R-MCP-3: resources, templates, prompts and completions pass the gate under their exposed names', async () => {
    const client = await connect(mode)
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map((template) => template.uriTemplate)).toContain(
      'remit://demo/note://any/{id}',
    )
    const read = await client.readResource({ uri: 'remit://demo/note://any/a%2Fb' })
    expect(read.contents[0]).toMatchObject({
      uri: 'remit://demo/note://any/a%2Fb',
      text: 'any note://any/a%2Fb',
    })
    await expect(client.readResource({ uri: 'remit://demo/note://secret' })).rejects.toMatchObject({
      code: 4031,
    })
    const prompt = await client.getPrompt({ name: 'demo__greet', arguments: { who: 'Ada' } })
    expect(JSON.stringify(prompt.messages)).toContain('hello Ada')
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'remit://demo/note://any/{id}' },
      argument: { name: 'id', value: 'a' },
    })
    expect(completion.values).toContain('alpha')
    expect(door.gate.calls.slice(-4).map(({ kind, tool }) => `${kind} ${tool}`)).toEqual([
      'resource note://any/a%2Fb',
      'resource note://secret',
      'prompt greet',
      'completion note://any/{id}',
    ])
    const linked = await client.callTool({ name: 'demo__links', arguments: {} })
    expect(JSON.stringify(linked.content)).toContain('remit://demo/note://one')
    await client.close()
  })

  test('R-MCP-2: an endpoint of one server uses the names of that server', async () => {
    const client = await connect(mode, '/mcp/demo')
    const { tools } = await client.listTools()
    expect(tools.map((tool) => tool.name)).toContain('echo')
    expect(textOf(await client.callTool({ name: 'echo', arguments: { text: 'bare' } }))).toBe('bare')
    const { contents } = await client.readResource({ uri: 'note://one' })
    expect(contents[0]?.uri).toBe('note://one')
    await client.close()
  })

  test('an unknown tool is refused before anything is asked of the gate', async () => {
    const client = await connect(mode)
    const asked = door.gate.calls.length
    for (const name of ['demo__nothing', 'nobody__echo', 'echo']) {
      await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({ code: -32602 })
    }
    expect(door.gate.calls.length).toBe(asked)
    await client.close()
  })

  test('a server that is down answers calls with an error of its own, at once', async () => {
    const client = await connect(mode)
    await expect(client.callTool({ name: 'dead__x', arguments: {} })).rejects.toMatchObject({ code: -32603 })
    await client.close()
  })

  test('progress reaches the client under its own token, ahead of the result', async () => {
    const client = await connect(mode)
    const seen: number[] = []
    const result = await client.callTool(
      { name: 'demo__slow', arguments: {} },
      { onprogress: ({ progress }) => seen.push(progress) },
    )
    expect(textOf(result)).toBe('done')
    expect(seen.slice(0, 3)).toEqual([1, 2, 3])
    await client.close()
  })

  test('cancelling a call stops it upstream and settles it as cancelled', async () => {
    const client = await connect(mode)
    const controller = new AbortController()
    const call = client.callTool(
      { name: 'demo__slow', arguments: { steps: 1_000 } },
      { signal: controller.signal },
    )
    await expect.poll(() => sample.ran.at(-1)).toBe('slow')
    controller.abort()
    await expect(call).rejects.toThrow(/abort/i)
    await expect.poll(() => sample.ran.at(-1)).toBe('slow aborted')
    await expect.poll(() => door.gate.outcomes.at(-1)?.outcome.status).toBe('cancelled')
    await client.close()
  })
})

test('R-MCP-1: the official client v1 (1.32) lists and calls', async () => {
  const client = new ClientV1({ name: 'old-agent', version: '1.0.0' })
  const requestInit = { headers: { authorization: 'Bearer task-a' } }
  await client.connect(new TransportV1(new URL(`${door.url}/mcp`), { requestInit }))
  const { tools } = await client.listTools()
  expect(tools.map((tool) => tool.name)).toContain('demo__echo')
  expect(textOf(await client.callTool({ name: 'old__echo', arguments: { text: 'v1' } }))).toBe('v1')
  await client.ping()
  await client.close()
})

test('every allowed call was settled exactly once', async () => {
  const settled = door.gate.outcomes.map(({ decision }) => decision)
  expect(new Set(settled).size).toBe(settled.length)
  const denied = door.gate.calls.filter((call) => call.tool.includes('secret')).length
  expect(settled.length).toBe(door.gate.calls.length - denied)
})
