import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { operationText } from '../../core/operation.ts'
import type { ServerKey } from '../../core/ids.ts'
import { createClassifier } from '../create-classifier.ts'
import { NODE_FILE_SYSTEM } from '../file-system.ts'

const classifier = createClassifier({
  servers: new Map(),
  control: { folders: [], files: [], ports: [] },
  fs: NODE_FILE_SYSTEM,
  home: '/home/u',
  agents: 'shipped',
})

function read(agent: string, tool: string, input: JsonObject): string[] {
  const call = {
    door: 'hook',
    kind: 'tool',
    server: agent as ServerKey,
    tool,
    arguments: input,
    fileSystem: 'shared',
    correlation: { requestId: '1' },
  } as const
  return classifier
    .classify(call, { workspace: '/workspace-of-nobody' })
    .operations.slice(1)
    .map((each) => `${operationText(each)}${each.opaque ? ' ?' : ''}`)
}

const PATCH =
  '*** Begin Patch\n*** Add File: a.md\n+x\n*** Update File: src/b.ts\n*** Move to: src/c.ts\n@@\n-x\n+y\n*** Delete File: .github/workflows/ci.yml\n*** End Patch'
const PATCHED = [
  'file.write File a.md',
  'file.move File src/b.ts',
  'file.read File src/b.ts',
  'file.write File src/c.ts',
  'file.delete File .github/workflows/ci.yml',
  'control.weaken File .github/workflows/ci.yml',
]

describe('R-CLS-2: built-in tools of agents', () => {
  test.each<[string, string, JsonObject, string[]]>([
    ['claude-code', 'Bash', { command: 'cat .env', description: 'x' }, ['file.read File .env']],
    ['claude-code', 'Read', { file_path: 'a.ts', limit: 3 }, ['file.read File a.ts']],
    [
      'claude-code',
      'Edit',
      { file_path: 'a.ts', old_string: 'a', new_string: 'b' },
      ['file.write File a.ts'],
    ],
    ['claude-code', 'Glob', { pattern: '/etc/**' }, ['file.list Directory .', 'file.list Directory /etc']],
    ['claude-code', 'Grep', { pattern: 'x' }, ['file.read Directory .']],
    [
      'claude-code',
      'WebFetch',
      { url: 'https://a.example/x', prompt: 'p' },
      ['net.fetch Url https://a.example/x'],
    ],
    [
      'claude-code',
      'Task',
      { prompt: 'x', description: 'y', subagent_type: 'z' },
      ['agent.delegate Server claude-code'],
    ],
    ['claude-code', 'TodoWrite', { todos: [] }, []],
    ['codex', 'shell', { command: ['bash', '-lc', 'ls src'] }, ['file.list File src']],
    [
      'codex',
      'exec_command',
      { cmd: 'ls', workdir: '/etc' },
      ['file.list Directory /etc', 'file.list Directory /etc'],
    ],
    ['codex', 'apply_patch', { input: PATCH }, PATCHED],
    ['codex', 'apply_patch', { command: PATCH }, PATCHED],
    [
      'gemini',
      'run_shell_command',
      { command: 'cat x', dir_path: 'src' },
      ['file.read File src/x', 'file.list Directory src'],
    ],
    ['gemini', 'read_many_files', { include: ['a', '.env'] }, ['file.read File a', 'file.read File .env']],
    ['copilot', 'create', { path: 'AGENTS.md', file_text: '' }, ['file.write File AGENTS.md']],
    [
      'cursor',
      'Shell',
      { command: 'rm x', working_directory: '/' },
      ['file.delete File /x', 'file.list Directory /'],
    ],
    ['cursor', 'Delete', { path: 'a.ts' }, ['file.delete File a.ts']],
    ['opencode', 'bash', { command: 'ls' }, ['file.list Directory .']],
    ['opencode', 'write', { filePath: 'a', content: '' }, ['file.write File a']],
  ])('%s %s %j', (agent, tool, input, expected) => {
    expect(read(agent, tool, input)).toEqual(expected)
  })

  test('a folder to work in that is no text leaves nothing understood', () => {
    expect(read('cursor', 'Shell', { command: 'cat x', working_directory: 7 })[0]).toContain('/?/x')
    expect(read('codex', 'apply_patch', { input: 'rm -rf' }).every((text) => text.endsWith('?'))).toBe(true)
    expect(read('codex', 'apply_patch', { input: '*** Begin Patch\n*** Rename File: a' }).at(-1)).toMatch(
      /\?$/,
    )
  })

  test('an argument that the agent did not have when it was described is not understood', () => {
    const [call] = classifier.classify(
      {
        door: 'hook',
        kind: 'tool',
        server: 'claude-code' as ServerKey,
        tool: 'Bash',
        arguments: { command: 'ls', dangerouslyDisableSandbox: true },
        fileSystem: 'shared',
        correlation: { requestId: '1' },
      },
      { workspace: '/workspace-of-nobody' },
    ).operations
    expect(call?.opaque).toBe(true)
  })
})
