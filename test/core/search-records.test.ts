import { expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../support/gate-harness.ts'

const h = useGate()
const all = { ...byMona, reach: 'all' as const }

test('R-AUD-3: records are found by who, tool, decision, rule and time, and a long search says where to go on', async () => {
  const caller = await h().callerOf()
  const start = h().now
  const request = await h().askedFor(caller, h().write('.github/workflows/a.yml'))
  await h().administration.refuse(byMona, request.id, 'no')
  h().now += 600_000
  await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
  const kinds = async (search: object): Promise<readonly string[]> => {
    const { records } = await h().administration.searchRecords(all, { limit: 50, ...search })
    return records.map(({ envelope }) => envelope.kind).filter((kind) => kind !== 'audit.read')
  }
  expect(await kinds({ effect: 'consent' })).toEqual(['decision'])
  expect(await kinds({ policy: 'ci' })).toEqual(['decision'])
  expect(await kinds({ tool: 'filesystem__read_text_file' })).toEqual(['decision'])
  expect(await kinds({ tool: 'nothing' })).toEqual([])
  expect(await kinds({ who: 'mona' })).toContain('approval.refused')
  expect(await kinds({ who: 'mona' })).not.toContain('decision')
  expect(await kinds({ from: start + 1, kind: 'decision' })).toHaveLength(1)
  expect(await kinds({ until: start + 1, kind: 'decision' })).toHaveLength(1)
  const first = await h().administration.searchRecords(all, { tool: 'filesystem', limit: 1 })
  const rest = await h().administration.searchRecords(all, {
    tool: 'filesystem',
    limit: 50,
    before: first.next!,
  })
  expect(first.records[0]!.index).toBeGreaterThan(rest.records[0]!.index)
  expect(rest.next).toBeUndefined()
  expect(
    (await h().administration.searchRecords({ ...byMona, reach: 'own' }, { who: 'alice', limit: 9 })).records,
  ).toEqual([])
})
