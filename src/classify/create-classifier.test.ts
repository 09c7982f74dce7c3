import * as fc from 'fast-check'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ServerKey } from '../core/ids.ts'
import { LABELS } from '../core/labels.ts'
import type { JsonObject } from '../core/json.ts'
import { operationText } from '../core/operation.ts'
import type { ToolCall } from '../core/tool-call.ts'
import { FILESYSTEM } from './catalogue/filesystem.ts'
import { MEMORY } from './catalogue/memory.ts'
import type { Classification, Classifier } from './classify.ts'
import { createClassifier } from './create-classifier.ts'
import type { ServerDescription } from './describe-tools.ts'
import { NODE_FILE_SYSTEM } from './file-system.ts'

let workspace = ''
let classifier: Classifier
beforeAll(() => {
  workspace = mkdtempSync(join(realpathSync(tmpdir()), 'remit-classify-'))
  mkdirSync(join(workspace, 'src'))
  writeFileSync(join(workspace, 'src/a.ts'), '')
  classifier = make({ fs: { catalogue: 'filesystem' }, memory: { catalogue: 'memory' } })
})
afterAll(() => rmSync(workspace, { recursive: true }))

function make(servers: Record<string, ServerDescription>): Classifier {
  return createClassifier({
    servers: new Map(Object.entries(servers) as [ServerKey, ServerDescription][]),
    control: { folders: [join(workspace, '.remit')], files: [], ports: [] },
    home: '/home/nobody',
  })
}

function run(name: string, input: JsonObject, more: Partial<ToolCall> = {}, by = classifier): Classification {
  const [server = '', tool = ''] = name.split('__')
  const call: ToolCall = {
    door: 'mcp',
    kind: 'tool',
    server: server as ServerKey,
    tool,
    arguments: input,
    fileSystem: 'shared',
    correlation: { requestId: '1' },
    ...more,
  }
  return by.classify(call, { workspace })
}

function texts(result: Classification): string[] {
  return result.operations.map((operation) => `${operationText(operation)}${operation.opaque ? ' ?' : ''}`)
}

describe('R-CLS-2: the filesystem server', () => {
  test.each<[string, JsonObject, string[]]>([
    ['read_file', { path: 'src/a.ts' }, ['file.read File src/a.ts']],
    ['read_text_file', { path: 'src/a.ts', head: 3 }, ['file.read File src/a.ts']],
    ['read_media_file', { path: 'x.png' }, ['file.read File x.png']],
    ['read_multiple_files', { paths: ['a', '.env'] }, ['file.read File a', 'file.read File .env']],
    ['write_file', { path: 'docs/a.md', content: '/etc/passwd' }, ['file.write File docs/a.md']],
    ['edit_file', { path: 'src/a.ts', edits: [] }, ['file.write File src/a.ts', 'file.read File src/a.ts']],
    ['create_directory', { path: 'new/deep' }, ['file.write Directory new/deep']],
    ['list_directory', { path: 'src' }, ['file.list Directory src']],
    ['list_directory_with_sizes', { path: '.' }, ['file.list Directory .']],
    ['directory_tree', { path: 'src' }, ['file.list Directory src']],
    ['search_files', { path: 'src', pattern: '*' }, ['file.list Directory src']],
    ['get_file_info', { path: 'src/a.ts' }, ['file.list File src/a.ts']],
    ['move_file', { source: 'src', destination: 'lib' }, ['file.move Directory src', 'file.write File lib']],
    ['list_allowed_directories', {}, []],
  ])('%s', (tool, input, expected) => {
    const result = run(`fs__${tool}`, input)
    expect(texts(result)).toEqual([`tool.call Tool fs/${tool}`, ...expected])
    expect(result.inferred).toBe(false)
  })

  test('the catalogue has exactly the tools of the server that is installed', () => {
    const toolsOf = (name: string) => {
      const source = readFileSync(join('node_modules/@modelcontextprotocol', name, 'dist/index.js'), 'utf8')
      return new Set([...source.matchAll(/registerTool\("(\w+)"/g)].map((found) => found[1]))
    }
    expect(new Set(FILESYSTEM.keys())).toEqual(toolsOf('server-filesystem'))
    expect(new Set(MEMORY.keys())).toEqual(toolsOf('server-memory'))
  })

  test('an operation says where it lies and where the call says so', () => {
    const [call, read] = run('fs__read_multiple_files', {
      paths: ['x', 'src/deep/.env'],
    }).operations.toSpliced(1, 1)
    expect(call?.resource.ancestors).toEqual([{ type: 'Server', id: 'fs' }])
    expect(read).toMatchObject({
      labels: ['secret'],
      origin: { pointer: '/paths/1' },
      resource: { ancestors: ['src/deep', 'src', '.'].map((id) => ({ type: 'Directory', id })) },
    })
  })

  test.each<[string, JsonObject]>([
    ['read_file', {}],
    ['read_file', { path: 7 }],
    ['read_file', { path: ['a'] }],
    ['read_file', { path: null }],
    ['read_file', JSON.parse('{"__proto__": {"path": "a"}}') as JsonObject],
    ['read_multiple_files', { paths: 'a' }],
    ['read_multiple_files', { paths: ['a', { path: 'b' }] }],
    ['move_file', { source: 'a' }],
    ['read_file', { path: 'a', followLinksTo: 'b' }],
  ])('%s with %j is not understood', (tool, input) => {
    expect(texts(run(`fs__${tool}`, input)).some((text) => text.endsWith('?'))).toBe(true)
  })

  test('an argument that the server did not have when it was described is searched for paths', () => {
    const result = run('fs__read_file', { path: 'src/a.ts', also: '/etc/shadow' })
    expect(texts(result)).toEqual([
      'tool.call Tool fs/read_file ?',
      'file.read File src/a.ts',
      'file.write File /etc/shadow',
    ])
  })

  test('actionsOf tells lists what a tool can lead to', () => {
    expect(classifier.actionsOf('fs', { name: 'edit_file' })).toEqual(['file.write', 'file.read'])
    expect(classifier.actionsOf('fs', { name: 'constructor' })).toEqual(['data.write', 'data.delete'])
    expect(classifier.actionsOf('memory', { name: 'delete_entities' })).toEqual(['data.delete'])
  })
})

test('R-CLS-2: the memory server', () => {
  expect(
    texts(run('memory__create_entities', { entities: [{ name: 'a' }, { name: 'b' }] })).slice(1),
  ).toEqual(['data.write Record memory/a', 'data.write Record memory/b'])
  expect(texts(run('memory__read_graph', {})).slice(1)).toEqual(['data.read Collection memory'])
  expect(
    texts(run('memory__delete_relations', { relations: [{ from: 'a', to: 'b' }] })).slice(1),
  ).toHaveLength(2)
  expect(texts(run('memory__create_entities', { entities: [{ title: 'a' }] }))[1]).toMatch(/\?$/)
  expect(texts(run('memory__create_entities', { entities: 'a' }))[1]).toMatch(/\?$/)
})

describe('R-CLS-2: what nobody described falls to the dangerous side', () => {
  test('an unknown tool is unclassified, opaque, and writes to every path it names', () => {
    const result = run('other__frob', {
      note: 'see docs',
      deep: [{ target: '/etc/passwd' }, '~/.ssh/id_rsa'],
      path: '.env',
      repo_path: 'x',
      uri: `file://${workspace}/.remit/state.db`,
    })
    expect(result.inferred).toBe(true)
    expect(result.operations[0]).toMatchObject({
      action: 'tool.call',
      labels: ['unclassified'],
      opaque: true,
    })
    expect(texts(result).slice(1).toSorted()).toEqual([
      'data.delete Server other',
      'data.write Server other',
      'file.write File .env',
      'file.write File .remit/state.db',
      'file.write File /etc/passwd',
      'file.write File /home/nobody/.ssh/id_rsa',
      'file.write File x',
    ])
    expect(result.operations.flatMap((one) => one.labels)).toEqual(
      expect.arrayContaining(['remit-control', 'secret', 'inferred']),
    )
    expect(result.operations.find((one) => one.resource.id === '/etc/passwd')?.origin.pointer).toBe(
      '/deep/0/target',
    )
  })

  test('names of tools and arguments that are JavaScript’s own mean nothing', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(run('fs__x', {}, { tool: name }).inferred).toBe(true)
    }
  })

  test('too many strings and too deep nesting are not understood', () => {
    const many = { list: Array.from({ length: 5_000 }, () => 'x') }
    expect(texts(run('other__x', many))).toContain('file.write Directory ? ?')
    let deep: JsonObject = { path: '/etc/shadow' }
    for (let at = 0; at < 5_000; at += 1) deep = { a: deep }
    expect(texts(run('other__x', deep))).toContain('file.write Directory ? ?')
  })

  test('whatever the arguments are, the call itself is first, every label is a known word, and nothing throws', () => {
    const names = fc.constantFrom(
      'fs__write_file',
      'fs__read_multiple_files',
      'memory__add_observations',
      'other__x',
    )
    const keys = fc.constantFrom('path', 'paths', 'observations', '__proto__', 'x')
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('..', '~', '/', '.env', '\0', 'file://', '\\\\?\\'),
    )
    const inputs = fc.dictionary(keys, fc.oneof(text, fc.array(text), fc.jsonValue()))
    fc.assert(
      fc.property(names, inputs, (name, input) => {
        const { operations } = run(name, input as JsonObject)
        expect(operations[0]?.action).toBe('tool.call')
        const labels = operations.flatMap((operation) => operation.labels)
        expect(labels.filter((label) => !Object.hasOwn(LABELS, label))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  test('a file system that fails in an unforeseen way leaves the call not understood', () => {
    const broken = { ...NODE_FILE_SYSTEM, realpath: () => Buffer.alloc(0) as unknown as string }
    const classifier = createClassifier({
      servers: new Map([['fs' as ServerKey, { catalogue: 'filesystem' }]]),
      control: { folders: [], files: [], ports: [] },
      fs: broken,
    })
    const result = run('fs__read_file', { path: 'a' }, {}, classifier)
    expect(result).toMatchObject({ inferred: true, operations: [{ opaque: true, action: 'tool.call' }] })
  })
})

describe('R-CLS-2: an administrator’s word outranks the catalogue', () => {
  test('actions and kinds of arguments', () => {
    const own = make({
      fs: { catalogue: 'filesystem', tools: { read_file: { actions: ['secret.read'] } } },
      crm: {
        tools: {
          save: { actions: ['file.write'], arguments: { where: 'path', body: 'plain' } },
          mail: { actions: ['message.send', 'net.send'] },
        },
      },
    })
    expect(texts(run('fs__read_file', { path: 'a' }, {}, own))[1]).toBe('secret.read File a')
    expect(texts(run('fs__write_file', { path: 'a' }, {}, own))[1]).toBe('file.write File a')
    expect(texts(run('crm__save', { where: '.env', body: '/x' }, {}, own))).toEqual([
      'tool.call Tool crm/save',
      'file.write File .env',
    ])
    expect(texts(run('crm__mail', {}, {}, own)).slice(1)).toEqual([
      'message.send Server crm',
      'net.send Host ? ?',
    ])
    expect(own.actionsOf('crm', { name: 'mail' })).toEqual(['message.send', 'net.send'])
  })

  test.each<[ServerDescription, RegExp]>([
    [{ catalogue: 'nope' }, /no catalogue `nope`.*`filesystem`/],
    [
      { tools: { a: { actions: ['file.read'], arguments: { p: 'paht' } } } },
      /no kind of argument `paht`.*`path`/,
    ],
    [{ tools: { a: { actions: ['fly'] as never } } }, /no action `fly`/],
    [{ tools: { a: { arguments: { p: 'path' } } } }, /say its `actions`/],
  ])('%j is refused', (description, message) => {
    expect(() => make({ s: description })).toThrow(message)
  })
})

test('R-CLS-2: a reviewer’s word outranks catalogue and inference, and configuration outranks it', () => {
  const servers = new Map([
    [
      'fs' as ServerKey,
      { catalogue: 'filesystem', tools: { move_file: { actions: ['file.move'] } } } as const,
    ],
  ])
  const reviewed = createClassifier({
    servers,
    control: { folders: [], files: [], ports: [] },
    home: '/home/nobody',
    reviewed: () => ['issue.read'],
  })
  for (const [tool, actions] of [
    ['read_file', ['issue.read']],
    ['frobnicate', ['issue.read']],
    ['move_file', ['file.move']],
  ] as const) {
    expect(reviewed.actionsOf('fs', { name: tool })).toEqual(actions)
  }
  const found = run('fs__frobnicate', { anything: 1 }, {}, reviewed)
  expect([found.inferred, found.operations.map(({ action }) => action)]).toEqual([
    false,
    ['tool.call', 'issue.read'],
  ])
})

test('R-MCP-1: prompts, resources and completions', () => {
  const of = (kind: ToolCall['kind'], tool: string) => texts(run('fs__', {}, { kind, tool }))
  expect(of('prompt', 'review')).toEqual(['prompt.get Prompt fs/review'])
  expect(of('resource', 'memo://x')).toEqual(['resource.read McpResource memo://x'])
  expect(of('resource', 'FILE:///etc/passwd')).toEqual([
    'resource.read McpResource FILE:///etc/passwd',
    'file.read File /etc/passwd',
  ])
  expect(of('completion', 'review')).toEqual(['completion.complete Prompt fs/review'])
  expect(of('completion', 'memo://{x}')).toEqual(['completion.complete McpResource memo://{x}'])
})

test('R-CLS-2: an administrator who says only the actions of a tool vouches for it, whatever its arguments', () => {
  const mine = make({ crm: { tools: { find: { actions: ['data.read'] } } } })
  const { operations, inferred } = run('crm__find', { text: 'x', path: '/etc/passwd' }, {}, mine)
  expect(inferred).toBe(false)
  expect(operations.map(({ action, opaque }) => [action, opaque])).toEqual([
    ['tool.call', false],
    ['data.read', false],
  ])
})
