import { afterEach, expect, test } from 'vitest'
import { ScriptedTasks } from '../../../test/support/scripted-tasks.ts'
import { ScriptedUpstream } from '../../../test/support/scripted-upstream.ts'
import { TaskClient } from '../../../test/support/task-client.ts'
import { startTestDoor, type TestDoor } from '../../../test/support/test-door.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Era } from '../upstream.ts'

let door: TestDoor
let server: ScriptedTasks

async function begin(upstream: Era): Promise<TaskClient> {
  const scripted = new ScriptedUpstream('demo', upstream)
  server = new ScriptedTasks(scripted)
  door = await startTestDoor({ upstreams: [scripted] })
  return TaskClient.connect(door, 'modern')
}

afterEach(() => door.close())

/** The params of the next message of a stream that is open. */
async function next(stream: AsyncGenerator<JsonObject>, method: string): Promise<JsonObject> {
  const { value } = (await stream.next()) as { readonly value: JsonObject }
  expect(value['method']).toBe(method)
  return value['params'] as JsonObject
}

const idOf = (task: JsonObject): string => task['taskId'] as string

test.each(['modern', 'legacy'] as const)(
  'R-MCP-3: who listens to a task of a %s server is told of a question, its end and its result',
  async (upstream) => {
    const agent = await begin(upstream)
    const task = await agent.call()
    const stream = agent.listen([idOf(task), 'never-was'])
    const acknowledged = await next(stream, 'notifications/subscriptions/acknowledged')
    expect(acknowledged['notifications']).toEqual({ taskIds: [idOf(task)] })
    server.ask({ method: 'elicitation/create', params: { message: 'your name?', requestedSchema: {} } })
    const asked = await next(stream, 'notifications/tasks')
    expect(asked).toMatchObject({
      taskId: idOf(task),
      status: 'input_required',
      _meta: acknowledged['_meta'],
    })
    expect(JSON.stringify(asked['inputRequests'])).toContain('[server demo asks] your name?')
    await agent.answer(task, { action: 'accept', content: { name: 'Ada' } })
    expect(await next(stream, 'notifications/tasks')).toMatchObject({ status: 'working' })
    server.complete({ content: [{ type: 'text', text: 'done' }] })
    const ended = await next(stream, 'notifications/tasks')
    const { resultType: _type, _meta: _own, ...got } = await agent.get(task)
    expect(ended).toEqual({ ...got, _meta: acknowledged['_meta'] })
    expect(ended).toMatchObject({ status: 'completed', result: { content: [{ text: 'done' }] } })
    // Listening is no new decision: the call and the question were decided once each.
    expect(door.gate.calls.map(({ kind }) => kind)).toEqual(['tool', 'elicitation'])
    expect(door.gate.outcomes.length).toBe(2)
    await stream.return(undefined)
  },
)

test('R-MCP-3: a task that has ended before anybody listens is told at once', async () => {
  const agent = await begin('modern')
  const task = await agent.call()
  server.fail(-32000, 'no disk')
  await agent.get(task)
  const stream = agent.listen([idOf(task)])
  await next(stream, 'notifications/subscriptions/acknowledged')
  expect(await next(stream, 'notifications/tasks')).toMatchObject({
    status: 'failed',
    error: { code: -32000, message: 'no disk' },
  })
  await stream.return(undefined)
})

test('R-MCP-3: a task of another task or endpoint is not acknowledged, as if it never was', async () => {
  const agent = await begin('modern')
  const task = await agent.call()
  for (const settings of [{ token: 'task-b' }, { path: '/mcp/demo' }]) {
    const stream = (await TaskClient.connect(door, 'modern', settings)).listen([idOf(task)])
    const { notifications } = await next(stream, 'notifications/subscriptions/acknowledged')
    expect(notifications).toEqual({ taskIds: [] })
    await stream.return(undefined)
  }
})

test('R-THR-1: who listens hears nothing more of a task once its token is revoked', async () => {
  const agent = await begin('modern')
  const task = await agent.call()
  const stream = agent.listen([idOf(task)])
  await next(stream, 'notifications/subscriptions/acknowledged')
  door.gate.revoked.add('task-a')
  server.complete({ content: [{ type: 'text', text: 'not for you' }] })
  door.gate.policyChanged()
  const rest: JsonObject[] = []
  for await (const message of stream) rest.push(message)
  expect(rest).toMatchObject([{ result: { resultType: 'complete' } }])
})
