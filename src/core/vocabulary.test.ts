import { expect, test } from 'vitest'
import { groupsOf, isAction } from './actions.ts'
import { asRemitError, RemitError } from './errors.ts'
import { isServerKey, newId } from './ids.ts'
import { isJsonObject } from './json.ts'
import { isLabel } from './labels.ts'
import { operationText } from './operation.ts'
import { entityText } from './resource.ts'

test('R-POL-6: only the words of the vocabulary are actions and labels', () => {
  expect(['file.read', 'approve'].every(isAction)).toBe(true)
  expect(['read', 'file.reed', 'constructor', '__proto__', ''].some(isAction)).toBe(false)
  expect(['secret', 'remit-control'].every(isLabel)).toBe(true)
  expect(['Secret', 'toString', ''].some(isLabel)).toBe(false)
  expect(groupsOf('git.delete')).toEqual(['write', 'destructive'])
})

test('R-MCP-1: keys of servers leave no room for `__`', () => {
  expect(['a', 'git-hub', '0', 'a'.repeat(32)].every(isServerKey)).toBe(true)
  expect(['', '-a', 'a_b', 'A', 'a'.repeat(33), 'a b', 'xA', 'a!'].some(isServerKey)).toBe(false)
})

test('ids hold every bit of their randomness, in Crockford’s base 32', () => {
  expect(newId('tsk', new Uint8Array(16))).toBe(`tsk_${'0'.repeat(26)}`)
  expect(newId('tsk', new Uint8Array(16).fill(255))).toBe(`tsk_${'z'.repeat(25)}w`)
  expect(newId('x', Uint8Array.of(1, 2, 3, 4, 5))).toBe('x_04106105')
  expect(newId('x', Uint8Array.of(0b11111_000, 0b01_000000))).toBe('x_z100')
})

test('an error carries its code, status, text for the caller and detail for the log', () => {
  const cause = new Error('disk')
  const error = new RemitError('ledger_unavailable', 'no', { detail: 'd', cause, data: { retry: 1 } })
  expect(error).toMatchObject({ name: 'RemitError', code: 'ledger_unavailable', status: 503, detail: 'd' })
  expect([error.message, error.cause, error.data]).toEqual(['no', cause, { retry: 1 }])
  const bare = new RemitError('not_found', 'no')
  expect([Object.hasOwn(bare, 'cause'), bare.detail, bare.data]).toEqual([false, undefined, undefined])
})

test('R-SEC-1: whatever else is thrown is shown as an error of the gateway, and kept for the log', () => {
  const known = new RemitError('not_found', 'no')
  expect(asRemitError(known)).toBe(known)
  const cause = new Error('secret path')
  const wrapped = asRemitError(cause)
  expect([wrapped.code, wrapped.cause]).toEqual(['internal', cause])
  expect(wrapped.message).toBe('something failed inside the gateway; its log says what')
  expect(wrapped.detail).toContain('vocabulary.test')
  const bare = Object.assign(new Error('x'), { stack: undefined })
  expect(asRemitError(bare).detail).toBe('x')
  expect(asRemitError('text').detail).toBe('text')
})

test('objects, entities and operations as text', () => {
  expect([{}, { a: 1 }].every(isJsonObject)).toBe(true)
  expect([null, [], 'a', 1, undefined].some(isJsonObject)).toBe(false)
  expect(entityText({ type: 'File', id: 'a"b' })).toBe(String.raw`File::"a\"b"`)
  const resource = { type: 'File', id: 'a b', ancestors: [] } as const
  expect(
    operationText({ action: 'file.read', resource, labels: [], opaque: false, origin: { pointer: '' } }),
  ).toBe('file.read File a b')
})
