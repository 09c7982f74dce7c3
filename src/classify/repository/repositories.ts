import { posix } from 'node:path'
import type { FileSystem } from '../file-system.ts'
import { resolvePath } from '../resolve-path.ts'
import type { ForgeHosts } from './forge-hosts.ts'
import { loadGitConfig, type GitConfig } from './git-config.ts'
import { fetchPlace } from './remotes.ts'
import { findGitPlace, type GitPlace } from './working-copy.ts'

/** A repository on this machine, as far as its files tell. */
export interface LocalRepository extends GitPlace {
  /** What operations call it: as the forge does where its `origin` (or only remote) is on a host, else its path. */
  readonly id: string
  /** False = its settings cannot be read whole, so that where its remotes are is not known. */
  readonly certain: boolean
  readonly config: GitConfig
}

/**
 * The repositories that one call touches. Looks at every file once; between calls, settings are parsed again only when
 * a file of theirs changed.
 */
export class Repositories {
  readonly forges: ForgeHosts
  readonly fs: FileSystem | undefined
  readonly #home: string
  readonly #workspace: string | undefined
  readonly #found = new Map<string, LocalRepository | 'unsure' | undefined>()

  constructor(options: {
    readonly fs: FileSystem | undefined
    readonly home: string
    readonly workspace: string | undefined
    readonly forges: ForgeHosts
  }) {
    this.fs = options.fs
    this.forges = options.forges
    this.#home = options.home
    this.#workspace = options.workspace
  }

  /**
   * The repository that a folder lies in. `'unsure'` = perhaps one, which git might read otherwise.
   * @param folder absolute, links resolved. @param use what for: programs also take bare repositories.
   */
  at(folder: string, use: 'files' | 'programs'): LocalRepository | 'unsure' | undefined {
    const key = `${use} ${folder}`
    if (this.#found.has(key)) return this.#found.get(key)
    const found = this.#find(folder, use)
    this.#found.set(key, found)
    return found
  }

  #find(folder: string, use: 'files' | 'programs'): LocalRepository | 'unsure' | undefined {
    const { fs } = this
    if (fs?.read === undefined || fs.stamp === undefined) return undefined
    const place = findGitPlace(fs, folder, { bare: use === 'programs' })
    if (place === undefined || place === 'unsure') return place
    const config = cachedConfig(fs, place, this.#home)
    const remote = fetchPlace(config, undefined, this.forges)
    const id = remote?.kind === 'host' ? remote.id : this.#localId(fs, place)
    return { ...place, id, config, certain: config.certain && remote !== undefined }
  }

  /** All working trees of a repository are one; the one that holds the workspace is `.`. */
  #localId(fs: FileSystem, { root, gitDir, commonDir }: GitPlace): string {
    const top = commonDir === gitDir ? root : posix.dirname(commonDir)
    if (this.#workspace === undefined) return top
    const workspace = resolvePath(fs, posix.normalize(this.#workspace)).real
    const path = posix.relative(top, workspace)
    if (path === '' || !path.startsWith('..')) return '.'
    return top.startsWith(`${workspace}/`) ? top.slice(workspace.length + 1) : top
  }
}

const MAX_CACHED = 256
const cache = new WeakMap<FileSystem, Map<string, GitConfig>>()

function cachedConfig(fs: FileSystem, place: GitPlace, home: string): GitConfig {
  const source = fs.source ?? fs
  const known = cache.get(source) ?? new Map<string, GitConfig>()
  cache.set(source, known)
  const key = `${place.gitDir}\0${place.commonDir}\0${home}`
  const before = known.get(key)
  if (before !== undefined && isFresh(fs, before)) return before
  const config = loadGitConfig(fs, { ...place, home })
  if (known.size >= MAX_CACHED) known.clear()
  known.set(key, config)
  return config
}

function isFresh(fs: FileSystem, { certain, stamps }: GitConfig): boolean {
  if (!certain) return false
  try {
    for (const [file, stamp] of stamps) if (fs.stamp?.(file) !== stamp) return false
    return true
  } catch {
    return false
  }
}
