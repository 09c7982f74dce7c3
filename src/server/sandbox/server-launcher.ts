import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Confinement } from '../../core/confinement.ts'
import { RemitError } from '../../core/errors.ts'
import type { Launch, Launcher } from '../../mcp/launcher.ts'
import { bubblewrapArguments } from './bubblewrap-arguments.ts'
import type { Withheld } from './control-mounts.ts'
import type { Bubblewrap } from './find-bubblewrap.ts'
import type { LaunchedServer } from './launched-server.ts'
import { describeProgram } from './describe-program.ts'
import { homeOf, planSandbox } from './plan-sandbox.ts'
import { resolveCommand } from './program-paths.ts'

export interface LauncherOptions {
  readonly server: LaunchedServer
  /** With every secret in its place. */
  readonly env: Readonly<Record<string, string>>
  /** Of `remit.yaml`. */
  readonly folder: string
  /** The server's own folder, which is made when it is first needed. */
  readonly own: string
  readonly withheld: Withheld
  readonly bubblewrap: () => Bubblewrap
}

/** Container engines do the work in a daemon of their own, which no sandbox around their client holds. */
const ENGINES = /(?:^|\/)(?:docker|podman|nerdctl)$/

/** Starts one stdio server as its `sandbox` says. Compared by what it is made of, to know whether a server is another one. */
export class ServerLauncher implements Launcher {
  readonly options: LauncherOptions

  constructor(options: LauncherOptions) {
    this.options = options
  }

  get confinement(): Confinement {
    return confinementOf(this.options)
  }

  /** @throws RemitError `upstream_unavailable`: then nothing is started. */
  launch(): Promise<Launch> {
    return launch(this.options)
  }
}

function confinementOf({ server, bubblewrap }: LauncherOptions): Confinement {
  const { mode } = server.sandbox
  if (mode === 'off') return { confined: false, reason: '`sandbox.mode` is `off`' }
  if (mode === 'auto' && ENGINES.test(server.command ?? '')) {
    return {
      confined: false,
      reason: 'a container engine works outside of any sandbox; confine the container',
    }
  }
  const found = bubblewrap()
  return 'program' in found ? { confined: true } : { confined: false, reason: found.missing }
}

async function launch(options: LauncherOptions): Promise<Launch> {
  const { server, folder, own, withheld, bubblewrap } = options
  const confinement = confinementOf(options)
  if (server.sandbox.mode === 'required' && !confinement.confined) {
    throw new RemitError(
      'upstream_unavailable',
      `the server must be confined (\`sandbox.mode: required\`) and cannot be: ${confinement.reason}; docs/servers.md says how to mend it`,
    )
  }
  mkdirSync(own, { recursive: true, mode: 0o700 })
  const base = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env }
  const cwd = server.cwd === undefined ? own : resolve(folder, server.cwd)
  const program = resolveCommand(server.command ?? '', { path: base.PATH ?? '', cwd, home: homeOf(base) })
  if (program === undefined) {
    throw new RemitError(
      'upstream_unavailable',
      `the command \`${server.command ?? ''}\` cannot be started; there is no such program`,
    )
  }
  const described = await describeProgram({ program, args: server.args ?? [], cwd })
  const found = confinement.confined ? bubblewrap() : undefined
  if (found === undefined || !('program' in found)) {
    return { command: program, args: server.args ?? [], env: base, cwd, confined: false, program: described }
  }
  const env = { ...base, HOME: homeOf(base) }
  const plan = planSandbox({ server, program, env, folder, own, withheld })
  return {
    command: found.program,
    args: bubblewrapArguments(plan),
    env,
    cwd: '/',
    confined: true,
    program: described,
  }
}
