import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environ } from '../load-config.ts'

/** Where agents are looked for. */
export interface AgentSurroundings {
  readonly platform: NodeJS.Platform
  readonly environ: Environ
  readonly home: string
  /** The project’s folder: the top of the repository, else where the command runs. Absolute. */
  readonly project: string
  /** Stands for the root of the file system where administrators’ files are meant; absent = it is that. */
  readonly managedRoot?: string
}

export function ownAgentSurroundings(environ: Environ, project: string): AgentSurroundings {
  const home = environ['HOME'] || environ['USERPROFILE'] || homedir()
  return { platform: process.platform, environ, home, project }
}

/** A folder that a variable may move. */
export function movable({ environ, home }: AgentSurroundings, variable: string, ...below: string[]): string {
  return environ[variable] || join(home, ...below)
}

/** Where programs with windows keep what is a user’s. */
export function applicationData({ platform, environ, home }: AgentSurroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (platform === 'win32') return environ['APPDATA'] || join(home, 'AppData', 'Roaming')
  return environ['XDG_CONFIG_HOME'] || join(home, '.config')
}

/** Where only administrators write, by what a vendor calls its folder on each platform. */
export function managedFolder(
  at: AgentSurroundings,
  names: { readonly linux: string; readonly mac: string; readonly windows: string },
): string {
  const { platform, environ } = at
  if (platform === 'darwin') return managedPath(at, join('/Library/Application Support', names.mac))
  if (platform === 'win32')
    return managedPath(at, join(environ['ProgramData'] || 'C:\\ProgramData', names.windows))
  return managedPath(at, join('/etc', names.linux))
}

/** A path of the machine, or below what stands for its root. */
export function managedPath({ managedRoot }: AgentSurroundings, path: string): string {
  return managedRoot === undefined ? path : join(managedRoot, path.replace(/^[A-Za-z]:/, ''))
}
