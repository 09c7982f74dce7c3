import type { ConfigLocation } from '../server/load-config.ts'
import { type Invocation, type Positional, textFlag } from './command.ts'

export const PACK_FOLDER: Positional = {
  name: 'folder',
  summary: 'folder with .cedar files, or `default` for the pack that comes with Remit',
  offers: 'folders',
}

/** The configuration whose facts the policies of a folder may read. */
export function configOf(invocation: Invocation): ConfigLocation {
  const { environ, cwd } = invocation.io
  return { environ, cwd, file: textFlag(invocation, 'config') }
}
