import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { Producer } from '@platformatic/kafka'
import { RemitError } from '../core/errors.ts'
import { kafkaMessages, type KafkaMessage } from './kafka-messages.ts'
import { BatchTooLarge, type Sink, type SinkBatch } from './sink.ts'

export interface KafkaLogin {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username: string
  readonly password: string
}

/** Asked at each connection: what is rotated counts from the next on. */
export interface KafkaAccess {
  /** Absent = without TLS. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly login?: KafkaLogin
}

export interface KafkaSinkSettings {
  readonly name: string
  /** `host:port` of brokers that tell of the others. */
  readonly brokers: readonly string[]
  readonly topic: string
  /** Of one attempt, ms. */
  readonly timeout: number
  /** @throws RemitError `config_invalid`. */
  readonly access: () => KafkaAccess
}

type TextProducer = Producer<string, string, string, string>

/** Of one send; the same producer with the same sequence, so that a broker drops what it has. */
const RETRIES = 2
const RETRY_DELAY = 100
/** Of brokers: MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE. */
const TOO_LARGE: ReadonlySet<unknown> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

/** A topic that gets each record as a message, acknowledged by all replicas that are in sync. */
export function kafkaSink(settings: KafkaSinkSettings): Sink {
  const { name, brokers, topic } = settings
  const line = new ProducerLine(settings)
  return {
    name,
    place: `kafka ${brokers[0] ?? ''} ${topic}`,
    send: async (batch: SinkBatch) => line.send(kafkaMessages(topic, batch)),
    close: () => line.close(),
  }
}

/** One producer, until something fails: nobody knows then what the broker has of it, so the next is another. */
class ProducerLine {
  readonly #settings: KafkaSinkSettings
  #producer: TextProducer | undefined

  constructor(settings: KafkaSinkSettings) {
    this.#settings = settings
  }

  async send(messages: readonly KafkaMessage[]): Promise<void> {
    const producer = this.#producer ?? (await openProducer(this.#settings))
    this.#producer = producer
    try {
      await before(this.#settings.timeout, producer.send({ messages: [...messages] }))
    } catch (error) {
      // Not waited for: a broker that hangs holds up its end too.
      void this.close()
      throw reasonOf(error)
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer
    this.#producer = undefined
    await producer?.close(true).catch(() => {})
  }
}

/** @throws RemitError `config_invalid` where the client is not installed, or a secret is missing. */
async function openProducer({ brokers, timeout, access }: KafkaSinkSettings): Promise<TextProducer> {
  const { Producer: Client, stringSerializers } = await import('@platformatic/kafka').catch(() => {
    throw new RemitError('config_invalid', 'an export goes to Kafka, and its client is not installed', {
      detail: 'Install it beside the gateway: `npm install @platformatic/kafka`.',
    })
  })
  const { tls, login } = access()
  // Throws what the client would throw where nobody catches it.
  if (tls !== undefined) createSecureContext(tls)
  // An address is no name that may be asked for (RFC 6066 §3).
  const named = !brokers.some((broker) => isIP(broker.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '')) !== 0)
  const producer = new Client<string, string, string, string>({
    clientId: 'remit-export',
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    idempotent: true,
    autocreateTopics: false,
    retries: RETRIES,
    retryDelay: RETRY_DELAY,
    timeout,
    requestTimeout: timeout,
    connectTimeout: timeout,
    ...(tls === undefined ? {} : { tls: { ...tls, rejectUnauthorized: true }, tlsServerName: named }),
    ...(login === undefined ? {} : { sasl: login }),
  })
  // The client hears one error of a connection; another, as after a refused login, would end the process.
  producer.on('client:broker:connect', ({ connection }) => {
    connection.on('error', () => {})
  })
  producer.on('client:broker:failed', ({ connection }) => {
    connection.on('error', () => {})
    connection.socket.destroy()
  })
  return producer
}

async function before<Value>(timeout: number, sent: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout)
  })
  try {
    return await Promise.race([sent, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The innermost words; what is too large the courier halves. */
function reasonOf(error: unknown): Error {
  const all = [...causesOf(error)]
  const words = all.findLast(({ message }) => message !== '')?.message ?? String(error)
  const told = new Error(`Kafka: ${words}`)
  return all.some((each) => TOO_LARGE.has((each as { apiId?: unknown }).apiId))
    ? new BatchTooLarge(told.message)
    : told
}

function* causesOf(error: unknown): Generator<Error> {
  if (!(error instanceof Error)) return
  yield error
  if (error instanceof AggregateError) for (const each of error.errors) yield* causesOf(each)
  yield* causesOf(error.cause)
}
