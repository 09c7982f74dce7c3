import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../core/json.ts'
import { operationText } from '../../core/operation.ts'
import type { ServerKey } from '../../core/ids.ts'
import type { ToolCall } from '../../core/tool-call.ts'
import { AGENTS } from './agents.ts'
import { createClassifier } from '../create-classifier.ts'
import { NODE_FILE_SYSTEM } from '../file-system.ts'

const classifier = createClassifier({
  servers: new Map(),
  control: { folders: [], files: [], ports: [] },
  fs: NODE_FILE_SYSTEM,
  home: '/home/u',
  agents: 'shipped',
})

function callOf(agent: string, tool: string, input: JsonObject): ToolCall {
  return {
    door: 'hook',
    kind: 'tool',
    server: agent as ServerKey,
    tool,
    arguments: input,
    fileSystem: 'shared',
    correlation: { requestId: '1' },
  }
}

function read(agent: string, tool: string, input: JsonObject): string[] {
  return classifier
    .classify(callOf(agent, tool, input), { workspace: '/workspace-of-nobody' })
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
    ['opencode', 'patch', { patchText: PATCH }, PATCHED],
    ['copilot', 'apply_patch', { input: PATCH }, PATCHED],
    ['vscode', 'apply_patch', { input: PATCH, explanation: 'x' }, PATCHED],
    ['cline', 'apply_patch', { input: PATCH }, PATCHED],
    [
      'cline',
      'run_commands',
      { commands: ['cat .env', { command: 'rm', args: ['a b'] }] },
      ['file.read File .env', 'file.delete File a b'],
    ],
    ['cline', 'run_commands', { commands: [7] }, ['shell.execute Program ? ?']],
    ['cline', 'run_commands', {}, ['shell.execute Program ? ?']],
    [
      'cline',
      'read_files',
      { files: [{ path: 'a.ts', start_line: 1 }, { path: '.env' }] },
      ['file.read File a.ts', 'file.read File .env'],
    ],
    [
      'cline',
      'fetch_web_content',
      { requests: [{ url: 'https://a.example/', prompt: 'p' }] },
      ['net.fetch Url https://a.example/'],
    ],
    ['cline', 'editor', { path: 'a.ts', new_text: 'x' }, ['file.write File a.ts']],
    ['cline', 'spawn_agent', { systemPrompt: 's', task: 't' }, ['agent.delegate Server cline']],
    ['windsurf', 'run_command', { command_line: 'cat .env' }, ['file.read File .env']],
    ['windsurf', 'write_code', { file_path: 'a.ts', edits: [] }, ['file.write File a.ts']],
    ['devin', 'exec', { command: 'cat .env', shell_id: 'main' }, ['file.read File .env']],
    ['devin', 'run_subagent', { profile: 'p', task: 't' }, ['agent.delegate Server devin']],
    [
      'kiro',
      'fs_read',
      {
        operations: [
          { mode: 'Line', path: '.env' },
          { mode: 'Directory', path: 'src' },
          { mode: 'Image', image_paths: ['a.png'] },
        ],
      },
      ['file.read File .env', 'file.list Directory src', 'file.read File a.png'],
    ],
    ['kiro', 'read', { operations: [{ mode: 'New', path: 'a' }] }, ['file.read Directory ? ?']],
    [
      'kiro',
      'execute_bash',
      { command: 'cat x', working_dir: 'src' },
      ['file.read File src/x', 'file.list Directory src'],
    ],
    ['kiro', 'write', { command: 'create', path: 'a', content: '' }, ['file.write File a']],
    ['vscode', 'run_in_terminal', { command: 'cat .env', explanation: 'x' }, ['file.read File .env']],
    [
      'vscode',
      'multi_replace_string_in_file',
      { explanation: 'x', replacements: [{ filePath: 'a' }, { filePath: '.github/workflows/ci.yml' }] },
      ['file.write File a', 'file.write File .github/workflows/ci.yml'],
    ],
    ['vscode', 'bash', { command: 'ls' }, ['file.list Directory .']],
    [
      'vscode',
      'fetch_webpage',
      { urls: ['https://a.example/'], query: 'q' },
      ['net.fetch Url https://a.example/'],
    ],
    [
      'gemini',
      'web_fetch',
      { prompt: 'sum up HTTPS://a.example/x, and (https://b.example/y?q=1).' },
      ['net.fetch Url https://a.example/x', 'net.fetch Url https://b.example/y?q=1'],
    ],
    ['gemini', 'web_fetch', { prompt: 'that page' }, ['net.fetch Host ? ?']],
    [
      'claude-code',
      'NotebookEdit',
      { notebook_path: 'a.ipynb', new_source: 'x' },
      ['file.write File a.ipynb'],
    ],
    ['claude-code', 'MultiEdit', { file_path: 'a.ts', edits: [] }, ['file.write File a.ts']],
    ['claude-code', 'Skill', { skill: 's' }, ['code.execute Program ? ?']],
    ['claude-code', 'SlashCommand', { command: '/x' }, ['code.execute Program ? ?']],
    ['claude-code', 'BashOutput', { bash_id: 'b' }, []],
    ['claude-code', 'KillShell', { shell_id: 'b' }, []],
    ['claude-code', 'WebSearch', { query: 'q' }, ['net.fetch Host ? ?']],
    ['opencode', 'webfetch', { url: 'https://a.example/' }, ['net.fetch Url https://a.example/']],
    ['opencode', 'task', { prompt: 'p', description: 'd' }, ['agent.delegate Server opencode']],
    ['opencode', 'todowrite', { todos: [] }, []],
    ['gemini', 'activate_skill', { name: 's' }, ['code.execute Program ? ?']],
    ['gemini', 'save_memory', { fact: 'f' }, ['agent.configure Server gemini']],
  ])('%s %s %j', (agent, tool, input, expected) => {
    expect(read(agent, tool, input)).toEqual(expected)
  })

  test.each([...AGENTS.keys()])('R-AGT-1: a tool of %s that was not described is not understood', (agent) => {
    for (const tool of ['brand_new_tool', 'read_everything', 'get_status', 'list_things']) {
      const call = callOf(agent, tool, { path: 'a' })
      const found = classifier.classify(call, { workspace: '/workspace-of-nobody' })
      expect(found.operations.some(({ opaque }) => opaque)).toBe(true)
    }
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
