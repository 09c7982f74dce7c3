import type { Argument } from './argument.ts'
import type { Findings, Span } from './findings.ts'

/** One simple command at the place where it would run, and what a program may do with it. */
export interface CommandSite {
  /** Name of the program without its folder. */
  readonly program: string
  readonly args: readonly Argument[]
  readonly span: Span
  /** Folder that it runs in, relative to the call's; `undefined` = not known. */
  readonly cwd: string | undefined
  /** Its standard input is certainly another command's output or text of the line. */
  readonly piped: boolean
  /** That output is text which the line says, and which is read in its place. */
  readonly printed: boolean
  /** Text that the line itself gives it to read; `undefined` = none, or not known. */
  readonly input: Argument | undefined
  readonly findings: Findings
  /** Another program that it starts with these arguments, the first being the program. */
  start(args: readonly Argument[], place?: { readonly cwd: string | undefined }): void
  /** A command line that it has a shell run. */
  script(text: Argument): void
  /** Variables that it sets, for programs or for the shell alone. */
  exportVariable(name: string, value: string | undefined): void
  assignVariable(name: string, value: string | undefined): void
}

/** Says what a command would do. False = not understood; what it said before still counts. */
export type ProgramReader = (site: CommandSite) => boolean
