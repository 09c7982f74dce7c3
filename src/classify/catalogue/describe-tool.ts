import type { Action } from '../../core/actions.ts'
import type { ToolEffect, ToolEntry } from './entry.ts'

/** Words for argument lists: `a b c` ▸ `['a', 'b', 'c']`. */
export function names(text: string): readonly string[] {
  return text.split(/\s+/).filter((name) => name !== '')
}

/** A tool that does `actions` to what one argument names. */
export function to(
  argument: string,
  kind: ToolEffect['kind'],
  actions: readonly Action[],
  optional = false,
): ToolEffect {
  return optional ? { argument, kind, actions, optional: true } : { argument, kind, actions }
}

/** A tool that does `actions` to what the server keeps, whatever the other arguments. */
export function whole(actions: readonly Action[], plain = ''): ToolEntry {
  return { effects: [{ kind: 'plain', actions }], plain: names(plain) }
}

export function tool(effects: readonly ToolEffect[], plain = ''): ToolEntry {
  return { effects, plain: names(plain) }
}

/** Tools of one kind, one a line: name, then its arguments. */
export function rows(
  table: string,
  entry: (plain: string) => ToolEntry,
): readonly (readonly [string, ToolEntry])[] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const space = `${line} `.indexOf(' ')
      return [line.slice(0, space), entry(line.slice(space + 1))]
    })
}
