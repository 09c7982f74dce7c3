import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSampleServer, type SampleServer } from '../../test/support/sample-server.ts'
import { httpUpstream, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import type { ServerKey } from '../core/ids.ts'

const DEMO = 'demo' as ServerKey

let sample: SampleServer
let door: TestDoor

beforeEach(async () => {
  sample = await startSampleServer()
  const picked = (name: string, description?: string) =>
    description === undefined ? { server: DEMO, name } : { server: DEMO, name, description }
  const tools = new Map([
    ['say', picked('echo', 'Says it back.')],
    ['secret-thing', picked('echo')],
    ['guarded', picked('hidden-thing')],
    ['show-links', picked('links')],
  ])
  const prompts = new Map([['hello', picked('greet')]])
  door = await startTestDoor({
    upstreams: [httpUpstream('demo', sample.url), httpUpstream('other', sample.url)],
    virtualServers: new Map([['desk', { description: 'For the desk.', tools, prompts, resources: [DEMO] }]]),
  })
})

afterEach(async () => {
  await door.close()
  await sample.close()
})

async function connect(era: 'modern' | 'legacy'): Promise<Client> {
  const client = new Client(
    { name: 'test-agent', version: '1.0.0' },
    { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
  )
  const requestInit = { headers: { authorization: 'Bearer task-a' } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${door.url}/mcp/desk`), { requestInit }))
  return client
}

describe.each(['modern', 'legacy'] as const)('R-MCP-2: a virtual server for a %s client', (era) => {
  test('lists only its selection, under its own names, less what policy hides', async () => {
    const client = await connect(era)
    expect(client.getInstructions()).toContain('For the desk.')
    const { tools } = await client.listTools()
    expect(tools.map(({ name, description }) => [name, description])).toEqual([
      ['say', 'Says it back.'],
      ['show-links', undefined],
    ])
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['hello'])
    const { resources } = await client.listResources()
    expect(resources.map(({ uri }) => uri)).toContain('remit://demo/note://one')
    expect(resources.every(({ uri }) => uri.startsWith('remit://demo/'))).toBe(true)
    await client.close()
  })

  test('a call is decided and recorded as the server’s own tool, whatever it is called here', async () => {
    const client = await connect(era)
    await client.callTool({ name: 'secret-thing', arguments: { text: 'hi' } })
    await client.getPrompt({ name: 'hello', arguments: { who: 'Ada' } })
    expect(door.gate.calls.map(({ kind, server, tool }) => `${kind} ${server} ${tool}`)).toEqual([
      'tool demo echo',
      'prompt demo greet',
    ])
    await client.close()
  })

  test('what it does not show does not exist here', async () => {
    const client = await connect(era)
    for (const name of ['echo', 'demo__echo', 'other__echo']) {
      await expect(client.callTool({ name, arguments: { text: 'x' } })).rejects.toMatchObject({
        code: -32602,
      })
    }
    await expect(client.readResource({ uri: 'remit://other/note://one' })).rejects.toThrow(/list/)
    expect(sample.ran).toEqual([])
    await client.close()
  })

  test('a link in a result can be followed here', async () => {
    const client = await connect(era)
    const { content } = await client.callTool({ name: 'show-links', arguments: {} })
    const [link] = content as readonly { readonly uri: string }[]
    expect(link?.uri).toBe('remit://demo/note://one')
    const { contents } = await client.readResource({ uri: link?.uri ?? '' })
    expect(contents).toMatchObject([{ text: 'note one' }])
    await client.close()
  })
})
