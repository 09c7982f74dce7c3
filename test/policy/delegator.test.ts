import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../src/core/actions.ts'
import { LABELS, type Label } from '../../src/core/labels.ts'
import type { Operation } from '../../src/core/operation.ts'
import type { ResourceType } from '../../src/core/resource.ts'
import { compareBundles } from '../../src/policy/compare-bundles.ts'
import { loadPolicyBundle, loadPolicySet } from '../../src/policy/load-policy-set.ts'
import { ROOT } from '../support/running-gateway.ts'
import { ADA, approval, chain, operation, request, packFolder, SCHEMA_FILE, task } from './samples.ts'
import { parsedBefore } from '../support/shared-caches.ts'

const POLICIES = join(ROOT, 'policies')
const packs = readdirSync(POLICIES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** Work that one person may never wave through for their own agent: its action, its target, a label of that. */
const NEVER: readonly (readonly [Action, ResourceType, Label | undefined])[] = [
  ['package.publish', 'Package', undefined],
  ['release.publish', 'Repository', undefined],
  ['deploy.run', 'Cluster', undefined],
  ['infra.write', 'InfraObject', 'production'],
  ['sql.read', 'Table', 'production'],
  ['file.read', 'File', 'secret'],
  ['file.write', 'File', 'secret'],
  ['secret.read', 'Secret', undefined],
  ['secret.write', 'Secret', undefined],
  ['control.weaken', 'Repository', undefined],
  ['file.write', 'File', 'security-control'],
  ['file.write', 'File', 'auth'],
  ['file.write', 'File', 'ci'],
  ['file.write', 'File', 'agent-config'],
  ['file.write', 'File', 'git-hook'],
  ['git.push', 'Branch', 'protected'],
]

const anyLabels = fc.uniqueArray(fc.constantFrom(...(Object.keys(LABELS) as Label[])), { maxLength: 3 })

describe.each(packs)('R-CON-2: %s', async (pack) => {
  const set = await loadPolicySet({
    folders: [join(POLICIES, pack)],
    schemaFile: SCHEMA_FILE,
    ...parsedBefore(),
  })
  const all = { ...ADA, roles: ['maintainer', 'approver'], teams: ['maintainer', 'approver'] }

  test.each(NEVER)('the delegator never lets pass: %s on %s labelled %s', (action, type, label) => {
    fc.assert(
      fc.property(anyLabels, fc.boolean(), (more, sandboxed) => {
        const labels = [...(label === undefined ? [] : [label]), ...more]
        const dangerous: Operation = operation(action, { type, id: 'x' }, { labels })
        const decision = set.decide(request([dangerous], { human: all, facts: { sandboxed } }))
        expect(decision.effect).not.toBe('allow')
        const facts = { now: Date.UTC(2026, 10, 23, 10), alone: true }
        const closed = decision.gates.map((gate) => set.mayApprove(all, approval([gate]), facts).effect)
        // Denied outright, or with a gate that only somebody else can close.
        expect(decision.effect === 'deny' || closed.includes('deny')).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('within production the delegator lets nothing pass that changes, runs or reaches out', () => {
    const inside = chain(task({ environment: 'production', environmentProved: true }))
    for (const [action, type] of [
      ['file.write', 'File'],
      ['code.execute', 'Repository'],
      ['net.send', 'Host'],
    ] as const) {
      const decision = set.decide(
        request([operation(action, { type, id: 'x' })], {
          chain: inside,
          human: all,
          facts: { environment: 'production' },
        }),
      )
      const closed = decision.gates.map(
        (gate) => set.mayApprove(all, approval([gate]), { now: 0, alone: true }).effect,
      )
      expect(decision.effect === 'deny' || closed.includes('deny')).toBe(true)
    }
  })

  test('no gate of high severity is the delegator’s but `opaque` alone on a laptop, and none of it lasts longer than a call', () => {
    const gates = set.policies.flatMap(({ id }) => set.gatesOf(id) ?? [])
    const high = gates.filter(({ severity }) => severity === 'high')
    expect(high.filter(({ grant }) => grant !== undefined)).toEqual([])
    const own = high.filter(({ scope }) => scope !== 'opaque')
    expect(own.filter(({ delegator }) => delegator !== undefined)).toEqual([])
    const opaque = gates.filter(({ scope }) => scope === 'opaque')
    expect(opaque.map(({ severity }) => severity)).toEqual(['high'])
    for (const gate of opaque)
      for (const alone of [true, false]) {
        const { effect } = set.mayApprove(all, approval([gate]), { now: 0, alone })
        expect(effect).toBe(alone && gate.delegator === 'alone' ? 'allow' : 'deny')
      }
  })
})

test('R-POL-8: letting the delegator close a gate, and letting an approval last, are loosenings', async () => {
  const text = (more: string) => `@id("work") @reason("r") permit (principal, action, resource);
@id("run") @consent("run") ${more} @reason("r") forbid (principal is Task, action == Action::"code.execute", resource);`
  const bundle = async (more: string) =>
    loadPolicyBundle({ folders: [await packFolder(text(more))], schemaFile: SCHEMA_FILE, ...parsedBefore() })
  const [never, alone, yes, lasting] = await Promise.all(
    ['', '@delegator("alone")', '@delegator("yes")', '@grant("task")'].map(bundle),
  )
  for (const [strict, loose] of [
    [never, alone],
    [alone, yes],
    [never, lasting],
  ] as const) {
    expect((await compareBundles(strict!, loose!, [])).loosened).toMatchObject([{ policies: ['run'] }])
    expect((await compareBundles(loose!, strict!, [])).tightened).toMatchObject([{ policies: ['run'] }])
  }
})
