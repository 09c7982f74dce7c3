/** What a patch does to one file. */
export interface PatchFile {
  readonly path: string
  readonly kind: 'add' | 'change' | 'delete' | 'mode'
  /** Where the file is afterwards, when that is elsewhere; `copied` = it stays too. */
  readonly to?: string
  readonly copied?: true
  /** The lines that the patch shows, as they were and as they will be. */
  readonly before: string
  readonly after: string
}

/** Undefined = it is no patch, or says something that is not understood. */
export type PatchReader = (text: string) => readonly PatchFile[] | undefined

/** Gathers the lines of one file while a patch is read. */
export class PatchLines {
  readonly #before: string[] = []
  readonly #after: string[] = []

  /** A line with its sign. */
  add(line: string): void {
    const rest = line.slice(1)
    if (line[0] !== '+') this.#before.push(rest)
    if (line[0] !== '-') this.#after.push(rest)
  }

  get texts(): { readonly before: string; readonly after: string } {
    return { before: this.#before.join('\n'), after: this.#after.join('\n') }
  }
}
