import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { modernCall, type ModernAnswer } from '../../test/support/modern-call.ts'
import { startSampleServer, type SampleServer } from '../../test/support/sample-server.ts'
import { httpUpstream, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import type { JsonObject } from '../core/json.ts'

/** Milliseconds that a call is held: longer than any test takes to answer it, or too short for anybody. */
const [LONG, SHORT] = [60_000, 300]

let sample: SampleServer
let door: TestDoor

beforeEach(async () => {
  sample = await startSampleServer()
  door = await open(LONG)
})

afterEach(async () => {
  await door.close()
  await sample.close()
})

function open(hold: number): Promise<TestDoor> {
  return startTestDoor({ upstreams: [httpUpstream('demo', sample.url)], limits: { hold, beat: 50 } })
}

/** The same door for those whom nobody answers. */
async function holdShortly(): Promise<void> {
  await door.close()
  door = await open(SHORT)
}

interface Shown {
  readonly urls: string[]
  action: 'accept' | 'decline'
}

async function connect(era: 'modern' | 'legacy', shown?: Shown, name = 'test-agent'): Promise<Client> {
  const client = new Client(
    { name, version: '1.0.0' },
    {
      capabilities: shown === undefined ? {} : { elicitation: { url: {} } },
      versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
    },
  )
  if (shown !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      shown.urls.push((params as { url: string }).url)
      return { action: shown.action }
    })
  }
  const requestInit = { headers: { authorization: 'Bearer task-a' } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${door.url}/mcp`), { requestInit }))
  return client
}

const GUARDED = { name: 'demo__guarded-thing', arguments: { text: 'now' } }
const textOf = (result: unknown): string => JSON.stringify((result as { content: unknown }).content)

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 150)
  })

const asked = async (): Promise<void> => {
  await expect.poll(() => door.gate.approvals.size).toBe(1)
}

describe.each(['modern', 'legacy'] as const)('%s', (era) => {
  test('R-CON-4: a client that declared nothing is held, and the call runs once when it is approved', async () => {
    const client = await connect(era)
    const beats: number[] = []
    const call = client.callTool(GUARDED, { onprogress: ({ progress }) => beats.push(progress) })
    await asked()
    await expect.poll(() => beats.length).toBeGreaterThan(1)
    door.gate.decide('granted')
    expect(textOf(await call)).toContain('now')
    expect(sample.ran).toEqual(['guarded-thing'])
    await client.close()
  })

  test('R-CON-3, R-CON-4: unanswered in time, it is told to retry; the retry attaches and runs once', async () => {
    await holdShortly()
    const client = await connect(era)
    const first = await client.callTool(GUARDED)
    expect(first.isError).toBe(true)
    expect(textOf(first)).toMatch(
      /approval `apr_\d+` is pending .*http:\/\/localhost:7411.*retry exactly the same/,
    )
    expect(sample.ran).toEqual([])
    door.gate.decide('granted')
    expect((await client.callTool(GUARDED)).isError).toBeFalsy()
    expect(sample.ran).toEqual(['guarded-thing'])
    expect(door.gate.approvals.size).toBe(1)
    await client.close()
  })

  test('R-CON-2: a refusal reaches the agent with its reason', async () => {
    const client = await connect(era)
    const call = client.callTool(GUARDED)
    await asked()
    door.gate.decide('refused')
    const result = await call
    expect(result.isError).toBe(true)
    expect(textOf(result)).toContain('not today')
    await client.close()
  })

  test('R-CON-4: a client that shows URLs is shown the page, which by itself approves nothing', async () => {
    const shown: Shown = { urls: [], action: 'accept' }
    const client = await connect(era, shown)
    const call = client.callTool(GUARDED)
    await expect
      .poll(() => shown.urls)
      .toEqual([expect.stringMatching(/^http:\/\/localhost:7411\/approvals\/apr_/)])
    await pause()
    expect(sample.ran).toEqual([])
    door.gate.decide('granted')
    expect(textOf(await call)).toContain('now')
    expect(sample.ran).toEqual(['guarded-thing'])
    await client.close()
  })

  test('R-CON-4: who declines to open the page is not held', async () => {
    const shown: Shown = { urls: [], action: 'decline' }
    const client = await connect(era, shown)
    const before = performance.now()
    const result = await client.callTool(GUARDED)
    expect(performance.now() - before).toBeLessThan(LONG / 2)
    expect(textOf(result)).toContain('is pending')
    expect(sample.ran).toEqual([])
    await client.close()
  })

  test('R-CON-3: a client that goes while it is held runs nothing later', async () => {
    const client = await connect(era)
    const controller = new AbortController()
    const call = client.callTool(GUARDED, { signal: controller.signal })
    await asked()
    controller.abort()
    await expect(call).rejects.toThrow(/abort/i)
    await client.close()
    await pause()
    door.gate.decide('granted')
    await pause()
    expect(sample.ran).toEqual([])
    expect(door.gate.calls.length).toBe(1)
    expect(door.gate.outcomes).toEqual([])
  })
})

test('R-CON-4: a client that takes no `input_required`, whatever it declares, is held', async () => {
  const shown: Shown = { urls: [], action: 'accept' }
  const client = await connect('modern', shown, 'copilot-cli')
  const call = client.callTool(GUARDED)
  await asked()
  door.gate.decide('granted')
  expect(textOf(await call)).toContain('now')
  expect([shown.urls, sample.ran]).toEqual([[], ['guarded-thing']])
  await client.close()
})

describe('requestState', () => {
  const send = (params: typeof GUARDED & JsonObject, token = 'task-a'): Promise<ModernAnswer> =>
    modernCall(door, params, { token, elicitation: { url: {} } })

  test('R-CON-3: is bound to the task and the call, and an answer that says yes approves nothing', async () => {
    await holdShortly()
    const first = await send(GUARDED)
    expect(first.result?.['resultType']).toBe('input_required')
    const { requestState } = first.result as { requestState: string }
    const answered = {
      requestState,
      inputResponses: { approval: { action: 'accept', content: { approved: true } } },
    }
    const other = { ...GUARDED, arguments: { text: 'something else' } }
    expect((await send({ ...other, ...answered })).error?.code).toBe(-32602)
    expect((await send({ ...GUARDED, ...answered }, 'task-b')).error?.code).toBe(-32602)
    const flipped = `${requestState.startsWith('A') ? 'B' : 'A'}${requestState.slice(1)}`
    expect((await send({ ...GUARDED, ...answered, requestState: flipped })).error?.code).toBe(-32602)
    const held = await send({ ...GUARDED, ...answered })
    expect(held.result).toMatchObject({ isError: true, resultType: 'complete' })
    expect(sample.ran).toEqual([])
  })
})
