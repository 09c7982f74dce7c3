import { describe, expect, test } from 'vitest'
import { exportsSchema } from './config-exports-schema.ts'

const bus = { brokers: ['kafka.example.com:9093'], topic: 'remit' }
const sasl = { username: 'remit', password: 'secret:kafka' }

function wrong(entry: object): readonly string[] {
  const { error } = exportsSchema.safeParse({ bus: entry })
  return error?.issues.map(({ path, message }) => `${path.slice(1).join('.')}: ${message}`) ?? []
}

describe('R-AUD-3: `exports` to Kafka', () => {
  test('goes over TLS with SCRAM unless it is told otherwise', () => {
    const { bus: parsed } = exportsSchema.parse({ bus: { format: 'ocsf', kafka: { ...bus, sasl } } })
    expect(parsed?.kafka).toMatchObject({ tls: true, sasl: { mechanism: 'scram-sha-512' } })
  })

  test.each([
    ['two places', { format: 'jsonl', kafka: bus, file: { path: 'x' } }, /needs one of/],
    ['CSV', { format: 'csv', kafka: bus }, /^format: cannot be `csv`/],
    [
      'a login without TLS',
      { format: 'jsonl', kafka: { ...bus, tls: false, sasl } },
      /^kafka.tls: must be on/,
    ],
    [
      'a password in the file',
      { format: 'jsonl', kafka: { ...bus, sasl: { ...sasl, password: 'x' } } },
      /no place for a secret/,
    ],
    ['a key without its certificate', { format: 'jsonl', kafka: { ...bus, key: 'secret:k' } }, /together/],
    ['a broker without a port', { format: 'jsonl', kafka: { ...bus, brokers: ['kafka'] } }, /host:port/],
  ])('refuses %s', (_, entry, words) => {
    expect(wrong(entry)).toEqual([expect.stringMatching(words)])
  })
})
