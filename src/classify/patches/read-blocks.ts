/** One replacement: what is searched for, and what stands there afterwards. */
export interface Replacement {
  readonly before: string
  readonly after: string
}

/** Blocks of search and replace inside an argument of a tool that names the file elsewhere (Aider, Cline, Roo). */
export function readBlocks(text: string): readonly Replacement[] {
  const found: Replacement[] = []
  const blocks =
    /^(?:<{5,9} ?SEARCH|-{5,9} ?SEARCH)>?[^\n]*\n(?:(?::[^\n]*\n)*-{5,}\n)?([\s\S]*?)^={5,9}[^\n]*\n([\s\S]*?)^(?:>{5,9}|\+{5,9}) ?REPLACE/gm
  for (const [, before = '', after = ''] of text.matchAll(blocks)) found.push({ before, after })
  return found
}
