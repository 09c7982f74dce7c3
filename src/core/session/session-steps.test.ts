import { expect, test } from 'vitest'
import type { RecordEnvelope } from '../record.ts'
import { type SessionRecord, sessionSteps } from './session-steps.ts'
import { stepWords } from './step-words.ts'

type Half = readonly [door: 'hook' | 'mcp', use: string | undefined, effect: 'allow' | 'deny', root?: string]

function decided([door, use, effect, root = 'tsk_1']: Half, index: number): SessionRecord {
  const envelope: Partial<Record<keyof RecordEnvelope, unknown>> = {
    kind: 'decision',
    id: `dec_${index}`,
    at: '2026-01-01T00:00:00.000Z',
    call: { door, server: door === 'hook' ? 'claude-code' : 'files', tool: 'read' },
    identity: { task: root, chain: [root], human: 'ada', agent: { id: 'one' }, workflow: 'w' },
    decision: { effect, policies: ['p'], gates: [] },
    ...(use === undefined ? {} : { correlation: { toolUse: use } }),
  }
  return { index, envelope: envelope as unknown as RecordEnvelope }
}

const placesOf = (...halves: readonly Half[]): readonly (readonly number[])[] =>
  sessionSteps(halves.map(decided), 'tsk_1').map(({ records }) => records.map(({ index }) => index))

test('R-AUD-3: what a hook and the gateway heard of one use of a tool are halves of one step', () => {
  const hook: Half = ['hook', 'use-1', 'allow']
  expect(placesOf(hook, ['mcp', 'use-2', 'allow'], ['mcp', 'use-1', 'deny'])).toEqual([[0, 2], [1]])
  const [step] = sessionSteps([decided(hook, 0), decided(['mcp', 'use-1', 'deny'], 1)], 'tsk_1')
  expect(step && stepWords(step)).toMatchObject({
    title: 'claude-code__read · files__read',
    verdict: 'deny',
    decided: ['at the agent’s hook:', 'allow by p  #0', 'over MCP:', 'deny by p  #1'],
  })
})

test('R-AUD-3: an agent hides no call behind another by giving both one id', () => {
  expect(placesOf(['hook', 'u', 'allow'], ['mcp', 'u', 'allow'], ['mcp', 'u', 'deny'])).toEqual([[0, 1], [2]])
  expect(placesOf(['mcp', 'u', 'allow'], ['mcp', 'u', 'deny'])).toEqual([[0], [1]])
  expect(placesOf(['hook', 'u', 'allow'], ['mcp', 'u', 'allow', 'tsk_2'])).toEqual([[0], [1]])
  expect(placesOf(['hook', undefined, 'allow'], ['mcp', undefined, 'allow'])).toEqual([[0], [1]])
})
