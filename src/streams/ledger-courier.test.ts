import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_TENANT } from '../core/ids.ts'
import { SILENT } from '../core/log.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { decisionRecord } from '../../test/suites/sample-records.ts'
import { CursorBook } from './export-cursor.ts'
import { fileSink } from './file-sink.ts'
import { httpSink } from './http-sink.ts'
import { LedgerCourier, type LedgerCourierDeps } from './ledger-courier.ts'
import { BatchTooLarge, type Sink, type SinkBatch } from './sink.ts'

const store = createMemoryStore()
let now = 0
let folder = ''
let sinks = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-streams-'))
  sinks += 1
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const name = (): string => `siem${sinks}`
const clock = { now: () => now, micros: () => now * 1_000 }

function courier(sink: Sink, more: Partial<LedgerCourierDeps> = {}): LedgerCourier {
  return new LedgerCourier({
    tenant: DEFAULT_TENANT,
    sink,
    cursor: new CursorBook({
      tenant: DEFAULT_TENANT,
      sink: sink.name,
      entries: store.logins,
      journal: store.journal,
    }),
    records: store.records,
    clock,
    log: SILENT,
    holder: 'rep_1',
    alone: false,
    filter: {},
    encoding: { format: 'jsonl', content: false, version: '1' },
    from: 'beginning',
    most: 3,
    ...more,
  })
}

async function grow(count: number): Promise<number> {
  const { size } = await store.records.head(DEFAULT_TENANT)
  const records = Array.from({ length: count }, (_, at) =>
    decisionRecord({ id: `dec_${size + at}`, task: 'tsk_1' }),
  )
  await store.journal.commit({ records, changes: [] })
  return size + count
}

/** A sink that keeps what it gets, and fails as often as it is told to. */
function keeping(): Sink & { batches: SinkBatch[]; failing: number } {
  const kept: Sink & { batches: SinkBatch[]; failing: number } = {
    name: name(),
    place: 'here',
    batches: [],
    failing: 0,
    async send(batch) {
      this.batches.push(batch)
      if (this.failing > 0) {
        this.failing -= 1
        throw new Error('it answered 503')
      }
    },
  }
  return kept
}

function indexes(text: string): readonly number[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { index: number }).index)
}

const upTo = (size: number): readonly number[] => [...Array(size).keys()]
const textOf = ({ parts }: SinkBatch): string => parts.map(({ text }) => text).join('')

describe('R-AUD-3: a place follows the ledger', () => {
  test('it gets every record once and in order, and what comes later', async () => {
    const sink = keeping()
    const follows = courier(sink)
    await grow(7)
    await follows.round()
    const size = await grow(1)
    expect((await follows.standing()).lag).toBe(1)
    await follows.round()
    expect(indexes(sink.batches.map(textOf).join(''))).toEqual(upTo(size))
    expect(await follows.standing()).toEqual({ name: name(), place: 'here', lag: 0, failures: 0 })
    expect(await follows.round()).toBe(0)
  })

  test('while it is down nothing is lost: the same batch under the same key is sent again, later and later', async () => {
    const sink = keeping()
    const follows = courier(sink)
    const size = await grow(2)
    sink.failing = 2
    await follows.round()
    expect(await follows.standing()).toMatchObject({ lag: size, failures: 1, lastError: 'it answered 503' })
    await grow(2)
    await follows.round()
    expect(sink.batches).toHaveLength(1)
    now += 1_000
    await follows.round()
    expect(sink.batches).toHaveLength(2)
    now += 1_000
    await follows.round()
    expect(sink.batches).toHaveLength(2)
    now += 1_000
    await follows.round()
    const [first, second, third, ...rest] = sink.batches
    expect(new Set([first?.key, second?.key, third?.key]).size).toBe(1)
    expect(third).toEqual(first)
    expect(indexes([third as SinkBatch, ...rest].map(textOf).join(''))).toEqual(upTo(size + 2))
    expect((await follows.standing()).lastError).toBeUndefined()
  })

  test('a replica that dies between sending and noting leaves no gap: the next sends the same batch again', async () => {
    const sink = keeping()
    const size = await grow(2)
    const dying = courier({
      ...sink,
      send: async (batch) => {
        sink.batches.push(batch)
        // Killed: it never comes back.
        await new Promise(() => {})
      },
    })
    void dying.round()
    await expect.poll(() => sink.batches.length).toBe(1)
    const next = courier(sink, { holder: 'rep_2' })
    expect(await next.round()).toBe(0)
    now += 180_001
    await next.round()
    expect(sink.batches[1]).toEqual(sink.batches[0])
    expect(indexes(sink.batches.slice(1).map(textOf).join(''))).toEqual(upTo(size))
  })

  test('of several replicas one at a time is at it, and none sends what another has', async () => {
    const sink = keeping()
    const size = await grow(20)
    const replicas = ['rep_1', 'rep_2', 'rep_3'].map((holder) => courier(sink, { holder }))
    await Promise.all(replicas.map((replica) => replica.round()))
    expect(indexes(sink.batches.map(textOf).join(''))).toEqual(upTo(size))
  })

  test('only the kinds that are asked for, and nothing but what comes from now on', async () => {
    const sink = keeping()
    const follows = courier(sink, { from: 'now', filter: { kinds: new Set(['outcome']) } })
    await follows.round()
    await grow(2)
    await follows.round()
    expect(sink.batches).toEqual([])
    expect((await follows.standing()).lag).toBe(0)
  })

  test('a batch that is too large is halved, and a record that is too large alone holds up none that follow', async () => {
    const size = await grow(8)
    const sink = keeping()
    const tried: number[] = []
    const narrow: Sink = {
      ...sink,
      send: async (batch) => {
        tried.push(batch.end - batch.first)
        if (batch.end - batch.first > 2 || (batch.first <= 1 && batch.end > 1))
          throw new BatchTooLarge('it answered 413')
        sink.batches.push(batch)
      },
    }
    const follows = courier(narrow, { most: 8 })
    expect(await follows.round()).toBe(size)
    expect(tried.slice(0, 6)).toEqual([8, 4, 2, 1, 2, 1])
    expect(tried.length).toBeLessThan(3 * size)
    expect(indexes(sink.batches.map(textOf).join(''))).toEqual(upTo(size).filter((index) => index !== 1))
    const standing = await courier(narrow, { holder: 'rep_2' }).standing()
    expect(standing).toMatchObject({ lag: 0, remark: expect.stringContaining('record 1 was left out') })
  })

  test('a record whose content is too large goes without it', async () => {
    await grow(1)
    const sink = keeping()
    const narrow: Sink = {
      ...sink,
      send: async (batch) => {
        if (textOf(batch).includes('"detail":{')) throw new BatchTooLarge('it answered 413')
        sink.batches.push(batch)
      },
    }
    const { size } = await store.records.head(DEFAULT_TENANT)
    const follows = courier(narrow, { encoding: { format: 'jsonl', content: true, version: '1' } })
    await follows.round()
    expect(indexes(sink.batches.map(textOf).join(''))).toEqual(upTo(size))
    expect((await follows.standing()).remark).toContain('without its content')
  })

  test('a ledger that is shorter than what a place has, as after an older copy was restored, is said and gone on with', async () => {
    const size = await grow(4)
    const sink = keeping()
    await courier(sink).round()
    let restored = size - 2
    const records = {
      query: store.records.query.bind(store.records),
      head: async () => ({ ...(await store.records.head(DEFAULT_TENANT)), size: restored }),
    }
    sink.batches.length = 0
    const follows = courier(sink, { records })
    expect(await follows.round()).toBe(0)
    const remark = expect.stringMatching(new RegExp(`record ${size} and the ledger now ends at ${size - 2}`))
    expect(await follows.standing()).toMatchObject({ lag: 0, remark })
    restored = size
    await follows.round()
    expect(indexes(sink.batches.map(textOf).join(''))).toEqual([size - 2, size - 1])
    expect(await follows.standing()).toMatchObject({ remark })
  })
})

describe('R-AUD-3: files', () => {
  const file = (more: { rotateAt?: number; keep?: number } = {}): Sink =>
    fileSink({ name: name(), path: join(folder, 'out'), rotateAt: 1_000_000, keep: 2, ...more })
  const read = (of = 'out'): string => readFileSync(join(folder, of), 'utf8')

  test('a line that a crash cut is gone when its batch comes again', async () => {
    const size = await grow(1)
    writeFileSync(join(folder, 'out'), '{"index":-1}\n{"index":0,"v":1,"ki')
    await courier(file()).round()
    expect(indexes(read())).toEqual([-1, ...upTo(size)])
  })

  test('a file that is full becomes the first of the older ones, each with its head, and the oldest goes', async () => {
    const size = await grow(12)
    const csv = { encoding: { format: 'csv', content: false, version: '1' } } as const
    await courier(file({ rotateAt: 4_096 }), { ...csv, most: 4 }).round()
    expect(readdirSync(folder).toSorted()).toEqual(['out', 'out.1', 'out.2'])
    for (const each of readdirSync(folder)) expect(read(each)).toMatch(/^index,at,kind/)
    expect(read().trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^${size - 1},`))
  })
})

describe('R-AUD-3: endpoints', () => {
  const got: { headers: IncomingHttpHeaders; url: string | undefined; body: string }[] = []
  let server: Server
  let url = ''
  beforeEach(async () => {
    got.length = 0
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = gunzipSync(Buffer.concat(chunks)).toString()
        got.push({ headers: request.headers, url: request.url, body })
        response.writeHead(got.length === 1 ? 503 : 202).end()
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => {
      server.once('listening', resolve)
    })
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => {
    server.close()
  })
  const http = (format: 'jsonl' | 'otlp'): Sink =>
    httpSink({
      name: name(),
      url,
      format,
      gzip: true,
      headers: () => ({ authorization: 'Bearer s3cret' }),
      fetching: { allowPrivate: true, plainLoopback: true, ownPorts: () => new Set<number>() },
    })

  test('it is asked with its token and a key, compressed, until it takes the batch', async () => {
    const size = await grow(1)
    const follows = courier(http('jsonl'), { most: 1_000 })
    await follows.round()
    expect((await follows.standing()).lastError).toContain('answered 503')
    now += 1_000
    await follows.round()
    expect(got.map(({ headers }) => headers['idempotency-key'])).toEqual([
      `default/${name()}/0-${size}`,
      `default/${name()}/0-${size}`,
    ])
    expect(got[1]?.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      'content-encoding': 'gzip',
      'content-type': 'application/x-ndjson',
    })
    expect(indexes(got[1]?.body ?? '')).toEqual(upTo(size))
  })

  test('a collector gets logs and traces at their paths, as JSON', async () => {
    const size = await grow(1)
    const encoding = { format: 'otlp', content: false, version: '1', signals: ['logs'] } as const
    const follows = courier(http('otlp'), { most: 1_000, encoding })
    await follows.round()
    now += 1_000
    await follows.round()
    expect(got[1]?.url).toBe('/v1/logs')
    expect(got[1]?.headers['content-type']).toBe('application/json')
    const { resourceLogs } = JSON.parse(got[1]?.body ?? '') as {
      resourceLogs: [{ scopeLogs: [{ logRecords: unknown[] }] }]
    }
    expect(resourceLogs[0].scopeLogs[0].logRecords).toHaveLength(size)
  })
})
