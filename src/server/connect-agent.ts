import { runConnect } from '../mcp/connect-bridge.ts'
import { type AgentPlace, findEndpoint, readTaskToken } from './find-endpoint.ts'
import { createLog } from './log.ts'

export interface ConnectAgentOptions extends AgentPlace {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly writeLog: (line: string) => void
}

/**
 * Bridges a stdio client to the gateway until its input ends.
 * @throws RemitError `token_missing`, `gateway_unreachable`, and what the gateway answers to its first message.
 */
export async function connectAgent(options: ConnectAgentOptions): Promise<void> {
  const { input, output, writeLog } = options
  const token = readTaskToken(options)
  const log = createLog({
    level: 'warn',
    format: 'pretty',
    colour: false,
    now: () => Date.now(),
    write: writeLog,
  })
  await runConnect({ url: findEndpoint(options), token, input, output, log })
}
