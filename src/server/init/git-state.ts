import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whether git has a file, or would take it with the next `git add .`. */
export type GitState = 'tracked' | 'could be tracked' | 'ignored' | 'no repository'

export function gitStateOf(path: string): GitState {
  const folder = firstThere(dirname(path))
  if (!isInRepository(folder)) return 'no repository'
  // Where git cannot be asked, the worse is true.
  if (ask(folder, ['ls-files', '--error-unmatch', '--', path]) === 0) return 'tracked'
  return ask(folder, ['check-ignore', '--quiet', '--', path]) === 0 ? 'ignored' : 'could be tracked'
}

/** No setting of the repository runs a program of it. */
function ask(folder: string, args: readonly string[]): number | null {
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null']
  return spawnSync('git', ['-C', folder, ...safe, ...args], { stdio: 'ignore', timeout: 5_000 }).status
}

function firstThere(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : firstThere(dirname(folder))
}

function isInRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true
  return dirname(folder) !== folder && isInRepository(dirname(folder))
}
