import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { heldFetch } from './held-fetch.ts'

export type ClientEra = 'modern' | 'legacy'

/** The official client, v2, as an agent would use it: with a key that holds its task, where that is a real one. */
export async function connectClient(url: string, token: string, era: ClientEra): Promise<Client> {
  const client = new Client(
    { name: 'test-agent', version: '1.0.0' },
    { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
  )
  const how = token.includes('.')
    ? { fetch: heldFetch(url, token) }
    : { requestInit: { headers: { authorization: `Bearer ${token}` } } }
  const transport = new StreamableHTTPClientTransport(new URL(url), how)
  await client.connect(transport)
  return client
}

export interface ToolAnswer {
  readonly isError: boolean
  readonly text: string
}

export async function callTool(
  client: Client,
  name: string,
  args: Record<string, unknown>,
): Promise<ToolAnswer> {
  const result = await client.callTool({ name, arguments: args })
  const content = result.content as readonly { readonly type: string; readonly text?: string }[]
  return {
    isError: result.isError === true,
    text: content.map((part) => part.text ?? '').join('\n'),
  }
}
