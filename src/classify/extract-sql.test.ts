import { beforeAll, describe, expect, test } from 'vitest'
import type { ServerKey } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import { extractSql } from './extract-sql.ts'
import type { ExtractionContext } from './extract.ts'
import { loadSqlParser } from './sql/parser.ts'

beforeAll(loadSqlParser)

function read(value: Json): string[] {
  const context = { server: 'db' as ServerKey, actions: [], pointer: '/sql' } as unknown as ExtractionContext
  return extractSql(value, context).map(
    ({ action, resource, labels, opaque }) =>
      `${action} ${resource.id.replace(/^db\/?/, '')}${labels.map((label) => ` [${label}]`).join('')}${opaque ? ' ?' : ''}`,
  )
}

describe('R-CLS-1: what a statement does, and to which tables', () => {
  test.each<[string, string[]]>([
    ['select 1', ['sql.read ']],
    ['select * from users u join public.orders o on true', ['sql.read public.orders', 'sql.read users']],
    ['with x as (delete from t returning *) select * from x', ['sql.delete t']],
    ['with x as (select 1) select * from x', ['sql.read ']],
    ['insert into a select * from b', ['sql.write a', 'sql.read b']],
    ['update a set x = (select y from b)', ['sql.write a', 'sql.read b']],
    ['delete from a', ['sql.delete a']],
    ['truncate a, b', ['sql.delete a', 'sql.delete b']],
    ['drop table x.a, b', ['sql.define x.a', 'sql.define b']],
    ['create table a (b int)', ['sql.define a']],
    ['alter table a add c int', ['sql.define a']],
    ['select * into a from b', ['sql.define ', 'sql.read b']],
    ['grant all on a to b', ['sql.administer ']],
    ['create role x superuser', ['sql.administer ']],
    ['set role x', ['sql.administer ']],
    ['set statement_timeout = 1', ['sql.read ']],
    ['copy a to stdout', ['sql.read a']],
    ['copy a from stdin', ['sql.write a']],
    ['explain analyze delete from a', ['sql.delete a']],
    ['select * from pg_shadow', ['sql.read pg_shadow [secret]']],
    ['select * from customers', ['sql.read customers [customer-data]']],
    ['select 1; drop table users', ['sql.read ', 'sql.define users']],
  ])('%s', (sql, expected) => {
    const found = read(sql)
    for (const one of expected) expect(found).toContain(one)
    expect(found.some((one) => one.endsWith('?'))).toBe(false)
  })
})

describe('R-CLS-4: what runs code, leaves the transaction or is not PostgreSQL’s is not understood', () => {
  test.each([
    "copy t to program 'sh'",
    "copy t from '/etc/passwd'",
    'do $$ begin end $$',
    "select pg_read_file('/etc/passwd')",
    "select lo_export(1, '/tmp/x')",
    "select * from dblink('host=evil', 'select 1') as t(a int)",
    'select pg_catalog.pg_terminate_backend(1)',
    "select public.lower('x')",
    'select my_function()',
    "call p('x')",
    'prepare x as delete from t',
    "create function f() returns int as 'x' language c",
    'create extension plpython3u',
    "load 'evil'",
    'select 1; commit; drop table users',
    'update `a` set b = 1',
    'select top 1 * from a; exec xp_cmdshell',
    'db.users.drop()',
    '',
    ';',
    'select \0 1',
    `select ${'('.repeat(5_000)}1${')'.repeat(5_000)}`,
    `select ${'not '.repeat(4_000)}true`,
    `select '${'a'.repeat(20_000)}'`,
  ])('%s', (sql) => {
    expect(read(sql).some((one) => one.startsWith('sql.execute') && one.endsWith('?'))).toBe(true)
  })

  test.each([[7], [null], [['select 1']], [{ sql: 'select 1' }]])('%j is no statement', (value) => {
    expect(read(value)).toEqual(['sql.execute  ?'])
  })
})
