import { hash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { canonicalJson } from '../core/canonical-json.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { NewRecord } from '../core/record.ts'
import { decisionRecord } from '../../test/suites/sample-records.ts'
import { NO_LEAF } from './merkle-hash.ts'
import { commitment, saltSource } from './seal.ts'
import { recordBody, serialiseRecord } from './serialise-record.ts'
import { canonicalText } from './canonical-text.ts'

const MARK = { id: 'wrt_1', prev: NO_LEAF, seq: 0 }

describe('the body of a record', () => {
  it('R-AUD-2: is the RFC 8785 text of its envelope, seals and writer', () => {
    const record = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
    const seals = { detail: 'a'.repeat(64), payload: 'b'.repeat(64) }
    const body = recordBody(serialiseRecord(record), seals, MARK)
    expect(body).toBe(canonicalJson(asJson({ ...record.envelope, sealed: seals, writer: MARK })))
    const plain = recordBody(serialiseRecord({ envelope: record.envelope }), {}, MARK)
    expect(plain).toBe(canonicalJson(asJson({ ...record.envelope, sealed: {}, writer: MARK })))
  })

  it('keeps canonical order whatever members an administrative record carries', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (data) => {
        const { envelope } = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
        const record: NewRecord = { envelope: { ...envelope, data: data as JsonObject, actor: 'ada' } }
        const body = recordBody(serialiseRecord(record), {}, MARK)
        expect(body).toBe(canonicalJson(asJson({ ...record.envelope, sealed: {}, writer: MARK })))
      }),
    )
  })

  it('writes detail and payload as RFC 8785 text, whatever order the arguments came in', () => {
    const record = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
    const payload = { arguments: { z: 1, a: { 10: true, 9: false } }, result: { b: [], a: 'x' } }
    const written = serialiseRecord({ ...record, payload })
    expect(written.detail).toBe(canonicalJson(asJson(record.detail)))
    expect(written.payload).toBe(canonicalJson(payload))
  })

  it('agrees with the plain canonical form on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalText(value as Json)).toBe(canonicalJson(value as Json))
      }),
      { numRuns: 500 },
    )
  })

  it('R-REL-1: a lone surrogate in an argument does not lose the record', () => {
    expect(canonicalText({ b: '\uD800', a: String.raw`C:\udir` })).toBe(
      canonicalJson({ b: '\uFFFD', a: String.raw`C:\udir` }),
    )
    expect(canonicalText({ a: 'x\uDC00y', ['\uD800']: 1 })).toBe('{"a":"x\uFFFDy","\uFFFD":1}')
  })

  it('leaves out members that no record has', () => {
    const { envelope } = decisionRecord({ id: 'dec_1', task: 'tsk_1' })
    const stray = { ...envelope, password: 'hunter2' }
    expect(serialiseRecord({ envelope: stray }).head).not.toContain('hunter2')
  })
})

describe('seals', () => {
  it('commit to salt and text, and never use a salt twice', () => {
    const salt = saltSource()
    const salts = Array.from({ length: 1000 }, () => Buffer.from(salt()).toString('hex'))
    expect(new Set(salts).size).toBe(1000)
    const bytes = Buffer.from('0123456789abcdef')
    expect(commitment(bytes, 'héllo')).toBe(hash('sha256', '0123456789abcdefhéllo', 'hex'))
  })
})

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
