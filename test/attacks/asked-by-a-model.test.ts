import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import {
  askAs,
  callAs,
  decisionIn,
  OF_CODEX,
  ofClaude,
  ofCodex,
  startRuntimeDoor,
} from '../support/runtime-door.ts'
import type { TestDoor } from '../support/test-door.ts'

let door: TestDoor
const told: string[] = []
beforeAll(async () => {
  const presence = {
    heard: () => told.push('heard'),
    ranUnasked: () => told.push('ran unasked'),
    cameHere: () => true,
  }
  door = await startRuntimeDoor({ limits: { beat: 60_000 }, presence })
})
afterAll(() => door.close())

/** Everything that a gate was asked to do since the last test. */
let before = { calls: 0, outcomes: 0, approvals: 0 }
const done = (): typeof before => ({
  calls: door.gate.calls.length,
  outcomes: door.gate.outcomes.length,
  approvals: door.gate.approvals.size,
})
beforeEach(() => {
  told.length = 0
  before = done()
})

const effect = (answer: JsonObject): unknown => decisionIn(answer)['permissionDecision']

describe('R-AGT-1, R-SEC-1: a model that asks in place of the runtime', () => {
  test.each([
    [
      'Claude Code',
      ofClaude('Bash_guarded', 'toolu_made_up'),
      { meta: { 'claudecode/toolUseId': 'toolu_1' } },
    ],
    [
      'Codex',
      ofCodex('Bash_guarded', 'call_made_up'),
      { ...OF_CODEX, meta: { callId: 'call_1', threadId: 't' } },
    ],
  ])(
    '%s: a call of the model is refused: no decision, no request to a human, and the attempt on record',
    async (_, asked, as) => {
      const unrouted = door.gate.unrouted.length
      expect(effect(await askAs(door, asked, as))).toBe('deny')
      expect(done()).toEqual(before)
      expect(told).toEqual([])
      expect(door.gate.unrouted.slice(unrouted)).toMatchObject([
        { door: 'mcp', tool: 'remit_authorize', arguments: asked },
      ])
    },
  )

  test('an end that the model tells is none', async () => {
    await askAs(door, ofClaude('Bash', 'toolu_real'))
    const outcomes = door.gate.outcomes.length
    const told = await askAs(
      door,
      ofClaude('Bash', 'toolu_real', { hook_event_name: 'PostToolUse', tool_response: '{"stdout":"fine"}' }),
      { meta: { 'claudecode/toolUseId': 'toolu_other' } },
    )
    expect(told['decision']).toBe('block')
    expect(door.gate.outcomes.length).toBe(outcomes)
  })

  test('the form of a permission prompt is no way around: its mark must be the use that it is about', async () => {
    const asked = { tool_name: 'Bash_guarded', input: { command: 'ls' }, tool_use_id: 'toolu_made_up' }
    const answer = await askAs(door, asked, { meta: { 'claudecode/toolUseId': 'toolu_1' } })
    expect(answer['behavior']).toBe('deny')
    expect(done()).toEqual(before)
    // A real one is asked about some tools alone: it shows no hook to be alive.
    await askAs(door, asked)
    expect(told).toEqual([])
  })

  test('through an agent that does not mark what its model calls, nobody asks', async () => {
    const answer = await askAs(door, ofClaude('Bash_guarded', 'toolu_2'), { client: 'gemini-cli/0.61.0' })
    expect(effect(answer)).toBe('deny')
    expect(done()).toEqual(before)
  })

  test('without the id of a use no human is asked', async () => {
    const asked = [ofClaude('Bash_guarded', ''), { tool_name: 'Bash_guarded', input: { command: 'ls' } }]
    for (const each of asked) await askAs(door, each)
    expect(done()).toEqual(before)
  })

  test('a yes to a harmless call is none to another, nor to the same one under another id', async () => {
    expect(effect(await askAs(door, ofClaude('Bash', 'toolu_3')))).toBe('allow')
    expect(effect(await askAs(door, ofClaude('Read_secret', 'toolu_4')))).toBe('deny')
    expect(effect(await askAs(door, ofClaude('Bash', 'toolu_5')))).toBe('allow')
    expect(done().calls).toBe(before.calls + 3)
  })

  test('two hooks about one use are one decision; another call under its id is refused', async () => {
    const asked = ofClaude('Bash', 'toolu_6')
    const both = await Promise.all([askAs(door, asked), askAs(door, asked)])
    expect(both.map(effect)).toEqual(['allow', 'allow'])
    const swapped = ofClaude('Bash', 'toolu_6', { tool_input: '{"command":"rm -rf /"}' })
    expect(effect(await askAs(door, swapped))).toBe('deny')
    const ended = ofClaude('Bash', 'toolu_6', { hook_event_name: 'PostToolUse', tool_response: '{}' })
    await Promise.all([askAs(door, ended), askAs(door, ended)])
    expect(done()).toMatchObject({ calls: before.calls + 1, outcomes: before.outcomes + 1 })
    expect(told).not.toContain('ran unasked')
  })

  test('a yes from before is none now: the same use is decided anew', async () => {
    let now = 1_000
    const later = await startRuntimeDoor({ clock: { now: () => now, micros: () => 0 } })
    await askAs(later, ofClaude('Bash', 'toolu_6'))
    now += 10_001
    await askAs(later, ofClaude('Bash', 'toolu_6'))
    expect(later.gate.calls).toHaveLength(2)
    await later.close()
  })

  test('the id of a use that ended opens nothing: the call is decided anew', async () => {
    await askAs(door, ofClaude('Bash', 'toolu_7'))
    await askAs(door, ofClaude('Bash', 'toolu_7', { hook_event_name: 'PostToolUse', tool_response: '{}' }))
    await askAs(door, ofClaude('Bash', 'toolu_7'))
    expect(done().calls).toBe(before.calls + 2)
  })

  test('a use of one task is none of another', async () => {
    await askAs(door, ofClaude('Bash', 'toolu_8'))
    await askAs(door, ofClaude('Bash', 'toolu_8'), { token: 'task-b' })
    expect(done().calls).toBe(before.calls + 2)
  })

  test('a flood is cut off, and what the model sends keeps the runtime from nothing', async () => {
    const still = await startRuntimeDoor({ clock: { now: () => 1_000, micros: () => 0 } })
    const asked = ofClaude('Bash', 'toolu_made_up')
    const flood = { meta: { 'claudecode/toolUseId': 'toolu_9' } }
    const told: string[] = []
    for (let sent = 0; sent < 300; sent += 1) told.push(JSON.stringify(await callAs(still, asked, flood)))
    expect(told.filter((answer) => answer.includes('asks too often'))).toHaveLength(99)
    expect(still.gate.unrouted).toHaveLength(201)
    expect(effect(await askAs(still, ofClaude('Bash', 'toolu_10')))).toBe('allow')
    await still.close()
  })
})
