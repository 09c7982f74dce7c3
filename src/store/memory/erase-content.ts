import type { StoredRecord } from '../../audit/record-reader.ts'
import type { ErasureChange } from '../../core/erasure.ts'

/** @returns what takes it back. */
export function eraseContent(
  records: StoredRecord[],
  { ranges, parts }: Extract<ErasureChange, { kind: 'content-erased' }>,
): () => void {
  const before: StoredRecord[] = []
  for (const [first, last] of ranges) {
    for (let index = first; index <= last; index++) {
      const record = records[index]
      if (record === undefined) break
      before.push(record)
      records[index] = withoutParts(record, parts)
    }
  }
  return () => {
    for (const record of before) records[record.index] = record
  }
}

function withoutParts(
  { index, body, envelope, detail, payload }: StoredRecord,
  parts: readonly string[],
): StoredRecord {
  return {
    index,
    body,
    envelope,
    ...(detail === undefined || parts.includes('detail') ? {} : { detail }),
    ...(payload === undefined || parts.includes('payload') ? {} : { payload }),
  }
}
