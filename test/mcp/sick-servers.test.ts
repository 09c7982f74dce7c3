import { afterEach, describe, expect, test } from 'vitest'
import type { ServerKey } from '../../src/core/ids.ts'
import type { Upstream } from '../../src/mcp/upstream.ts'
import { connectClient } from '../support/mcp-client.ts'
import { rawCall } from '../support/raw-call.ts'
import { startSickUpstream, type SickUpstream } from '../support/sick-upstream.ts'
import { httpUpstream, startTestDoor, type TestDoor, type TestDoorOptions } from '../support/test-door.ts'

/** Milliseconds: long enough for a healthy server on a machine that has much else to do. */
const WAIT = 2_000
const PULSE = { first: 30, longest: 100, wait: WAIT, patience: 60_000 }

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function server(): Promise<SickUpstream> {
  const started = await startSickUpstream()
  cleanups.push(() => started.close())
  return started
}

function upstreamOf(key: string, sick: SickUpstream): Upstream {
  const slots = { running: 2, waiting: 1, patience: 200 }
  const timeout = key === 'sick' ? 1_000 : 20_000
  return httpUpstream(key, sick.url, { session: 'shared', timeout }, { pulse: PULSE, slots })
}

async function doorOf(
  upstreams: readonly Upstream[],
  more: Partial<TestDoorOptions> = {},
): Promise<TestDoor> {
  const limits = { listWait: WAIT, describeWait: 200, listAge: 0 }
  const door = await startTestDoor({ upstreams, limits, ...more })
  cleanups.push(() => door.close())
  return door
}

const call = (door: TestDoor, name: string): ReturnType<typeof rawCall> =>
  rawCall(`${door.url}/mcp`, 'task-a', { name, arguments: {} })

describe('one server of two is half alive: it accepts and never answers', () => {
  test('R-MCP-2: the other’s lists and calls go on, the short list says so, and the client hears when it is whole', async () => {
    const [sick, well] = [await server(), await server()]
    const door = await doorOf([upstreamOf('sick', sick), upstreamOf('well', well)])
    const client = await connectClient(`${door.url}/mcp`, 'task-a', 'legacy')
    cleanups.push(() => client.close())
    const heard: string[] = []
    client.fallbackNotificationHandler = ({ method }) => {
      heard.push(method)
      return Promise.resolve()
    }
    const whole = await client.listTools()
    expect(whole.tools.map(({ name }) => name)).toContain('sick__look')
    expect(whole._meta).toBeUndefined()

    sick.health = 'silent'
    const short = await client.listTools()
    expect(short.tools.map(({ name }) => name.split('__')[0])).not.toContain('sick')
    expect(short.tools.map(({ name }) => name)).toContain('well__look')
    expect(short._meta).toMatchObject({ 'remit/incomplete': true })
    expect(await call(door, 'well__add')).toMatchObject({ isError: false, text: 'done' })

    // Found out, it is not sent anything but questions for a sign of life, and nobody waits for it.
    await expect
      .poll(() => call(door, 'sick__add'), { timeout: 10_000 })
      .toMatchObject({ text: expect.stringContaining('answers none') })
    const sent = sick.heard.filter((method) => method.startsWith('tools/')).length
    const refused = await Promise.all(Array.from({ length: 20 }, () => call(door, 'sick__add')))
    expect(refused.every(({ text }) => text.includes('nothing was sent'))).toBe(true)
    expect(sick.heard.filter((method) => method.startsWith('tools/'))).toHaveLength(sent)

    heard.length = 0
    sick.health = 'well'
    await expect.poll(() => heard, { timeout: 10_000 }).toContain('notifications/tools/list_changed')
    expect((await client.listTools())._meta).toBeUndefined()
    expect(await call(door, 'sick__add')).toMatchObject({ isError: false })
  })

  test('R-MCP-2: from the first moment on, a client begins and lists as if the other were alone', async () => {
    const [sick, well] = [await server(), await server()]
    sick.health = 'silent'
    const door = await doorOf([upstreamOf('sick', sick), upstreamOf('well', well)])
    for (const era of ['legacy', 'modern'] as const) {
      const client = await connectClient(`${door.url}/mcp`, 'task-a', era)
      cleanups.push(() => client.close())
      // What the silent one can do is not known yet, so nothing is left out of what may come.
      expect(client.getServerCapabilities()).toMatchObject({ tools: {}, prompts: {}, resources: {} })
      const { tools, _meta } = await client.listTools()
      expect(tools.map(({ name }) => name)).toContain('well__look')
      expect(_meta).toMatchObject({ 'remit/incomplete': true })
    }
  })

  test('R-MCP-2: calls that fill its queue take nothing from the other, and what waits in it is not sent late', async () => {
    const [sick, well] = [await server(), await server()]
    const door = await doorOf([upstreamOf('sick', sick), upstreamOf('well', well)])
    await call(door, 'sick__add')
    const stuck = Array.from({ length: 6 }, () => call(door, 'sick__hang'))
    await expect.poll(() => sick.ran.filter((name) => name === 'hang').length).toBe(2)
    for (let round = 0; round < 5; round += 1)
      expect(await call(door, 'well__add')).toMatchObject({ isError: false, text: 'done' })
    const answers = await Promise.all(stuck)
    expect(answers.every(({ isError }) => isError)).toBe(true)
    expect(sick.ran.filter((name) => name === 'hang')).toHaveLength(2)
    // It answered the question for a sign of life: a slow tool takes no other tool away.
    await expect.poll(() => sick.heard.filter((method) => method === 'server/discover').length).toBe(2)
    expect(await call(door, 'sick__add')).toMatchObject({ isError: false })
  })
})

describe('the answer of a call is lost', () => {
  const outcomes = (door: TestDoor): readonly string[] =>
    door.gate.outcomes.map(({ outcome }) => outcome.status)

  test.each(['look', 'put'])(
    'R-REL-1: `%s` is idempotent by definition: sent once more, and both sendings are decided and on record',
    async (tool) => {
      const sick = await server()
      const door = await doorOf([upstreamOf('sick', sick)])
      sick.health = 'dying-once'
      expect(await call(door, `sick__${tool}`)).toMatchObject({ isError: false, text: 'done' })
      expect(sick.ran).toEqual([tool, tool])
      expect(door.gate.calls.map((each) => each.tool)).toEqual([tool, tool])
      await expect.poll(() => outcomes(door)).toEqual(['unknown', 'ok'])
    },
  )

  test('R-REL-1: lost a second time it ends as unknown; there is no third', async () => {
    const sick = await server()
    const door = await doorOf([upstreamOf('sick', sick)])
    sick.health = 'dying'
    expect(await call(door, 'sick__put')).toMatchObject({ isError: true })
    expect(sick.ran).toEqual(['put', 'put'])
    await expect.poll(() => outcomes(door)).toEqual(['unknown', 'unknown'])
  })

  test('R-REL-1: any other tool is never sent again, nor what a human agreed to once', async () => {
    const sick = await server()
    const door = await doorOf([upstreamOf('sick', sick)])
    sick.health = 'dying'
    const lost = await call(door, 'sick__add')
    expect(lost.text).toContain('whether it acted is unknown')
    expect(sick.ran).toEqual(['add'])
    const held = call(door, 'sick__guarded-put')
    await expect.poll(() => door.gate.approvals.size).toBe(1)
    door.gate.decide('granted')
    expect(await held).toMatchObject({ isError: true })
    expect(sick.ran).toEqual(['add', 'guarded-put'])
    expect(outcomes(door)).toEqual(['unknown', 'unknown'])
  })

  test('R-REL-1: an administrator’s word outranks the definition, both ways', async () => {
    const sick = await server()
    const idempotent = new Map([
      ['put', false],
      ['add', true],
    ])
    const settings = new Map([['sick' as ServerKey, { fileSystem: 'none', idempotent } as const]])
    const door = await doorOf([upstreamOf('sick', sick)], { serverSettings: settings })
    sick.health = 'dying-once'
    expect(await call(door, 'sick__put')).toMatchObject({ isError: true })
    sick.health = 'dying-once'
    expect(await call(door, 'sick__add')).toMatchObject({ isError: false })
    expect(sick.ran).toEqual(['put', 'add', 'add'])
  })
})
