import type { HooksPart } from './agent-configuration.ts'
import type { GatewayCommands } from './gateway-commands.ts'
import { AFTER_SECONDS, BEFORE_SECONDS } from './command-hooks.ts'
import type { JsonObject } from '../../core/json.ts'

/** https://docs.github.com/en/copilot/reference/hooks-configuration: of Copilot CLI and of what shares its harness. */
export const COPILOT_HOOKS: HooksPart = {
  kind: 'hooks',
  at: ['hooks'],
  heading: { version: 1 },
  entries: (commands) => ({
    preToolUse: hookOf(commands, BEFORE_SECONDS),
    postToolUse: hookOf(commands, AFTER_SECONDS),
    postToolUseFailure: hookOf(commands, AFTER_SECONDS),
    subagentStart: hookOf(commands, AFTER_SECONDS),
    subagentStop: hookOf(commands, AFTER_SECONDS),
    sessionStart: hookOf(commands, AFTER_SECONDS),
  }),
}

/** What is for the shell of the other platform would never run. */
function hookOf({ hook }: GatewayCommands, timeoutSec: number): JsonObject {
  const shell = hook.startsWith('node ') ? 'powershell' : 'bash'
  return { type: 'command', [shell]: hook, timeoutSec }
}
