import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NOTIFICATIONS, REQUESTS } from '../../src/mcp/message-table.ts'
import { SERVER_NOTIFICATIONS, SERVER_REQUESTS } from '../../src/mcp/server-message-table.ts'
import { messagePage } from '../support/message-page.ts'
import { ROOT } from '../support/running-gateway.ts'

const CORE = join(ROOT, 'node_modules', '@modelcontextprotocol', 'core', 'dist')

/** Every method that the schemas of both revisions name, with those of the two extensions. */
function methodsOfTheSchemas(): ReadonlySet<string> {
  const files = readdirSync(CORE).filter((name) => /^schemas-.*\.mjs$/.test(name))
  const texts = [...files, join('ext', 'skills', 'index.mjs')].map((name) =>
    readFileSync(join(CORE, name), 'utf8'),
  )
  const literals = texts.join('\n').matchAll(/literal\("([a-z]+(?:\/[A-Za-z_]+)*)"\)/g)
  const named = [...literals].map(([, method = '']) => method)
  // `ref/prompt` and `ref/resource` are kinds of reference, not methods.
  return new Set(named.filter((method) => method.includes('/') && !method.startsWith('ref/')))
}

test('R-MCP-3: every method of the specifications has a row, whoever sends it', () => {
  const methods = methodsOfTheSchemas()
  expect(methods.size).toBeGreaterThan(30)
  const rows = new Set([
    ...Object.keys(REQUESTS),
    ...Object.keys(NOTIFICATIONS),
    ...Object.keys(SERVER_REQUESTS),
    ...Object.keys(SERVER_NOTIFICATIONS),
  ])
  expect([...methods].filter((method) => !rows.has(method))).toEqual([])
})

test('R-MCP-3: the page that people read says what the table says', async () => {
  await expect(messagePage()).toMatchFileSnapshot(join(ROOT, 'docs', 'mcp.md'))
})
