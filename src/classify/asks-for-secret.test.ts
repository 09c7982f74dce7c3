import { expect, test } from 'vitest'
import type { JsonObject } from '../core/json.ts'
import { asksForSecret } from './asks-for-secret.ts'

const form = (properties: JsonObject): JsonObject => ({
  mode: 'form',
  message: 'please fill in',
  requestedSchema: { type: 'object', properties },
})
const text = (more: JsonObject = {}): JsonObject => ({ type: 'string', ...more })

test.each([
  ['password', text()],
  ['dbPassword', text()],
  ['GITHUB_TOKEN', text()],
  ['api-key', text()],
  ['value', text({ title: 'Your API key' })],
  ['answer', text({ description: 'the one-time code from your phone, or your recovery phrase' })],
  ['x', text({ format: 'password' })],
  ['card_number', text()],
  ['ｐａｓｓｗｏｒｄ', text()],
])('R-MCP-3: a form with the field %s asks for a secret', (name, field) => {
  expect(asksForSecret(form({ name: text(), [name]: field }))).toBe(true)
})

test.each([
  ['name', text({ description: 'your name' })],
  ['max_tokens', { type: 'integer' }],
  ['tokenize', text()],
  ['branch', text({ description: 'which branch to compare' })],
  ['rotate_secret', { type: 'boolean' }],
  ['passenger', text()],
])('R-MCP-3: a form with the field %s does not', (name, field) => {
  expect(asksForSecret(form({ [name]: field }))).toBe(false)
})

test('R-MCP-3: a secret goes by URL, where neither client nor agent sees it', () => {
  expect(asksForSecret({ ...form({ password: text() }), mode: 'url', url: 'https://example.com' })).toBe(
    false,
  )
  expect(asksForSecret({})).toBe(false)
})
