import { expect, test } from 'vitest'
import { NEVER, useGate } from '../../test/support/gate-harness.ts'
import { SILENT } from '../core/log.ts'
import { createSubAgents } from '../gate/sub-agents/sub-agents.ts'
import { canaryPayloads } from '../server/doctor/agents/canary-payloads.ts'
import { ADAPTERS } from './adapters.ts'
import { createHookAnswers } from './answer-hook.ts'
import { CANARY_WORDS } from './canary.ts'

const h = useGate()

test('R-AGT-2: a canary is refused before every tool of every agent with programs at its hooks, and is no call, no record and no sign of life', async () => {
  const heard: unknown[] = []
  const answers = createHookAnswers({
    gate: h().gate,
    subAgents: createSubAgents(h().deps),
    presence: { heard: (_caller, hook) => heard.push(hook), ranUnasked: () => {}, cameHere: () => true },
    log: SILENT,
    clock: h().deps.clock,
    fileSystem: 'shared',
    hold: 0,
    newRequestId: () => 'req_1',
  })
  const caller = await h().callerOf()
  const before = await h().kinds()
  const told: string[] = []
  for (const [agent, adapter] of ADAPTERS) {
    const payloads = canaryPayloads(agent, h().workspace)
    if (payloads === undefined) continue
    const who = async () => ({ adapter, caller, signal: NEVER })
    const refused = await answers.answer(adapter, payloads.before, who)
    expect([agent, refused.refused && refused.error.message]).toEqual([agent, CANARY_WORDS])
    const begun = payloads.start && (await answers.answer(adapter, payloads.start, who))
    expect(begun ?? { refused: false, json: undefined }).toEqual({ refused: false, json: undefined })
    told.push(agent)
  }
  expect([...ADAPTERS.keys()].filter((agent) => !told.includes(agent)).toSorted()).toEqual([
    'kiro',
    'opencode',
  ])
  expect(heard).toEqual([])
  expect(await h().kinds()).toEqual(before)
})
