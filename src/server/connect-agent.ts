import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runConnect } from '../mcp/connect-bridge.ts'
import { logInAgent } from './agent-login/log-in-agent.ts'
import { findEndpoint, readTaskToken } from './find-endpoint.ts'
import { holderKeyOf, type HolderPlace } from './holder-keys.ts'
import { createLog } from './log.ts'
import { boxRelay } from './run-agent/box-relay.ts'
import { TaskAccess } from './task-access.ts'

export interface ConnectAgentOptions extends HolderPlace {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly writeLog: (line: string) => void
  /** Ends the waiting for a human. */
  readonly stopped: AbortSignal
  /** The agent has no token: its human delegates a task to it now, or did before. */
  readonly login?: { readonly file?: string | undefined }
}

/**
 * Bridges a stdio client to the gateway until its input ends.
 * @throws RemitError `token_missing`, `token_invalid`, `key_unusable`, `gateway_unreachable`, `input_invalid`, and what the
 * gateway answers to its first message.
 */
export async function connectAgent(options: ConnectAgentOptions): Promise<void> {
  const { input, output, writeLog } = options
  const log = createLog({
    level: 'warn',
    format: 'pretty',
    colour: false,
    now: () => Date.now(),
    write: writeLog,
  })
  const relay = boxRelay(options)
  if (relay !== undefined) {
    await runConnect({ ...relay, input, output, log })
    return
  }
  const url = findEndpoint(options)
  if (options.login === undefined) {
    const token = readTaskToken(options)
    const key = holderKeyOf(options, token, (message) => {
      log.log('warn', message)
    })
    const credentials = new TaskAccess({ endpoint: url, token: async () => token, key })
    await runConnect({ url, credentials, input, output, log })
    return
  }
  const login = await logInAgent({
    url,
    file: options.login.file === undefined ? undefined : resolve(options.cwd, options.login.file),
    tell: writeLog,
    sleep: (milliseconds) => sleep(milliseconds, undefined, { signal: options.stopped }),
    now: () => Date.now(),
    log,
  })
  const credentials = new TaskAccess({ endpoint: url, token: login.token, key: login.key })
  try {
    await runConnect({ url, credentials, input, output, log })
  } finally {
    await login.end()
  }
}
