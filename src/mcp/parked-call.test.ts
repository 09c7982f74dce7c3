import { afterEach, describe, expect, test } from 'vitest'
import { ScriptedUpstream, type Script } from '../../test/support/scripted-upstream.ts'
import { modernCall, type ModernAnswer } from '../../test/support/modern-call.ts'
import { startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import type { JsonObject } from '../core/json.ts'
import type { DoorLimits } from './door-deps.ts'
import type { UpstreamRequest } from './upstream.ts'

let door: TestDoor
let upstream: ScriptedUpstream

afterEach(async () => {
  await door.close()
})

async function start(script: Script, limits: Partial<DoorLimits> = {}): Promise<void> {
  upstream = new ScriptedUpstream('old', 'legacy')
  upstream.script = script
  door = await startTestDoor({ upstreams: [upstream], limits })
}

const CALL = { name: 'old__ask', arguments: {} }

const send = (params: typeof CALL & JsonObject, token = 'task-a'): Promise<ModernAnswer> =>
  modernCall(door, params, { token, elicitation: { form: {} } })

const ask = async (request: UpstreamRequest, message: string): Promise<string> => {
  const requestedSchema = { type: 'object', properties: { name: { type: 'string' } } }
  const params = { mode: 'form', message, requestedSchema }
  return JSON.stringify(await request.onServerRequest!('elicitation/create', params))
}
const said = (text: string): JsonObject => ({ content: [{ type: 'text', text }] })
const accept = (name: string): JsonObject => ({ action: 'accept', content: { name } })
const answersTo = (answer: ModernAnswer, name: string): typeof CALL & JsonObject => ({
  ...CALL,
  requestState: answer.result?.requestState ?? '',
  inputResponses: Object.fromEntries(
    Object.keys(answer.result?.inputRequests ?? {}).map((key) => [key, accept(name)]),
  ),
})

describe('R-MCP-1: a server of the initialize era asks a client of 2026-07-28', () => {
  test('the call waits for the client’s next request, runs once and is settled once', async () => {
    await start(async (request) => said(await ask(request, 'who are you?')))
    const first = await send(CALL)
    expect(first.result?.['resultType']).toBe('input_required')
    expect(first.result?.inputRequests).toMatchObject({
      'question-1': { method: 'elicitation/create', params: { message: '[server old asks] who are you?' } },
    })
    const last = await send(answersTo(first, 'Ada'))
    expect(last.result?.content?.[0]?.text).toContain('Ada')
    expect(upstream.requests).toHaveLength(1)
    expect(upstream.requests[0]?.clientCapabilities).toEqual({ elicitation: { form: {} } })
    expect(door.gate.calls.map(({ kind }) => kind)).toEqual(['tool', 'elicitation'])
    await expect
      .poll(() => door.gate.outcomes.map(({ decision, outcome }) => `${decision} ${outcome.status}`))
      .toEqual(['dec_2 ok', 'dec_1 ok'])
  })

  test('it may ask again and again, and two things at once', async () => {
    await start(async (request) => {
      const both = await Promise.all([ask(request, 'a?'), ask(request, 'b?')])
      return said([...both, await ask(request, 'c?')].join(' '))
    })
    const first = await send(CALL)
    expect(Object.keys(first.result?.inputRequests ?? {})).toEqual(['question-1', 'question-2'])
    const second = await send(answersTo(first, 'one'))
    expect(Object.keys(second.result?.inputRequests ?? {})).toEqual(['question-3'])
    const last = await send(answersTo(second, 'two'))
    expect(last.result?.content?.[0]?.text.match(/"(one|two)"/g)).toEqual(['"one"', '"one"', '"two"'])
  })

  test('a question that the server takes back is asked no more, and the call goes on without', async () => {
    const withdraw = new AbortController()
    await start(async (request) => {
      const params = { message: 'who?', requestedSchema: { type: 'object', properties: {} } }
      const asked = request.onServerRequest!('elicitation/create', params, withdraw.signal)
      return said(
        await asked.then(
          () => 'answered',
          () => 'went on without',
        ),
      )
    })
    const first = await send(CALL)
    withdraw.abort()
    const last = await send(answersTo(first, 'too late'))
    expect(last.result?.content?.[0]?.text).toBe('went on without')
    await expect
      .poll(() => door.gate.outcomes.map(({ decision, outcome }) => `${decision} ${outcome.status}`))
      .toEqual(['dec_2 cancelled', 'dec_1 ok'])
  })

  test('an answer that is missing is asked for again', async () => {
    await start(async (request) => said(await ask(request, 'who?')))
    const first = await send(CALL)
    const again = await send({ ...CALL, requestState: first.result?.requestState ?? '', inputResponses: {} })
    expect(Object.keys(again.result?.inputRequests ?? {})).toEqual(['question-1'])
    expect((await send(answersTo(again, 'Ada'))).result?.content?.[0]?.text).toContain('Ada')
  })

  test('R-SEC-1: the state is of one task and one call, and good once', async () => {
    await start(async (request) => said(await ask(request, 'who?')))
    const first = await send(CALL)
    const answers = answersTo(first, 'Mallory')
    expect((await send(answers, 'task-b')).error?.code).toBe(-32602)
    expect((await send({ ...answers, arguments: { other: 1 } })).error?.code).toBe(-32602)
    expect((await send(answersTo(first, 'Ada'))).result?.content?.[0]?.text).toContain('Ada')
    expect((await send(answers)).error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('send the call anew'),
    })
    expect(upstream.requests).toHaveLength(1)
  })

  test('a client that never comes back ends the call upstream, settled as cancelled', async () => {
    await start(async (request) => said(await ask(request, 'who?')), { answerWait: 50 })
    const first = await send(CALL)
    await expect.poll(() => upstream.requests[0]?.signal.aborted).toBe(true)
    await expect
      .poll(() => door.gate.outcomes.map(({ decision, outcome }) => `${decision} ${outcome.status}`))
      .toContain('dec_1 cancelled')
    expect((await send(answersTo(first, 'late'))).error?.code).toBe(-32602)
  })

  test('R-THR-1: only so many calls of one task wait; the next is refused and ends upstream', async () => {
    await start(async (request) => said(await ask(request, 'who?')), { parkedPerTask: 2 })
    await send(CALL)
    await send(CALL)
    expect((await send(CALL)).error?.message).toContain('too many calls of this task wait')
    expect(upstream.requests.map(({ signal }) => signal.aborted)).toEqual([false, false, true])
    expect((await send(CALL, 'task-b')).result?.['resultType']).toBe('input_required')
  })
})
