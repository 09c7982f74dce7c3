import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Forge {
  /** Its own folder, with the two files in it. */
  readonly folder: string
  readonly texts: string
  readonly written: string
}

export interface WorldPlaces {
  readonly state: string
  readonly project: string
  readonly forge: Forge
  readonly hold: string
}

/** The configuration: the default pack as it is, and two servers. */
export function worldConfig({ state, project, forge, hold }: WorldPlaces): string {
  const filesystem = createRequire(import.meta.url).resolve(
    '@modelcontextprotocol/server-filesystem/package.json',
  )
  return stringify({
    listen: { agent: '127.0.0.1:0', admin: 'localhost:0' },
    state,
    policies: [join(ROOT, 'policies', 'coding-agent')],
    humans: [
      { id: 'developer', roles: ['member'] },
      { id: 'maintainer', roles: ['maintainer'] },
    ],
    consent: { hold },
    hooks: { hold },
    workflows: {
      'fix-tests': {
        description: 'make failing tests pass',
        lifetime: '1h',
        // More than the default, so that each attempt meets its own rule and not the limit on asking.
        consent: { open: 50, hourly: 200 },
        // Less than the default, so that going round in circles ends within a minute.
        loops: { repeated: { ask: 4, deny: 6 } },
      },
    },
    servers: {
      github: {
        command: process.execPath,
        args: [fileURLToPath(new URL('forge-server.ts', import.meta.url)), forge.texts, forge.written],
        session: 'shared',
        fileSystem: 'none',
        sandbox: { write: [forge.folder] },
        catalogue: 'github',
        purpose: 'issues and pipelines of the project',
      },
      filesystem: {
        command: process.execPath,
        args: [join(dirname(filesystem), 'dist', 'index.js'), project],
        session: 'shared',
        fileSystem: 'shared',
        root: project,
        catalogue: 'filesystem',
        purpose: 'files of the project',
      },
    },
  })
}
