import type { IncomingMessage } from 'node:http'
import { presentedToken } from '../api/presented-token.ts'
import type { Clock } from '../core/clock.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { FileSystemView } from '../core/tool-call.ts'
import type { Caller, Gate } from '../gate/gate.ts'
import type { Config } from './config-schema.ts'
import { isLoopback, parseAddress } from './listen-address.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

export interface AgentDoorDeps {
  readonly log: Log
  readonly clock: Clock
  /** Whether the gateway sees the files that whoever asks works on. */
  readonly fileSystem: FileSystemView
  /** Milliseconds. */
  readonly hold: number
  /** Bytes. */
  readonly bodyCap: number
  readonly newRequestId: () => string
  readonly identify: (request: IncomingMessage) => Promise<Caller>
}

/** What doors on the agent plane need at which somebody asks about what happens elsewhere. */
export function agentDoorDeps(
  { loaded: { config }, planes, log }: Foundation,
  gate: Pick<Gate, 'identify'>,
  { files, hold }: Pick<Config['hooks'], 'files' | 'hold'>,
): AgentDoorDeps {
  const near = isLoopback(parseAddress(config.listen.agent)?.host ?? '')
  return {
    log,
    clock: SYSTEM_CLOCK,
    fileSystem: files ?? (near ? 'shared' : 'remote'),
    hold,
    bodyCap: config.limits.body,
    newRequestId: () => newId('req', SYSTEM_ENTROPY.bytes(16)),
    async identify(request) {
      const { token, showing } = presentedToken(request, planes.urls.agent)
      return gate.identify(token, showing)
    },
  }
}
