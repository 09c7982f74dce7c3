import type { FileSystem } from './file-system.ts'
import { foldText } from './fold-name.ts'
import { resolvePath } from './resolve-path.ts'

/** What Remit itself is made of on this machine; absolute, normalised paths. */
export interface ControlPaths {
  /** The state folder, `policies/`, the program: everything in them. */
  readonly folders: readonly string[]
  /** `remit.yaml`, agents’ settings that hold Remit’s entries. */
  readonly files: readonly string[]
  /** Ports of both planes, for extractors of addresses. */
  readonly ports: readonly number[]
}

export interface ControlMatcher {
  /** Whether a path is one of them or lies in one. */
  covers(path: string): boolean
  /** Whether a folder holds one of them, so that moving or deleting it takes Remit along. */
  isAbove(folder: string): boolean
  /** Ports of both planes on this machine. */
  readonly ports: ReadonlySet<number>
}

/** Compares folded names: on a case-insensitive file system another spelling is the same file. */
export function createControlMatcher(control: ControlPaths, fs: FileSystem): ControlMatcher {
  // Both as configured and with links followed, since a path is looked up in both forms too.
  const spellings = (paths: readonly string[]): readonly string[] => [
    ...new Set(paths.flatMap((path) => [path, resolvePath(fs, path).real]).map(fold)),
  ]
  const folders = spellings(control.folders)
  const files = spellings(control.files)
  const all = [...folders, ...files]
  return {
    ports: new Set(control.ports),
    covers(path) {
      const folded = fold(path)
      return all.includes(folded) || folders.some((folder) => folded.startsWith(`${folder}/`))
    },
    isAbove(folder) {
      const folded = fold(folder)
      const prefix = folded === '/' ? '/' : `${folded}/`
      return all.some((path) => path.startsWith(prefix))
    },
  }
}

function fold(path: string): string {
  return foldText(path)
    .split('/')
    .map((component) => component.replace(/::.*$|[. ]+$/, ''))
    .join('/')
}
