import { createHash } from 'node:crypto'
import { array, assert, boolean, constantFrom, integer, property, record, subarray } from 'fast-check'
import { expect, test } from 'vitest'
import { sampleGrant } from '../../test/suites/sample-records.ts'
import type { Gate } from '../core/decision.ts'
import { DEFAULT_TENANT, type Digest, type ServerKey, type TaskId } from '../core/ids.ts'
import type { Operation } from '../core/operation.ts'
import { closesAll, coverageOf } from './coverage.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Digest

const TARGETS = [
  { type: 'Host', id: 'a.example' },
  { type: 'Host', id: 'b.example' },
  { type: 'Branch', id: 'acme/web/main' },
  { type: 'Branch', id: 'acme/web/next' },
  { type: 'File', id: 'src/a.ts' },
] as const

const operations = array(
  record({
    action: constantFrom('net.send', 'git.push', 'file.write', 'code.execute'),
    target: constantFrom(...TARGETS),
    labels: subarray(['source', 'ci', 'protected', 'production', 'unseen'] as const),
    opaque: integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  }),
  { minLength: 1, maxLength: 3 },
).map((list) =>
  list.map(({ action, target, labels, opaque }): Operation => ({
    action,
    resource: { ...target, ancestors: [] },
    labels,
    opaque,
    origin: { pointer: '/command' },
  })),
)
const asked = record({
  operations,
  task: constantFrom('tsk_1', 'tsk_child'),
  command: constantFrom('x', 'y'),
})

const digestOf = ({
  operations: list,
  task,
  command,
}: {
  operations: readonly Operation[]
  task: string
  command: string
}) =>
  coverageOf(
    {
      tenant: DEFAULT_TENANT,
      task: task as TaskId,
      call: {
        door: 'hook',
        kind: 'tool',
        server: 'shell' as ServerKey,
        tool: 'run',
        arguments: { command },
        fileSystem: 'shared',
        correlation: { requestId: '1' },
      },
      operations: list,
      notes: [],
    },
    sha256,
  )?.digest

const wordsOf = ({ action, resource, labels }: Operation): readonly string[] => [
  action,
  `${resource.type} ${resource.id}`,
  ...labels,
  // What was done to what, and with which labels: nothing is allowed to change places.
  `${action} ${resource.type} ${resource.id} ${labels.toSorted().join(',')}`,
]

test('R-CON-5: a grant covers no action, label, host or branch that the approved call had not, nothing opaque, and no child', () => {
  let covered = 0
  const holds = (granted: Parameters<typeof digestOf>[0], later: Parameters<typeof digestOf>[0]): void => {
    const digest = digestOf(granted)
    expect(digest === undefined).toBe(granted.operations.some(({ opaque }) => opaque))
    if (digest === undefined || digest !== digestOf(later)) return
    covered += 1
    const had = new Set(granted.operations.flatMap(wordsOf))
    expect(later.operations.flatMap(wordsOf).filter((word) => !had.has(word))).toEqual([])
    expect(later.operations.some(({ opaque }) => opaque)).toBe(false)
    expect([later.task, later.command]).toEqual([granted.task, granted.command])
  }
  assert(
    property(asked, asked, integer({ min: 0, max: 7 }), (granted, other, change) => {
      // Mostly the approved call with some of it taken from another, so that many pairs are nearly the same.
      const [first, ...rest] = granted.operations
      const [theirs] = other.operations
      const mixed = first === undefined || theirs === undefined ? [] : nearly(first, theirs, change)
      holds(granted, { ...granted, operations: [...mixed, ...rest] })
      holds(granted, { ...granted, operations: [...granted.operations, ...other.operations] })
      holds(granted, { ...granted, task: other.task, command: other.command })
      holds(granted, other)
    }),
    { numRuns: 400, seed: 7 },
  )
  expect(covered).toBeGreaterThan(100)
})

function nearly(one: Operation, other: Operation, change: number): readonly Operation[] {
  const { action, labels, opaque } = other
  const changes: readonly Partial<Operation>[] = [
    { action },
    { labels },
    { opaque },
    { resource: other.resource },
    { labels: [...new Set([...one.labels, ...labels])] },
    { labels: one.labels.toReversed() },
    { origin: { pointer: '/elsewhere' } },
    {},
  ]
  return [{ ...one, ...changes[change] }]
}

test('R-CON-5: a grant closes no gate of high severity and no quorum, whatever it says of itself', () => {
  const [sample] = sampleGrant('grt_1').gates as readonly [Gate]
  const gate = record({
    policy: constantFrom(sample.policy, 'other'),
    severity: constantFrom('low', 'medium', 'high'),
    quorum: integer({ min: 1, max: 3 }),
    lasts: boolean(),
  }).map(({ policy, severity, quorum, lasts }): Gate => {
    const { grant: _, ...rest } = sample
    return { ...rest, policy, severity, quorum, ...(lasts ? { grant: 'task' as const } : {}) }
  })
  const gates = array(gate, { maxLength: 3 })
  assert(
    property(gates, gates, (closed, open) => {
      if (!closesAll({ ...sampleGrant('grt_1'), gates: closed }, open)) return
      expect(open.length).toBeGreaterThan(0)
      for (const each of open) {
        expect(each).toMatchObject({ grant: 'task', quorum: 1 })
        expect(each.severity).not.toBe('high')
        expect(closed).toContainEqual(each)
      }
    }),
    { numRuns: 500, seed: 7 },
  )
})
