import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { requestOf } from '../../src/policy/case-request.ts'
import { generateRequests, type GeneratedRequest } from '../../src/policy/generate-requests.ts'
import { loadPolicyBundle } from '../../src/policy/load-policy-set.ts'
import { ROOT } from '../support/running-gateway.ts'
import { parsedBefore } from '../support/shared-caches.ts'

const POLICIES = join(ROOT, 'policies')
const packs = readdirSync(POLICIES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe.each(packs)('R-ID-4: who holds no key, in the pack %s', async (pack) => {
  const { set, parsed } = await loadPolicyBundle({
    folders: [join(POLICIES, pack)],
    schemaFile: join(POLICIES, 'remit.cedarschema'),
    ...parsedBefore(),
  })
  const high = set.policies.map(({ id }) => id).filter((id) => set.gatesOf(id)?.severity === 'high')
  const decide = ({ request }: GeneratedRequest, holderBound: boolean) =>
    set.decide(requestOf({ ...request, facts: { ...request.facts, holderBound } }))
  const all = generateRequests([parsed]).map((request) => ({
    text: request.text,
    delegates: request.text.startsWith('agent.delegate'),
    held: decide(request, true),
    bare: decide(request, false),
  }))
  const refusedAsBearer = ({ bare }: (typeof all)[number]): boolean =>
    bare.effect === 'deny' && bare.policies.some((id) => id.startsWith('bearer-'))

  test('passes no gate of high severity, whichever there is', () => {
    const graveOf = ({ held }: (typeof all)[number]) => held.policies.filter((id) => high.includes(id))
    // A gate that no request comes to would be compared with nothing.
    expect(new Set(all.flatMap(graveOf))).toEqual(new Set(high))
    const passed = all.filter((each) => graveOf(each).length > 0 && !refusedAsBearer(each))
    expect(passed.map(({ text }) => text)).toEqual([])
  })

  test('starts no agent, and is refused nothing else that a held task may do', () => {
    expect(all.filter(({ delegates, bare }) => delegates && bare.effect !== 'deny')).toEqual([])
    const more = all.filter(
      ({ held, bare, delegates }) =>
        bare.effect !== held.effect && !delegates && !held.policies.some((id) => high.includes(id)),
    )
    expect(more.map(({ text }) => text)).toEqual([])
  })

  test('is told how to mend it', () => {
    const rules = set.policies.filter(({ id }) => id.startsWith('bearer-'))
    expect(rules.length).toBeGreaterThan(0)
    for (const { reason } of rules) expect(reason).toContain('`remit connect`')
  })
})
