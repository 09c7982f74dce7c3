import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { clineHubAbove } from './cline-hub.ts'
import { findState } from './find-gateway.ts'
import { readGatewayFile } from './gateway-file.ts'
import type { ConfigLocation } from './load-config.ts'
import { BOX_TOKEN } from './run-agent/box-token.ts'

/** Where an agent finds its gateway and the token of its task. */
export interface AgentPlace extends ConfigLocation {
  /** The gateway's MCP endpoint; absent = of the gateway that runs on this configuration's state folder. */
  readonly url?: string | undefined
  readonly tokenFile?: string | undefined
}

/** @throws RemitError `gateway_unreachable`. */
export function findEndpoint(options: AgentPlace): string {
  if (options.url !== undefined) return options.url
  const state = findState(options)
  const running = readGatewayFile(state.gateway)
  if (running !== undefined) return running.agentUrl
  throw new RemitError(
    'gateway_unreachable',
    `no gateway runs on \`${state.root}\`; start one with \`remit start\`, or name its endpoint with --url`,
  )
}

/** Never from an argument: those can be read by everybody on the machine. @throws RemitError `token_missing`. */
export function readTaskToken({ tokenFile, cwd, environ }: AgentPlace): string {
  if (tokenFile !== undefined) {
    try {
      return readFileSync(resolve(cwd, tokenFile), 'utf8').trim()
    } catch (cause) {
      throw new RemitError('token_missing', `the token file \`${tokenFile}\` cannot be read`, { cause })
    }
  }
  const token = environ['REMIT_TASK_TOKEN'] ?? ''
  // A box has one task, and its own background processes.
  if (token !== '' && !token.startsWith(BOX_TOKEN) && clineHubAbove(environ)) {
    throw new RemitError(
      'token_missing',
      'the background process of Cline has the token of another run: start cline with CLINE_SESSION_BACKEND_MODE=local, or name a file with --token-file',
    )
  }
  if (token !== '') return token
  throw new RemitError('token_missing', 'set REMIT_TASK_TOKEN, or name a file with --token-file')
}

/** Beside the MCP endpoint, which may lie below the path of a tenant. */
export function agentPath(endpoint: string, path: string): string {
  return `${endpoint.replace(/\/(?:mcp(?:\/[^/]*)?)?$/, '')}${path}`
}
