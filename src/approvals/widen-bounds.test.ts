import { createHash } from 'node:crypto'
import { array, assert, constantFrom, oneof, property, record, subarray } from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_TENANT, type Digest, type ServerKey, type TaskId } from '../core/ids.ts'
import type { Operation } from '../core/operation.ts'
import type { CoverableCall } from './coverage.ts'
import { widerCoverages } from './widen-coverage.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Digest

const FILES = [
  'src/a.ts',
  'src/b.ts',
  'src/c.py',
  'lib/a.ts',
  'src/.x.ts',
  '/etc/a.ts',
  'a.ts',
  'src/deep/a.ts',
] as const
const file = oneof(
  { weight: 3, arbitrary: constantFrom('src/a.ts', 'src/b.ts') },
  { weight: 1, arbitrary: constantFrom(...FILES) },
)
const labels = oneof(
  { weight: 4, arbitrary: constantFrom(['source'] as const) },
  { weight: 1, arbitrary: subarray(['source', 'ci', 'secret', 'symlink', 'generated'] as const) },
)
/** What a program is started with, and what else the call does: mostly nothing that is not known. */
const asked = record({
  program: oneof({ weight: 5, arbitrary: constantFrom('lint') }, constantFrom('rm', './lint', 'X=1 lint')),
  flags: oneof(
    { weight: 5, arbitrary: constantFrom('') },
    constantFrom('--fix ', '--config ', '-x ', '--out=', '> '),
  ),
  files: array(
    record({ file, labels, action: constantFrom('file.list', 'file.list', 'file.read', 'file.delete') }),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
  beside: array(
    record({
      action: constantFrom('net.send', 'git.push', 'code.execute'),
      target: constantFrom('Host a.example', 'Host b.example', 'Branch web/main', 'Branch web/next'),
      labels,
      opaque: constantFrom(false, false, false, true),
    }),
    { maxLength: 1 },
  ),
  task: constantFrom('tsk_1', 'tsk_1', 'tsk_1', 'tsk_child'),
  tail: constantFrom('', '', '', '', ' --now', '; lint', ' $X'),
})
type Asked = Parameters<typeof commandCall>[0]

function commandCall(of: {
  readonly program: string
  readonly flags: string
  readonly files: readonly {
    readonly file: string
    readonly labels: readonly string[]
    readonly action: string
  }[]
  readonly beside: readonly {
    readonly action: string
    readonly target: string
    readonly labels: readonly string[]
    readonly opaque: boolean
  }[]
  readonly task: string
  readonly tail: string
}): CoverableCall & { readonly command: string } {
  let command = `${of.program} ${of.flags}`
  const named = of.files.map((each, at): Operation => {
    if (at > 0) command += ' '
    const from = command.length
    command += each.file
    return operation(each.action, ['File', each.file], each.labels, [from, command.length])
  })
  command += of.tail
  const beside = of.beside.map((each): Operation => ({
    ...operation(each.action, each.target.split(' ') as [string, string], each.labels, [0, command.length]),
    opaque: each.opaque,
  }))
  return {
    command,
    tenant: DEFAULT_TENANT,
    task: of.task as TaskId,
    call: {
      door: 'hook',
      kind: 'tool',
      server: 'shell' as ServerKey,
      tool: 'run',
      arguments: { command },
      fileSystem: 'shared',
      correlation: { requestId: '1' },
    },
    operations: [...named, ...beside],
    notes: [],
  }
}

function operation(
  action: string,
  [type, id]: readonly [string, string],
  with_: readonly string[],
  span: readonly [number, number],
): Operation {
  return {
    action: action as Operation['action'],
    resource: { type: type as 'File', id, ancestors: [] },
    labels: with_ as Operation['labels'],
    opaque: false,
    origin: { pointer: '/command', span },
  }
}

/** All of a call that must not grow: everything but which ordinary file of the folder. */
function boundsOf({ operations, command }: ReturnType<typeof commandCall>): readonly string[] {
  const words = command.split(' ')
  return [
    `program ${words[0]}`,
    ...words.filter((word) => word.startsWith('-')).map((word) => `flag ${word}`),
    ...operations.flatMap(({ action, resource: { type, id }, labels: had }) => {
      const place =
        type === 'File'
          ? `File ${id.slice(0, id.lastIndexOf('/') + 1)}*${id.slice(id.lastIndexOf('.'))}`
          : `${type} ${id}`
      return [action, place, ...had, `${action} ${place} ${had.toSorted().join(',')}`]
    }),
  ]
}

test('R-CON-5: a widened grant covers no action, label, host, branch, program or flag that the approved call had not, nothing opaque, no child, and no file elsewhere', () => {
  let covered = 0
  let other = 0
  const holds = (granted: ReturnType<typeof commandCall>, later: ReturnType<typeof commandCall>): void => {
    const theirs = new Set(widerCoverages(later, sha256).map(({ digest }) => digest))
    for (const coverage of widerCoverages(granted, sha256)) {
      expect(granted.operations.some(({ opaque }) => opaque)).toBe(false)
      expect(granted.command).toMatch(/^(?:lint|rm) /)
      if (!theirs.has(coverage.digest)) continue
      covered += 1
      if (granted.command !== later.command) other += 1
      const had = new Set(boundsOf(granted))
      expect(boundsOf(later).filter((bound) => !had.has(bound))).toEqual([])
      expect(later.operations.some(({ opaque }) => opaque)).toBe(false)
      expect(later.task).toBe(granted.task)
      expect(later.operations).toHaveLength(granted.operations.length)
      expect(later.command.split(' ')).toHaveLength(granted.command.split(' ').length)
    }
  }
  assert(
    property(asked, asked, (one: Asked, two: Asked) => {
      const granted = commandCall(one)
      holds(granted, commandCall({ ...one, files: two.files }))
      holds(
        granted,
        commandCall({
          ...one,
          files: one.files.map((each, at) => ({ ...each, file: two.files[at]?.file ?? each.file })),
        }),
      )
      holds(granted, commandCall({ ...one, flags: two.flags, tail: two.tail }))
      holds(granted, commandCall({ ...one, beside: two.beside, program: two.program, task: two.task }))
      holds(granted, commandCall(two))
    }),
    { numRuns: 1_500, seed: 7 },
  )
  expect(covered).toBeGreaterThan(500)
  expect(other).toBeGreaterThan(100)
})

const READ = operation('file.read', ['File', 'src/a.ts'], ['source'], [0, 0])
const readCall = (id: string, more: Partial<Operation> = {}, path = `/ws/${id}`): CoverableCall => {
  const { call, ...rest } = commandCall({
    program: 'x',
    flags: '',
    files: [],
    beside: [],
    task: 'tsk_1',
    tail: '',
  })
  const { origin: _, ...read } = READ
  const target = { ...READ.resource, id }
  return {
    ...rest,
    call: { ...call, tool: 'read', arguments: { path, head: 5 } },
    operations: [
      {
        ...READ,
        action: 'tool.call',
        resource: { type: 'Tool', id: 'shell/read', ancestors: [] },
        labels: [],
        origin: { pointer: '' },
      },
      { ...read, resource: target, origin: { pointer: '/path' }, ...more },
    ],
  }
}
const axesOf = (granted: CoverableCall, later: CoverableCall): readonly (string | undefined)[] => {
  const theirs = new Set(widerCoverages(later, sha256).map(({ digest }) => digest))
  return widerCoverages(granted, sha256).flatMap(({ digest, wider }) =>
    theirs.has(digest) ? [wider?.axis] : [],
  )
}

test.each<readonly [string, CoverableCall, readonly string[]]>([
  ['another file of the folder', readCall('src/b.ts'), ['directory', 'workspace']],
  ['another kind of file of the folder', readCall('src/b.md'), ['workspace']],
  ['a file of another folder', readCall('lib/b.ts'), ['workspace']],
  ['a file of a folder below', readCall('src/deep/b.ts'), ['workspace']],
  ['a hidden file', readCall('src/.b.ts'), []],
  ['a file of a hidden folder', readCall('.aws/b.ts'), []],
  ['a file elsewhere', readCall('/etc/b.ts', { labels: ['source'] }), []],
  ['a secret', readCall('src/b.ts', { labels: ['source', 'secret'] }), []],
  ['a link', readCall('src/b.ts', { labels: ['source', 'symlink'] }), []],
  ['a pipeline', readCall('src/b.ts', { labels: ['ci'] }), []],
  ['what nothing is known of', readCall('src/b.ts', { labels: [] }), []],
  ['what is generated', readCall('src/b.ts', { labels: ['generated'] }), []],
  ['a write', readCall('src/b.ts', { action: 'file.write' }), []],
  ['a name with a way upwards in it', readCall('src/b.ts', {}, '/ws/src/../src/b.ts'), []],
  [
    'what Remit cannot see',
    { ...readCall('src/b.ts'), call: { ...readCall('src/b.ts').call, fileSystem: 'remote' } },
    [],
  ],
])('R-CON-5: of a read that is widened, %s', (_, later, axes) => {
  expect(axesOf(readCall('src/a.ts'), later)).toEqual(axes)
  const head = { ...later, call: { ...later.call, arguments: { ...later.call.arguments, head: 6 } } }
  expect(axesOf(readCall('src/a.ts'), head)).toEqual([])
  expect(axesOf({ ...readCall('src/a.ts'), task: 'tsk_parent' as TaskId }, later)).toEqual([])
})

test('R-CON-5: a pattern that is written into the arguments covers no file', () => {
  const granted = readCall('src/a.ts')
  const [directory] = widerCoverages(granted, sha256)
  const forged = {
    ...granted,
    call: { ...granted.call, arguments: directory!.arguments },
    operations: [granted.operations[0]!],
  }
  expect(directory?.arguments).toEqual({ path: 'src/*.ts', head: 5 })
  expect(axesOf(granted, forged)).toEqual([])
})
