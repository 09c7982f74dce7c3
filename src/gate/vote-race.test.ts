import { expect, test } from 'vitest'
import { useGate } from '../../test/support/gate-harness.ts'
import { raceVotes } from '../../test/suites/vote-race.ts'

const h = useGate()

test('R-CON-2: votes at the same instant are all counted, and none has to be cast again', async () => {
  const { answers, approval, kinds } = await raceVotes(h(), [h().store, h().store], { quorum: 5 })
  expect(answers.toSorted()).toEqual(['granted', 'pending', 'pending', 'pending', 'pending'])
  expect(approval?.state).toBe('granted')
  expect(new Set(approval?.votes.map(({ human }) => human)).size).toBe(5)
  expect(kinds).toEqual([
    'approval.requested',
    'approval.voted',
    'approval.voted',
    'approval.voted',
    'approval.voted',
    'approval.granted',
  ])
})

test('R-CON-2: of more votes than are needed those that came too late are told so, and a refusal is not lost', async () => {
  const { answers, approval } = await raceVotes(h(), [h().store, h().store], { quorum: 3 })
  expect(answers.toSorted()).toEqual(['approval_closed', 'approval_closed', 'granted', 'pending', 'pending'])
  expect(approval?.votes).toHaveLength(3)
  const refused = await raceVotes(h(), [h().store, h().store], { quorum: 5, refuses: 'nils' })
  expect(refused.approval).toMatchObject({ state: 'refused', refusal: { human: 'nils' } })
  expect(refused.answers.filter((answer) => answer === 'refused')).toHaveLength(1)
})
