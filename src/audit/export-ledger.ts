import { orderedText } from './canonical-text.ts'
import type { CheckpointRow, LedgerRow, LedgerSource, Rows, SealedBytes } from './ledger-source.ts'
import { toHex } from './merkle-hash.ts'

export const EXPORT_FORMAT = 'remit-ledger/1'

/**
 * One tenant's ledger as JSON lines, each canonical (RFC 8785): a header, the records in order with each
 * checkpoint right after the last record that it covers, and a last line with the counts, so that a cut is
 * seen. Salts go along, since without them nobody could check the content. `openExport` reads it back.
 */
export async function* exportLedger(source: LedgerSource, tenant: string): AsyncGenerator<string> {
  yield line({ format: EXPORT_FORMAT, tenant })
  let records = 0
  let checkpoints = 0
  const heads = iterate(source.checkpoints(tenant))
  let head = await heads.next()
  for await (const row of source.records(tenant)) {
    for (; head.done !== true && head.value.size <= row.index; head = await heads.next()) {
      yield checkpointLine(head.value)
      checkpoints += 1
    }
    yield recordLine(row)
    records += 1
  }
  for (; head.done !== true; head = await heads.next()) {
    yield checkpointLine(head.value)
    checkpoints += 1
  }
  yield line({ end: { checkpoints, records } })
}

function recordLine(row: LedgerRow): string {
  return line({
    record: {
      body: row.body && text(row.body),
      detail: row.detail && sealed(row.detail),
      index: row.index,
      leaf: row.leaf && toHex(row.leaf),
      payload: row.payload && sealed(row.payload),
    },
  })
}

function checkpointLine({ note, size }: CheckpointRow): string {
  return line({ checkpoint: { note, size } })
}

function sealed(content: SealedBytes): { readonly [member: string]: string | undefined } {
  return { salt: content.salt && toHex(content.salt), text: content.text && text(content.text) }
}

function line(value: Parameters<typeof orderedText>[0]): string {
  return `${orderedText(value)}\n`
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

async function* iterate<T>(rows: Rows<T>): AsyncGenerator<T> {
  yield* rows
}
