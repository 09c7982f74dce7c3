import { Client, ProtocolError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { JsonObject } from '../../../src/core/json.ts'
import type { Scenario } from './scenarios.ts'

export type Ending = 'done' | 'pending' | 'no answer'

export interface AgentCall {
  readonly url: string
  readonly era: Scenario['era']
  readonly headers: Record<string, string>
  readonly call: { readonly name: string; readonly arguments: JsonObject }
  /** Aborts when the client's time is over. */
  readonly patience: AbortSignal
}

/** One request of a client of the official SDK, which connects anew for it. @throws Error when it is refused. */
export async function callOnce({ url, era, headers, call, patience }: AgentCall): Promise<Ending> {
  const client = new Client(
    { name: 'agent', version: '1.0.0' },
    { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
  )
  const { promise: over, resolve } = Promise.withResolvers<'no answer'>()
  patience.addEventListener('abort', () => resolve('no answer'))
  const ask = async (): Promise<Ending> => {
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
    return endingOf(await client.callTool(call, { signal: patience, timeout: 600_000 }))
  }
  try {
    return await Promise.race([ask().catch(lostConnection), over])
  } finally {
    await client.close().catch(() => {})
  }
}

function lostConnection(thrown: unknown): 'no answer' {
  if (thrown instanceof Refused || thrown instanceof ProtocolError) throw thrown
  return 'no answer'
}

class Refused extends Error {}

function endingOf(result: { readonly isError?: unknown; readonly content?: unknown }): Ending {
  if (result.isError !== true) return 'done'
  const text = JSON.stringify(result.content)
  if (text.includes('is pending')) return 'pending'
  throw new Refused(text)
}
