const LINE =
  'The meeting moved to room 17 on the second floor, and nobody was told; see notes/2026-11.md for why.\n'
const texts = new Map<number, string>()

/** Prose of so many bytes, made once. */
export function blobText(bytes: number): string {
  const known = texts.get(bytes)
  if (known !== undefined) return known
  const text = LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes)
  texts.set(bytes, text)
  return text
}

/** `echo` and `blob`, and as many more as wanted, each with a schema of some length. */
export function toolsOf(more: number): readonly object[] {
  const tool = (name: string) => ({
    name,
    description: 'answers with its argument',
    inputSchema: {
      type: 'object',
      properties: {
        text: { type: 'string', description: 'what to answer' },
        bytes: { type: 'integer', description: 'how much to answer' },
      },
    },
    annotations: { readOnlyHint: true },
  })
  return ['echo', 'blob', ...Array.from({ length: more }, (_, at) => `tool_${String(at)}`)].map(tool)
}
