import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { RemitError } from '../core/errors.ts'
import { DEMO_WORKFLOW } from './demo-approver.ts'
import { writePrivateFile } from './private-file.ts'
import { osUser } from './resolve-humans.ts'
import type { StateFolder } from './state-folder.ts'

const HEAD = `# Configuration of the demo, made by \`remit start --demo\` and yours to change; remove it to have it made anew.
# You delegate as yourself and decide as \`maintainer\`: what is grave needs somebody else than who asked for it.
`

/** Where the demo keeps what it makes. */
export interface DemoFolder {
  readonly workspace: string
  readonly config: string
}

export function demoFolder(state: StateFolder): DemoFolder {
  return { workspace: join(state.demo, 'workspace'), config: join(state.demo, 'remit.yaml') }
}

/**
 * Writes the demo's configuration if there is none yet: real filesystem and memory servers on stdio.
 * @throws RemitError `config_invalid` where these servers are not installed, as in a package without
 * its development dependencies.
 */
export function writeDemoConfig(state: StateFolder): string {
  const { config, workspace } = demoFolder(state)
  if (existsSync(config)) return config
  mkdirSync(state.demo, { recursive: true, mode: 0o700 })
  const text = stringify({
    state: state.root,
    humans: [
      { id: osUser(), roles: ['member'] },
      { id: 'maintainer', roles: ['maintainer'] },
    ],
    workflows: {
      [DEMO_WORKFLOW]: {
        description: 'the tour of `npm run demo`',
        lifetime: '1h',
        // Less than the servers offer, so that the tour shows a list made for its task.
        scope: { tools: ['filesystem__*', 'tickets__list_tickets', 'tickets__get_ticket'] },
      },
      code: { description: 'change code, tests and docs' },
      'fix-tests': { description: 'make failing tests pass' },
    },
    servers: demoServers(state, workspace),
  })
  writePrivateFile(config, HEAD + text)
  return config
}

function demoServers(state: StateFolder, workspace: string): Readonly<Record<string, unknown>> {
  const memory = join(state.demo, 'memory')
  mkdirSync(memory, { recursive: true, mode: 0o700 })
  return {
    filesystem: {
      command: process.execPath,
      args: [serverEntry('server-filesystem'), workspace],
      session: 'shared',
      fileSystem: 'shared',
      root: workspace,
      catalogue: 'filesystem',
      purpose: 'files of the demo workspace',
    },
    memory: {
      command: process.execPath,
      args: [serverEntry('server-memory')],
      cwd: memory,
      env: { MEMORY_FILE_PATH: join(memory, 'graph.jsonl') },
      session: 'shared',
      fileSystem: 'none',
      catalogue: 'memory',
      purpose: 'a knowledge graph',
    },
  }
}

/** The server's program; never through `npx`, which would fetch what is not there. */
function serverEntry(name: string): string {
  const require = createRequire(import.meta.url)
  try {
    const manifest = require.resolve(`@modelcontextprotocol/${name}/package.json`)
    return join(manifest, '..', 'dist', 'index.js')
  } catch (cause) {
    throw new RemitError(
      'config_invalid',
      `the demo needs \`@modelcontextprotocol/${name}\`, which is not installed; run the demo from a clone after \`npm install\``,
      { cause },
    )
  }
}
