import { packageVersion } from '../server/package-version.ts'
import type { Command } from './command.ts'

export const version: Command = {
  path: 'version',
  summary: 'print the version of Remit and of the Node that runs it',
  positionals: [],
  flags: [],
  run: async ({ io, json }) => {
    const found = { version: packageVersion(), node: process.version }
    io.out(json ? `${JSON.stringify(found)}\n` : `remit ${found.version} (Node ${found.node})\n`)
    return 0
  },
}
