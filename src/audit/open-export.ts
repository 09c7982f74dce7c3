import { isUtf8 } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import { z } from 'zod'

import { RemitError } from '../core/errors.ts'
import { EXPORT_FORMAT } from './export-ledger.ts'
import type { CheckpointRow, LedgerRow, LedgerSource, SealedBytes } from './ledger-source.ts'

const hex = z.string().regex(/^(?:[0-9a-f]{2})+$/)
const place = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const content = z.strictObject({ salt: hex.optional(), text: z.string().optional() })

const HEADER = z.strictObject({ format: z.literal(EXPORT_FORMAT), tenant: z.string() })
const LINE = z.union([
  z.strictObject({
    record: z.strictObject({
      body: z.string().optional(),
      detail: content.optional(),
      index: place,
      leaf: hex.optional(),
      payload: content.optional(),
    }),
  }),
  z.strictObject({ checkpoint: z.strictObject({ note: z.string(), size: place }) }),
  z.strictObject({ end: z.strictObject({ checkpoints: place, records: place }) }),
])
type Line = z.infer<typeof LINE>

/**
 * A ledger from a file that `exportLedger` wrote; it is read as a stream, as often as needed. A line that is
 * not exactly what that writes is damage, and its record is then missing.
 * @throws RemitError `state_unreadable` when the file cannot be read or is no export.
 */
export function openExport(file: string): LedgerSource {
  const tenant = readHeader(file)
  const lines = (): Generator<Numbered> => readLines(file)
  return {
    tenants: () => [tenant],
    damage: () => damage(lines()),
    *records(_tenant, from = 0): Generator<LedgerRow> {
      for (const { value } of lines()) {
        if (value && 'record' in value && value.record.index >= from) yield rowOf(value.record)
      }
    },
    *keyChanges() {
      for (const bytes of splitLines(file)) {
        if (!bytes.includes(KEY_CHANGE)) continue
        const value = parseLine(bytes)
        if (value === undefined || !('record' in value) || value.record.body === undefined) continue
        yield { index: value.record.index, body: Buffer.from(value.record.body) }
      }
    },
    *checkpoints(): Generator<CheckpointRow> {
      for (const { value } of lines()) if (value && 'checkpoint' in value) yield value.checkpoint
    },
    close: () => {},
  }
}

function readHeader(file: string): string {
  try {
    for (const bytes of splitLines(file)) {
      return HEADER.parse(JSON.parse(bytes.toString('utf8'))).tenant
    }
  } catch (error) {
    throw new RemitError('state_unreadable', `\`${file}\` is not a ledger export that can be read`, {
      cause: error,
    })
  }
  throw new RemitError('state_unreadable', `\`${file}\` is empty; give a ledger export`)
}

function* damage(lines: Iterable<Numbered>): Generator<string> {
  let records = 0
  let checkpoints = 0
  let end: Extract<Line, { end: unknown }>['end'] | undefined
  for (const { number, value } of lines) {
    if (value === undefined) yield `line ${number} is not what an export writes`
    else if (end !== undefined) yield `line ${number} stands after the end`
    else if ('record' in value) records += 1
    else if ('checkpoint' in value) checkpoints += 1
    else end = value.end
  }
  if (end === undefined) yield 'the end is missing: the export was cut off'
  else if (end.records !== records || end.checkpoints !== checkpoints) {
    yield `the end counts ${end.records} records and ${end.checkpoints} checkpoints, and there are ${records} and ${checkpoints}`
  }
}

interface Numbered {
  /** From 1. */
  readonly number: number
  /** Absent = not a line of an export. */
  readonly value?: Line
}

function* readLines(file: string): Generator<Numbered> {
  let number = 0
  for (const bytes of splitLines(file)) {
    number += 1
    if (number === 1) continue
    const value = parseLine(bytes)
    yield value === undefined ? { number } : { number, value }
  }
}

/** Only the one spelling that the export has: otherwise a changed byte could mean the same. */
function parseLine(bytes: Buffer): Line | undefined {
  if (!isUtf8(bytes)) return undefined
  try {
    const text = bytes.toString('utf8')
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? LINE.parse(value) : undefined
  } catch {
    return undefined
  }
}

function rowOf(record: Extract<Line, { record: unknown }>['record']): LedgerRow {
  const { body, detail, index, leaf, payload } = record
  return {
    index,
    ...(body !== undefined && { body: Buffer.from(body) }),
    ...(leaf !== undefined && { leaf: Buffer.from(leaf, 'hex') }),
    ...(detail && { detail: sealedOf(detail) }),
    ...(payload && { payload: sealedOf(payload) }),
  }
}

function sealedOf({ salt, text }: z.infer<typeof content>): SealedBytes {
  return {
    ...(salt !== undefined && { salt: Buffer.from(salt, 'hex') }),
    ...(text !== undefined && { text: Buffer.from(text) }),
  }
}

/** As it stands in a line, where the body is text within JSON. */
const KEY_CHANGE = String.raw`\"kind\":\"ledger.key\"`
const CHUNK = 1 << 20
const NEW_LINE = 0x0a

function* splitLines(file: string): Generator<Buffer> {
  const handle = openSync(file, 'r')
  try {
    let rest: Buffer = Buffer.alloc(0)
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK)
      const read = readSync(handle, chunk)
      if (read === 0) break
      let data = rest.length === 0 ? chunk.subarray(0, read) : Buffer.concat([rest, chunk.subarray(0, read)])
      for (let at = data.indexOf(NEW_LINE); at >= 0; at = data.indexOf(NEW_LINE)) {
        yield data.subarray(0, at)
        data = data.subarray(at + 1)
      }
      rest = data
    }
    if (rest.length > 0) yield rest
  } finally {
    closeSync(handle)
  }
}
