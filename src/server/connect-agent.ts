import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { runConnect } from '../mcp/connect-bridge.ts'
import { findState } from './find-gateway.ts'
import { readGatewayFile } from './gateway-file.ts'
import type { ConfigLocation } from './load-config.ts'
import { createLog } from './log.ts'

export interface ConnectAgentOptions extends ConfigLocation {
  /** The gateway's MCP endpoint; absent = of the gateway that runs on this configuration's state folder. */
  readonly url?: string | undefined
  readonly tokenFile?: string | undefined
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
  const token = readToken(options)
  const log = createLog({
    level: 'warn',
    format: 'pretty',
    colour: false,
    now: () => Date.now(),
    write: writeLog,
  })
  await runConnect({ url: endpoint(options), token, input, output, log })
}

function endpoint(options: ConnectAgentOptions): string {
  if (options.url !== undefined) return options.url
  const state = findState(options)
  const running = readGatewayFile(state.gateway)
  if (running !== undefined) return running.agentUrl
  throw new RemitError(
    'gateway_unreachable',
    `no gateway runs on \`${state.root}\`; start one with \`remit start\`, or name its endpoint with --url`,
  )
}

/** Never from an argument: those can be read by everybody on the machine. */
function readToken({ tokenFile, cwd, environ }: ConnectAgentOptions): string {
  if (tokenFile !== undefined) {
    try {
      return readFileSync(resolve(cwd, tokenFile), 'utf8').trim()
    } catch (cause) {
      throw new RemitError('token_missing', `the token file \`${tokenFile}\` cannot be read`, { cause })
    }
  }
  const token = environ['REMIT_TASK_TOKEN'] ?? ''
  if (token !== '') return token
  throw new RemitError('token_missing', 'set REMIT_TASK_TOKEN, or name a file with --token-file')
}
