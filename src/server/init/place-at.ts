/** Where an offset is in a text: `line:column`, both from one. */
export function placeAt(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return `${line}:${offset - before.lastIndexOf('\n')}`
}
