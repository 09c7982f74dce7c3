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
  { platform, environ }: AgentSurroundings,
  names: { readonly linux: string; readonly mac: string; readonly windows: string },
): string {
  if (platform === 'darwin') return join('/Library/Application Support', names.mac)
  if (platform === 'win32') return join(environ['ProgramData'] || 'C:\\ProgramData', names.windows)
  return join('/etc', names.linux)
}
