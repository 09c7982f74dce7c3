import { FIELD_NAMES } from '../../../src/core/audit-query/fields.ts'

/** What somebody looks for, as it is typed; empty = all. */
export interface AuditSearch {
  /** A query in the language of docs/audit.md; the other fields narrow it further. */
  readonly q: string
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
  q: '',
  kind: '',
  effect: '',
  who: '',
  tool: '',
  policy: '',
  id: '',
  from: '',
  until: '',
}

/** The query of `GET /records/query`: what was typed into the box and what was chosen beside it. */
export function searchQuery(
  search: AuditSearch,
  page: { readonly task: string | undefined; readonly past: number | undefined; readonly limit: number },
): string {
  const query = new URLSearchParams({ limit: String(page.limit), q: queryText(search, page.task) })
  if (page.past !== undefined) query.set('past', String(page.past))
  return query.toString()
}

const ENDING = /\b(?:order\s+by|limit\s)[^"]*$/i

export function queryText(search: AuditSearch, task: string | undefined): string {
  const typed = search.q.trim()
  const ending = ENDING.exec(typed)?.[0] ?? ''
  const asked = typed.slice(0, typed.length - ending.length).trim()
  const { kind, effect, who, tool, policy, id, from, until } = search
  const tests = [
    asked === '' ? '' : `(${asked})`,
    task === undefined ? '' : `under = ${quoted(task)}`,
    test('kind', kind),
    test('decision', effect),
    test('who', who),
    tool.trim() === '' ? '' : `(server = ${quoted(tool)} or tool = ${quoted(tool)})`,
    test('rule', policy),
    test('id', id),
    timeTest('>=', from),
    timeTest('<', until),
  ].filter((part) => part !== '')
  // Alone it stands as it was typed, so that columns of errors are those of the box.
  if (tests.length === 1 && asked !== '') return typed
  return [tests.join(' and '), ending].filter((part) => part !== '').join(' ')
}

function test(field: string, value: string): string {
  return value.trim() === '' ? '' : `${field} = ${quoted(value)}`
}

function timeTest(sign: string, local: string): string {
  const time = Date.parse(local.trim())
  return Number.isNaN(time) ? '' : `at ${sign} ${new Date(time).toISOString()}`
}

function quoted(value: string): string {
  return `"${value
    .trim()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)}"`
}

/** The field names that the last word of a query could become. */
export function completions(query: string): readonly string[] {
  const [word = ''] = /[a-z]*$/.exec(query) ?? []
  const before = query.slice(0, query.length - word.length)
  const expectsField = /(?:^|\(|\b(?:and|or|not))\s*$/i.test(before)
  return expectsField
    ? [...FIELD_NAMES, 'at', 'index']
        .filter((name) => name.startsWith(word))
        .map((name) => `${before}${name} `)
    : []
}
