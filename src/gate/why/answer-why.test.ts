import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { alice, byAlice, byMona, NEVER, useGate } from '../../../test/support/gate-harness.ts'
import { ROOT } from '../../../test/support/running-gateway.ts'
import { parsedBefore } from '../../../test/support/shared-caches.ts'
import { DEFAULT_TENANT } from '../../core/ids.ts'
import { loadPolicySet } from '../../policy/load-policy-set.ts'
import type { LoadedPolicySet } from '../../policy/policy-set.ts'
import type { Actor } from '../administration.ts'
import { answerWhy, type WhyDeps } from './answer-why.ts'
import { BUILTIN_REASONS } from './builtin-reasons.ts'
import { reportBlock } from './report-block.ts'

const h = useGate()
let pack: LoadedPolicySet

beforeAll(async () => {
  const policies = join(ROOT, 'policies')
  pack = await loadPolicySet({
    folders: [join(policies, 'coding-agent')],
    schemaFile: join(policies, 'remit.cedarschema'),
    ...parsedBefore(),
  })
})

function deps(): WhyDeps & Parameters<typeof reportBlock>[0] {
  return {
    ...h().deps,
    tenant: DEFAULT_TENANT,
    records: h().store.records,
    policies: { current: () => pack, find: async () => undefined },
    ownerOf: () => 'tess',
  }
}

const own: Actor = { human: alice, credential: 'approver', reach: 'own' }
const why = (id: string, actor: Actor = own) => answerWhy(deps(), actor, id)

describe('R-POL-7: one screen says why, without any right but one’s own', () => {
  test('a rule that forbids: asked in words, the rule, its fact and where it came from, and whom to ask', async () => {
    const { decisionId } = await h().gate.authorize(await h().callerOf(), h().read('.env'), NEVER)
    const answer = await why(decisionId)
    expect(answer).toMatchObject({ effect: 'deny', asked: { intent: 'mend the tests', more: 0 } })
    expect(answer.asked.operations).toContainEqual(expect.stringContaining('read File `'))
    const [rule] = answer.decidedBy
    expect(rule).toMatchObject({ rule: 'secrets', place: expect.stringMatching(/\.cedar:\d+$/) })
    expect(rule?.facts).toContainEqual({
      fact: 'resource.labels',
      value: expect.stringContaining('secret'),
      from: expect.stringContaining('classification of the target'),
    })
    expect(answer.change.length).toBeGreaterThan(0)
    expect(answer.ask).toEqual([
      { who: ['mona'], as: expect.stringContaining('admin'), how: expect.any(String) },
    ])
  })

  test('what asks names who may agree now; what a human refused names who refused', async () => {
    const caller = await h().callerOf()
    const call = h().write('.github/workflows/ci.yml')
    const { id } = await h().askedFor(caller, call)
    expect(await why(id)).toMatchObject({
      effect: 'consent',
      approval: { id, state: 'pending' },
      ask: [{ who: ['mona'], how: expect.stringContaining('approve') }],
    })
    await h().administration.refuse(byMona, id, 'not today')
    const { decisionId } = await h().gate.authorize(caller, call, NEVER)
    expect(await why(decisionId)).toMatchObject({
      effect: 'deny',
      approval: { state: 'refused' },
      change: [expect.stringContaining('stays refused')],
      ask: [{ who: ['mona'], as: 'who refused it' }],
    })
  })

  test('scope, budget, a stop and a definition nobody reviewed each say what mends them', async () => {
    const narrow = await h().callerOf({ scope: { paths: ['docs/**'] } })
    const outside = await why((await h().gate.authorize(narrow, h().read('src/a.ts'), NEVER)).decisionId)
    expect(outside.decidedBy[0]).toMatchObject({ rule: 'remit:scope' })
    expect(outside.decidedBy[0]?.facts).toContainEqual(
      expect.objectContaining({ fact: 'scope of the task: paths', value: 'docs/**' }),
    )
    expect(outside.ask[0]).toMatchObject({ who: ['alice'], as: 'whose task it is' })

    const poor = await h().callerOf({ budget: { calls: 0 } })
    const spent = await why((await h().gate.authorize(poor, h().read('src/a.ts'), NEVER)).decisionId)
    expect(spent.decidedBy.find(({ rule }) => rule === 'remit:budget')?.facts).toContainEqual(
      expect.objectContaining({ fact: 'budget of the task: calls', value: '0, used up' }),
    )

    h().pinned = false
    const unpinned = await why(
      (await h().gate.authorize(await h().callerOf(), h().read('src/a.ts'), NEVER)).decisionId,
    )
    expect(unpinned.ask[0]).toMatchObject({ who: ['tess', 'mona'], how: expect.stringContaining('review') })
  })

  test('what was allowed says by what, and asks nobody', async () => {
    const { decisionId } = await h().gate.authorize(await h().callerOf(), h().read('src/a.ts'), NEVER)
    const answer = await why(decisionId)
    expect(answer).toMatchObject({ effect: 'allow', ask: [] })
    expect(answer.decidedBy.length).toBeGreaterThan(0)
    expect(answer.change.length).toBeLessThanOrEqual(1)
  })

  test('`last` is one’s own newest stop, also for whoever sees everything; a task stands for its own', async () => {
    await expect(why('last')).rejects.toMatchObject({ code: 'decision_unknown' })
    const first = await h().callerOf()
    const { decisionId } = await h().gate.authorize(first, h().read('.env'), NEVER)
    await h().gate.authorize(await h().callerOf(), h().read('src/a.ts'), NEVER)
    expect((await why('last')).id).toBe(decisionId)
    expect((await why('last', byAlice)).id).toBe(decisionId)
    expect((await why(first.chain.task.id)).id).toBe(decisionId)
    await expect(why('last', byMona)).rejects.toMatchObject({ code: 'decision_unknown' })
  })

  test('R-AUD-1: whoever sees only that it was gets no target, value or reason; of others nothing at all is there', async () => {
    const { decisionId } = await h().gate.authorize(await h().callerOf(), h().read('.env'), NEVER)
    const bare = await why(decisionId, { ...byMona, reach: 'bare' })
    expect(bare).toMatchObject({ bare: true, decidedBy: [{ rule: 'secrets', says: '', facts: [] }] })
    expect(JSON.stringify(bare)).not.toMatch(/\.env|mend the tests/)
    await expect(why(decisionId, { ...byMona, reach: 'own' })).rejects.toMatchObject({
      code: 'decision_unknown',
    })
  })

  test('the agent is told the command with the record’s id', async () => {
    const verdict = await h().gate.authorize(await h().callerOf(), h().read('.env'), NEVER)
    if (verdict.effect !== 'deny') throw new Error('not denied')
    expect(verdict.error.message).toContain(`remit why ${verdict.decisionId}`)
    expect(verdict.error.data).toMatchObject({ decision: verdict.decisionId })
  })

  test('R-AUD-4: what is not understood is on record for the review, in erasable words', async () => {
    const { decisionId } = await h().gate.authorize(await h().callerOf(), h().read('.env'), NEVER)
    const { report } = await reportBlock(deps(), own, { id: 'last', text: 'it is a fixture' })
    const [record] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'review.reported' })
    expect(record).toMatchObject({
      envelope: { id: report, actor: 'alice', data: { decision: decisionId, policies: ['secrets'] } },
      detail: { comment: 'it is a fixture' },
    })
    expect(record?.body).not.toContain('fixture')
  })
})

test('R-POL-7: every reason of Remit’s own that code can give has words for what mends it', () => {
  const files = ['gate', 'policy'].flatMap((layer) =>
    readdirSync(join(ROOT, 'src', layer), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('why/'))
      .map((name) => join(layer, name)),
  )
  // Only where decisions are explained: who acts without a human has such a name too.
  const texts = files
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
    .filter((text) => /\breasons?\b/i.test(text) && /\bpolicy\b/.test(text))
  const named = new Set(
    texts.flatMap((text) => [...text.matchAll(/['"](remit:[a-z-]+)['"]/g)].map(([, id = '']) => id)),
  )
  named.delete('remit:retention')
  // What asks for broken glass: a name, and no reason.
  named.delete('remit:break-glass')
  // As who content is erased by age.
  named.delete('remit:retention')
  expect(named.size).toBeGreaterThan(15)
  expect([...named].filter((id) => BUILTIN_REASONS[id] === undefined)).toEqual([])
})
