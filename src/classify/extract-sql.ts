import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { ExtractionContext } from './extract.ts'
import { loadSqlParser, parseSql } from './sql/parser.ts'
import { statementEffects, type SqlEffect } from './sql/statement-effects.ts'
import { labelTable } from './sql/table-labels.ts'

const MAX_NAME = 256

/**
 * Statements of SQL, as PostgreSQL’s own grammar reads them. What it rejects, other dialects included, is not
 * understood.
 */
export function extractSql(value: Json, context: ExtractionContext): readonly Operation[] {
  void loadSqlParser()
  const statements = typeof value === 'string' ? parseSql(value) : undefined
  if (statements === undefined || statements.length === 0) {
    return [operationOf({ action: 'sql.execute', opaque: true }, context)]
  }
  const seen = new Set<string>()
  return statements
    .flatMap((statement) => statementEffects(statement))
    .filter(({ action, table = '', opaque }) => {
      const key = `${action} ${table} ${opaque}`
      return !seen.has(key) && seen.add(key)
    })
    .map((effect) => operationOf(effect, context))
}

function operationOf(
  { action, table, opaque }: SqlEffect,
  { server, pointer }: Pick<ExtractionContext, 'server' | 'pointer'>,
): Operation {
  const origin = { pointer }
  if (table === undefined) {
    return { action, resource: { type: 'Database', id: server, ancestors: [] }, labels: [], opaque, origin }
  }
  const id = `${server}/${table.slice(0, MAX_NAME).toWellFormed()}`
  const ancestors = [{ type: 'Database', id: server }]
  return { action, resource: { type: 'Table', id, ancestors }, labels: labelTable(table), opaque, origin }
}
