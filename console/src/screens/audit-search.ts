/** What somebody looks for, as it is typed; empty = all. */
export interface AuditSearch {
  readonly kind: string
  readonly effect: string
  readonly who: string
  readonly tool: string
  readonly policy: string
  readonly id: string
  /** Local time, as a browser's field has it. */
  readonly from: string
  readonly until: string
}

export const EMPTY_SEARCH: AuditSearch = {
  kind: '',
  effect: '',
  who: '',
  tool: '',
  policy: '',
  id: '',
  from: '',
  until: '',
}

/** By something that the gateway has no index for: it looks at records one by one, and says where to go on. */
export function isNarrow({ effect, who, tool, policy, from, until }: AuditSearch): boolean {
  return [effect, who, tool, policy, from, until].some((value) => value.trim() !== '')
}

/** The query of `GET /records`. */
export function searchQuery(
  search: AuditSearch,
  page: { readonly task: string | undefined; readonly before: number | undefined; readonly limit: number },
): string {
  const query = new URLSearchParams({ limit: String(page.limit) })
  if (page.task !== undefined) query.set('task', page.task)
  if (page.before !== undefined) query.set('before', String(page.before))
  for (const [name, value] of Object.entries(search) as [keyof AuditSearch, string][]) {
    const text = value.trim()
    if (text === '') continue
    const time = name === 'from' || name === 'until' ? Date.parse(text) : undefined
    if (time === undefined) query.set(name, text)
    else if (!Number.isNaN(time)) query.set(name, String(time))
  }
  return query.toString()
}
