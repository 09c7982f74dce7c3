import type { HookPresence } from '../gate/fleet/presence.ts'
import type { Gate } from '../gate/gate.ts'
import type { SubAgents } from '../gate/sub-agents/sub-agents.ts'
import { createHookAnswers } from '../hooks/answer-hook.ts'
import { createHttpHookDoor, type HttpHookDoor } from '../hooks/http-door.ts'
import { createRuntimeHooks } from '../hooks/runtime-tool.ts'
import type { RuntimeTool } from '../mcp/runtime-tool.ts'
import type { HostGuard } from '../net/check-host.ts'
import { agentDoorDeps } from './agent-door-deps.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'

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
  const { hooks } = foundation.loaded.config
  const deps = agentDoorDeps(foundation, gate, hooks)
  const answers = createHookAnswers({ gate, presence, subAgents, ...deps })
  cleanup.add('hooks', () => answers.close())
  const http = createHttpHookDoor({ answers, hostGuard, ...deps })
  return { http, tool: createRuntimeHooks(answers, hooks.listed) }
}
