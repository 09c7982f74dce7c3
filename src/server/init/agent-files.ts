import { readFileSync, realpathSync, statSync } from 'node:fs'
import { RemitError } from '../../core/errors.ts'
import { ADAPTERS } from '../../hooks/adapters.ts'
import type {
  ConfigurationFile,
  ConfigurationLevel,
  ConfigurationPart,
} from '../agents/agent-configuration.ts'
import type { AgentSurroundings } from '../agents/agent-surroundings.ts'
import type { FoundAgent } from '../agents/find-agents.ts'

/** What one agent has in a file. */
export interface FileUse {
  readonly agent: string
  readonly part: ConfigurationPart
}

/** A file of settings, which several agents may read. */
export interface AgentFile {
  /** As people name it. */
  readonly path: string
  /** What it leads to, where it is a link. */
  readonly target: string
  readonly level: ConfigurationLevel
  readonly format: ConfigurationFile['format']
  /** Undefined = there is none yet. */
  readonly text: string | undefined
  /** Permissions, where it is there. */
  readonly mode?: number
  /** This file is written only where that one is not there. */
  readonly insteadOf?: string
  readonly uses: readonly FileUse[]
}

/**
 * The files of these agents, each once.
 * @throws RemitError `config_invalid` for one that cannot be read, or is no text.
 */
export function readAgentFiles(
  agents: readonly FoundAgent[],
  at: AgentSurroundings,
  levels: readonly ConfigurationLevel[],
): readonly AgentFile[] {
  const files = new Map<string, AgentFile>()
  for (const { configuration } of agents) {
    for (const file of configuration.files(at).filter(({ level }) => levels.includes(level))) {
      const uses = file.parts
        .filter(({ kind }) => kind === 'servers' || isHooked(configuration.agent))
        .map((part) => ({ agent: configuration.agent, part }))
      const { path, level, format, insteadOf } = file
      const known = files.get(path)
      const read = known ?? {
        path,
        level,
        format,
        ...readFile(path),
        ...(insteadOf === undefined ? {} : { insteadOf }),
      }
      files.set(path, { ...read, uses: [...(known?.uses ?? []), ...uses] })
    }
  }
  return [...files.values()]
}

/** A hook that the gateway does not understand would refuse everything. */
function isHooked(agent: string): boolean {
  return ADAPTERS.has(agent)
}

function readFile(path: string): Pick<AgentFile, 'target' | 'text' | 'mode'> {
  try {
    const target = realpathSync(path)
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(target))
    return { target, text, mode: statSync(target).mode & 0o777 }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { target: path, text: undefined }
    const why =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
        ? 'is no text in UTF-8'
        : `cannot be read (${code ?? 'unknown'})`
    throw new RemitError('config_invalid', `\`${path}\` ${why}; nothing was changed`, { cause })
  }
}
