import { WireReader } from './wire-bytes.ts'

export interface KafkaMessage {
  readonly key: string | undefined
  readonly value: string
  readonly headers: Readonly<Record<string, string>>
}

export interface RecordBatch {
  readonly producer: bigint
  readonly epoch: number
  readonly sequence: number
  readonly messages: readonly KafkaMessage[]
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82_f6_3b_78 : value >>> 1
  return value
})

/** A record batch of the second format, as a broker checks it. @throws what is wrong with it */
export function readRecordBatch(bytes: Buffer): RecordBatch {
  const reader = new WireReader(bytes)
  reader.long()
  if (reader.int(4) !== bytes.length - 12) throw new Error('a batch of another length')
  reader.int(4)
  if (reader.int(1) !== 2) throw new Error('a batch of another format')
  if (reader.int(4) >>> 0 !== crc32c(bytes.subarray(21))) throw new Error('a batch with a wrong checksum')
  if (reader.int(2) !== 0) throw new Error('a batch that is compressed or in a transaction')
  reader.int(4)
  reader.long()
  reader.long()
  const [producer, epoch, sequence] = [reader.long(), reader.int(2), reader.int(4)]
  const messages = Array.from({ length: reader.int(4) }, () => {
    const inside = new WireReader(reader.take(reader.signed()))
    inside.int(1)
    inside.signed()
    inside.signed()
    const [key, value = ''] = [inside.field(), inside.field()]
    const headers = Array.from({ length: inside.signed() }, () => [
      inside.field() ?? '',
      inside.field() ?? '',
    ])
    return { key, value, headers: Object.fromEntries(headers) as Record<string, string> }
  })
  return { producer, epoch, sequence, messages }
}

/** Castagnoli’s, of RFC 3720. */
function crc32c(bytes: Buffer): number {
  let value = 0xff_ff_ff_ff
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return (value ^ 0xff_ff_ff_ff) >>> 0
}
