import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { courierOf, growBy } from '../../test/suites/export-suite.ts'
import { AT } from '../../test/suites/sample-records.ts'
import { HAS_OPENSSL, makeCertificate } from '../../test/support/client-certificates.ts'
import { FakeKafka } from '../../test/support/kafka/fake-broker.ts'
import { createMemoryStore } from '../store/memory/memory-store.ts'
import { type KafkaAccess, kafkaSink } from './kafka-sink.ts'
import type { LedgerCourier } from './ledger-courier.ts'

let broker: FakeKafka
let store: ReturnType<typeof createMemoryStore>
let now: number
let open: LedgerCourier[]

beforeEach(async () => {
  broker = new FakeKafka()
  store = createMemoryStore()
  now = AT
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()))
  await broker.stop()
})

function follow(access: KafkaAccess = {}, topic = broker.topic): LedgerCourier {
  const settings = { name: 'bus', brokers: [broker.address], topic, timeout: 5_000, access: () => access }
  const courier = courierOf(store, kafkaSink(settings), 'rep_1', () => now)
  open.push(courier)
  return courier
}

const indexesOf = (): readonly number[] =>
  broker.messages.map(({ headers }) => Number(headers['remit-index']))
const sorted = (indexes: readonly number[]): readonly number[] => indexes.toSorted((a, b) => a - b)
const upTo = (size: number): readonly number[] => [...Array(size).keys()]

describe('R-AUD-3: a topic of Kafka, at a fake that speaks its protocol', () => {
  test('gets each record once, with its task as key and its index as header, from all replicas in sync', async () => {
    await broker.start()
    await growBy(store, 10)
    const courier = follow()
    await courier.round()
    await growBy(store, 2)
    await courier.round()
    expect(sorted(indexesOf())).toEqual(upTo(12))
    for (const { key, value, headers } of broker.messages) {
      const record = JSON.parse(value) as { index: number; identity: { task: string } }
      expect({ key, headers }).toEqual({
        key: record.identity.task,
        headers: { 'remit-index': String(record.index), 'remit-tenant': 'default' },
      })
    }
    // One task lies in one partition, in order.
    expect(broker.partitions.filter((each) => each.length > 0)).toHaveLength(1)
    expect(indexesOf()).toEqual(upTo(12))
    expect([...broker.acks]).toEqual([-1])
    expect(broker.producers.size).toBe(1)
  })

  test('when an acknowledgement is lost, the broker drops what the same producer sends again', async () => {
    await broker.start()
    await growBy(store, 3)
    const courier = follow()
    broker.loseAcks = 1
    expect(await courier.round()).toBe(3)
    expect(broker.produced).toBe(2)
    expect(sorted(indexesOf())).toEqual(upTo(3))
  })

  test('when it is down after it wrote and did not say so, it gets the same again, told apart by the index', async () => {
    await broker.start()
    await growBy(store, 3)
    const courier = follow()
    broker.loseAcks = 3
    expect(await courier.round()).toBe(0)
    await broker.stop()
    now += 1_000
    expect(await courier.round()).toBe(0)
    expect(await courier.standing()).toMatchObject({
      lag: 3,
      failures: 2,
      lastError: expect.stringMatching(/^Kafka: /),
    })
    await broker.start()
    now += 2_000
    expect(await courier.round()).toBe(3)
    expect(sorted(indexesOf())).toEqual([0, 0, 1, 1, 2, 2])
    expect(broker.producers.size).toBe(2)
    expect((await courier.standing()).lastError).toBeUndefined()
  })

  test('takes as many at once as its broker does, and says when a topic is not there', async () => {
    await broker.start()
    broker.most = 1
    await growBy(store, 4)
    const courier = follow()
    expect(await courier.round()).toBe(4)
    expect(indexesOf()).toEqual(upTo(4))
    const lost = follow({}, 'elsewhere')
    await growBy(store, 1)
    expect(await lost.round()).toBe(0)
    expect((await lost.standing()).lastError).toMatch(/Unknown topic elsewhere/)
  })

  test.runIf(HAS_OPENSSL)('is spoken to over TLS whose authority is known, and logged in at', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'remit-kafka-'))
    const { cert, key } = makeCertificate(folder, 'broker')
    rmSync(folder, { recursive: true })
    broker.tls = { cert, key }
    broker.login = { username: 'remit', password: 'k4fka-s3cret' }
    await broker.start()
    await growBy(store, 2)
    const tls = { ca: cert.toString() }
    const login = { mechanism: 'PLAIN', username: 'remit', password: 'k4fka-s3cret' } as const
    const untrusting = follow({ tls: {}, login })
    expect(await untrusting.round()).toBe(0)
    expect((await untrusting.standing()).lastError).toMatch(/self-signed/)
    now += 1_000
    const wrong = follow({ tls, login: { ...login, password: 'guess' } })
    expect(await wrong.round()).toBe(0)
    expect((await wrong.standing()).lastError).toMatch(/SASL authentication failed/)
    expect((await wrong.standing()).lastError).not.toContain('guess')
    now += 1_000
    expect(await follow({ tls, login }).round()).toBe(2)
    expect(sorted(indexesOf())).toEqual([0, 1])
  })
})
