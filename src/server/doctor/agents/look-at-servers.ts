import { asRemitError } from '../../../core/errors.ts'
import type { Json } from '../../../core/json.ts'
import type { AgentSurroundings } from '../../agents/agent-surroundings.ts'
import type { FoundAgent } from '../../agents/find-agents.ts'
import { readAgentFiles } from '../../init/agent-files.ts'
import { findServers, objectAt, valueOf } from '../../init/find-servers.ts'
import type { AgentFinding } from './agent-finding.ts'

export interface ServersLook {
  readonly findings: readonly AgentFinding[]
  /** The gateway's entry that counts first for the user, in common words; undefined = it has none. */
  readonly gateway?: Json
}

/** Which servers an agent reaches past the gateway, and whether it has the gateway at all. */
export function lookAtServers(found: FoundAgent, at: AgentSurroundings): ServersLook {
  const { title } = found.configuration
  try {
    const files = readAgentFiles([found], at, ['managed', 'user', 'project'])
    if (!files.some(({ uses }) => uses.some(({ part }) => part.kind === 'servers'))) return { findings: [] }
    const all = files.map((file) => ({ file, servers: findServers(file, at.project) }))
    const past = all.flatMap(({ servers }) => servers.past)
    const findings = past.map(({ name, place, file }): AgentFinding => {
      const isManaged = file.level === 'managed'
      return {
        about: 'servers',
        result: isManaged ? 'note' : 'bad',
        says: `${title}: \`${name}\` is reached past the gateway (${place})`,
        fix: isManaged
          ? 'an administrator set it up for everybody; put it into remit.yaml and take it out there'
          : 'run `remit init`, which moves it behind the gateway',
      }
    })
    const entry = all.flatMap(({ file, servers }) =>
      file.level === 'project' ? [] : servers.gateways.map((path) => entryAt(file, path)),
    )[0]
    if (all.some(({ servers }) => servers.gateways.length > 0))
      return { findings, ...(entry === undefined ? {} : { gateway: entry }) }
    return { findings: [...findings, missing(title)] }
  } catch (thrown) {
    const says = `${title}: ${asRemitError(thrown).message}`
    return { findings: [{ about: 'servers', result: 'bad', says, fix: 'mend this file' }] }
  }
}

function entryAt(file: Parameters<typeof valueOf>[0], path: readonly string[]): Json {
  const root = valueOf(file)
  const entry = objectAt(root, path)
  const part = file.uses.flatMap(({ part: each }) => (each.kind === 'servers' ? [each] : []))[0]
  return part?.inCommonWords?.(entry) ?? entry
}

function missing(title: string): AgentFinding {
  return {
    about: 'servers',
    result: 'bad',
    says: `${title}: has no gateway among its servers`,
    fix: 'run `remit init`',
  }
}
