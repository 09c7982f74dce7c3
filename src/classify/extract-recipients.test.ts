import { expect, test } from 'vitest'
import type { ServerKey } from '../core/ids.ts'
import type { Json } from '../core/json.ts'
import { extractMoney, extractRecipient } from './extract-recipients.ts'
import type { ExtractionContext } from './extract.ts'

const context = {
  server: 's' as ServerKey,
  actions: ['message.send'],
  pointer: '/to',
} as unknown as ExtractionContext

function to(value: Json): string[] {
  return extractRecipient(value, context).map(({ resource, opaque }) => `${resource.id}${opaque ? ' ?' : ''}`)
}

test.each<[Json, string[]]>([
  ['Ada@Example.COM', ['ada@example.com']],
  ['mailto:ada@example.com', ['ada@example.com']],
  [
    'Ada <ada@example.com>, "B" <b@example.org>; c@example.net',
    ['ada@example.com', 'b@example.org', 'c@example.net'],
  ],
  [
    ['a@example.com', 'b@example.com'],
    ['a@example.com', 'b@example.com'],
  ],
  [[{ email: 'a@example.com', name: 'A' }], ['a@example.com', 'A']],
  ['#general', ['#general']],
  ['C024BE91L', ['C024BE91L']],
  ['a@bücher.example', ['a@xn--bcher-kva.example']],
  ['a@exam\u200bple.com', ['? ?']],
  ['\u202ea@example.com', ['? ?']],
  ['', ['? ?']],
  [null, ['? ?']],
  [{ other: 1 }, ['? ?']],
])('R-CLS-1: a message to %j goes to %j', (value, expected) => {
  expect(to(value)).toEqual(expected)
})

test('R-CLS-1: an address lies in its domains; a list too long is not understood to its end', () => {
  expect(extractRecipient('a@mail.example.com', context)[0]?.resource).toEqual({
    type: 'Recipient',
    id: 'a@mail.example.com',
    ancestors: ['mail.example.com', 'example.com'].map((id) => ({ type: 'Domain', id })),
  })
  expect(to(Array.from({ length: 5_000 }, (_, at) => `u${at}@example.com`)).at(-1)).toBe('? ?')
})

test('R-CLS-1: money goes to an account', () => {
  const money = { ...context, actions: ['money.send'] as const }
  expect(extractMoney('DE89370400440532013000', money)).toMatchObject([
    { action: 'money.send', resource: { type: 'Account', id: 'DE89370400440532013000' }, opaque: false },
  ])
  expect(extractMoney(null, money)).toMatchObject([{ opaque: true }])
})
