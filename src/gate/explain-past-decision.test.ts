import { beforeAll, describe, expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import { setOf } from '../../test/policy/samples.ts'
import { join } from 'node:path'
import { ROOT } from '../../test/support/running-gateway.ts'
import type { RecordReader } from '../audit/record-reader.ts'
import { DEFAULT_TENANT } from '../core/ids.ts'
import { loadPolicySet } from '../policy/load-policy-set.ts'
import type { LoadedPolicySet } from '../policy/policy-set.ts'
import { explainPastDecision, type PastDeps } from './explain-past-decision.ts'
import { parsedBefore } from '../../test/support/shared-caches.ts'

const h = useGate()
let pack: LoadedPolicySet
let open: LoadedPolicySet

beforeAll(async () => {
  const policies = join(ROOT, 'policies')
  pack = await loadPolicySet({
    folders: [join(policies, 'coding-agent')],
    schemaFile: join(policies, 'remit.cedarschema'),
    ...parsedBefore(),
  })
  open = await setOf('@id("open") @reason("anything") permit (principal, action, resource);')
})

/** @param now the policies in force when somebody asks; @param kept those of which copies are left. */
function explain(id: string, now = pack, kept: readonly LoadedPolicySet[] = [], records?: RecordReader) {
  const { tasks, approvals } = h().store
  const policies: PastDeps['policies'] = {
    current: () => now,
    find: async (hash) => kept.find((set) => set.hash === hash),
  }
  return explainPastDecision(
    { tenant: DEFAULT_TENANT, tasks, approvals, records: records ?? h().store.records, policies },
    id,
  )
}

async function denied(): Promise<string> {
  const verdict = await h().gate.authorize(await h().callerOf(), h().read('.env'), NEVER)
  expect(verdict.effect).toBe('deny')
  return verdict.decisionId
}

describe('R-POL-7: a past decision explained by its id', () => {
  test('by the policies that decided, from what the record holds', async () => {
    const id = await denied()
    h().now += 3_600_000
    const past = await explain(id)
    expect(past).toMatchObject({
      id,
      decided: { effect: 'deny', policies: ['secrets'], policyHash: pack.hash },
      intent: 'mend the tests',
      explanation: { original: true, under: pack.hash, decision: { effect: 'deny', policies: ['secrets'] } },
    })
    expect(past.explanation?.operations.find(({ effect }) => effect === 'deny')?.policies[0]?.facts).toEqual(
      expect.objectContaining({ 'resource.labels': expect.stringContaining('secret') }),
    )
    expect(past.explanation?.changes.length).toBeGreaterThan(0)
    expect(past.today).toBeUndefined()
  })

  test('policies that changed since are kept by hash; what would be decided today stands beside it', async () => {
    const past = await explain(await denied(), open, [pack])
    expect(past.explanation).toMatchObject({ original: true, under: pack.hash, decision: { effect: 'deny' } })
    expect(past.today).toEqual({ policyHash: open.hash, effect: 'allow', policies: ['open'], differs: true })
  })

  test('without a copy of them it says that it speaks of other policies', async () => {
    const past = await explain(await denied(), open)
    expect(past.decided.policyHash).toBe(pack.hash)
    expect(past.explanation).toMatchObject({ original: false, under: open.hash })
    expect(past.today).toMatchObject({ effect: 'allow', differs: true })
  })

  test('an approval stands for the decision that asked; a refusal is no change of the policies', async () => {
    const caller = await h().callerOf()
    const call = h().write('.github/workflows/ci.yml')
    const approval = await h().askedFor(caller, call)
    expect(await explain(approval.id)).toMatchObject({
      id: approval.decision,
      decided: { effect: 'consent' },
      explanation: { decision: { effect: 'consent', policies: ['ci'] } },
    })
    await h().administration.refuse(byMona, approval.id, 'not today')
    const verdict = await h().gate.authorize(caller, call, NEVER)
    const other = await setOf(
      '@id("open") @reason("x") permit (principal, action, resource);\n@id("ci") @reason("x") @consent("ci") forbid (principal, action, resource);',
    )
    const past = await explain(verdict.decisionId, other)
    expect(past.decided.effect).toBe('deny')
    expect(past.approval).toMatchObject({ state: 'refused', approvers: ['mona'] })
    expect(past.today).toMatchObject({ effect: 'consent', differs: false })
  })

  test('`last` is the newest call that was stopped', async () => {
    await expect(explain('last')).rejects.toMatchObject({ code: 'decision_unknown' })
    const id = await denied()
    await h().gate.authorize(await h().callerOf(), h().read('src/a.ts'), NEVER)
    expect((await explain('last')).id).toBe(id)
  })

  test('an unknown id says where ids are; an erased record says what is gone', async () => {
    await expect(explain('dec_none')).rejects.toMatchObject({
      code: 'decision_unknown',
      message: expect.stringContaining('remit audit tail'),
    })
    await expect(explain('apr_none')).rejects.toMatchObject({ code: 'decision_unknown' })
    const id = await denied()
    const { records } = h().store
    const erased: RecordReader = {
      head: (tenant) => records.head(tenant),
      query: async (query) =>
        (await records.query(query)).map(({ detail: _detail, payload: _payload, ...rest }) => rest),
    }
    const past = await explain(id, pack, [], erased)
    expect(past).toMatchObject({ decided: { effect: 'deny', policies: ['secrets'] } })
    expect(past.explanation).toBeUndefined()
    expect(past.unexplained).toContain('erasable part')
  })
})
