import { expect, test } from 'vitest'
import { reportText } from '../../src/cli/approvals-report.ts'
import { byAlice, byMona, useGate } from '../support/gate-harness.ts'

const h = useGate()
const plain = (text: string): string => text

test('R-UX-2: the report covers its time and what its reader may see, and says so in a table', async () => {
  const caller = await h().callerOf()
  const start = h().now
  const early = await h().askedFor(caller, h().write('.github/workflows/a.yml'))
  await h().administration.refuse(byMona, early.id, 'no')
  h().now += 60_000
  const late = await h().askedFor(caller, h().write('.github/workflows/b.yml'))
  await h().administration.approve(byMona, late.id, {})
  const within = { from: start, until: h().now + 1 }
  const all = await h().administration.fatigueReport({ ...byMona, reach: 'all' }, within)
  expect(all).toMatchObject({ whole: true, moreTasks: 0, all: { asked: 2, approved: 1, refused: 1 } })
  const recent = { from: start + 1, until: h().now + 1 }
  expect((await h().administration.fatigueReport(byAlice, recent)).all).toMatchObject({
    asked: 1,
    approved: 1,
  })
  const other = { ...byMona, reach: 'own' as const }
  expect((await h().administration.fatigueReport(other, within)).all.asked).toBe(0)
  const text = reportText(all, plain)
  expect(text).toMatch(/2 +1 +1 +0 +50 % +0 s +0 s +all\n/)
  expect(text).toContain(`${caller.chain.task.id} of alice`)
  expect(reportText(await h().administration.fatigueReport(other, within), plain)).toBe(
    'nobody was asked anything\n',
  )
})
