import { describe, expect, test } from 'vitest'
import { alice, byAlice, NEVER, useGate } from '../../test/support/gate-harness.ts'
import { HolderKey } from '../identity/holder-key.ts'
import { createAdministration } from './create-administration.ts'
import type { Actor, Administration } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'

const h = useGate()
const key = HolderKey.make()
const wish = { workflow: 'fix-tests', intent: 'x', boxed: true, holder: key.thumbprint } as const
const byCode = { human: alice, credential: 'approver' } as const

function administration(more: Partial<AdministrationDeps> = { noBoxes: () => undefined }): Administration {
  return createAdministration({ ...h().deps, ...more })
}

describe('R-BOX-1: a task is proved to be sandboxed', () => {
  test('by `remit run` with the credential on disk, and its calls count as such', async () => {
    const { task, token } = await administration().createTask(byAlice, wish)
    expect(task).toMatchObject({ environment: 'sandbox', environmentProved: true, holder: key.thumbprint })
    const caller = await h().gate.identify(token, { key: key.thumbprint })
    await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
    const records = await h().store.records.query({ tenant: task.tenant, kind: 'decision', limit: 1 })
    expect(records[0]?.detail?.facts).toMatchObject({ sandboxed: true, environment: 'sandbox' })
  })

  const made = { noBoxes: () => undefined }
  const refused: readonly (readonly [
    string,
    { wish?: object; deps?: object; actor?: Actor; code?: string },
  ])[] = [
    ['a person’s code, which a browser has too', { actor: byCode, code: 'scope_wider' }],
    ['no key', { wish: { holder: undefined } }],
    ['a machine without sandboxes', { deps: { noBoxes: () => 'no bwrap' } }],
    ['nobody having looked for sandboxes', { deps: {} }],
    ['staging, which would become less strict', { wish: { environment: 'staging' } }],
  ]
  test.each(refused)(
    'never with %s',
    async (_name, { wish: more, deps, actor = byAlice, code = 'input_invalid' }) => {
      const asked = administration(deps ?? made).createTask(actor, { ...wish, ...more })
      await expect(asked).rejects.toMatchObject({ code })
    },
  )

  test('never because somebody says `sandbox`', async () => {
    const { boxed: _boxed, ...claim } = { ...wish, environment: 'sandbox' as const }
    const { task } = await administration().createTask(byAlice, claim)
    expect(task).toMatchObject({ environment: 'sandbox', environmentProved: false })
  })

  test('and never leaves the box: no other key, no release, but another box of the same', async () => {
    const own = administration()
    const { task } = await own.createTask(byAlice, wish)
    const other = HolderKey.make().thumbprint
    for (const away of [{ holder: other }, { release: true }]) {
      await expect(own.issueToken(byAlice, task.id, away)).rejects.toMatchObject({ code: 'input_invalid' })
    }
    await expect(own.issueToken(byAlice, task.id, { release: true, boxed: true })).rejects.toMatchObject({
      code: 'input_invalid',
    })
    const again = await own.issueToken(byAlice, task.id, { holder: other, boxed: true })
    expect(again.task).toMatchObject({ environmentProved: true, holder: other })
  })

  test('an older task, whose token may be anywhere, does not become one', async () => {
    const own = administration()
    const { boxed: _boxed, holder: _holder, ...plain } = wish
    const { task } = await own.createTask(byAlice, plain)
    const taken = own.issueToken(byAlice, task.id, { holder: key.thumbprint, boxed: true })
    await expect(taken).rejects.toMatchObject({ code: 'input_invalid' })
  })
})
