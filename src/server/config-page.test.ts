import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configPage } from './config-page.ts'
import { parseConfig } from './load-config.ts'

test('docs/config.md says what the schema says; `node scripts/generate-config-docs.ts` writes it', () => {
  expect(readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8')).toBe(configPage())
})

test('the example of the page is a valid configuration', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(configPage())?.[1] ?? ''
  expect(parseConfig('remit.yaml', example, {}).config.servers).toHaveProperty('tracker')
})

test('every key is explained', () => {
  const rows = configPage()
    .split('\n')
    .filter((line) => line.startsWith('| `') && !line.startsWith('| `REMIT_'))
  expect(rows.length).toBeGreaterThan(50)
  expect(rows.filter((row) => row.endsWith('|  |'))).toEqual([])
})
