import { forEachChild, type SyntaxNode } from 'unbash'

/** What a shell remembers from one command to the next. */
export interface ShellState {
  cwd: string | undefined
  /** It went to a folder that was not there when this was read. */
  hoped: boolean
  /**
   * Functions with the folder that their bodies were read in; `undefined` = not certainly defined, or its body is
   * being read.
   */
  readonly functions: Map<string, { readonly cwd: string | undefined } | undefined>
  /** Variables that this line sets, so that showing them shows nothing of the environment. */
  readonly assigned: Set<string>
}

/** How a command stands among the others. */
export interface Position {
  readonly piped: boolean
  /** What it is given is text that the line itself says. */
  readonly printed?: boolean
  /** It may not run at all. */
  readonly conditional: boolean
  /** What follows runs only if it succeeds. */
  readonly chained?: boolean
  readonly depth: number
}

export function startState(cwd: string | undefined, assigned: Iterable<string> = []): ShellState {
  return { cwd, hoped: false, functions: new Map(), assigned: new Set(assigned) }
}

/** That of a shell that forks off: what happens in it stays there. */
export function forkState(outer: ShellState): ShellState {
  return { ...outer, functions: new Map(outer.functions), assigned: new Set(outer.assigned) }
}

export function unchained(at: Position): Position {
  return at.chained === true ? { ...at, chained: false } : at
}

const FOLDER_CHANGERS = /^(cd|pushd|popd|eval|source|\.)$/

export function isFolderChanger(program: string): boolean {
  return FOLDER_CHANGERS.test(program)
}

export function changesFolder(root: SyntaxNode): boolean {
  let found = false
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command' && node.name !== undefined && isFolderChanger(node.name.value)) found = true
    if (!found) forEachChild(node, visit)
  }
  visit(root)
  return found
}
