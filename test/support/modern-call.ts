import type { JsonObject } from '../../src/core/json.ts'
import { raw, type TestDoor } from './test-door.ts'

export interface ModernAnswer {
  readonly result?: JsonObject & {
    readonly requestState?: string
    readonly inputRequests?: Readonly<Record<string, { readonly params: JsonObject }>>
    readonly content?: readonly { readonly text: string }[]
  }
  readonly error?: { readonly code: number; readonly message: string }
}

/** One `tools/call` of a client of 2026-07-28 that declared this elicitation, without the SDK's own rounds. */
export async function modernCall(
  door: TestDoor,
  params: JsonObject & { readonly name: string },
  { token = 'task-a', elicitation }: { readonly token?: string; readonly elicitation: JsonObject },
): Promise<ModernAnswer> {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': { elicitation },
  }
  const answer = await raw(door, {
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': params.name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...params, _meta: meta } }),
  })
  return JSON.parse(answer.text) as ModernAnswer
}
