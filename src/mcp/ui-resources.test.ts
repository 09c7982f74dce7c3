import { afterEach, beforeEach, expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { raw, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import type { JsonObject } from '../core/json.ts'

/** MCP Apps: https://modelcontextprotocol.io/extensions/apps */
const OWN = 'ui://panel/main.html'
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

let door: TestDoor
let upstream: ScriptedUpstream

beforeEach(async () => {
  upstream = new ScriptedUpstream('one', 'modern')
  const ui = { resourceUri: OWN, visibility: ['app'] }
  upstream.tools = [{ name: 'refresh', inputSchema: { type: 'object' }, _meta: { ui } }]
  upstream.script = ({ params }) =>
    Promise.resolve({
      contents: [{ uri: params['uri'] ?? '', mimeType: 'text/html;profile=mcp-app', text: '' }],
    })
  door = await startTestDoor({ upstreams: [upstream] })
})

afterEach(async () => {
  await door.close()
})

async function ask(method: string, params: JsonObject, path: string): Promise<JsonObject> {
  const uri = params['uri']
  const answer = await raw(door, {
    path,
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer task-a',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof uri === 'string' ? { 'mcp-name': uri } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } }),
  })
  return JSON.parse(answer.text) as JsonObject
}

test.each([
  ['/mcp', 'ui://one/panel/main.html'],
  ['/mcp/one', OWN],
])(
  'R-MCP-2, R-MCP-3: at %s a tool names its view as %s, which can be read and is decided',
  async (path, exposed) => {
    const listed = await ask('tools/list', {}, path)
    // Whom a tool is for is the host's to heed: it has to arrive as the server said it.
    expect(listed).toMatchObject({
      result: { tools: [{ _meta: { ui: { resourceUri: exposed, visibility: ['app'] } } }] },
    })
    const read = await ask('resources/read', { uri: exposed }, path)
    expect(read).toMatchObject({ result: { contents: [{ uri: exposed }], ttlMs: 0, cacheScope: 'private' } })
    expect(door.gate.calls).toMatchObject([{ kind: 'resource', server: 'one', tool: OWN }])
    expect(upstream.requests.at(-1)).toMatchObject({ method: 'resources/read', params: { uri: OWN } })
  },
)
