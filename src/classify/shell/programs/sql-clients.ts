import { extractSql } from '../../extract-sql.ts'
import { applyRole } from '../apply-spec.ts'
import type { ProgramReader } from '../command-site.ts'
import { readOptions } from '../read-options.ts'
import { scanText } from '../scan-text.ts'
import type { ProgramSpec } from '../spec.ts'

const PSQL: ProgramSpec = {
  flags: 'AEHlnqsStwWxXz01',
  long: 'no-psqlrc tuples-only no-align csv quiet expanded',
  values: {
    plain: 'c command d dbname F R P U username p port',
    connect: 'h host',
    read: 'f file',
    write: 'o output L',
    no: 'v set variable',
  },
  rest: 'plain',
}

/** Clients of databases: the statements that the line holds. Where they would run, it rarely says. */
export const sqlClient: ProgramReader = (site) => {
  const { findings, span } = site
  const { positional, values, given, understood } = readOptions(PSQL, site.args)
  const postgres = site.program === 'psql'
  for (const { role, argument, option } of values) {
    if (role !== 'plain' || option === 'f') applyRole(role, argument, site)
  }
  const urls = [...positional, ...values.map(({ argument }) => argument)].filter(({ text }) =>
    /^\w+:\/\//.test(text),
  )
  for (const url of urls) findings.host(url, 'net.connect')
  const statements = values
    .filter(({ option }) => /^(c|command|e|execute)$/.test(option))
    .map((value) => value.argument)
  const context = { ...findings.context, server: site.program as never, actions: [] }
  for (const each of statements) {
    // A line that begins with a backslash is the client's own command, and can be a shell's.
    const sql = each.kind === 'literal' && !/^\s*\\|[\n;]\s*\\/.test(each.text) ? each.text : null
    const found = extractSql(sql, context)
    // Nobody can tell which database this is, so it counts as production.
    findings.adopt(
      found.map((operation) => ({ ...operation, labels: [...operation.labels, 'production' as const] })),
      each.span,
    )
    if (sql === null) findings.code({ type: 'Program', id: site.program, ancestors: [] }, each.span, true)
  }
  for (const argument of site.args) scanText(argument, site)
  if (statements.length === 0) {
    findings.add(
      'sql.execute',
      { type: 'Database', id: site.program, ancestors: [] },
      { span, labels: ['production'], opaque: true },
    )
    return false
  }
  return (
    understood &&
    postgres &&
    !given.has('f') &&
    !given.has('file') &&
    statements.every(({ kind }) => kind === 'literal')
  )
}
