import { resolve } from 'node:path'
import type { AuditCountAnswer, AuditQueryAnswer } from '../api/audit-contract.ts'
import type { ExitCode, Invocation } from './command.ts'

interface FileQuestion {
  readonly query: string
  readonly file: string
  readonly past: number | undefined
}

/** The same over an export, whose records are read one after the other. */
export async function queryFile(
  invocation: Invocation,
  { query, file, past }: FileQuestion,
  print: (invocation: Invocation, found: AuditQueryAnswer | AuditCountAnswer) => void,
): Promise<ExitCode> {
  const { searchExport } = await import('../server/search-export.ts')
  const { parseQuery } = await import('../core/audit-query/parse-query.ts')
  const asked = parseQuery(query, Date.now())
  const path = resolve(invocation.io.cwd, file)
  const found = await searchExport(path, {
    ...asked,
    limit: asked.limit ?? 100,
    ...(past === undefined ? {} : { past }),
  })
  if (invocation.flags['count'] === true) print(invocation, { count: found.count })
  else print(invocation, found.page)
  return 0
}
