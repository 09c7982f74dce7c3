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
  ['"Doe, Jane (x@evil.test)" <jane@example.com>', ['jane@example.com']],
  ['boss@example.com <mallory@evil.test>', ['mallory@evil.test']],
  ['ada@example.com (not mallory@evil.test), b@example.org', ['ada@example.com', 'b@example.org']],
  ['Team: a@example.com, b@example.com;', ['a@example.com', 'b@example.com']],
  ['"ada"@example.com', ['ada@example.com']],
  ['"a@b"@example.com', ['"a@b"@example.com']],
  ['a@example.com@evil.test', ['? ?']],
  ['ada@example.com?bcc=mallory@evil.test', ['? ?']],
  ['ada@example.com:25', ['? ?']],
  ['"ada@example.com, b@example.org', ['? ?']],
  ['ada@example.com\nBcc: m@evil.test', ['? ?']],
  ['<@u024be7lh|ada>', ['U024BE7LH']],
  ['<#C024BE91L|general>', ['C024BE91L']],
  ['<!channel>', ['@channel']],
  ['@ada', ['@ada']],
  ['+49 (0) 170 123-4567', ['+491701234567']],
  ['whatsapp:+491701234567', ['+491701234567']],
  ['0049 170 1234567', ['+491701234567']],
  ['0170 1234567', ['0170 1234567']],
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
  const account = (value: Json) => extractMoney(value, money)[0]?.resource.id
  expect(account('de89 3704 0044 0532 0130 00')).toBe('DE89370400440532013000')
  expect(account('DE88 3704 0044 0532 0130 00')).toBe('DE88 3704 0044 0532 0130 00')
  expect(extractMoney(null, money)).toMatchObject([{ opaque: true }])
})

test('R-CLS-4: letters of several scripts in one name are a disguise', () => {
  const labels = (value: string) => extractRecipient(value, context)[0]?.labels
  expect(labels('аda@example.com')).toEqual(['obfuscated'])
  expect(labels('ada@exаmple.com')).toEqual(['obfuscated'])
  expect(labels('ada@пример.test')).toEqual([])
  expect(labels('ada@bücher.example')).toEqual([])
})
