/** What a command is given to work with: the process, as far as a command may touch it. */
export interface Io {
  readonly environ: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Writes text as it is; a line needs its own line feed. */
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly colour: boolean
  /** Aborts at Ctrl-C or SIGTERM. */
  readonly stopped: AbortSignal
}

export interface Flag {
  readonly name: string
  readonly summary: string
  /** Placeholder of its value; absent = a switch. */
  readonly takes?: string
  /** May be given many times. */
  readonly many?: boolean
  readonly required?: boolean
  readonly choices?: readonly string[]
  /** What a shell offers for the value. */
  readonly offers?: 'files' | 'folders'
}

export interface Positional {
  readonly name: string
  readonly summary: string
  /** May be left out; only the last can. */
  readonly optional?: boolean
  /** Takes all that is left, after `--` where it has flags of its own; only the last can. */
  readonly rest?: boolean
  readonly choices?: readonly string[]
  readonly offers?: 'files' | 'folders'
}

export interface Invocation {
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  /** As many as the command declares, less optional ones that were left out. */
  readonly positionals: readonly string[]
  readonly json: boolean
  readonly io: Io
}

/** 0 done · 1 refused or failed · 2 used wrongly; `remit run` ends as what it ran. */
export type ExitCode = number

/** One command: parsing, help, completion and dispatch all come from this. */
export interface Command {
  /** Words that name it: `task create`. */
  readonly path: string
  readonly summary: string
  readonly positionals: readonly Positional[]
  readonly flags: readonly Flag[]
  /** More help than fits a line, wrapped by hand at 80 columns. */
  readonly notes?: string
  run(invocation: Invocation): Promise<ExitCode>
}

/** The command line was wrong: exit code 2 and a pointer to `--help`. */
export class UsageError extends Error {
  readonly command: string | undefined

  constructor(message: string, command?: string) {
    super(message)
    this.name = 'UsageError'
    this.command = command
  }
}

export const COMMON_FLAGS: readonly Flag[] = [
  { name: 'config', takes: 'file', offers: 'files', summary: 'configuration to use instead of ./remit.yaml' },
  { name: 'admin-url', takes: 'url', summary: 'admin plane of the gateway, when it is not this folder’s' },
  { name: 'tenant', takes: 'name', summary: 'tenant of the gateway, where it has several' },
  { name: 'json', summary: 'print JSON for programs' },
  { name: 'help', summary: 'show help' },
]

/** Value of a flag that takes one; undefined when it was not given. */
export function textFlag(invocation: Invocation, name: string): string | undefined {
  const value = invocation.flags[name]
  return typeof value === 'string' ? value : undefined
}

/** Values of a flag that may repeat; undefined when it was not given. */
export function listFlag(invocation: Invocation, name: string): readonly string[] | undefined {
  const value = invocation.flags[name]
  return typeof value === 'object' ? value : undefined
}

/** @throws UsageError for anything but a whole number from 1 to `most`. */
export function countFlag(invocation: Invocation, name: string, most: number): number | undefined {
  const text = textFlag(invocation, name)
  if (text === undefined) return undefined
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count
  throw new UsageError(`\`--${name}\` must be a whole number from 1 to ${most} (found \`${text}\`)`)
}
