import { expect, test } from 'vitest'
import { byAlice, showing, useGate } from '../../test/support/gate-harness.ts'
import { DEFAULT_TENANT } from '../core/ids.ts'
import { createDelegation } from './delegate.ts'

const h = useGate()

test('R-ID-3: delegating is decided by policy: the default pack asks, and refuses who holds no key', async () => {
  const KEY = 'A'.repeat(43)
  const delegate = async (holder: string | undefined) => {
    const { task, token } = await h().administration.createTask(byAlice, {
      workflow: 'fix-tests',
      intent: 'mend the tests',
      ...(holder === undefined ? {} : { holder }),
    })
    const shown = holder === undefined ? { token } : { token, showing: showing(holder) }
    const asked = createDelegation(h().deps).delegate(shown, { intent: 'part' }, { requestId: 'r' })
    return { task, asked }
  }
  const held = await delegate(KEY)
  await expect(held.asked).rejects.toMatchObject({ code: 'approval_pending' })
  const bare = await delegate(undefined)
  await expect(bare.asked).rejects.toMatchObject({
    code: 'call_denied',
    message: expect.stringContaining('`remit connect`') as string,
  })
  for (const { task } of [held, bare]) {
    expect(await h().store.tasks.children(DEFAULT_TENANT, task.id)).toEqual([])
  }
})
