import { expect, test } from 'vitest'
import { grantState } from './grant.ts'
import { pointerStep, valueAt } from './json-pointer.ts'
import { pinStatus, type ToolPin } from './tool-pin.ts'
import { foldLines, foldText, visibleLine, visibleText } from './visible-text.ts'

test('R-CON-1: what has no ink is written out, and what has stays', () => {
  expect(visibleText('plain ünïcödé 🙂 \\u{41}')).toBe('plain ünïcödé 🙂 \\u{41}')
  expect(visibleText('a\u202eb\nc\u200bd\u00a0e\u{e0041}')).toBe(
    String.raw`a\u{202e}b\u{a}c\u{200b}d\u{a0}e\u{e0041}`,
  )
  expect(visibleText(`e${'\u0301'.repeat(6)}x`)).toBe(`e${'\u0301'.repeat(4)}${String.raw`\u{301}\u{301}`}x`)
  expect(visibleText(`e${'\u0301'.repeat(4)}x`)).toBe(`e${'\u0301'.repeat(4)}x`)
  expect(visibleLine('\ta\tb\r')).toBe('\ta\tb\\u{d}')
})

test('R-CON-1: a long text keeps its head and its end', () => {
  const text = `${'a'.repeat(50)}${'b'.repeat(50)}`
  expect(foldText(text, 30, 30)).toBe(text)
  expect(foldText(`${text}c`, 30, 30)).toBe(`${'a'.repeat(30)} …[41 characters folded]… ${'b'.repeat(29)}c`)
  const lines = ['1', '2', '3', '4', '5']
  expect(foldLines(lines, 2, 2)).toBe(lines)
  expect(foldLines([...lines, '6'], 2, 2)).toEqual(['1', '2', '…[2 lines folded]…', '5', '6'])
})

test('a pointer finds own members and items, and nothing else', () => {
  const root = { a: [{ 'x/y': 1, '~': 2 }], b: null }
  expect([
    valueAt(root, ''),
    valueAt(root, '/a/0/x~1y'),
    valueAt(root, '/a/0/~0'),
    valueAt(root, '/b'),
  ]).toEqual([root, 1, 2, null])
  const nothing = ['/c', '/b/x', '/a/7', '/a/0/x', '/toString', '/a/0/x~1y/z', '/c/d']
  expect(nothing.map((pointer) => valueAt(root, pointer))).toEqual(nothing.map(() => undefined))
  expect(pointerStep('a/b~c/~')).toBe('a~1b~0c~1~0')
  expect(valueAt({ 'a/b~c': 3 }, `/${pointerStep('a/b~c')}`)).toBe(3)
})

test('R-CON-3: a grant ends when it expires, and a revoked one is revoked', () => {
  const revoked = { at: 1, by: 'ada' as never, reason: 'x' }
  expect([9, 10].map((now) => grantState({ expires: 10 }, now))).toEqual(['active', 'expired'])
  expect(grantState({ expires: 10, revoked }, 20)).toBe('revoked')
})

test('R-MCP-3: a tool is trusted until something else is listed, and then until somebody refuses it', () => {
  const pin = (candidate?: object) => (candidate === undefined ? {} : { candidate }) as unknown as ToolPin
  expect([pin(), pin({}), pin({ refused: {} })].map(pinStatus)).toEqual(['trusted', 'pending', 'refused'])
})
