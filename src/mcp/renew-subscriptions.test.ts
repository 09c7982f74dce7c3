import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, describe, expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import type { Era } from './upstream.ts'

const URI = 'remit://notes/note://one'

let door: TestDoor
let server: ScriptedUpstream
let client: Client
/** URIs that were updated, and lists that changed. */
let heard: string[]
/** Of a modern client: its stream ended. */
let ended: boolean

afterEach(async () => {
  await client.close()
  await door.close()
})

async function subscribe(clientEra: Era, serverEra: Era, keepAlive = 20): Promise<void> {
  server = new ScriptedUpstream('notes', serverEra)
  server.script = () => Promise.resolve({})
  door = await startTestDoor({ upstreams: [server], limits: { keepAlive } })
  heard = []
  ended = false
  const mode = clientEra === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const)
  client = new Client({ name: 'test-agent', version: '1' }, { versionNegotiation: { mode } })
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.push(params.uri)
  })
  client.setNotificationHandler('notifications/resources/list_changed', () => {
    heard.push('list')
  })
  const requestInit = { headers: { authorization: 'Bearer task-a' } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${door.url}/mcp`), { requestInit }))
  if (clientEra === 'legacy') {
    await streamOpen()
    await client.subscribeResource({ uri: URI })
    return
  }
  const subscription = await client.listen({ resourceSubscriptions: [URI], resourcesListChanged: true })
  void subscription.closed.then(() => (ended = true))
}

async function streamOpen(): Promise<void> {
  await expect.poll(() => door.streams()).toBe(1)
}

const asked = (): readonly string[] => server.requests.map(({ method }) => method)

/** Whatever is to be done at each beat has been done by then, more than once. */
async function beats(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 100)
  })
}

const PAIRS: readonly (readonly [Era, Era])[] = [
  ['modern', 'modern'],
  ['legacy', 'legacy'],
  ['legacy', 'modern'],
  ['modern', 'legacy'],
]

describe.each(PAIRS)('R-REL-1: a subscription of a %s client at a %s server', (clientEra, serverEra) => {
  test.each([
    ['whose session is another one', () => server.renew()],
    ['that forgot the session', () => server.forget()],
  ])('%s is decided and made again, and the client told once', async (_, loss) => {
    await subscribe(clientEra, serverEra)
    loss()
    await expect.poll(() => heard).toEqual([URI])
    await beats()
    expect(heard).toEqual([URI])
    expect(asked()).toEqual(['resources/subscribe', 'resources/subscribe'])
    expect(door.gate.calls.map(({ kind, tool }) => `${kind} ${tool}`)).toEqual([
      'resource note://one',
      'resource note://one',
    ])
    expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'ok' } }, { outcome: { status: 'ok' } }])
    server.say('notifications/resources/updated', { uri: 'note://one' })
    await expect.poll(() => heard).toEqual([URI, URI])
  })

  test('that policy denies now is dropped, and the client told as its protocol can', async () => {
    await subscribe(clientEra, serverEra)
    door.gate.denied.add('note://one')
    server.renew()
    await isTold(clientEra)
    expect(asked()).toEqual(['resources/subscribe'])
    expect(door.gate.outcomes.length).toBe(1)
    server.say('notifications/resources/updated', { uri: 'note://one' })
    await beats()
    expect(heard).not.toContain(URI)
    expect(door.gate.calls.length).toBe(2)
  })

  test('is made again at once when the server is replaced, and not at the next beat', async () => {
    await subscribe(clientEra, serverEra, 60_000)
    server = new ScriptedUpstream('notes', serverEra)
    server.script = () => Promise.resolve({})
    door.upstreams.set(server.config.key, server)
    door.door.serversChanged()
    await expect.poll(() => heard).toContain(URI)
    expect(asked()).toEqual(['resources/subscribe'])
  })

  test('that is configured no more is dropped, and the client told', async () => {
    await subscribe(clientEra, serverEra)
    door.upstreams.clear()
    door.door.serversChanged()
    await isTold(clientEra)
    expect(door.gate.calls.length).toBe(1)
  })

  test('of which the client wants no more is ended there too, once', async () => {
    await subscribe(clientEra, serverEra)
    if (clientEra === 'legacy') await client.unsubscribeResource({ uri: URI })
    else await client.close()
    await expect.poll(asked).toEqual(['resources/subscribe', 'resources/unsubscribe'])
    server.renew()
    await beats()
    expect(asked().length).toBe(2)
  })
})

async function isTold(clientEra: Era): Promise<void> {
  await expect.poll(() => (clientEra === 'modern' ? ended : heard.includes('list'))).toBe(true)
}

test('R-REL-1: a subscription that a server cannot take now is tried again until it can', async () => {
  await subscribe('legacy', 'legacy')
  let down = true
  server.script = () => (down ? Promise.reject(new Error('not yet')) : Promise.resolve({}))
  server.renew()
  await expect.poll(() => asked().length).toBeGreaterThan(2)
  expect(heard).toEqual([])
  down = false
  await expect.poll(() => heard).toEqual([URI])
})

test('R-REL-1: what was lost while no stream was open is made again with the next stream', async () => {
  await subscribe('legacy', 'legacy')
  const { sessionId } = client.transport as StreamableHTTPClientTransport
  await client.close()
  await expect.poll(() => door.streams()).toBe(0)
  server.renew()
  await beats()
  expect(asked().length).toBe(1)
  const headers = {
    authorization: 'Bearer task-a',
    accept: 'text/event-stream',
    'mcp-session-id': sessionId ?? '',
  }
  const stream = await fetch(`${door.url}/mcp`, { headers })
  const { value } = await stream.body!.pipeThrough(new TextDecoderStream()).getReader().read()
  expect(value).toContain('notifications/resources/updated')
  expect(asked()).toEqual(['resources/subscribe', 'resources/subscribe'])
})
