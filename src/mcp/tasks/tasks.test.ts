import { afterEach, expect, test, vi } from 'vitest'
import { ScriptedUpstream } from '../../../test/support/scripted-upstream.ts'
import { startTestDoor, type TestDoor } from '../../../test/support/test-door.ts'
import { TaskClient } from '../../../test/support/task-client.ts'
import { ScriptedTasks } from '../../../test/support/scripted-tasks.ts'
import type { Halt } from '../../core/standing.ts'
import type { Era } from '../upstream.ts'

let door: TestDoor
let server: ScriptedTasks

async function begin(client: Era, upstream: Era, limits = {}): Promise<TaskClient> {
  const scripted = new ScriptedUpstream('demo', upstream)
  server = new ScriptedTasks(scripted)
  door = await startTestDoor({ upstreams: [scripted], limits })
  return TaskClient.connect(door, client)
}

afterEach(() => door.close())

const PAIRS: readonly (readonly [Era, Era])[] = [
  ['modern', 'modern'],
  ['legacy', 'legacy'],
  ['legacy', 'modern'],
  ['modern', 'legacy'],
]

test.each(PAIRS)(
  'R-MCP-3: a %s client follows a task of a %s server to its result',
  async (client, upstream) => {
    const agent = await begin(client, upstream)
    const task = await agent.call()
    expect(task['status']).toBe('working')
    expect(task['taskId']).not.toContain('up-1')
    expect(door.gate.outcomes).toEqual([])
    expect((await agent.get(task))['status']).toBe('working')
    server.complete({ content: [{ type: 'text', text: 'done' }] })
    expect(await agent.result(task)).toMatchObject({ content: [{ text: 'done' }] })
    expect(await agent.result(task)).toMatchObject({ content: [{ text: 'done' }] })
    expect(door.gate.calls.length).toBe(1)
    expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'ok' } }])
  },
)

test.each(PAIRS)(
  'R-MCP-3: what a task asks is decided once and answered: %s client, %s server',
  async (client, upstream) => {
    const agent = await begin(client, upstream)
    const task = await agent.call()
    server.ask({ method: 'elicitation/create', params: { message: 'your name?', requestedSchema: {} } })
    const answer = { action: 'accept', content: { name: 'Ada' } }
    const asked = await agent.answer(task, answer)
    expect(JSON.stringify(asked)).toContain('[server demo asks] your name?')
    server.complete({ content: [] })
    await agent.result(task)
    expect(server.answers).toEqual([answer])
    expect(door.gate.calls.map(({ kind }) => kind)).toEqual(['tool', 'elicitation'])
    expect(door.gate.outcomes.length).toBe(2)
  },
)

test.each(PAIRS)(
  'R-MCP-3: what policy refuses to be asked ends the task: %s client, %s server',
  async (client, upstream) => {
    const agent = await begin(client, upstream)
    door.gate.denied.add('elicitation/create')
    const task = await agent.call()
    server.ask({ method: 'elicitation/create', params: { message: 'your password?', requestedSchema: {} } })
    const failed = await agent.failure(task)
    expect(failed).toContain('is refused')
    expect(server.cancelled).toBe(true)
    expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'error' } }])
  },
)

test.each(PAIRS)(
  'R-AUD-2: a task that fails, %s client, %s server, ends as an error',
  async (client, upstream) => {
    const agent = await begin(client, upstream)
    const task = await agent.call()
    server.fail(-32000, 'no disk')
    expect(await agent.failure(task)).toContain('no disk')
    expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'error' } }])
  },
)

test.each(PAIRS)(
  'R-AUD-2: a task that its server forgot ends as unknown: %s client, %s server',
  async (client, upstream) => {
    const agent = await begin(client, upstream)
    const task = await agent.call()
    server.forget()
    expect(await agent.failure(task)).toContain('does not know the task')
    expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'unknown' } }])
  },
)

test.each(PAIRS)('R-MCP-3: cancelling reaches the server: %s client, %s server', async (client, upstream) => {
  const agent = await begin(client, upstream)
  const task = await agent.call()
  await agent.cancel(task)
  expect(server.cancelled).toBe(true)
  expect((await agent.get(task))['status']).toBe('cancelled')
  expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'cancelled' } }])
})

test.each(PAIRS)(
  'R-MCP-3: a task of another task or endpoint never was: %s client, %s server',
  async (client, upstream) => {
    const agent = await begin(client, upstream)
    const task = await agent.call()
    const other = await TaskClient.connect(door, client, { token: 'task-b' })
    const elsewhere = await TaskClient.connect(door, client, { path: '/mcp/demo' })
    for (const stranger of [other, elsewhere]) {
      const refused = await stranger.raw('tasks/get', { taskId: task['taskId'] ?? '' })
      const made = await stranger.raw('tasks/get', { taskId: 'x'.repeat(300) })
      expect(refused.error).toEqual(made.error)
      expect(refused.error?.code).toBe(-32602)
      expect((await stranger.raw('tasks/cancel', { taskId: task['taskId'] ?? '' })).error?.code).toBe(-32602)
    }
    expect(server.cancelled).toBe(false)
  },
)

test('R-THR-1: revoking the task cancels what runs for it, and settles it', async () => {
  const agent = await begin('modern', 'modern')
  await agent.call()
  door.gate.revoked.add('task-a')
  door.gate.authorityEnded()
  await expect.poll(() => server.cancelled).toBe(true)
  expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'cancelled' } }])
})

test('R-THR-1: a task that expires takes what runs for it with it, and one that was renewed does not', async () => {
  const agent = await begin('modern', 'modern')
  door.gate.lives.set('task-a', 5)
  await agent.call()
  const looked = vi.spyOn(door.gate, 'identify')
  await expect.poll(() => looked.mock.calls.length).toBeGreaterThan(2)
  expect(server.cancelled).toBe(false)
  door.gate.revoked.add('task-a')
  await expect.poll(() => server.cancelled).toBe(true)
  expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'cancelled' } }])
})

test.each(['legacy', 'modern'] as const)(
  'R-MCP-3: a client of 2025-11-25 hears of what the gateway learns of its task at a %s server, until its token ends',
  async (upstream) => {
    const agent = await begin('legacy', upstream)
    const heard = await agent.hear()
    const [first, second] = [await agent.call(), await agent.call()]
    expect(heard()).toEqual([])
    server.complete({ content: [{ type: 'text', text: 'no' }], isError: true })
    expect((await agent.get(first))['status']).toBe('failed')
    await expect
      .poll(() => heard())
      .toMatchObject([{ taskId: first['taskId'], status: 'failed', ttl: 60_000 }])
    expect((await agent.get(first))['status']).toBe('failed')
    door.gate.revoked.add('task-a')
    door.gate.authorityEnded()
    await expect.poll(() => door.gate.outcomes.length).toBe(2)
    await expect.poll(() => door.streams()).toBe(0)
    expect(heard().map(({ taskId }) => taskId)).not.toContain(second['taskId'])
  },
)

test.each(PAIRS)(
  'R-THR-1: stopping the server cancels its tasks there, settles them, and nothing more is told of them: %s client, %s server',
  async (client, upstream) => {
    const agent = await begin(client, upstream)
    const task = await agent.call()
    const { standing } = door.gate
    const halt = { target: 'server', id: 'demo', tenant: 'default', at: 0, by: 'mona', reason: 'it leaks' }
    door.gate.standing = { revision: 1, halts: [halt as Halt] }
    door.gate.stopping.abort()
    await expect.poll(() => server.cancelled).toBe(true)
    expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'cancelled' } }])
    const params = { taskId: task['taskId'] ?? '', inputResponses: {} }
    for (const method of ['tasks/get', client === 'modern' ? 'tasks/update' : 'tasks/result']) {
      const { error } = await agent.raw(method, params)
      expect(error?.message).toContain('the server `demo` was stopped by a human: it leaks')
    }
    door.gate.standing = standing
    expect(await agent.get(task)).toMatchObject({
      status: 'cancelled',
      statusMessage: expect.stringContaining('stopped'),
    })
    server.complete({ content: [] })
    expect((await agent.get(task))['status']).toBe('cancelled')
    expect(door.gate.outcomes.length).toBe(1)
  },
)

test('R-THR-1: a call that is stopped while its server makes a task of it is cancelled there', async () => {
  const agent = await begin('modern', 'modern')
  server.madeTask = () => door.gate.stopping.abort()
  await agent.raw('tools/call', { name: 'demo__ask', arguments: {} })
  await expect.poll(() => server.cancelled).toBe(true)
  expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'cancelled' } }])
})

test('R-THR-1: who waits for the result of a task that is stopped is told at once', async () => {
  const agent = await begin('legacy', 'legacy')
  const task = await agent.call()
  const waiting = agent.raw('tasks/result', { taskId: task['taskId'] ?? '' })
  door.gate.stopping.abort()
  expect((await waiting).error?.message).toContain('was stopped by a human')
})

test('R-AUD-2: a task whose client never comes back is settled all the same', async () => {
  const agent = await begin('modern', 'modern', { taskBeat: 20 })
  await agent.call()
  server.complete({ content: [], isError: true })
  await expect.poll(() => door.gate.outcomes).toMatchObject([{ outcome: { status: 'error' } }])
})

test('R-AUD-2: a task that outlives its time ends as unknown', async () => {
  const agent = await begin('modern', 'modern', { taskBeat: 20, taskLife: 1 })
  const task = await agent.call()
  await expect.poll(() => door.gate.outcomes).toMatchObject([{ outcome: { status: 'unknown' } }])
  expect((await agent.raw('tasks/get', { taskId: task['taskId'] ?? '' })).error?.message).toContain(
    'look at what it did',
  )
})

test('R-MCP-3: a task may have so many tasks at once and no more', async () => {
  const agent = await begin('modern', 'modern', { tasksPerTask: 1 })
  await agent.call()
  expect((await agent.raw('tools/call', { name: 'demo__ask', arguments: {} })).error?.message).toContain(
    'too many tasks',
  )
  expect(server.cancelled).toBe(true)
  expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'error' } }])
})

test('R-IFC-3: the result of a task is inspected before anybody has it', async () => {
  const agent = await begin('modern', 'modern')
  door.gate.inspect = () => Promise.resolve({ content: [{ type: 'text', text: '[redacted]' }] })
  const task = await agent.call()
  server.complete({ content: [{ type: 'text', text: 'hunter2' }] })
  const got = JSON.stringify(await agent.get(task))
  expect(got).toContain('[redacted]')
  expect(got).not.toContain('hunter2')
})

test('R-MCP-3: who did not declare tasks is told which capability is missing, and is given none', async () => {
  await begin('modern', 'modern')
  const plain = await TaskClient.connect(door, 'modern', { tasks: false })
  const answer = await plain.raw('tools/call', { name: 'demo__ask', arguments: {} })
  expect(answer.result).toMatchObject({ resultType: 'complete' })
  const refused = await plain.raw('tasks/get', { taskId: 'x' })
  expect(refused.error).toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
  })
})

test.each(PAIRS)(
  'R-MCP-1: tasks are declared to a %s client of a %s server, and only there',
  async (client, upstream) => {
    const agent = await begin(client, upstream)
    const described = JSON.stringify(await agent.describe())
    expect(described.includes('io.modelcontextprotocol/tasks')).toBe(client === 'modern')
    expect(described.includes('"tasks":{"list"')).toBe(client === 'legacy')
  },
)

test('R-MCP-1: a 2025-11-25 client lists its tasks, and has one though the server answered at once', async () => {
  const agent = await begin('legacy', 'modern')
  server.answersAtOnce = { content: [{ type: 'text', text: 'quick' }] }
  const task = await agent.call()
  expect(task['status']).toBe('completed')
  expect(await agent.result(task)).toMatchObject({ content: [{ text: 'quick' }] })
  const listed = await agent.raw('tasks/list', {})
  expect(listed.result?.['tasks']).toMatchObject([{ taskId: task['taskId'] }])
  const other = await TaskClient.connect(door, 'legacy', { token: 'task-b' })
  expect((await other.raw('tasks/list', {})).result?.['tasks']).toEqual([])
})
