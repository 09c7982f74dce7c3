import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'

/** What a program of this user finds around it. Paths are absolute. */
export interface Surroundings {
  readonly environ: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly exists: (path: string) => boolean
  /** Undefined = there is no such file, or this user cannot read it. */
  readonly read: (path: string) => string | undefined
  /** Names in a folder; none where there is no such folder. */
  readonly list: (path: string) => readonly string[]
}

/** This machine, as it is for this user. */
export function ownSurroundings(environ: Surroundings['environ']): Surroundings {
  return {
    environ,
    home: environ['HOME'] || homedir(),
    exists: (path) => existsSync(path),
    read: (path) => orNothing(() => readFileSync(path, 'utf8'), undefined),
    list: (path) => orNothing(() => readdirSync(path), []),
  }
}

/** What cannot be read here cannot be read by an agent of the same user. */
function orNothing<T, N>(look: () => T, nothing: N): T | N {
  try {
    return look()
  } catch {
    return nothing
  }
}
