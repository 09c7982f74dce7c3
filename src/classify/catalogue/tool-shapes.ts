import type { Action } from '../../core/actions.ts'
import type { ToolEffect, ToolEntry } from './entry.ts'

/** Shapes that the built-in tools of agents share. */

/** What an agent says its command is for: shown to people, read by no shell. */
const COMMENTS: ReadonlySet<string> = new Set(['description', 'justification'])

export function command(argument: string, plain: readonly string[] = [], folder?: string): ToolEntry {
  const start = folder === undefined ? {} : { folder }
  const effects: ToolEffect[] = [{ argument, kind: 'command', actions: ['shell.execute'], ...start }]
  // A folder to work in is seen, also when the command names nothing there.
  if (folder !== undefined)
    effects.push({ argument: folder, kind: 'directory', actions: ['file.list'], optional: true })
  return { effects, plain, notes: plain.filter((name) => COMMENTS.has(name)) }
}

/** The file that one of some arguments names: versions of an agent call it differently. */
export function onFile(
  names: string,
  actions: readonly Action[],
  more: { readonly plain?: readonly string[]; readonly edit?: ToolEntry['edit'] } = {},
): ToolEntry {
  const { plain = [], edit } = more
  const all = names.split(' ')
  const optional = all.length > 1 ? ({ optional: true } as const) : {}
  const effects = all.map((argument): ToolEffect => ({ argument, kind: 'path', actions, ...optional }))
  return { effects, plain, ...(edit === undefined ? {} : { edit }) }
}

/** Looks in a folder, the workspace when it names none. */
export function inFolder(
  argument: string,
  actions: readonly Action[],
  plain: readonly string[] = [],
): ToolEntry {
  return { effects: [{ argument, kind: 'directory', actions, fallback: '.' }], plain }
}

/** Finds names by a glob. */
export function byPattern(pattern: string, folder: string, plain: readonly string[] = []): ToolEntry {
  return {
    effects: [
      { argument: folder, kind: 'directory', actions: ['file.list'], fallback: '.' },
      { argument: pattern, kind: 'pattern', actions: ['file.list'], folder },
    ],
    plain,
  }
}

export function url(argument: string, plain: readonly string[] = []): ToolEntry {
  return { effects: [{ argument, kind: 'url', actions: ['net.fetch'] }], plain }
}

/** Reaches some host that its arguments do not tell. */
export function somewhere(plain: readonly string[]): ToolEntry {
  return { effects: [{ kind: 'plain', actions: ['net.fetch'] }], plain }
}

export function delegates(plain: readonly string[]): ToolEntry {
  return { effects: [{ kind: 'plain', actions: ['agent.delegate'] }], plain }
}

/** Runs what its arguments do not show. */
export function runs(plain: readonly string[]): ToolEntry {
  return { effects: [{ kind: 'plain', actions: ['code.execute'] }], plain }
}

/** Keeps notes, asks the human, or looks at what the agent itself started. */
export function nothing(plain: readonly string[] = []): ToolEntry {
  return { effects: [], plain }
}

export function patch(argument: string, plain: readonly string[] = []): ToolEntry {
  return { effects: [{ argument, kind: 'patch', actions: ['file.write'] }], plain }
}
