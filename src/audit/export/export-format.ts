import type { StoredRecord } from '../record-reader.ts'

/** What a mapper knows beside the record. */
export interface ExportContext {
  /** Version of the gateway that maps. */
  readonly version: string
  /** True = also what lies beside a record: detail and payload, as far as it was not erased. */
  readonly content: boolean
}

/** One record as the lines (without line feeds) of its format. */
export type RecordMapper = (record: StoredRecord, context: ExportContext) => string
