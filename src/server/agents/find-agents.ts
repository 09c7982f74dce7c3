import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { AgentConfiguration } from './agent-configuration.ts'
import type { AgentSurroundings } from './agent-surroundings.ts'
import { KNOWN_AGENTS } from './known-agents.ts'

/** An agent that is on this machine, or was. */
export interface FoundAgent {
  readonly configuration: AgentConfiguration
  /** The program in PATH; absent = only a folder of its configuration is there. */
  readonly program?: string
}

export function findAgents(at: AgentSurroundings): readonly FoundAgent[] {
  return KNOWN_AGENTS.flatMap((configuration) => {
    const program = findProgram(at, configuration.programs)
    if (program !== undefined) return [{ configuration, program }]
    return configuration.folders(at).some((folder) => existsSync(folder)) ? [{ configuration }] : []
  })
}

function findProgram({ environ, platform }: AgentSurroundings, names: readonly string[]): string | undefined {
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']
  const folders = (environ['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders
    .flatMap((folder) => names.flatMap((name) => endings.map((ending) => join(folder, name + ending))))
    .find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
