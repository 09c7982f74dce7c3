import type { ConfigLocation } from '../server/load-config.ts'
import { type Invocation, textFlag } from './command.ts'

/** Which configuration a command means, and which tenant of it. */
export function configPlace(invocation: Invocation): ConfigLocation {
  const { environ, cwd } = invocation.io
  return { environ, cwd, file: textFlag(invocation, 'config'), tenant: textFlag(invocation, 'tenant') }
}
