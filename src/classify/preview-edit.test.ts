import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { createClassifier } from './create-classifier.ts'

const server = 'filesystem' as ServerKey
const classifier = createClassifier({
  servers: new Map([[server, { catalogue: 'filesystem' }]]),
  control: { folders: [], files: [], ports: [] },
})
let workspace: string

beforeAll(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'remit-preview-')))
  writeFileSync(join(workspace, 'a.txt'), 'one\ntwo\n')
  writeFileSync(join(workspace, 'binary'), Buffer.from([1, 0, 2]))
})

afterAll(() => rmSync(workspace, { recursive: true }))

function preview(tool: string, args: JsonObject): unknown {
  return classifier.previewEdit(
    {
      door: 'mcp',
      kind: 'tool',
      server,
      tool,
      arguments: args,
      fileSystem: 'shared',
      correlation: { requestId: '1' },
    },
    { workspace },
  )
}

test('R-CON-1: a write is shown with what the file holds now', () => {
  expect(preview('write_file', { path: 'a.txt', content: 'new\n' })).toEqual({
    before: 'one\ntwo\n',
    after: 'new\n',
  })
  expect(preview('write_file', { path: 'b.txt', content: 'new\n' })).toEqual({ before: '', after: 'new\n' })
})

test('R-CON-1: replacements are applied in order, and one that matches nothing shows nothing', () => {
  const edits = [
    { oldText: 'one', newText: 'two' },
    { oldText: 'two', newText: 'three' },
  ]
  expect(preview('edit_file', { path: 'a.txt', edits })).toEqual({
    before: 'one\ntwo\n',
    after: 'three\ntwo\n',
  })
  expect(preview('edit_file', { path: 'a.txt', edits: [{ oldText: 'x', newText: 'y' }] })).toBeUndefined()
})

test.each([
  ['read_text_file', { path: 'a.txt' }],
  ['write_file', { path: 'binary', content: 'x' }],
  ['write_file', { path: '.', content: 'x' }],
  ['write_file', { path: 'a.txt', content: 7 }],
  ['write_file', { path: 'a.txt', content: 'x'.repeat(300_000) }],
  ['edit_file', { path: 'a.txt', edits: 'none' }],
])('%s with %j has no preview', (tool, args) => {
  expect(preview(tool, args)).toBeUndefined()
})
