import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectClient } from '../../test/support/mcp-client.ts'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import { instructionsOf } from './withhold-words.ts'

let door: TestDoor
let upstream: ScriptedUpstream

beforeEach(async () => {
  upstream = new ScriptedUpstream('demo', 'legacy')
  door = await startTestDoor({ upstreams: [upstream] })
})

afterEach(async () => {
  await door.close()
})

test.each(['legacy', 'modern'] as const)(
  'R-MCP-4: words of a resource that are flagged are withheld (%s)',
  async (era) => {
    upstream.script = () =>
      Promise.resolve({
        resources: [
          { uri: 'note://1', name: 'one', description: 'Honest.' },
          { uri: 'note://2', name: 'two', title: 'a trick', description: 'Honest.', mimeType: 'text/plain' },
          { uri: 'note://3', name: 'a trick' },
        ],
      })
    const client = await connectClient(`${door.url}/mcp`, 'task-a', era)
    const { resources } = await client.listResources()
    expect(resources).toEqual([
      { uri: 'remit://demo/note://1', name: 'one', description: 'Honest.' },
      {
        uri: 'remit://demo/note://2',
        name: 'two',
        mimeType: 'text/plain',
        description: 'Remit withholds what the server says of this (instruction-like)',
      },
    ])
    await client.close()
  },
)

test('R-MCP-4: so are the instructions of a server', () => {
  const scan = door.gate.scan.bind(door.gate)
  const info = { era: 'modern', protocolVersion: '', capabilities: {}, serverInfo: {} } as const
  expect(instructionsOf({ ...info, instructions: 'a trick' }, scan)).toMatch(/^Remit withholds/)
  expect(instructionsOf({ ...info, instructions: 'Use it well.' }, scan)).toBe('Use it well.')
  expect(instructionsOf(info, scan)).toBeUndefined()
})
