/** A part of what an approver is shown, as it was rendered and kept when the request was made. */
export interface PromptSection {
  readonly title: string
  /** Whose words it holds, where the title says so. */
  readonly author?: string
  /** True = not written by the human who delegated, nor by Remit. */
  readonly claim: boolean
  readonly lines: readonly string[]
}

/**
 * Takes the kept text apart: titles stand at the margin, all else is indented, whatever an agent writes, since line feeds in
 * the text of strangers are made visible when it is rendered.
 */
export function promptSections(prompt: string): readonly PromptSection[] {
  const sections: { title: string; lines: string[] }[] = []
  for (const line of prompt.split('\n')) {
    if (line === '') continue
    if (line.startsWith('  ')) sections.at(-1)?.lines.push(line.slice(2))
    else sections.push({ title: line, lines: [] })
  }
  return sections.map(({ title, lines }) => {
    const author = /\(([^()]*)\)$/.exec(title)?.[1]
    const claim = author !== undefined && /claim|agent|perhaps|workload/.test(author)
    const name = author === undefined ? title : title.slice(0, -author.length - 2).trimEnd()
    return { title: name, claim, lines, ...(author === undefined ? {} : { author }) }
  })
}
