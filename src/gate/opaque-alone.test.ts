import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { alice, mona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import type { Assertion } from '../core/assertion.ts'
import { RemitError } from '../core/errors.ts'
import type { Human } from '../core/identity.ts'
import { createAdministration } from './create-administration.ts'
import type { StepUp } from './step-up.ts'

const h = useGate()
const owner: Human = { ...alice, roles: ['maintainer'] }
const asOwner = { human: owner, credential: 'approver', reach: 'all' } as const

/** Asks for a proof once, as a gateway with passkeys does, and keeps what it was asked under. */
function stepUpOf(under: string[]): StepUp {
  return {
    confirm: (_actor, digest, answer) => {
      if (answer?.assertion === undefined) throw new RemitError('step_up_needed', 'sign it')
      under.push(digest)
      return Promise.resolve({ digest } as Assertion)
    },
  }
}

test('R-CON-2, R-CON-3: who works alone on a laptop may agree to what is not understood: shown whole, once, under a fresh proof, and not in a chat', async () => {
  const signed: string[] = []
  const administration = createAdministration({ ...h().deps, stepUp: stepUpOf(signed) })
  const script = 'console.log("whole text")\n'
  writeFileSync(join(h().workspace, 'src', 'x.js'), script)
  h().humans = [owner]
  const caller = await h().callerOf()
  const call = h().command('node src/x.js')
  const { id, gates, prompt, offer } = await h().askedFor(caller, call)
  const gate = gates.find(({ scope }) => scope === 'opaque')
  expect(gate).toMatchObject({ severity: 'high', delegator: 'alone' })
  expect(prompt).toContain('console.log("whole text")')
  expect(offer).toBeUndefined()
  const proof = { stepUp: { assertion: {} } }
  // Neither without a proof, nor in a chat, nor for longer, nor with the credential that the agent's host could hold.
  const refusals: readonly (readonly [Parameters<typeof administration.approve>[0], object, string])[] = [
    [asOwner, {}, 'step_up_needed'],
    [{ ...asOwner, channel: 'slack' }, proof, 'step_up_needed'],
    [asOwner, { ...proof, grant: 'task' }, 'grant_not_offered'],
    [{ ...asOwner, credential: 'stored' }, proof, 'role_missing'],
  ]
  for (const [actor, vote, code] of refusals)
    await expect(administration.approve(actor, id, vote)).rejects.toMatchObject({ code })
  expect((await h().gate.authorize(caller, call, NEVER)).effect).toBe('consent')
  const granted = await administration.approve(asOwner, id, proof)
  expect(granted.state).toBe('granted')
  expect(granted.votes.map(({ gate: of }) => of).toSorted()).toEqual(['opaque', 'run'])
  for (const vote of granted.votes)
    expect(vote).toMatchObject({ human: 'alice', assertion: { digest: signed.at(-1) } })
  expect((await h().gate.authorize(caller, call, NEVER)).effect).toBe('allow')
  expect((await h().gate.authorize(caller, call, NEVER)).effect).toBe('consent')
  expect(signed.at(-1)).toMatch(/^[0-9a-f]{64}$/)
})

test('R-CON-2: where somebody else is enrolled, the delegator may not agree to what is not understood', async () => {
  writeFileSync(join(h().workspace, 'src', 'x.js'), 'x\n')
  h().humans = [owner, mona]
  const { id } = await h().askedFor(await h().callerOf(), h().command('node src/x.js'))
  await expect(h().administration.approve(asOwner, id, {})).rejects.toMatchObject({
    code: 'approver_refused',
  })
})
