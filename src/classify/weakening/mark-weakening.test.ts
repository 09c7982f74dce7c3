import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ServerKey } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Classifier } from '../classify.ts'
import { createClassifier } from '../create-classifier.ts'

const FILES = {
  'test/cart.test.ts': "test('adds', () => {\n  expect(add(1, 2)).toBe(3)\n})\n",
  'test/helper.ts': 'export const one = 1\n',
  'src/cart.ts': 'export const add = (a: number, b: number) => a + b\n',
  '.github/workflows/ci.yml': 'jobs:\n  a:\n    steps:\n      - run: npm test\n',
  '.eslintrc.json': '{ "rules": { "no-eval": "error" } }\n',
}
let workspace = ''
let classifier: Classifier

beforeAll(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'remit-weaken-')))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), text)
  }
  classifier = createClassifier({
    servers: new Map([
      ['fs' as ServerKey, { catalogue: 'filesystem' }],
      ['github' as ServerKey, { catalogue: 'github' }],
    ]),
    control: { folders: [], files: [], ports: [] },
    agents: 'shipped',
  })
})
afterAll(() => rmSync(workspace, { recursive: true }))

/** Files of which the call loosens a test or a check. */
function weakened(server: string, tool: string, input: JsonObject): readonly string[] {
  const { operations } = classifier.classify(
    {
      door: 'hook',
      kind: 'tool',
      server: server as ServerKey,
      tool,
      arguments: input,
      fileSystem: server === 'github' ? 'none' : 'shared',
      root: workspace,
      correlation: { requestId: '1' },
    },
    { workspace },
  )
  return operations.filter(({ action }) => action === 'control.weaken').map(({ resource }) => resource.id)
}

const TEST = 'test/cart.test.ts'
const REMOTE = 'o/r'
const NOTHING: readonly string[] = []

describe('R-CLS-1: a call that loosens a control says so, whatever its door', () => {
  test.each<[string, string, JsonObject, readonly string[]]>([
    ['claude-code', 'Edit', { file_path: TEST, old_string: 'test(', new_string: 'test.skip(' }, [TEST]],
    [
      'claude-code',
      'Edit',
      { file_path: TEST, old_string: '  expect(add(1, 2)).toBe(3)\n', new_string: '' },
      [TEST],
    ],
    ['claude-code', 'Edit', { file_path: TEST, old_string: 'adds', new_string: 'sums' }, NOTHING],
    [
      'claude-code',
      'MultiEdit',
      {
        file_path: TEST,
        edits: [
          { old_string: 'adds', new_string: 'sums' },
          { old_string: 'test(', new_string: 'test.only(' },
        ],
      },
      [TEST],
    ],
    ['claude-code', 'Write', { file_path: TEST, content: "test('adds', () => {})\n" }, [TEST]],
    [
      'claude-code',
      'Write',
      { file_path: TEST, content: `${FILES[TEST]}test('b', () => { expect(add(2, 2)).toBe(4) })\n` },
      NOTHING,
    ],
    [
      'claude-code',
      'Write',
      { file_path: 'test/new.test.ts', content: "test.skip('later', () => {})\n" },
      NOTHING,
    ],
    [
      'claude-code',
      'Write',
      { file_path: 'src/cart.ts', content: '// eslint-disable\nexport const add = 1\n' },
      ['src/cart.ts'],
    ],
    [
      'claude-code',
      'Write',
      { file_path: '.eslintrc.json', content: '{ "rules": { "no-eval": "off" } }\n' },
      ['.eslintrc.json'],
    ],
    ['fs', 'write_file', { path: TEST, content: '' }, [TEST]],
    ['fs', 'edit_file', { path: TEST, edits: [{ oldText: 'toBe(3)', newText: 'toBeDefined()' }] }, [TEST]],
    ['fs', 'move_file', { source: TEST, destination: 'test/cart.test.ts.bak' }, [TEST]],
    ['fs', 'move_file', { source: TEST, destination: 'test/unit/cart.test.ts' }, NOTHING],
    ['gemini-cli', 'replace', { file_path: TEST, old_string: 'test(', new_string: 'xtest(' }, [TEST]],
    ['opencode', 'edit', { filePath: TEST, oldString: 'test(', newString: 'test.todo(' }, [TEST]],
    [
      'codex',
      'apply_patch',
      {
        input: `*** Begin Patch\n*** Update File: ${TEST}\n@@\n-test('adds', () => {\n+test.skip('adds', () => {\n*** End Patch`,
      },
      [TEST],
    ],
    ['codex', 'apply_patch', { input: `*** Begin Patch\n*** Delete File: ${TEST}\n*** End Patch` }, [TEST]],
    [
      'codex',
      'apply_patch',
      { input: `*** Begin Patch\n*** Update File: ${TEST}\n@@\n-adds\n+sums\n*** End Patch` },
      NOTHING,
    ],
    [
      'codex',
      'apply_patch',
      {
        input: `diff --git a/${TEST} b/${TEST}\n--- a/${TEST}\n+++ b/${TEST}\n@@ -1,3 +1,2 @@\n test('adds', () => {\n-  expect(add(1, 2)).toBe(3)\n })\n`,
      },
      [TEST],
    ],
    [
      'codex',
      'apply_patch',
      {
        input: `diff --git a/${TEST} b/${TEST}\ndeleted file mode 100644\n--- a/${TEST}\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n`,
      },
      [TEST],
    ],
    ['github', 'delete_file', { owner: 'o', repo: 'r', path: TEST, message: 'm', branch: 'b' }, [REMOTE]],
    ['github', 'get_file_contents', { owner: 'o', repo: 'r', path: TEST }, NOTHING],
  ])('%s %s %j', (server, tool, input, expected) => {
    expect(weakened(server, tool, input)).toEqual(expected)
  })

  test.each<[string, readonly string[]]>([
    [`rm ${TEST}`, [TEST]],
    [`git rm ${TEST}`, [TEST]],
    ['rm -rf test', ['test']],
    [`mv ${TEST} /tmp/x`, [TEST]],
    [`mv ${TEST} test/basket.test.ts`, NOTHING],
    ['rm test/helper.ts', ['test/helper.ts']],
    ['rm src/cart.ts', NOTHING],
    ['rm .github/workflows/ci.yml', ['.github/workflows/ci.yml']],
    [`sed -i 's/test(/test.skip(/' ${TEST}`, [TEST]],
    [`sed -i '/expect/d' ${TEST}`, [TEST]],
    [`sed -i 's/adds/sums/' ${TEST}`, NOTHING],
    [`cat > ${TEST} <<'EOF'\ntest('adds', () => {})\nEOF`, [TEST]],
    [`cat >> src/cart.ts <<'EOF'\nexport const two = 2\nEOF`, NOTHING],
    [`cat > src/http.ts <<'EOF'\nnew Agent({ rejectUnauthorized: false })\nEOF`, ['src/http.ts']],
    [`: > ${TEST}`, [TEST]],
    [`truncate -s 0 ${TEST}`, [TEST]],
    [`echo '{"rules":{"no-eval":"off"}}' > .eslintrc.json`, ['.eslintrc.json']],
    ['echo hello > notes.txt', NOTHING],
  ])('%s', (command, expected) => {
    expect(weakened('claude-code', 'Bash', { command })).toEqual(expected)
  })
})
