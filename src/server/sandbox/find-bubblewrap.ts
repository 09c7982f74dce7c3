import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { ISOLATION } from './isolation.ts'

export type Bubblewrap = { readonly program: string } | { readonly missing: string }

/** Milliseconds. A sandbox that takes longer to begin is none to rely on. */
const PATIENCE = 5_000

/**
 * Bubblewrap, if it is there and really makes a sandbox: a kernel, a container or a security module may forbid it.
 * @param path the `PATH` to look on.
 */
export function findBubblewrap(path: string): Bubblewrap {
  if (process.platform !== 'linux') return { missing: 'bubblewrap is for Linux only' }
  const program = findProgram('bwrap', path)
  if (program === undefined) return { missing: 'bubblewrap (`bwrap`) is not installed' }
  const args = [...ISOLATION, '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--', 'true']
  const { status, stderr, error } = spawnSync(program, args, { timeout: PATIENCE, encoding: 'utf8' })
  if (status === 0) return { program }
  const said = (error?.message ?? stderr).trim().split('\n')[0] ?? ''
  return { missing: `bubblewrap is installed and cannot make a sandbox here (${said.slice(0, 200)})` }
}

/** As a shell would find it. */
export function findProgram(name: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue
    const candidate = join(folder, name)
    try {
      accessSync(candidate, constants.X_OK)
      return candidate
    } catch {
      // The next folder may have it.
    }
  }
  return undefined
}
