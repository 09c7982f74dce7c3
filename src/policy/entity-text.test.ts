import { expect, test } from 'vitest'
import { parseEntityText } from './entity-text.ts'

test.each([
  'File',
  'File::a',
  'File::"a',
  'File::"a"b"',
  'File::"a" ',
  '::"a"',
  '9::"a"',
  String.raw`File::"\q"`,
  String.raw`File::"\u{110000}"`,
])('%s is no entity', (text) => {
  expect(parseEntityText(text)).toBeUndefined()
})
