import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { httpUpstream, startTestDoor, stdioUpstream, type TestDoor } from '../support/test-door.ts'
import { CAPABILITIES, CellClient } from '../support/witness/cell-client.ts'
import { startWitnessHttp } from '../support/witness/witness-http.ts'
import type { WireMessage } from '../support/wire-client.ts'
import type { WitnessEra, Witnessed } from '../support/witness/witness.ts'

/** What a server gets beside the arguments, by its era and how it is reached. */
interface Cell {
  readonly client: WitnessEra
  readonly server: WitnessEra
  readonly by: 'http' | 'stdio'
}

const CELLS: readonly Cell[] = (['modern', 'legacy'] as const).flatMap((client) =>
  (['modern', 'legacy'] as const).flatMap((server) =>
    (['http', 'stdio'] as const).map((by) => ({ client, server, by })),
  ),
)

/** Every header that a server may see, beside those of HTTP itself. */
const HEADERS: Readonly<Record<WitnessEra, readonly string[]>> = {
  modern: ['mcp-method', 'mcp-name', 'mcp-param-region', 'mcp-protocol-version'],
  legacy: ['mcp-protocol-version', 'mcp-session-id'],
}
const TRACE_HEADERS = new Set(['baggage', 'traceparent', 'tracestate'])
const HTTP_HEADERS = ['accept', 'connection', 'content-length', 'content-type', 'host']
const VERSION: Readonly<Record<WitnessEra, string>> = { modern: '2026-07-28', legacy: '2025-11-25' }
const SERVER_ENVELOPE: Readonly<Record<WitnessEra, readonly string[]>> = {
  modern: ['clientCapabilities', 'clientInfo', 'protocolVersion'].map(
    (key) => `io.modelcontextprotocol/${key}`,
  ),
  legacy: [],
}
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const TRACE = { traceparent: PARENT, tracestate: 'vendor=1,other=2', baggage: 'tenant=blue' }
const CREDENTIALS = {
  cookie: 'session=inbound-cookie',
  'proxy-authorization': 'Basic inbound-proxy',
  'x-api-key': 'inbound-key',
  'mcp-param-region': 'north',
  'mcp-param-other': 'inbound-param',
  'mcp-anything': 'inbound-header',
  'last-event-id': 'inbound-event',
  forwarded: 'for=inbound-forwarded',
}

let door: TestDoor
const witnesses: { close(): Promise<void> }[] = []
const clients: CellClient[] = []
let next = 0

beforeAll(async () => {
  const program = fileURLToPath(new URL('../support/witness/witness-stdio.ts', import.meta.url))
  const upstreams = await Promise.all(
    (['modern', 'legacy'] as const).map(async (era) => {
      const witness = await startWitnessHttp(era)
      const own = await startWitnessHttp(era)
      witnesses.push(witness, own)
      // One session for everybody is where one client's ids and tokens could be taken for another's.
      return [
        httpUpstream(`${era}-http`, witness.url, { session: 'shared' }),
        stdioUpstream(`${era}-stdio`, [program, era], { session: 'shared', era }),
        httpUpstream(`${era}-http-own`, own.url, { session: 'task' }),
        stdioUpstream(`${era}-stdio-own`, [program, era], { session: 'task', era }),
      ]
    }),
  )
  door = await startTestDoor({ upstreams: upstreams.flat() })
})

afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()))
  await door.close()
  await Promise.all(witnesses.map((witness) => witness.close()))
})

async function begin(token: string, era: WitnessEra): Promise<CellClient> {
  const client = new CellClient(`${door.url}/mcp`, { token, era })
  clients.push(client)
  await client.begin()
  return client
}

interface Report {
  readonly seen: readonly Witnessed[]
  readonly closed: readonly unknown[]
}

/** All that the server ever got, as it says itself. */
async function report(reader: CellClient, server: string): Promise<Report> {
  const answer = await reader.call(`read-${String(++next)}`, `${server}__seen`).ended
  const [block] = answer!.result!['content'] as [{ text: string }]
  return JSON.parse(block.text) as Report
}

interface CallParams {
  readonly name?: string
  readonly arguments: { readonly who?: string }
  readonly _meta?: JsonObject
}

function callsOf({ seen }: Report, who: string): readonly Witnessed[] {
  return seen.filter(({ message }) => (message['params'] as CallParams | undefined)?.arguments?.who === who)
}

const paramsOf = ({ message }: Witnessed): CallParams => message['params'] as unknown as CallParams

describe.each(CELLS)('$client client, $server server by $by', ({ client: era, server: upstream, by }) => {
  const server = `${upstream}-${by}`
  let [ada, bob, reader]: CellClient[] = []
  let tag: string

  beforeAll(async () => {
    ada = await begin('task-a', era)
    bob = await begin('task-b', era)
    reader = await begin('task-reader', 'modern')
    tag = `${era}-${String(++next)}`
  })

  const seenCalls = async (who: string): Promise<readonly Witnessed[]> =>
    callsOf(await report(reader!, server), who)
  const tell = (what: string, who: string, on?: string): Promise<unknown> =>
    reader!.call(`tell-${String(++next)}`, `${server}__tell`, { args: { what, who, ...(on && { on }) } })
      .ended

  test('R-MCP-1, R-CRED-1: token passthrough: headers are made anew, and nothing of the client’s own is among them', async () => {
    const who = `${tag}-headers`
    const headers =
      era === 'modern' ? CREDENTIALS : { ...CREDENTIALS, 'mcp-name': 'stolen', 'mcp-method': 'ping' }
    const args = { who, region: 'north' }
    const answer = await ada!.call(1, `${server}__note`, { args, headers }).ended
    expect(answer?.result?.['content']).toEqual([{ type: 'text', text: 'noted' }])
    const [call] = await seenCalls(who)
    expect(paramsOf(call!).name).toBe('note')
    expect(JSON.stringify(call)).not.toMatch(/inbound|task-a|stolen/)
    if (by === 'stdio') return
    const names = [...HTTP_HEADERS, ...HEADERS[upstream], 'x-issued']
    expect(Object.keys(call!.headers!).toSorted()).toEqual(names.toSorted())
    expect(call!.headers).toMatchObject({ 'mcp-protocol-version': VERSION[upstream] })
    if (upstream === 'legacy') return
    expect(call!.headers).toMatchObject({
      'mcp-method': 'tools/call',
      'mcp-name': 'note',
      'mcp-param-region': 'north',
    })
  })

  test.each([
    ['in `_meta`', { meta: TRACE }, TRACE],
    ['in headers', { headers: TRACE }, TRACE],
    ['in both, of which `_meta` counts', { meta: TRACE, headers: { ...TRACE, baggage: 'other=1' } }, TRACE],
    ['malformed', { meta: { traceparent: '00-1', tracestate: 'a=1', baggage: 'a\nb' } }, {}],
    ['a state without its trace', { headers: { tracestate: 'a=1' } }, {}],
  ] as const)('R-MCP-1: trace context %s', async (what, given, carried) => {
    const who = `${tag}-trace-${what}`
    const headers = {
      ...(era === 'modern' ? { 'mcp-param-region': 'x' } : {}),
      ...('headers' in given && given.headers),
    }
    const meta = 'meta' in given ? { meta: given.meta } : {}
    await ada!.call(2, `${server}__note`, { args: { who, region: 'x' }, headers, ...meta }).ended
    const [call] = await seenCalls(who)
    const { 'io.modelcontextprotocol/logLevel': _, ...sent } = paramsOf(call!)._meta ?? {}
    const own = Object.keys(sent).filter((key) => !SERVER_ENVELOPE[upstream].includes(key))
    expect(Object.fromEntries(own.map((key) => [key, sent[key]]))).toEqual(carried)
    expect(
      door.gate.calls.findLast(({ arguments: args }) => args['who'] === who)?.correlation.traceparent,
    ).toBe('traceparent' in carried ? PARENT : undefined)
    if (by === 'stdio') return
    const traced = Object.entries(call!.headers!).filter(([name]) => TRACE_HEADERS.has(name))
    expect(Object.fromEntries(traced)).toEqual(carried)
  })

  test('R-MCP-1: two clients with one id are told apart, and each gets its id back as it gave it', async () => {
    const given = [
      ['ada', ada!, 7],
      ['bob', bob!, 7],
      ['text', ada!, '7'],
    ] as const
    const open = given.map(([name, client, id]) =>
      client.call(id, `${server}__wait`, { args: { who: `${tag}-id-${name}` } }),
    )
    const upstreamIds = await Promise.all(
      given.map(async ([name]) => {
        await until(() => seenCalls(`${tag}-id-${name}`)).toHaveLength(1)
        return (await seenCalls(`${tag}-id-${name}`))[0]?.message.id
      }),
    )
    expect(new Set(upstreamIds).size).toBe(3)
    expect(upstreamIds.every((id) => typeof id === 'number')).toBe(true)
    // In another order than they were asked.
    for (const [name] of given.toReversed()) await tell('finish', `${tag}-id-${name}`)
    for (const [at, [name, , id]] of given.entries()) {
      const answer = await open[at]!.ended
      expect(answer).toMatchObject({ id, result: { content: [{ text: `finished ${tag}-id-${name}` }] } })
    }
  })

  test('R-MCP-1: progress goes to its own call, under the token that this call gave, and not after its end', async () => {
    for (const token of ['same', 5] as const) {
      const [a, b] = [`${tag}-a-${token}`, `${tag}-b-${token}`]
      const meta = { progressToken: token }
      const first = ada!.call('p1', `${server}__wait`, { args: { who: a }, meta })
      const second = bob!.call('p1', `${server}__wait`, { args: { who: b }, meta })
      const silent = ada!.call('p2', `${server}__wait`, { args: { who: `${a}-silent` } })
      for (const who of [a, b, `${a}-silent`]) await until(() => seenCalls(who)).toHaveLength(1)
      const tokens = await Promise.all(
        [a, b].map(async (who) => paramsOf((await seenCalls(who))[0]!)._meta!['progressToken']),
      )
      expect(tokens[0]).not.toBe(tokens[1])
      await tell('progress', a)
      await until(() => first.heard).toHaveLength(1)
      expect(first.heard[0]?.params).toEqual({ progressToken: token, progress: 1, message: `of ${a}` })
      // Where each call has a stream of its own, what is on it about another call is about nobody's.
      if (by === 'http') await tell('progress', b, a)
      await tell('progress', `${a}-silent`)
      await tell('finish', a)
      await first.ended
      await tell('finish', b)
      await tell('finish', `${a}-silent`)
      await Promise.all([second.ended, silent.ended])
      const progress = (heard: typeof first.heard): unknown[] =>
        heard.filter(({ method }) => method !== undefined).map(({ params }) => params?.['message'])
      expect([first, second, silent].map(({ heard }) => progress(heard))).toEqual([[`of ${a}`], [], []])
    }
  })

  test('R-MCP-1, R-AUD-1: who gives up is heard by the server in its own way, and it goes on record', async () => {
    const who = `${tag}-cancel`
    const open = ada!.call(9, `${server}__wait`, { args: { who } })
    await until(() => seenCalls(who)).toHaveLength(1)
    const id = (await seenCalls(who))[0]!.message.id
    const outcomes = door.gate.outcomes.length
    if (era === 'modern') open.close()
    else {
      // Another id, and another client's: nothing of this call.
      await ada!.tell('notifications/cancelled', { requestId: '9' })
      await bob!.tell('notifications/cancelled', { requestId: 9 })
      await ada!.tell('notifications/cancelled', { requestId: 9, reason: 'changed my mind' })
    }
    expect(await open.ended).toBeUndefined()
    const told = async (): Promise<readonly unknown[]> => {
      const { seen, closed } = await report(reader!, server)
      const cancelled = seen.filter(({ message }) => message.method === 'notifications/cancelled')
      const ids = cancelled.map(({ message }) => (message['params'] as JsonObject)['requestId'])
      return [...(ids.includes(id) ? ['notification'] : []), ...(closed.includes(id) ? ['closed'] : [])]
    }
    const wanted =
      by === 'stdio' ? ['notification'] : upstream === 'modern' ? ['closed'] : ['notification', 'closed']
    await until(told).toEqual(wanted)
    const statuses = (): readonly string[] =>
      door.gate.outcomes.slice(outcomes).map(({ outcome }) => outcome.status)
    await until(() => statuses().filter((status) => status === 'cancelled')).toHaveLength(1)
  })

  // Only there: closing is how a client of 2026-07-28 cancels.
  test.runIf(era === 'legacy')(
    'R-MCP-1: a lost connection cancels nothing in the initialize era',
    async () => {
      const who = `${tag}-lost`
      const open = ada!.call(10, `${server}__wait`, { args: { who } })
      await until(() => seenCalls(who)).toHaveLength(1)
      open.close()
      expect(await open.ended).toBeUndefined()
      await tell('finish', who)
      const finished = (): readonly string[] =>
        door.gate.outcomes
          .filter(({ outcome }) => JSON.stringify(outcome.result ?? '').includes(`finished ${who}`))
          .map(({ outcome }) => outcome.status)
      await until(finished).toEqual(['ok'])
    },
  )

  // Only there: a server of 2026-07-28 asks in its answer, without an id.
  test.runIf(upstream === 'legacy').each(['number', 'string'])(
    'R-MCP-1: a question of the server whose id is a %s is answered under that very id',
    async (type) => {
      const call = ada!.call(`q-${type}`, `${server}-own__ask`, { args: { id: type } })
      let answer: WireMessage | undefined
      if (era === 'legacy') {
        await until(() => call.heard).toHaveLength(1)
        await ada!.reply(call.heard[0]!.id!, { action: 'accept', content: {} })
        answer = await call.ended
      } else {
        const { requestState = '' } = (await call.ended)?.result ?? {}
        const inputResponses = { 'question-1': { action: 'accept', content: {} } }
        const params = { name: `${server}-own__ask`, arguments: { id: type }, inputResponses, requestState }
        answer = await ada!.start('again', 'tools/call', params).ended
      }
      expect(answer?.result?.['content']).toEqual([{ type: 'text', text: `answered ${type} 41` }])
    },
  )

  // Only there: a client of 2026-07-28 has had its answer when the question is taken back, and is sent nothing more.
  test.runIf(upstream === 'legacy' && era === 'legacy')(
    'R-MCP-1: a question that its server takes back is taken back from the client',
    async () => {
      const call = ada!.call('taken-back', `${server}-own__ask`, { args: { id: 'number' } })
      await until(() => call.heard).toHaveLength(1)
      const answered = async (): Promise<number> => {
        const { seen } = await report(ada!, `${server}-own`)
        return seen.filter(({ message }) => message.method === undefined && message.id === 41).length
      }
      const before = await answered()
      await ada!.call('take-back', `${server}-own__withdraw`).ended
      await until(() => call.heard).toHaveLength(2)
      const { method, params } = call.heard[1]!
      expect([method, params?.['requestId']]).toEqual(['notifications/cancelled', call.heard[0]!.id])
      const asked = ({ tool }: { readonly tool: string }): boolean => tool === 'elicitation/create'
      expect(door.gate.calls.some(asked)).toBe(true)
      await ada!.tell('notifications/cancelled', { requestId: 'taken-back' })
      await call.ended
      // What was taken back is not answered.
      expect(await answered()).toBe(before)
    },
  )
})

describe.each(CELLS.filter(({ server }) => server === 'legacy'))(
  '$client client, what a server by $by is told of it when its session begins',
  ({ client: era, by }) => {
    const told = async (server: string, client: CellClient): Promise<JsonObject> => {
      const { seen } = await report(client, server)
      const begun = seen.findLast(({ message }) => message.method === 'initialize')!
      return (begun.message['params'] as { readonly capabilities: JsonObject }).capabilities
    }

    test('R-MCP-1, R-MCP-3: of its extensions that it shows views, and where tasks share a session nothing', async () => {
      const ui = { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } }
      const extensions = { ...ui, 'io.modelcontextprotocol/tasks': {}, 'vendor.example/own': { key: 'x' } }
      const shows = new CellClient(`${door.url}/mcp`, {
        token: `task-${era}-shows`,
        era,
        capabilities: { ...CAPABILITIES, extensions },
      })
      clients.push(shows)
      await shows.begin()
      expect(await told(`legacy-${by}-own`, shows)).toEqual({ ...CAPABILITIES, extensions: ui })
      const plain = await begin(`task-${era}-plain`, era)
      expect(await told(`legacy-${by}-own`, plain)).toEqual(CAPABILITIES)
      expect(await told(`legacy-${by}`, shows)).toEqual({})
    })
  },
)

/** Through the gateway, so often and no sooner than it changes. */
function until<Value>(what: () => Value): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(what, { interval: 10, timeout: 10_000 })
}
