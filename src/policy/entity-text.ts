/** `Type::"id"`, as Cedar writes an entity; undefined for any other text. */
export function parseEntityText(text: string): { readonly type: string; readonly id: string } | undefined {
  const match = /^([A-Za-z]+)::(".*")$/s.exec(text)
  if (match === null) return undefined
  try {
    const id = JSON.parse(match[2] ?? '') as unknown
    return typeof id === 'string' ? { type: match[1] ?? '', id } : undefined
  } catch {
    return undefined
  }
}
