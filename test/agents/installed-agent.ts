import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Pinned } from './pinned.ts'

/** Outside of the repository, since the programs are large and some may not be passed on. */
const CACHE = process.env['REMIT_AGENTS_CACHE'] ?? join(homedir(), '.cache', 'remit-agents')

export type Installed = { readonly program: string } | { readonly missing: string }

export function isInstalled(agent: Pinned): boolean {
  return existsSync(programIn(folderOf(agent), agent.binary))
}

function folderOf({ binary, version }: Pinned): string {
  return join(CACHE, `${binary}-${version}`)
}

function programIn(folder: string, binary: string): string {
  return join(folder, 'node_modules', '.bin', binary)
}

/** The pinned version of an agent, installed once. @returns its program, or why it cannot be had. */
export function installAgent(agent: Pinned): Installed {
  const { package: name, version, binary } = agent
  const folder = folderOf(agent)
  const program = programIn(folder, binary)
  if (existsSync(program)) return { program }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const run = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `${name}@${version}`], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 600_000,
  })
  if (run.status === 0 && existsSync(program)) return { program }
  return {
    missing: `npm has no ${name}@${version} here: ${run.stderr.trim().split('\n').at(-1) ?? 'it failed'}`,
  }
}
