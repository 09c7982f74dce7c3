import { AUTHZEN_SERVER } from '../authzen/to-tool-call.ts'
import { AUTHZEN } from '../classify/catalogue/authzen.ts'
import type { ServerDescription } from '../classify/describe-tools.ts'
import type { ServerKey } from '../core/ids.ts'
import type { Config } from './config-schema.ts'

/** What applications that ask by AuthZEN can do: Remit's own actions, and what the configuration says of theirs. */
export function describedApplications({ authzen }: Config): readonly [ServerKey, ServerDescription] {
  return [AUTHZEN_SERVER, { built: AUTHZEN, tools: authzen.tools }]
}
