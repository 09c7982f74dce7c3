import { createHash } from 'node:crypto'
import { array, assert, boolean, constantFrom, property, record, subarray } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleApproval, sampleGrant } from '../../test/suites/sample-records.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import type { Gate } from '../core/decision.ts'
import type { Digest, GrantId, HumanId, ServerKey, TaskId } from '../core/ids.ts'
import { DEFAULT_TENANT } from '../core/ids.ts'
import type { Operation } from '../core/operation.ts'
import { closesAll, coverageOf, mayLast, type CoverableCall } from './coverage.ts'
import { makeGrant } from './make-grant.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex') as Digest

function operation(more: Partial<Operation> = {}): Operation {
  return {
    action: 'code.execute',
    resource: { type: 'Repository', id: '.', ancestors: [] },
    labels: [],
    opaque: false,
    origin: { pointer: '/command' },
    ...more,
  }
}

function call(more: Partial<CoverableCall> = {}): CoverableCall {
  return {
    tenant: DEFAULT_TENANT,
    task: 'tsk_1' as TaskId,
    call: {
      door: 'mcp',
      kind: 'tool',
      server: 'shell' as ServerKey,
      tool: 'run',
      arguments: { command: 'npm test', description: 'why' },
      fileSystem: 'shared',
      correlation: { requestId: '1' },
    },
    operations: [operation()],
    notes: ['description', 'never-given'],
    ...more,
  }
}

const [granted] = sampleGrant('grt_1').gates as readonly [Gate]

describe('R-CON-5: what a grant covers', () => {
  test('two calls are the same work only when all that they do and say is the same', () => {
    const operations = array(
      record({
        action: constantFrom('code.execute', 'file.read', 'net.fetch'),
        id: constantFrom('.', 'src/a.ts'),
        labels: subarray(['source', 'ci', 'executable'] as const),
      }),
      { minLength: 1, maxLength: 3 },
    )
    const work = record({
      operations,
      args: record({ command: constantFrom('npm test', 'npm test ', 'npm\ttest'), timeout: boolean() }),
    })
    assert(
      property(work, work, (one, other) => {
        const digests = [one, other].map(({ operations: list, args }) => {
          const given = list.map(({ action, id, labels }) =>
            operation({ action, labels, resource: { type: 'File', id, ancestors: [] } }),
          )
          return coverageOf(call({ operations: given, call: { ...call().call, arguments: args } }), sha256)
            ?.digest
        })
        const text = ({ operations: list, args }: typeof one) =>
          canonicalJson({ args, list: list.map((each) => ({ ...each, labels: each.labels.toSorted() })) })
        expect(digests[0] === digests[1]).toBe(text(one) === text(other))
      }),
      { numRuns: 300 },
    )
  })

  test('it is shown in full, and only notes that the call has are left out', () => {
    expect(coverageOf(call(), sha256)).toMatchObject({
      arguments: { command: 'npm test' },
      notes: ['description'],
      operations: [{ action: 'code.execute', resource: { type: 'Repository', id: '.' }, labels: [] }],
    })
  })

  test.each([
    ['nothing', []],
    ['more than a prompt shows', Array.from({ length: 21 }, () => operation())],
    ['something opaque', [operation(), operation({ opaque: true })]],
    ['something obfuscated', [operation({ labels: ['obfuscated'] })]],
    ['a tool that nobody described', [operation({ labels: ['unclassified'] })]],
    ['a guess', [operation({ labels: ['inferred'] })]],
  ])('%s cannot be covered', (_, operations) => {
    expect(coverageOf(call({ operations }), sha256)).toBeUndefined()
  })

  test('neither can arguments that a prompt would fold', () => {
    const padded = (length: number) => ({ ...call().call, arguments: { command: 'x'.repeat(length) } })
    expect(coverageOf(call({ call: padded(1_000) }), sha256)).toBeDefined()
    expect(coverageOf(call({ call: padded(1_200) }), sha256)).toBeUndefined()
  })

  test('neither can arguments that have no canonical form', () => {
    const broken = { ...call().call, arguments: { command: '\ud800' } }
    expect(coverageOf(call({ call: broken }), sha256)).toBeUndefined()
  })
})

describe('R-CON-5: which gates', () => {
  test.each<[string, Partial<Gate>]>([
    ['policy', { policy: 'other' }],
    ['scope', { scope: 'other' }],
    ['by', { by: 'maintainer' }],
    ['delegator', { delegator: 'yes' }],
    ['severity', { severity: 'low' }],
    ['severity', { severity: 'high' }],
    ['quorum', { quorum: 2 }],
  ])('a gate with another %s is another gate', (_, change) => {
    const grant = sampleGrant('grt_1')
    expect(closesAll(grant, [granted])).toBe(true)
    expect(closesAll(grant, [{ ...granted, ...change }])).toBe(false)
    expect(closesAll(grant, [granted, { ...granted, ...change }])).toBe(false)
  })

  test('no gate, and one that may not last, is never closed by a grant', () => {
    const { grant: _grant, ...once } = granted
    expect(closesAll(sampleGrant('grt_1', { gates: [once] }), [once])).toBe(false)
    expect(closesAll(sampleGrant('grt_1'), [])).toBe(false)
    const severe: Gate = { ...granted, severity: 'high' }
    expect(mayLast([severe])).toBe(false)
    expect(closesAll(sampleGrant('grt_1', { gates: [severe] }), [severe])).toBe(false)
  })
})

describe('R-CON-5: when one is made', () => {
  const two = [granted, { ...granted, scope: 'other' }]
  const { covers, expires } = sampleGrant('grt_1')
  const by = (human: string, gate: string, lasting: boolean) => ({
    gate,
    human: human as HumanId,
    at: 0,
    ...(lasting ? { grant: 'task' as const } : {}),
  })
  const approval = sampleApproval('apr_1', {
    state: 'granted',
    gates: two,
    offer: { covers, expires },
    votes: [by('eve', 'run', true), by('tom', 'other', true)],
  })
  const make = (more: Partial<typeof approval> = {}, now = expires - 1) =>
    makeGrant({ ...approval, ...more }, { id: 'grt_1' as GrantId, now })

  test('every gate was closed for the task, by whom it says', () => {
    expect(make()).toMatchObject({ by: ['eve', 'tom'], expires, uses: 0, approval: 'apr_1', task: 'tsk_1' })
  })

  test.each<[string, Partial<typeof approval>]>([
    ['one approver agreed to once', { votes: [by('eve', 'run', true), by('tom', 'other', false)] }],
    ['a gate still waits', { state: 'pending' }],
    ['it was refused', { state: 'refused' }],
    ['a gate may not last', { gates: [granted, { ...granted, scope: 'other', severity: 'high' }] }],
  ])('none when %s', (_, more) => {
    expect(make(more)).toBeUndefined()
  })

  test('none without an offer, and none after the task', () => {
    const { offer: _offer, ...bare } = approval
    expect(makeGrant(bare, { id: 'grt_1' as GrantId, now: 0 })).toBeUndefined()
    expect(make({}, expires)).toBeUndefined()
  })
})
