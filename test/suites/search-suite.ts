import { expect, it } from 'vitest'
import { allOf, type Condition, is } from '../../src/core/audit-query/condition.ts'
import { matchesRecord } from '../../src/core/audit-query/matches-record.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import type { NewRecord } from '../../src/core/record.ts'
import type { Store } from '../../src/store/store.ts'
import { AT, decisionRecord, outcomeRecord } from './sample-records.ts'

const anyOf = (...of: readonly Condition[]): Condition => ({ kind: 'any', of })
const not = (of: Condition): Condition => ({ kind: 'not', of })
const like = (field: 'resource' | 'tool' | 'rule', pattern: string): Condition => ({
  kind: 'like',
  field,
  pattern,
})

/** Each finds some and not all of `searched`. */
const QUESTIONS: readonly Condition[] = [
  is('human', 'eve'),
  is('who', 'mona'),
  is('approver', 'mona'),
  is('agent', 'claude-code/1'),
  is('server', 'files'),
  is('type', 'File'),
  is('door', 'mcp'),
  is('tool', 'files/write_file'),
  is('action', 'file.write'),
  is('decision', 'deny'),
  is('observed', 'deny'),
  is('rule', 'rule-3'),
  is('label', 'secret'),
  is('task', 'tsk_2'),
  is('root', 'tsk_0'),
  is('under', 'tsk_1'),
  is('workflow', 'fix-tests'),
  is('outcome', 'ok'),
  is('use', 'use_3'),
  is('environment', 'laptop'),
  is('resource', '/work/repo/src/f7.ts'),
  is('id', 'dec_7'),
  like('resource', '/work/*/f1*.ts'),
  like('tool', 'files/*'),
  like('rule', '*-2'),
  { kind: 'time', from: AT + 20_000, until: AT + 40_000 },
  { kind: 'place', from: 3, until: 17 },
  allOf([is('decision', 'deny'), is('label', 'secret')]),
  allOf([is('decision', 'allow'), not(is('task', 'tsk_2')), like('tool', 'files/*')]),
  anyOf(is('rule', 'rule-1'), allOf([is('label', 'secret'), { kind: 'time', from: AT, until: AT + 30_000 }])),
  not(is('kind', 'decision')),
]

/** Decisions and outcomes whose fields vary with `count`, a second apart. */
function searched(count: number): readonly NewRecord[] {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(AT + i * 1_000).toISOString()
    const task = `tsk_${i % 3}`
    const elsewhere = {
      agent: { id: 'codex/2', kind: 'codex' },
      environment: { claimed: 'ci' as const, proved: true },
      workflow: 'release',
    }
    if (i % 5 === 4) {
      const made = outcomeRecord({ id: `dec_${i - 1}`, task })
      return { ...made, envelope: { ...made.envelope, at } }
    }
    const made = decisionRecord({ id: `dec_${i}`, task, human: i % 4 === 0 ? 'eve' : 'ada' })
    const { identity, decision, operations = [], ...rest } = made.envelope
    const path = `/work/repo/src/f${i}.ts`
    return {
      ...made,
      envelope: {
        ...rest,
        correlation: { ...rest.correlation!, toolUse: `use_${i % 7}` },
        at,
        identity: { ...identity!, chain: ['tsk_0', task], ...(i % 8 === 3 ? elsewhere : {}) },
        ...(i % 7 === 0 ? { approval: { id: 'apr_1', state: 'granted', approvers: ['mona'] } } : {}),
        operations: operations.map((each) => ({ ...each, labels: i % 6 === 0 ? ['secret' as const] : [] })),
        decision: { ...decision!, effect: i % 3 === 0 ? 'deny' : 'allow', policies: [`rule-${i % 5}`] },
      },
      detail: {
        ...made.detail,
        operations: (made.detail?.operations ?? []).map((each) => ({
          ...each,
          resource: { ...each.resource, id: path },
        })),
      },
    }
  })
}

/** How records are searched by everything. `indexed` waits until all records are in the index, where there is one. */
export function describeSearch(
  open: () => { readonly store: Store; readonly indexed: () => Promise<void> },
): void {
  it('R-AUD-3: search by every field, their combinations, order and pages, before and after records are in the index', async () => {
    const { store, indexed } = open()
    const records = searched(50)
    for (const record of records) await store.journal.commit({ records: [record], changes: [] })
    for (const wait of [() => Promise.resolve(), indexed]) {
      await wait()
      for (const where of QUESTIONS) {
        const expected = records.flatMap((record, index) =>
          matchesRecord(where, { index, ...record }) ? [index] : [],
        )
        expect({ where, some: expected.length > 0, all: expected.length === 50 }).toEqual({
          where,
          some: true,
          all: false,
        })
        const search = { tenant: DEFAULT_TENANT, where, order: 'oldest' as const }
        const found = await store.search.find({ ...search, limit: 100 })
        expect({ where, found: found.records.map(({ index }) => index) }).toEqual({ where, found: expected })
        expect(found.next).toBeUndefined()
        expect(await store.search.count(search)).toEqual({ count: expected.length })
        const pages: number[] = []
        for (let past: number | undefined, turn = 0; turn === 0 || past !== undefined; turn++) {
          const page = await store.search.find({
            ...search,
            order: 'newest',
            limit: 7,
            ...(past === undefined ? {} : { past }),
          })
          pages.push(...page.records.map(({ index }) => index))
          past = page.next
        }
        expect(pages).toEqual(expected.toReversed())
      }
      const [first] = (
        await store.search.find({
          tenant: DEFAULT_TENANT,
          where: is('id', 'dec_7'),
          order: 'newest',
          limit: 1,
        })
      ).records
      expect(first).toMatchObject({ index: 7, detail: records[7]!.detail, payload: records[7]!.payload })
    }
    expect(await store.search.values(DEFAULT_TENANT, 'rule', 'rule-', 3)).toEqual([
      'rule-0',
      'rule-1',
      'rule-2',
    ])
  })
}
