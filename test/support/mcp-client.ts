import {
  Client,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from '@modelcontextprotocol/client'
import { heldFetch } from './held-fetch.ts'

export type ClientEra = 'modern' | 'legacy'

/** The official client, v2, as an agent would use it: with a key that holds its task, where that is a real one. */
export function connectClient(url: string, token: string, era: ClientEra): Promise<Client> {
  if (!token.includes('.')) return connectBearer(url, token, era)
  return connect(url, { fetch: heldFetch(url, token) }, era)
}

/** The same with nothing but a token, which others may use too. */
export function connectBearer(url: string, token: string, era: ClientEra): Promise<Client> {
  return connect(url, { requestInit: { headers: { authorization: `Bearer ${token}` } } }, era)
}

async function connect(
  url: string,
  how: StreamableHTTPClientTransportOptions,
  era: ClientEra,
): Promise<Client> {
  const client = new Client(
    { name: 'test-agent', version: '1.0.0' },
    { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
  )
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
