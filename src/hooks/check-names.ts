import { RemitError } from '../core/errors.ts'
import type { HookEvent } from './hook-event.ts'

/** Characters. What is longer would be no id of a call over MCP either, so that the two would not be joined. */
const LONGEST = 256

/**
 * Names and ids of a runtime stand in records, and are kept in memory while uses are open.
 * @throws RemitError `request_invalid`.
 */
export function checkNames(event: HookEvent): void {
  const tool = 'tool' in event ? event.tool : undefined
  const names = {
    session: event.session,
    'sub-agent': event.subAgent,
    use: tool?.use,
    tool: tool?.name,
    server: tool?.server,
  }
  for (const [what, name = ''] of Object.entries(names)) {
    if (name.length <= LONGEST && name.isWellFormed()) continue
    throw new RemitError(
      'request_invalid',
      `the hook's ${what} has a name of at most ${LONGEST} characters, all of them whole`,
    )
  }
}
