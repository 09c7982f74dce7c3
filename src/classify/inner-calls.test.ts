import { describe, expect, test } from 'vitest'
import type { Digest, ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { operationText } from '../core/operation.ts'
import { createClassifier } from './create-classifier.ts'

const classifier = createClassifier({
  servers: new Map([
    ['github' as ServerKey, { catalogue: 'github' }],
    ['fs' as ServerKey, { catalogue: 'filesystem' }],
    [
      'hub' as ServerKey,
      { tools: { go: { actions: ['tool.call'] as const, arguments: { what: 'call', note: 'plain' } } } },
    ],
  ]),
  control: { folders: [], files: [], ports: [] },
  home: '/home/nobody',
  agents: 'shipped',
})

function run(name: string, input: JsonObject, description = ''): readonly string[] {
  const [server = '', tool = ''] = name.split('__')
  return classifier
    .classify(
      {
        door: 'mcp',
        kind: 'tool',
        server: server as ServerKey,
        tool,
        definition: { digest: 'x' as Digest, name: tool, description },
        arguments: input,
        fileSystem: 'remote',
        correlation: { requestId: '1' },
      },
      { workspace: '/work' },
    )
    .operations.map((one) => `${operationText(one)}${one.opaque ? ' ?' : ''} @${one.origin.pointer}`)
}

const READ = { path: 'a.ts' }

describe('R-CLS-2: a tool that runs tools is decided on what they would do', () => {
  test.each<[string, string, JsonObject]>([
    ['by name', 'fs__call_tool', { name: 'read_text_file', arguments: READ }],
    ['by JSON in text', 'fs__execute_tool', { tool_name: 'read_text_file', input: JSON.stringify(READ) }],
    ['of another server', 'hub__call_tool', { server: 'fs', tool: 'read_text_file', args: READ }],
    ['by a full name', 'hub__invoke_tool', { tool: 'mcp__fs__read_text_file', params: READ }],
  ])('%s', (_, name, input) => {
    const found = run(name, input)
    expect(found).toContain('tool.call Tool fs/read_text_file @' + (found[1]?.split('@')[1] ?? ''))
    expect(found.some((one) => one.startsWith('file.read File a.ts @'))).toBe(true)
    expect(found.filter((one) => one.includes(' ?'))).toEqual([])
    expect(found.some((one) => one.startsWith('code.execute'))).toBe(false)
  })

  test('each call of a list counts, with where it stands', () => {
    const found = run(
      'claude-code__multi_tool_use.parallel',
      {
        tool_uses: [
          { recipient_name: 'functions.Read', parameters: { file_path: '/work/a.ts' } },
          { recipient_name: 'functions.Bash', parameters: { command: 'rm -rf /' } },
        ],
      },
      'Runs several tools.',
    )
    expect(found).toContain('file.read File a.ts @/tool_uses/0/parameters/file_path')
    expect(
      found.some((one) => one.startsWith('file.delete Directory / ') && one.includes('@/tool_uses/1/')),
    ).toBe(true)
  })

  test('calls in the form of a model’s API', () => {
    const calls = [
      { type: 'function', function: { name: 'write_file', arguments: '{"path":"x","content":"y"}' } },
    ]
    expect(run('fs__run_tools', { tool_calls: calls })).toContain(
      'file.write File x @/tool_calls/0/function/arguments/path',
    )
  })

  test('an administrator says which argument holds calls', () => {
    expect(
      run('hub__go', { what: { server: 'fs', tool: 'write_file', arguments: { path: 'x' } } }),
    ).toContain('file.write File x @/what/arguments/path')
    expect(run('hub__go', { what: 'anything' })).toContain('code.execute Program ? ? @/what')
  })

  test('an inner tool that nobody described is unknown, whatever its name', () => {
    expect(run('hub__call_tool', { name: 'get_note', arguments: {} })).toContain(
      'tool.call Tool hub/get_note ? @/arguments',
    )
  })

  test.each<[string, JsonObject]>([
    ['no call', {}],
    ['arguments that are no object', { name: 'read_text_file', arguments: 'x' }],
    ['a list with something else in it', { calls: [{ name: 'read_text_file', arguments: READ }, 7] }],
    ['an empty list', { calls: [] }],
  ])('%s stays whatever a tool could do', (_, input) => {
    expect(run('fs__call_tool', input)).toContain('code.execute Program ? ? @')
  })

  test('what stands beside the calls is looked at, and calls in calls end somewhere', () => {
    const beside = run('fs__call_tool', { name: 'read_text_file', arguments: READ, command: 'rm -rf /' })
    expect(beside.some((one) => one.startsWith('code.execute'))).toBe(true)
    let deep: JsonObject = { name: 'read_text_file', arguments: READ }
    for (let level = 0; level < 12; level += 1) deep = { name: 'call_tool', arguments: deep }
    expect(run('fs__call_tool', deep)).toContainEqual(expect.stringContaining('code.execute Program ? ?'))
    const many = Array.from({ length: 100 }, () => ({ name: 'read_text_file', arguments: READ }))
    const wide = Array.from({ length: 100 }, () => ({ name: 'call_tool', arguments: { calls: many } }))
    expect(run('fs__call_tool', { calls: wide }).length).toBeLessThan(2_000)
    const more = run('fs__call_and_delete_tool', { name: 'read_text_file', arguments: READ })
    expect(more.some((one) => one.startsWith('data.delete'))).toBe(true)
  })
})
