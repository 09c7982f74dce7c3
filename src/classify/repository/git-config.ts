import { posix } from 'node:path'
import type { FileSystem } from '../file-system.ts'
import { parseGitConfig, type ConfigEntry } from './git-config-text.ts'

const MAX_FILES = 24
const MAX_DEPTH = 6
/** Settings that say where remotes are and what is pushed there. */
const TELLING: ReadonlySet<string> = new Set(['url', 'remote', 'branch', 'push', 'include', 'includeif'])

/** Settings of a repository, later files over earlier ones as git has them. */
export class GitConfig {
  readonly #entries: readonly ConfigEntry[]
  /** False = a file could not be read, or only counts on a condition that is not looked at. */
  readonly certain: boolean
  /** Every file that was looked for, with what it was then: when one of them changes, this is out of date. */
  readonly stamps: ReadonlyMap<string, string | undefined>

  constructor(
    entries: readonly ConfigEntry[],
    certain: boolean,
    stamps: ReadonlyMap<string, string | undefined>,
  ) {
    this.#entries = entries
    this.certain = certain
    this.stamps = stamps
  }

  /** Values in their order; an empty one clears those before it. */
  all(section: string, subsection: string | undefined, name: string): readonly string[] {
    const found = this.#entries
      .filter((each) => each.section === section && each.subsection === subsection && each.name === name)
      .map(({ value }) => value)
    return found.slice(found.lastIndexOf('') + 1)
  }

  last(section: string, subsection: string | undefined, name: string): string | undefined {
    return this.#entries.findLast(
      (each) => each.section === section && each.subsection === subsection && each.name === name,
    )?.value
  }

  isOn(section: string, subsection: string | undefined, name: string): boolean {
    const value = this.last(section, subsection, name)?.toLowerCase()
    return value !== undefined && !/^(false|no|off|0|)$/.test(value)
  }

  subsections(section: string): readonly string[] {
    const names = this.#entries.flatMap((each) =>
      each.section === section && each.subsection !== undefined ? [each.subsection] : [],
    )
    return [...new Set(names)]
  }
}

/**
 * Reads what git reads: the system's file, the user's two, the repository's, and what they include. A condition other
 * than on the place of the repository is not looked at; a file behind it that says where remotes are leaves the whole
 * uncertain.
 */
export function loadGitConfig(
  fs: FileSystem,
  { home, commonDir, gitDir }: { readonly home: string; readonly commonDir: string; readonly gitDir: string },
): GitConfig {
  const loader = new Loader(fs, home, gitDir)
  const files = ['/etc/gitconfig', `${home}/.config/git/config`, `${home}/.gitconfig`, `${commonDir}/config`]
  for (const file of files) loader.load(file, 0)
  // Each working tree has settings of its own only where the repository says so.
  if (loader.entries.some((each) => each.section === 'extensions' && each.name === 'worktreeconfig'))
    loader.load(`${gitDir}/config.worktree`, 0)
  return new GitConfig(loader.entries, loader.certain, loader.stamps)
}

class Loader {
  readonly entries: ConfigEntry[] = []
  readonly stamps = new Map<string, string | undefined>()
  certain = true
  readonly #fs: FileSystem
  readonly #home: string
  readonly #gitDir: string

  constructor(fs: FileSystem, home: string, gitDir: string) {
    this.#fs = fs
    this.#home = home
    this.#gitDir = gitDir
  }

  load(file: string, depth: number): void {
    for (const entry of this.#read(file)) {
      this.entries.push(entry)
      if (entry.name !== 'path') continue
      const target = this.#target(entry.value, file)
      if (entry.section === 'include') {
        if (depth >= MAX_DEPTH) this.certain = false
        else this.load(target, depth + 1)
      } else if (entry.section === 'includeif') this.#conditional(entry, target, { file, depth })
    }
  }

  /** A condition on the place of the repository is looked at; any other leaves open what the file would say. */
  #conditional(
    { subsection = '' }: ConfigEntry,
    target: string,
    { file, depth }: { readonly file: string; readonly depth: number },
  ): void {
    const pattern = /^gitdir(\/i)?:(.+)$/.exec(subsection)
    const holds =
      pattern === null ? undefined : this.#liesIn(pattern[2] ?? '', pattern[1] !== undefined, file)
    if (holds === true && depth < MAX_DEPTH) this.load(target, depth + 1)
    else if (holds !== false && this.#read(target).some(tells)) this.certain = false
  }

  /** git-config(1), "Conditional includes". `undefined` = a pattern that is not read. */
  #liesIn(written: string, folded: boolean, file: string): boolean | undefined {
    const home = written.startsWith('~/') ? `${this.#home}/${written.slice(2)}` : written
    const start = home.startsWith('./') ? `${posix.dirname(file)}/${home.slice(2)}` : home
    const anchored = start.startsWith('/') ? start : `**/${start}`
    const whole = anchored.endsWith('/') ? `${anchored}**` : anchored
    if (/[[\]\\?~]|(?:\*[^*]*){9}/.test(whole)) return undefined
    const expression = whole
      .replaceAll(/[.+^${}()|]/g, String.raw`\$&`)
      .replaceAll(/\*\*\/|\*\*|\*/g, (star) => (star === '**/' ? '(?:.*/)?' : star === '**' ? '.*' : '[^/]*'))
    return new RegExp(`^${expression}$`, folded ? 'i' : '').test(this.#gitDir)
  }

  #target(path: string, from: string): string {
    if (path.startsWith('~/')) return posix.join(this.#home, path.slice(2))
    // Another user's home, or a place below git's own.
    if (path.startsWith('~') || path.startsWith('%')) this.certain = false
    return posix.resolve(posix.dirname(from), path)
  }

  #read(file: string): readonly ConfigEntry[] {
    try {
      if (this.stamps.size > MAX_FILES) throw new Error('too many files')
      this.stamps.set(file, this.#fs.stamp?.(file))
      const text = this.#fs.read?.(file)
      const entries = text === undefined ? [] : parseGitConfig(text)
      if (entries !== undefined) return entries
    } catch {
      // A file that is there and cannot be read may say anything.
    }
    this.certain = false
    return []
  }
}

function tells({ section }: ConfigEntry): boolean {
  return TELLING.has(section)
}
