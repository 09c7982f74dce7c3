import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer, type TlsOptions } from 'node:tls'
import { type KafkaMessage, readRecordBatch } from './record-batch.ts'
import { compactText, int, list, long, NO_TAGS, unsigned, WireReader } from './wire-bytes.ts'

const PRODUCE = 0
const METADATA = 3
const SASL_HANDSHAKE = 17
const API_VERSIONS = 18
const INIT_PRODUCER = 22
const SASL_AUTHENTICATE = 36
/** The one version of each that is spoken here; the older ApiVersions are asked before anything is known. */
const SPOKEN: readonly (readonly [api: number, version: number])[] = [
  [PRODUCE, 11],
  [METADATA, 12],
  [SASL_HANDSHAKE, 1],
  [API_VERSIONS, 3],
  [INIT_PRODUCER, 5],
  [SASL_AUTHENTICATE, 2],
]
const UNKNOWN_TOPIC = 3
const SASL_AUTHENTICATION_FAILED = 58
const PARTITIONS = 3

interface Request {
  readonly api: number
  readonly version: number
  readonly body: WireReader
}

/** Speaks as much of the Kafka protocol as a producer needs: one broker, one topic, in memory. No broker of anybody’s. */
export class FakeKafka {
  readonly topic = 'remit'
  /** Of each partition, in order. */
  readonly partitions: KafkaMessage[][] = Array.from({ length: PARTITIONS }, () => [])
  readonly acks = new Set<number>()
  readonly producers = new Set<bigint>()
  /** Produce requests that came, also those that were refused. */
  produced = 0
  /** Connections that die in place of an answer to what was written. */
  loseAcks = 0
  /** Answer of each produce request in place of writing; 0 = none. */
  refusal = 0
  /** Messages that it takes at once. */
  most = Infinity
  login: { readonly username: string; readonly password: string } | undefined
  tls: TlsOptions | undefined
  #server: Server | undefined
  #port = 0
  #nextProducer = 100n
  readonly #sequences = new Map<string, number>()
  readonly #sockets = new Set<Socket>()

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  get messages(): readonly KafkaMessage[] {
    return this.partitions.flat()
  }

  /** At the same port as before. */
  async start(): Promise<void> {
    const accept = (socket: Socket): void => this.#accept(socket)
    const server = this.tls === undefined ? createServer(accept) : createSecureServer(this.tls, accept)
    this.#server = server.listen(this.#port, '127.0.0.1')
    await new Promise((resolve) => {
      server.once('listening', resolve)
    })
    this.#port = (server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#server?.close(resolve)
    })
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    let waiting = Buffer.alloc(0)
    let authenticated = this.login === undefined
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk])
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
        const end = 4 + waiting.readInt32BE(0)
        const reader = new WireReader(waiting.subarray(4, end))
        waiting = waiting.subarray(end)
        const [api, version, correlation] = [reader.int(2), reader.int(2), reader.int(4)]
        reader.text()
        const bare = api === SASL_HANDSHAKE || (api === API_VERSIONS && version < 3)
        if (!bare) reader.tags()
        if (!authenticated && ![API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE].includes(api))
          socket.destroy()
        const answer = this.#answer({ api, version, body: reader })
        if (answer === undefined) return void socket.destroy()
        if (api === SASL_AUTHENTICATE) authenticated = answer.readInt16BE(0) === 0
        const head = bare || api === API_VERSIONS ? [int(correlation, 4)] : [int(correlation, 4), NO_TAGS]
        const whole = Buffer.concat([...head, answer])
        socket.write(Buffer.concat([int(whole.length, 4), whole]))
      }
    })
  }

  /** Undefined = the connection dies. */
  #answer({ api, version, body }: Request): Buffer | undefined {
    if (api === API_VERSIONS) return versions(version)
    if (api === METADATA) return this.#metadata(body)
    if (api === INIT_PRODUCER) {
      this.#nextProducer += 1n
      return Buffer.concat([int(0, 4), int(0, 2), long(this.#nextProducer), int(0, 2), NO_TAGS])
    }
    if (api === SASL_HANDSHAKE) {
      return Buffer.concat([
        int(body.text() === 'PLAIN' ? 0 : 33, 2),
        int(1, 4),
        int(5, 2),
        Buffer.from('PLAIN'),
      ])
    }
    if (api === SASL_AUTHENTICATE) return this.#authenticate(body.compactText() ?? '')
    return api === PRODUCE ? this.#produce(body) : undefined
  }

  #authenticate(said: string): Buffer {
    const [, username, password] = said.split('\0')
    const right = username === this.login?.username && password === this.login?.password
    const words = right ? undefined : 'wrong username or password'
    const code = right ? 0 : SASL_AUTHENTICATION_FAILED
    return Buffer.concat([int(code, 2), compactText(words), unsigned(1), long(0n), NO_TAGS])
  }

  #metadata(body: WireReader): Buffer {
    const asked = body.list(() => {
      body.take(16)
      const name = body.compactText()
      body.tags()
      return name
    })
    const nodes = list([int(1, 4)])
    const partition = (index: number): Buffer =>
      Buffer.concat([int(0, 2), int(index, 4), int(1, 4), int(0, 4), nodes, nodes, unsigned(1), NO_TAGS])
    const topics = asked.map((name) => {
      const known = name === this.topic
      const partitions = known ? this.partitions.map((_, index) => partition(index)) : []
      const head = [int(known ? 0 : UNKNOWN_TOPIC, 2), compactText(name), Buffer.alloc(16, 1), int(0, 1)]
      return Buffer.concat([...head, list(partitions), int(0, 4), NO_TAGS])
    })
    const broker = [int(1, 4), compactText('127.0.0.1'), int(this.#port, 4), compactText(undefined), NO_TAGS]
    const cluster = [compactText('fake'), int(1, 4)]
    return Buffer.concat([int(0, 4), list([Buffer.concat(broker)]), ...cluster, list(topics), NO_TAGS])
  }

  #produce(body: WireReader): Buffer | undefined {
    this.produced += 1
    body.compactText()
    this.acks.add(body.int(2))
    body.int(4)
    const topics = body.list(() => {
      const name = body.compactText()
      const partitions = body.list(() => {
        const [index, bytes = Buffer.alloc(0)] = [body.int(4), body.compactBytes()]
        body.tags()
        return this.#written(index, this.#write(index, bytes))
      })
      body.tags()
      return Buffer.concat([compactText(name), list(partitions), NO_TAGS])
    })
    if (this.loseAcks > 0) {
      this.loseAcks -= 1
      return undefined
    }
    return Buffer.concat([list(topics), int(0, 4), NO_TAGS])
  }

  #written(index: number, code: number): Buffer {
    const offsets = [long(0n), long(-1n), long(0n)]
    return Buffer.concat([
      int(index, 4),
      int(code, 2),
      ...offsets,
      unsigned(1),
      compactText(undefined),
      NO_TAGS,
    ])
  }

  /** What a producer sends again with the same sequence is there already. @returns error code */
  #write(index: number, bytes: Buffer): number {
    const { producer, sequence, messages } = readRecordBatch(bytes)
    if (this.refusal !== 0) return this.refusal
    if (messages.length > this.most) return 10
    this.producers.add(producer)
    const at = `${producer}/${index}`
    const expected = this.#sequences.get(at) ?? 0
    if (sequence < expected) return 0
    if (sequence > expected) return 45
    this.#sequences.set(at, expected + messages.length)
    this.partitions[index]?.push(...messages)
    return 0
  }
}

function versions(version: number): Buffer {
  if (version < 3) {
    const bare = SPOKEN.map(([api, spoken]) => Buffer.concat([int(api, 2), int(spoken, 2), int(spoken, 2)]))
    return Buffer.concat([int(0, 2), int(bare.length, 4), ...bare, int(0, 4)])
  }
  const ranges = SPOKEN.map(([api, spoken]) =>
    Buffer.concat([int(api, 2), int(spoken, 2), int(spoken, 2), NO_TAGS]),
  )
  return Buffer.concat([int(0, 2), list(ranges), int(0, 4), NO_TAGS])
}
