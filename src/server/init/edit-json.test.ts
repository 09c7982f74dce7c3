import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isJsonObject, type Json } from '../../core/json.ts'
import { editJson, type JsonEdit } from './edit-json.ts'
import { parseJsonDocument } from './json-document.ts'

const set = (at: readonly string[], value: Json): JsonEdit => ({ change: 'set', at, value })
const remove = (...at: string[]): JsonEdit => ({ change: 'remove', at })
const append = (at: readonly string[], value: Json): JsonEdit => ({ change: 'append', at, value })

const WRITTEN = `// mine
{
\t"mcpServers": {
\t\t// the forge
\t\t"a": {"x":1}, // first
\t\t"b": {"y": 2}, /* between */ // second
\t\t"c": 3 // third
\t},
\t"z": [1,2,],
\t"unknown": { "kept" : true }
}
`

test.each([
  ['the first goes', [remove('mcpServers', 'a')], '"a": {"x":1}, // first\n\t\t"b"', '// first\n\t\t"b"'],
  [
    'the last goes, and with it the comma before it',
    [remove('mcpServers', 'c')],
    '2}, /* between */ // second\n\t\t"c": 3 // third',
    '2} /* between */ // second\n\t\t// third',
  ],
  [
    'one more, behind the comment of the one before',
    [set(['mcpServers', 'remit'], { command: 'r' })],
    '"c": 3 // third\n',
    '"c": 3, // third\n\t\t"remit": {\n\t\t\t"command": "r"\n\t\t}\n',
  ],
  ['one more in a list on one line', [append(['z'], 3)], '[1,2,]', '[1,2, 3]'],
  [
    'new objects, as deep as they are',
    [append(['hooks', 'Pre'], 'x')],
    '{ "kept" : true }\n',
    '{ "kept" : true },\n\t"hooks": {\n\t\t"Pre": [\n\t\t\t"x"\n\t\t]\n\t}\n',
  ],
  ['another value', [set(['unknown', 'kept'], false)], '"kept" : true', '"kept" : false'],
])('R-AGT-2: %s, and nothing else changes', (_what, edits, before, after) => {
  expect(WRITTEN).toContain(before)
  expect(editJson('f', WRITTEN, edits)).toBe(WRITTEN.replace(before, () => after))
  const windows = (text: string): string => text.replaceAll('\n', '\r\n')
  expect(editJson('f', `\uFEFF${windows(WRITTEN)}`, edits)).toBe(
    `\uFEFF${windows(WRITTEN.replace(before, () => after))}`,
  )
})

test('R-AGT-2: a file that is new, empty, or of one line gets what it needs, and no line feed that it had not', () => {
  expect(editJson('f', '', [set(['a', 'b'], 1)])).toBe('{\n  "a": {\n    "b": 1\n  }\n}')
  expect(editJson('f', '{"a":{"b":1}}', [set(['a', 'c'], [2])])).toBe('{"a":{"b":1, "c": [2]}}')
  expect(editJson('f', '{\n    "a": {}\n}\n', [set(['a', 'c'], { d: 2 })])).toBe(
    '{\n    "a": {\n        "c": {\n            "d": 2\n        }\n    }\n}\n',
  )
})

test('R-AGT-2: what is no JSON is told with line and column, and a key that is there twice is not guessed at', () => {
  expect(() => parseJsonDocument('~/.mcp.json', '{\n  "a": ,\n}')).toThrow('~/.mcp.json:2:8: not valid JSON')
  expect(() => editJson('f', '[]', [])).toThrow('f:1:1: must hold a JSON object')
  expect(() => editJson('f', '{"a":{"b":1},"a":{"b":2}}', [remove('a', 'b')])).toThrow('by hand')
})

test('R-AGT-2: whatever is added to any document and taken out again leaves its value as it was', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.string(),
      fc.jsonValue(),
      fc.constantFrom(0, 2, '\t'),
      (document, key, value, indent) => {
        fc.pre(!Object.hasOwn(document, key) && key !== '__proto__')
        const text = JSON.stringify(document, undefined, indent)
        const added = editJson('f', text, [set([key], JSON.parse(JSON.stringify(value)) as Json)])
        const back = parseJsonDocument('f', editJson('f', added, [remove(key)])).value
        expect(isJsonObject(back) && back).toEqual(JSON.parse(text))
      },
    ),
    { numRuns: 200, seed: 20_261_127 },
  )
})
