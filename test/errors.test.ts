import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ERROR_CODES } from '../src/core/error-codes.ts'

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

test('docs/errors.md documents every code with its status and JSON-RPC number, and nothing else', () => {
  const documented = rows.map((cells) => ({ code: cells[1], status: cells[2], rpc: cells[3] }))
  const inCode = Object.entries(ERROR_CODES).map(([code, wire]) => ({
    code: `\`${code}\``,
    status: String(wire.status),
    rpc: 'rpc' in wire ? String(wire.rpc) : '',
  }))
  expect(documented).toEqual(inCode)
})

test('every error says when it happens and what to do', () => {
  expect(rows.filter((cells) => cells[4] === '' || cells[5] === '')).toEqual([])
})
