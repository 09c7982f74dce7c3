import type { Action } from '../../core/actions.ts'

/**
 * What an argument or the value of an option is to a program.
 *
 * - `plain` text, a number, a pattern: names nothing
 * - `read`, `tree`, `list`, `write`, `delete`, `move`, `mode` a path, and what is done to it (`tree` = with all below)
 * - `folder` a folder that is written or entered; `alias` a path that gets another name, to be changed by
 * - `fetch`, `send`, `connect` a host or URL
 * - `code` program text; `run` a program file; `command` a shell command line; `name` a variable
 * - `no` an option that is known and not accepted
 */
export type Role =
  | 'plain'
  | 'read'
  | 'tree'
  | 'list'
  | 'write'
  | 'create'
  | 'folder'
  | 'alias'
  | 'delete'
  | 'delete-tree'
  | 'move'
  | 'mode'
  | 'fetch'
  | 'send'
  | 'connect'
  | 'code'
  | 'run'
  | 'command'
  | 'name'
  | 'no'

/**
 * What is understood of a program. An option that is not listed, abbreviated or made up, makes the command opaque.
 */
export interface ProgramSpec {
  /** Options of one letter without a value. */
  readonly flags?: string
  /** Long options without a value, separated by spaces, dashes left out. */
  readonly long?: string
  /** Options with a value: `'n lines'` ▸ role; a letter is `-n`, a word `--lines`; `color?` = only as `--color=x`. */
  readonly values?: Readonly<Partial<Record<Role, string>>>
  /** Long options are written with one dash: `-name`. */
  readonly oneDash?: true
  /** `-20` is a number. */
  readonly numbers?: true
  /** Arguments that begin with `+`. */
  readonly plus?: true
  /** Roles of the first arguments, of the last one, and of the others. */
  readonly first?: readonly Role[]
  readonly last?: Role
  readonly rest?: Role
  /** The fewest and the most arguments that are understood. */
  readonly most?: number
  readonly least?: number
  /** What it does when no argument names anything: `.` is listed, read, … */
  readonly alone?: Role
  /** Options that stop at the first argument: the rest is the program's own. */
  readonly leading?: true
  /** An option that turns reading into reading all below: letters or words. */
  readonly deep?: string
  /** Options without which names that begin with a dot are passed over. */
  readonly hidden?: string
  /** An option that names what `first` would: with it, the first arguments are as the others. */
  readonly instead?: string
  /** It also runs code of the project. */
  readonly runs?: true
  /** Words that shape its output only: whatever they are, it does nothing with them. */
  readonly inert?: true
  /** Further actions, on a resource that the family says. */
  readonly actions?: readonly Action[]
}

export type ProgramTable = Readonly<Record<string, ProgramSpec>>
