import { ISOLATION } from './isolation.ts'
import { SYSTEM_FILES, SYSTEM_FOLDERS } from './system-paths.ts'

export type Mount =
  | { readonly kind: 'read'; readonly path: string }
  /** `from`: another folder that is shown at this path. */
  | { readonly kind: 'write'; readonly path: string; readonly from?: string }
  | { readonly kind: 'hide'; readonly path: string; readonly folder: boolean }

export interface SandboxPlan {
  /** Absolute. */
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Applied in this order. */
  readonly mounts: readonly Mount[]
  readonly network: 'host' | 'none'
}

const TEMPORARY = ['/tmp', '/var/tmp']
/** Bytes of memory that temporary files may take. */
const TEMPORARY_SIZE = String(1024 * 1024 * 1024)

/** Everything that is not named here does not exist inside. */
export function bubblewrapArguments(plan: SandboxPlan): readonly string[] {
  return [
    ...ISOLATION,
    ...(plan.network === 'none' ? ['--unshare-net'] : []),
    ...[...SYSTEM_FOLDERS, ...SYSTEM_FILES].flatMap((path) => ['--ro-bind-try', path, path]),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    ...TEMPORARY.flatMap((path) => ['--size', TEMPORARY_SIZE, '--tmpfs', path]),
    '--dir',
    '/run',
    ...plan.mounts.flatMap(mountArguments),
    '--remount-ro',
    '/',
    '--chdir',
    plan.cwd,
    '--',
    plan.program,
    ...plan.args,
  ]
}

function mountArguments(mount: Mount): readonly string[] {
  const { path } = mount
  if (mount.kind === 'read') return ['--ro-bind', path, path]
  if (mount.kind === 'write') return ['--bind', mount.from ?? path, path]
  if (mount.folder) return ['--tmpfs', path, '--remount-ro', path]
  return ['--ro-bind', '/dev/null', path]
}
