import { presentedToken } from '../api/presented-token.ts'
import { newId } from '../core/ids.ts'
import type { HookPresence } from '../gate/fleet/presence.ts'
import type { Gate } from '../gate/gate.ts'
import type { SubAgents } from '../gate/sub-agents/sub-agents.ts'
import { createHookAnswers } from '../hooks/answer-hook.ts'
import { createHttpHookDoor, type HttpHookDoor } from '../hooks/http-door.ts'
import { createRuntimeHooks } from '../hooks/runtime-tool.ts'
import type { RuntimeTool } from '../mcp/runtime-tool.ts'
import type { HostGuard } from '../net/check-host.ts'
import type { Cleanup } from './cleanup.ts'
import { isLoopback, parseAddress } from './listen-address.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

interface HookDoors {
  readonly http: HttpHookDoor
  /** For agents that ask over their MCP connection. */
  readonly tool: RuntimeTool
}

/** Where agents' runtimes ask about the tools that they have of their own. */
export function openHookDoor(
  foundation: Foundation,
  {
    gate,
    presence,
    subAgents,
    hostGuard,
    cleanup,
  }: {
    readonly gate: Gate
    readonly presence: HookPresence
    readonly subAgents: SubAgents
    readonly hostGuard: HostGuard
    readonly cleanup: Cleanup
  },
): HookDoors {
  const { config } = foundation.loaded
  const { urls } = foundation.planes
  const near = isLoopback(parseAddress(config.listen.agent)?.host ?? '')
  const answers = createHookAnswers({
    gate,
    presence,
    subAgents,
    log: foundation.log,
    clock: SYSTEM_CLOCK,
    fileSystem: config.hooks.files ?? (near ? 'shared' : 'remote'),
    hold: config.hooks.hold,
    newRequestId: () => newId('req', SYSTEM_ENTROPY.bytes(16)),
  })
  cleanup.add('hooks', () => answers.close())
  const http = createHttpHookDoor({
    answers,
    hostGuard,
    log: foundation.log,
    bodyCap: config.limits.body,
    async identify(request) {
      const { token, showing } = presentedToken(request, urls.agent)
      return gate.identify(token, showing)
    },
  })
  return { http, tool: createRuntimeHooks(answers, config.hooks.listed) }
}
