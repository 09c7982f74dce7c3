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

test.each([
  ['File::"a"', 'File', 'a'],
  ['App::File_2::""', 'App::File_2', ''],
  [String.raw`File::"\n\r\t\0\"\'\\"`, 'File', '\n\r\t\0"\'\\'],
  [String.raw`File::"\u{10ffff}"`, 'File', '\u{10ffff}'],
  [String.raw`File::"\u{41}\u{1F642}\u0042"`, 'File', 'A🙂B'],
  ['File::"a\nb 🙂"', 'File', 'a\nb 🙂'],
])('%s is an entity', (text, type, id) => {
  expect(parseEntityText(text)).toEqual({ type, id })
})
