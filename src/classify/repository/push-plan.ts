import type { FileSystem } from '../file-system.ts'
import { currentBranch, hasRef } from './refs.ts'
import { fetchRemote } from './remotes.ts'
import type { LocalRepository } from './repositories.ts'

/** One ref of another repository that a push would change. */
export interface PushedRef {
  /** `undefined` = it cannot be told. */
  readonly target: string | undefined
  /** The revision that is put there; `undefined` = none, or it cannot be told. */
  readonly source: string | undefined
  readonly deletes: boolean
  readonly forces: boolean
}

const UNKNOWN: PushedRef = { target: undefined, source: undefined, deletes: false, forces: false }

/** What a push without refs pushes, as git-config(1) `push.default` has it. */
export function implicitPush(
  local: LocalRepository | undefined,
  remote: string | undefined,
  fs: FileSystem | undefined,
): PushedRef {
  const branch = local === undefined ? undefined : currentBranch(fs, local)
  if (local === undefined || remote === undefined || branch === undefined) return UNKNOWN
  if (isMapped(local, remote)) return UNKNOWN
  const target = defaultTarget(local, remote, branch)
  return target === undefined ? UNKNOWN : { ...UNKNOWN, source: `refs/heads/${branch}`, target }
}

/** Settings map what is pushed elsewhere, or push more. */
function isMapped({ config }: LocalRepository, remote: string): boolean {
  return (
    config.all('remote', remote, 'push').length > 0 ||
    config.isOn('remote', remote, 'mirror') ||
    config.isOn('push', undefined, 'followtags') ||
    /^(on-demand|only)$/.test(config.last('push', undefined, 'recursesubmodules') ?? '')
  )
}

function defaultTarget(local: LocalRepository, remote: string, branch: string): string | undefined {
  const { config } = local
  const mode = config.last('push', undefined, 'default') ?? 'simple'
  const upstream = config.last('branch', branch, 'merge')
  const central = fetchRemote(config, branch) === remote
  if (mode === 'current') return `refs/heads/${branch}`
  if (mode === 'upstream' || mode === 'tracking') return central ? upstream : undefined
  if (mode !== 'simple') return undefined
  // git refuses to push to a branch of another name here.
  const same = !central || upstream === undefined || upstream === `refs/heads/${branch}`
  return same ? `refs/heads/${branch}` : undefined
}

/** One refspec of git-push(1). */
export function readRefspec(
  written: string,
  local: LocalRepository | undefined,
  { remote, fs }: { readonly remote: string | undefined; readonly fs: FileSystem | undefined },
): PushedRef {
  const forces = written.startsWith('+')
  const text = forces ? written.slice(1) : written
  const colon = text.indexOf(':')
  if (colon === -1) return { ...shortRefspec(text, local, { remote, fs }), forces }
  const [source, target] = [text.slice(0, colon), text.slice(colon + 1)]
  if (target === '') return { ...UNKNOWN, forces }
  if (source === '') return { target, source: undefined, deletes: true, forces }
  const full = expand(source, local, fs)
  // A tag that is pushed to a short name becomes a tag there.
  const tag = full?.startsWith('refs/tags/') === true && !target.startsWith('refs/')
  return { target: tag ? `refs/tags/${target}` : target, source: full, deletes: false, forces }
}

function shortRefspec(
  name: string,
  local: LocalRepository | undefined,
  { remote, fs }: { readonly remote: string | undefined; readonly fs: FileSystem | undefined },
): PushedRef {
  if (local === undefined) return { ...UNKNOWN, target: name, source: name }
  if (remote !== undefined && isMapped(local, remote)) return UNKNOWN
  const branch = name === 'HEAD' || name === '@' ? currentBranch(fs, local) : undefined
  const source = branch === undefined ? expand(name, local, fs) : `refs/heads/${branch}`
  if (source === undefined || source === 'HEAD')
    return { ...UNKNOWN, target: source === undefined ? name : undefined }
  const heads = /^refs\/heads\/(.+)$/.exec(source)?.[1]
  const mode = local.config.last('push', undefined, 'default')
  const upstream = heads === undefined ? undefined : local.config.last('branch', heads, 'merge')
  const moved = /^(upstream|tracking)$/.test(mode ?? '') && upstream !== undefined
  return { ...UNKNOWN, source, target: moved ? upstream : source }
}

const OBJECT = /^[0-9a-f]{40}([~^]\d*)*$/

/** The full name of a revision that is pushed; `undefined` = it names nothing, or two things. */
function expand(
  name: string,
  local: LocalRepository | undefined,
  fs: FileSystem | undefined,
): string | undefined {
  const [, start = '', rest = ''] = /^([^~^]+)((?:[~^]\d*)*)$/.exec(name) ?? []
  if (OBJECT.test(name)) return name
  if (start === 'HEAD' || start === '@') return `HEAD${rest}`
  if (local === undefined || start === '') return undefined
  if (start.startsWith('refs/')) return name
  const found = [`refs/heads/${start}`, `refs/tags/${start}`, `refs/${start}`].filter((ref) =>
    hasRef(fs, local, ref),
  )
  return found.length === 1 ? `${found[0] ?? ''}${rest}` : undefined
}
