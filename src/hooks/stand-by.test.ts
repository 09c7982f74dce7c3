import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import { SILENT } from '../core/log.ts'
import type { JsonObject } from '../core/json.ts'
import type { Caller } from '../gate/gate.ts'
import { createSubAgents } from '../gate/sub-agents/sub-agents.ts'
import { ADAPTERS, SECOND_HOOKS } from './adapters.ts'
import { createHookAnswers, type HookAnswer, type HookAnswers } from './answer-hook.ts'

const h = useGate()

function answersOf(): HookAnswers {
  return createHookAnswers({
    gate: h().gate,
    subAgents: createSubAgents(h().deps),
    presence: { heard: () => {}, ranUnasked: () => {}, cameHere: () => true },
    log: SILENT,
    clock: h().deps.clock,
    fileSystem: 'shared',
    hold: 0,
    newRequestId: () => 'req_1',
  })
}

/** Both hooks of Claude Code about one use of a tool. */
class TwoHooks {
  readonly #caller: Caller
  readonly #answers = answersOf()

  constructor(caller: Caller) {
    this.#caller = caller
  }

  ask(which: 'claude-code' | 'claude-code-defer', payload: JsonObject, signal = NEVER): Promise<HookAnswer> {
    const adapter = ADAPTERS.get(which) ?? SECOND_HOOKS.get(which)
    if (adapter === undefined) throw new Error(`no hook ${which}`)
    return this.#answers.answer(adapter, payload, async () => ({ adapter, caller: this.#caller, signal }))
  }

  /** The second waits already when the first comes. */
  async both(payload: JsonObject): Promise<readonly [HookAnswer, HookAnswer]> {
    const second = this.ask('claude-code-defer', payload)
    await setImmediate()
    return [await this.ask('claude-code', payload), await second]
  }
}

function use(tool: string, input: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    session_id: 's1',
    cwd: h().workspace,
    hook_event_name: 'PreToolUse',
    tool_name: tool,
    tool_input: input,
    tool_use_id: 'toolu_1',
    ...more,
  }
}
/** Something about which the default pack asks. */
const install = (more: JsonObject = {}): JsonObject => use('Bash', { command: 'npm install left-pad' }, more)
const saying = (decision: string): object => ({
  refused: false,
  json: { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: decision } },
})

describe('R-CON-4, R-AGT-1: Claude Code without a terminal, where a human has yet to agree', () => {
  test('the run ends, and the second hook says no to whoever goes on', async () => {
    const hooks = new TwoHooks(await h().callerOf())
    const [first, second] = await hooks.both(install())
    expect(first).toMatchObject(saying('defer'))
    expect(first).toMatchObject({
      json: { hookSpecificOutput: { permissionDecisionReason: expect.stringContaining('apr_') as string } },
    })
    expect(second).toMatchObject(saying('ask'))
  })

  test('gone on with, the same use waits for the same approval, and runs once it is given', async () => {
    const caller = await h().callerOf()
    await new TwoHooks(caller).both(install())
    const again = new TwoHooks(caller)
    expect((await again.both(install()))[0]).toMatchObject(saying('defer'))
    const pending = await h().administration.listApprovals(byMona, { state: 'pending', limit: 10 })
    expect(pending).toHaveLength(1)
    for (const { id } of pending) await h().administration.approve(byMona, id, {})
    const [first, second] = await again.both(install())
    expect(first).toMatchObject(saying('allow'))
    expect(second).toEqual({ refused: false, json: undefined })
    expect((await again.both(install({ tool_use_id: 'toolu_2' })))[0]).toMatchObject(saying('defer'))
  })

  test('without its second hook nothing is deferred', async () => {
    const hooks = new TwoHooks(await h().callerOf())
    expect(await hooks.ask('claude-code', install())).toMatchObject({ refused: true })
    // What came too late says nothing: the first has refused.
    expect(await hooks.ask('claude-code-defer', install())).toEqual({ refused: false, json: undefined })
  })

  test('nor while the second has gone, nor for a sub-agent, nor what is denied', async () => {
    const hooks = new TwoHooks(await h().callerOf())
    const gone = new AbortController()
    const second = hooks.ask('claude-code-defer', install(), gone.signal)
    await setImmediate()
    gone.abort()
    expect(await second).toMatchObject({ refused: true })
    expect(await hooks.ask('claude-code', install())).toMatchObject({ refused: true })
    await hooks.ask('claude-code-defer', install())
    for (const payload of [install({ agent_id: 'a1' }), use('Bash', { command: 'cat .env' })]) {
      const [first, beside] = await hooks.both(payload)
      expect(first).toMatchObject({ refused: true })
      expect(beside).toEqual({ refused: false, json: undefined })
    }
  })

  test('the second hook decides nothing, and is silent about everything but a tool that is to run', async () => {
    const hooks = new TwoHooks(await h().callerOf())
    const [first, second] = await hooks.both(use('Read', { file_path: `${h().workspace}/src/a.ts` }))
    expect([first, second]).toMatchObject([saying('allow'), { refused: false, json: undefined }])
    const started = { session_id: 's1', hook_event_name: 'SessionStart' }
    expect(await hooks.ask('claude-code-defer', started)).toEqual({ refused: false, json: undefined })
  })
})
