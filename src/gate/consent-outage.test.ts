import { expect, test } from 'vitest'
import { NEVER, byMona, useGate } from '../../test/support/gate-harness.ts'
import { DEFAULT_TENANT } from '../core/ids.ts'
import { createGate } from './create-gate.ts'
import type { Gate } from './gate.ts'

const h = useGate()
const CI = '.github/workflows/release.yml'
const lost = (): Promise<never> => Promise.reject(new Error('connection terminated'))

/** The same gate, whose approvals are away. */
function gateInOutage(): Gate {
  const broken = new Proxy({}, { get: () => lost }) as never
  return createGate({ ...h().deps, approvals: broken })
}

test('R-CON-3, R-REL-1: while approvals cannot be read, what asks is denied on record, and what asks nobody runs', async () => {
  const caller = await h().callerOf()
  const gate = gateInOutage()
  const verdict = await gate.authorize(caller, h().write(CI), NEVER)
  expect(verdict).toMatchObject({
    effect: 'deny',
    decision: { gates: [], policies: ['ci', 'remit:consent-outage'] },
    error: { code: 'call_denied', message: expect.stringContaining('again in a minute') as string },
  })
  const [record] = await h().store.records.query({
    tenant: DEFAULT_TENANT,
    kind: 'decision',
    id: verdict.decisionId,
  })
  expect(record?.envelope.decision).toMatchObject({ effect: 'deny' })
  expect((await gate.authorize(caller, h().read('src/a.ts'), NEVER)).effect).toBe('allow')
})

test('R-CON-3, R-REL-1: an agreement outlasts the outage: asked anew after it, the call runs once', async () => {
  const caller = await h().callerOf()
  const { id } = await h().askedFor(caller, h().write(CI))
  await h().administration.approve(byMona, id, {})
  const denied = await gateInOutage().authorize(caller, h().write(CI), NEVER)
  expect(denied.effect).toBe('deny')
  expect((await h().gate.authorize(caller, h().write(CI), NEVER)).effect).toBe('allow')
  expect((await h().askedFor(caller, h().write(CI))).id).not.toBe(id)
})
