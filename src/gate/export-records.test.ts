import { expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import { DEFAULT_TENANT, type HumanId } from '../core/ids.ts'
import type { Actor } from './administration.ts'

const h = useGate()

const page = {
  format: 'jsonl',
  content: false,
  filter: {},
  after: -1,
  before: Number.MAX_SAFE_INTEGER,
  version: '1',
} as const
const member: Actor = {
  human: { tenant: DEFAULT_TENANT, id: 'bob' as HumanId, teams: [], roles: ['member'] },
  credential: 'approver',
  reach: 'own',
}

test('R-AUD-3: an export holds every record in order, and is on record before it leaves', async () => {
  const caller = await h().callerOf()
  await h().gate.authorize(caller, h().write('src/a.ts'), NEVER)
  const { size } = await h().store.records.head(DEFAULT_TENANT)
  const answer = await h().administration.exportRecords(byMona, { ...page, before: size })
  const lines = (answer.batches[0]?.text ?? '').trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([...Array(size).keys()])
  expect(answer.next).toBeUndefined()
  const [record] = await h().store.records.query({ tenant: DEFAULT_TENANT, limit: 1 })
  expect(record?.envelope).toMatchObject({
    kind: 'audit.exported',
    actor: 'mona',
    data: { format: 'jsonl', content: false, first: 0, before: size },
  })
})

test('R-AUD-3: pages join without a gap and end where the ledger was', async () => {
  const caller = await h().callerOf()
  for (let at = 0; at < 1_100; at += 1) await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
  const { size } = await h().store.records.head(DEFAULT_TENANT)
  let records = 0
  let pages = 0
  for (let after: number | undefined = -1; after !== undefined; pages += 1) {
    const answer = await h().administration.exportRecords(byMona, { ...page, after, before: size })
    records += answer.records
    after = answer.next
  }
  expect({ records, pages }).toEqual({ records: size, pages: Math.ceil(size / 1_000) })
})

test('R-AUD-3: members get what is theirs; content is not for who sees of others only that something was done', async () => {
  const caller = await h().callerOf()
  await h().gate.authorize(caller, h().write('src/a.ts'), NEVER)
  expect((await h().administration.exportRecords(member, page)).batches).toEqual([])
  const withContent = { ...page, content: true }
  await expect(
    h().administration.exportRecords({ ...byMona, reach: 'bare' }, withContent),
  ).rejects.toMatchObject({ code: 'role_missing' })
  const told = await h().administration.exportRecords(byMona, withContent)
  expect(told.batches[0]?.text).toContain('src/a.ts')
  const bare = await h().administration.exportRecords(byMona, page)
  expect(bare.batches[0]?.text).not.toContain('src/a.ts')
})

test('R-AUD-1: an export from the files is on record as far as whoever makes it says so', async () => {
  const { size } = await h().store.records.head(DEFAULT_TENANT)
  await h().administration.recordExport(member, { format: 'ledger', content: true, filter: {} })
  const [record] = await h().store.records.query({ tenant: DEFAULT_TENANT, limit: 1 })
  expect(record?.envelope).toMatchObject({
    kind: 'audit.exported',
    actor: 'bob',
    data: { format: 'ledger', content: true, first: 0, before: size, offline: true },
  })
})
