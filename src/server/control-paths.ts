import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ControlPaths } from '../classify/control-paths.ts'
import type { Foundation } from './open-foundation.ts'
import { PACKAGE_ROOT } from './package-version.ts'
import { policyLocations } from './policy-locations.ts'
import type { Withheld } from './sandbox/control-mounts.ts'
import { credentialPlaces } from './sandbox/credential-places.ts'
import type { StateFolder } from './state-folder.ts'
import type { Neighbours } from './tenants/neighbours.ts'

/** Settings of the user’s agents that name MCP servers: whoever writes them can take the gateway out. */
const AGENT_SETTINGS = [
  '.claude.json',
  '.claude/settings.json',
  '.codex/config.toml',
  '.cursor/mcp.json',
  '.gemini/settings.json',
]

/** Parts of the installed program; not its whole folder, since a clone may hold a workspace too. */
const PROGRAM = ['bin', 'src', 'dist', 'policies', 'scripts', 'node_modules', 'tools']

type ControlSources = Pick<Foundation, 'state' | 'loaded' | 'demo'> & {
  /** What belongs to other tenants of the installation; absent = there are none. */
  readonly neighbours?: Neighbours
  readonly planes: { readonly [P in 'agent' | 'admin']: { readonly port: number } }
}

/** What no agent may touch through any door: Remit’s state, policies, configuration, program and ports. */
export function controlPaths(foundation: ControlSources): ControlPaths {
  const { planes } = foundation
  const own = ownPaths(foundation)
  return {
    folders: [...own.folders, ...PROGRAM.map((name) => join(PACKAGE_ROOT, name))],
    files: [...own.files, join(PACKAGE_ROOT, 'package.json')],
    ports: [planes.agent.port, planes.admin.port],
  }
}

/** What a confined server must not have. */
export function withheldPaths(foundation: Omit<ControlSources, 'planes'>): Withheld {
  const { folders, files } = ownPaths(foundation)
  return {
    control: [...folders, ...files],
    program: [...PROGRAM, 'package.json'].map((name) => join(PACKAGE_ROOT, name)),
    credentials: credentialPlaces(homedir()),
  }
}

function ownPaths({
  state,
  loaded,
  demo,
  neighbours,
}: Omit<ControlSources, 'planes'>): Pick<ControlPaths, 'folders' | 'files'> {
  const inState = demo ? demoState(state) : { folders: [state.root], files: [] }
  return {
    folders: [...inState.folders, ...policyLocations(loaded, '').folders, ...(neighbours?.folders ?? [])],
    files: [
      ...inState.files,
      loaded.file ?? join(loaded.folder, 'remit.yaml'),
      ...(neighbours?.files ?? []),
      ...AGENT_SETTINGS.map((name) => join(homedir(), name)),
    ],
  }
}

/** Everything in the state folder but the demo’s workspace, which agents are meant to work in. */
function demoState(state: StateFolder): Pick<ControlPaths, 'folders' | 'files'> {
  const database = ['', '-wal', '-shm', '-journal', '-lock', '-lock-wal', '-lock-shm', '-lock-journal']
  return {
    folders: [
      state.keys,
      state.secrets,
      state.checkpoints,
      state.policyCache,
      state.policyArchive,
      state.servers,
    ],
    files: [
      state.localCredential,
      state.approvers,
      state.gateway,
      join(state.demo, 'remit.yaml'),
      ...database.map((suffix) => `${state.ledger}${suffix}`),
    ],
  }
}
