import { homedir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import type { Mount, SandboxPlan } from './bubblewrap-arguments.ts'
import { clearWay } from './clear-way.ts'
import type { LaunchedServer } from './launched-server.ts'
import { type Shown, type ShownPaths, withholdFrom, type Withheld } from './control-mounts.ts'
import { grantedPaths } from './granted-paths.ts'
import { programPaths } from './program-paths.ts'

export interface SandboxRequest {
  readonly server: LaunchedServer
  /** Absolute. */
  readonly program: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Of `remit.yaml`: what relative paths start from. */
  readonly folder: string
  /** The server's own folder on this machine. */
  readonly own: string
  readonly withheld: Withheld
}

/** What a confined server sees: its own folder as its home, its program, what it is granted. @throws RemitError `upstream_unavailable`. */
export function planSandbox(request: SandboxRequest): SandboxPlan {
  const { server, program, env, folder, own, withheld } = request
  const home = homeOf(env)
  const cwd = server.cwd === undefined ? home : resolve(folder, server.cwd)
  const place = { path: env['PATH'] ?? '', home, cwd: server.cwd === undefined ? own : cwd }
  const shown = new Map<string, Shown>()
  for (const path of programPaths(program, server.args ?? [], place)) shown.set(path, { access: 'read' })
  for (const [path, access] of grantedPaths(server, { folder, home })) shown.set(path, { access })
  if (!shown.has(home)) {
    for (const path of shown.keys()) clearWay({ path: home, from: own }, path)
    shown.set(home, { access: 'write', from: own })
  }
  return {
    program,
    args: server.args ?? [],
    cwd,
    mounts: mountsOf(shown, withheld),
    network: server.sandbox.network,
  }
}

export function mountsOf(shown: ShownPaths, withheld: Withheld): readonly Mount[] {
  const { held, readOnly, hidden } = withholdFrom(shown, withheld)
  const below: Mount[] = [
    ...[...shown].map(([path, { access, from }]): Mount =>
      access === 'read'
        ? { kind: 'read', path }
        : { kind: 'write', path, ...(from === undefined ? {} : { from }) },
    ),
    ...held.map((path): Mount => ({ kind: 'write', path })),
  ]
  // A folder before what lies in it.
  below.sort((a, b) => (a.path < b.path ? -1 : 1))
  return [
    ...below,
    ...readOnly.map((path): Mount => ({ kind: 'read', path })),
    ...hidden.map((each): Mount => ({ kind: 'hide', ...each })),
  ]
}

/** The path at which the server finds its home. */
export function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['HOME'] ?? homedir()
  return isAbsolute(home) && home !== '/' ? resolve(home) : '/home/server'
}
