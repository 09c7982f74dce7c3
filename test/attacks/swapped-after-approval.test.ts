import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DEFAULT_TENANT, type Digest } from '../../src/core/ids.ts'
import type { ToolCall } from '../../src/core/tool-call.ts'
import { NEVER, byMona, useGate } from '../support/gate-harness.ts'

const h = useGate()
const CI = '.github/workflows/release.yml'
const DECOMPOSED = 'e\u0301'

/** What a human agreed to, and a call that is another by little. */
describe('R-SEC-1, R-CON-3: a call is swapped after it was agreed to', () => {
  test.each([
    ['a letter', () => h().write(CI, 'é!')],
    ['letters that look the same', () => h().write(CI, DECOMPOSED)],
    ['a letter without ink', () => h().write(CI, 'é\u200b')],
    [
      'another spelling of the path',
      () => h().call('write_file', { path: `${h().workspace}/./${CI}`, content: 'é' }),
    ],
    [
      'an argument more',
      () => h().call('write_file', { path: join(h().workspace, CI), content: 'é', mode: null }),
    ],
    ['another type', () => h().call('write_file', { path: join(h().workspace, CI), content: ['é'] })],
    ['another tool', () => h().call('edit_file', { path: join(h().workspace, CI), content: 'é' })],
    [
      'a tool that was redefined meanwhile',
      (): ToolCall => ({
        ...h().write(CI, 'é'),
        definition: { digest: 'e'.repeat(64) as Digest, name: 'write_file' },
      }),
    ],
  ])(
    'approve-then-swap: %s is asked about anew, and the agreement stays for what it was given for',
    async (_, swap) => {
      const caller = await h().callerOf()
      const { id } = await h().askedFor(caller, h().write(CI, 'é'))
      await h().administration.approve(byMona, id, {})
      const verdict = await h().gate.authorize(caller, swap(), NEVER)
      expect(verdict.effect).not.toBe('allow')
      expect((await h().store.approvals.get(DEFAULT_TENANT, id))?.state).toBe('granted')
      expect((await h().gate.authorize(caller, h().write(CI, 'é'), NEVER)).effect).toBe('allow')
    },
  )

  test('tool redefinition: what a definition that nobody reviewed would do is denied, whatever was agreed to', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().write(CI))
    await h().administration.approve(byMona, id, {})
    h().pinned = false
    const verdict = await h().gate.authorize(caller, h().write(CI), NEVER)
    expect(verdict).toMatchObject({ effect: 'deny', decision: { policies: ['remit:pinned'] } })
    expect((await h().store.approvals.get(DEFAULT_TENANT, id))?.state).toBe('granted')
  })
})
