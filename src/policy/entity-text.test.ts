import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { parseEntityText } from './entity-text.ts'
import { quote } from './print-expression.ts'

test('an id of any text is read as it was written', () => {
  assert(
    property(string({ unit: 'binary' }), (id) => {
      expect(parseEntityText(`App::File::${quote(id)}`)).toEqual({ type: 'App::File', id })
    }),
  )
})

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
