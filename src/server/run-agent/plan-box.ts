import { existsSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import type { SandboxPlan } from '../sandbox/bubblewrap-arguments.ts'
import type { Shown, Withheld } from '../sandbox/control-mounts.ts'
import { mountsOf } from '../sandbox/plan-sandbox.ts'
import { programPaths } from '../sandbox/program-paths.ts'
import { isWithin, SHARED_FOLDERS } from '../sandbox/system-paths.ts'

export interface BoxRequest {
  /** Absolute. */
  readonly program: string
  readonly args: readonly string[]
  /** Absolute, links followed. */
  readonly workspace: string
  /** Where the agent starts: the workspace, or below it. */
  readonly cwd: string
  /** The user's home, and the folder that the box sees there. */
  readonly home: { readonly path: string; readonly from: string }
  /** Absolute paths below the user's home that are the same inside. */
  readonly data: readonly string[]
  /** Absolute paths that may be read beside. */
  readonly read: readonly string[]
  /** `remit` itself, for `remit connect` and `remit-hook`. */
  readonly own: readonly string[]
  readonly path: string
  readonly withheld: Withheld
}

/** In a workspace, what programs outside of the box run or obey the next time: never writable where it is. */
const OBEYED = [
  '.git/hooks',
  '.git/config',
  '.mcp.json',
  '.claude/settings.json',
  '.claude/settings.local.json',
  '.codex/config.toml',
  '.codex/hooks.json',
  '.gemini/settings.json',
  '.cursor/mcp.json',
  '.cursor/hooks.json',
] as const

/** What an agent in a box sees. @throws RemitError `input_invalid` for a workspace or a path that would open the box. */
export function planBox(request: BoxRequest): SandboxPlan {
  const { program, args, workspace, cwd, home, data, read, withheld, path } = request
  checkWorkspace(workspace, home.path)
  for (const each of [workspace, ...read]) refuseControl(each, withheld.control)
  const shown = new Map<string, Shown>()
  for (const start of [program, ...request.own]) {
    for (const each of programPaths(start, start === program ? args : [], { path, home: home.path, cwd })) {
      if (!isWithin(each, workspace) && !holds(each, home.path)) shown.set(each, { access: 'read' })
    }
  }
  for (const each of read) shown.set(each, { access: 'read' })
  shown.set(home.path, { access: 'write', from: home.from })
  for (const each of data) if (existsSync(each)) shown.set(each, { access: 'write' })
  shown.set(workspace, { access: 'write' })
  for (const [each, access] of obeyed(workspace)) shown.set(each, { access })
  return { program, args, cwd, mounts: mountsOf(shown, withheld), network: 'host' }
}

function holds(folder: string, path: string): boolean {
  return isWithin(path, folder)
}

function checkWorkspace(workspace: string, home: string): void {
  if (!SHARED_FOLDERS.has(workspace) && !isWithin(home, workspace)) return
  throw new RemitError(
    'input_invalid',
    `\`${workspace}\` is no workspace: everything of yours lies in it; name a folder of one project with --workspace`,
  )
}

function refuseControl(path: string, control: readonly string[]): void {
  for (const each of control) {
    if (!existsSync(each) || !isWithin(realpathSync(path), realpathSync(each))) continue
    throw new RemitError(
      'input_invalid',
      `\`${path}\` is Remit’s own (\`${each}\`), which no agent in a box may see; name another folder`,
    )
  }
}

/** The folders around them are mounts too, so that none can be moved away and another put in its place. */
function* obeyed(workspace: string): Iterable<readonly [string, 'read' | 'write']> {
  for (const name of OBEYED) {
    const path = join(workspace, name)
    if (!existsSync(path) || realpathSync(path) !== path) continue
    const parent = join(path, '..')
    if (parent !== workspace && statSync(parent).isDirectory()) yield [parent, 'write']
    yield [path, 'read']
  }
}
