import type { Argument } from '../shell/argument.ts'

/** A program that a command line would start, as it is written there. */
export interface StartedProgram {
  /** The program first. */
  readonly words: readonly Argument[]
  /** Folder that it runs in, relative to `root`; `undefined` = not known. */
  readonly cwd: string | undefined
  /** Folder that the command line starts in; absent = the workspace. */
  readonly root: string | undefined
}
