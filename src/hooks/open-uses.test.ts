import { expect, test } from 'vitest'
import type { Caller } from '../gate/gate.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import { CLAUDE_CODE } from './agents/claude-code.ts'
import { CLAUDE_PROMPT } from './agents/claude-prompt.ts'
import type { BeforeEvent } from './hook-event.ts'
import { OpenUses } from './open-uses.ts'

const caller = { chain: { task: { id: 'tsk_1' } } } as Caller
const use = (more: Partial<BeforeEvent> = {}): BeforeEvent => ({
  moment: 'before',
  tool: { name: 'Bash', arguments: { command: 'ls' }, use: 'toolu_1' },
  ...more,
})

test('R-AGT-1: a permission prompt, which does not tell of sub-agents, is answered as the hook of the same use was', async () => {
  let decided = 0
  const uses = new OpenUses({ now: () => 0, micros: () => 0 })
  const ask = (adapter: AgentAdapter, event: BeforeEvent) =>
    uses.once({ adapter, caller }, event, async () => {
      decided += 1
      return {}
    })
  await ask(CLAUDE_CODE, use({ subAgent: 'a1' }))
  expect(await ask(CLAUDE_PROMPT, use())).toMatchObject({ behavior: 'allow' })
  expect(decided).toBe(1)
  await expect(ask(CLAUDE_CODE, use())).rejects.toThrow('the id of another call')
  const other = use({ tool: { ...use().tool, arguments: { command: 'rm a' } } })
  await expect(ask(CLAUDE_PROMPT, other)).rejects.toThrow('the id of another call')
})
