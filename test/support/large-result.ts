/** A token as its provider writes them, in no file as it is. */
export const SECRET = ['ghp', 'k3J9xQ2mVt8ZbL5nRw7YcD4sFg6HaP1uE0oi'].join('_')

const URI = 'file:///notes/1'

/** A JSON-RPC response of about `bytes` bytes of prose, with a secret in its middle and two links. */
export function largeResponse(id: number | string, bytes: number): string {
  const line = 'Der Würfel fiel, and the meeting moved to room 17 on the second floor.\n'
  const half = line.repeat(Math.ceil(bytes / 2 / Buffer.byteLength(line)))
  const result = {
    resultType: 'complete',
    content: [
      { type: 'text', text: `${half}token: ${SECRET}\n${half}` },
      { type: 'resource_link', uri: URI, name: 'notes' },
      { type: 'resource', resource: { uri: URI, text: 'a "note"' } },
    ],
    _meta: { 'vendor/x': 1, 'remit/decision': 'a lie' },
  }
  return JSON.stringify({ jsonrpc: '2.0', id, result })
}

/** Everything but the call. */
export function smallResult(method: string): object | undefined {
  if (method === 'server/discover') {
    return { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
  }
  if (method === 'initialize') {
    const serverInfo = { name: 'large', version: '1' }
    return { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo }
  }
  if (method !== 'tools/list') return undefined
  return {
    tools: ['read_text_file', 'write_file'].map((name) => ({ name, inputSchema: { type: 'object' } })),
  }
}
